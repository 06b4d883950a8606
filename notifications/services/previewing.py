"""A text as one of a conference's people will see it: on the page, or as a test to oneself."""

from __future__ import annotations

import hashlib
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from core.actors import Actor
from core.services import audit
from events.models import Conference
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.archive import MailContent, disarm
from notifications.services.outbox import queue_message
from notifications.services.rendering import render
from notifications.services.texts import Source, make_text
from notifications.services.trials import facts_of, trial

# Two clicks are one test.
_ONCE_IN: Final = "%Y%m%dT%H%M"


def preview(conference: Conference, source: Source, sample: str) -> MailContent:
    """Return the mail that a text makes for one of the samples (trials.samples_of), disarmed.

    Raises:
        RenderingError: when it can not be made.
        TextError: when the text is not well made.
    """
    message = trial(conference, source.template, source.language, sample)
    return disarm(render(message, make_text(source)))


@transaction.atomic
def send_test_mail(
    *, conference: Conference, source: Source, sample: str, account: Account, actor: Actor
) -> Message:
    """Send a text, as one of the samples would get it, to the account that writes it.

    The mail says that it is a test, and what is in it gives no right. The same text twice within
    a minute is one mail.
    """
    facts = facts_of(source, sample)
    print_of_it = hashlib.sha256(repr((source, sample)).encode()).hexdigest()[:16]
    message = queue_message(
        key=f"test:{account.pk}:{conference.pk}:{print_of_it}:{timezone.now():{_ONCE_IN}}",
        kind=MessageKind.TEST,
        template=source.template,
        conference=conference,
        to_email=account.email,
        to_name=account.get_full_name(),
        language=source.language,
        facts=facts,
    )
    audit.record(
        verb="send_test_mail",
        obj=message,
        organisation_id=conference.organisation_id,
        actor=actor,
        facts={"text": source.template, "language": source.language},
    )
    return message
