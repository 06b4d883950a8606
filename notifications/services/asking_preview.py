"""The letter that asks somebody to speak, as they will get it: for the page that sends it."""

from __future__ import annotations

import datetime as dt
from copy import copy

from django.utils import timezone

from core.clock import resolve_local
from events.models import Participation
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.archive import MailContent, disarm
from notifications.services.kinds import kind_of
from notifications.services.recipients import person_contacts
from notifications.services.rendering import render


def preview_ask(
    participation: Participation, *, words: str, reply_until_local: dt.datetime | None
) -> MailContent | None:
    """Return the letter disarmed, nothing is kept; None for whom no address is known.

    Arguments:
        participation: with session, conference, person and assistants at hand.

    Raises:
        RenderingError: when it can not be made.
    """
    conference = participation.session.conference
    contact = next(iter(person_contacts(participation.person, conference)), None)
    if contact is None:
        return None
    shown = copy(participation)
    shown.asked_words = words
    shown.reply_until_local = reply_until_local
    shown.reply_until_at = (
        resolve_local(reply_until_local, conference.time_zone) if reply_until_local else None
    )
    message = Message(
        key=f"preview:{participation.code}",
        kind=MessageKind.SPEAKER_ASK,
        template=kind_of(MessageKind.SPEAKER_ASK).template,
        conference=conference,
        participation=shown,
        person=participation.person,
        to_email=contact.email,
        to_name=contact.name,
        language=contact.language,
        due_at=timezone.now(),
    )
    return disarm(render(message))
