"""What a mail about an invitation says, which links it holds, and whether it is still right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import copy
from typing import Final

from django.utils import timezone

from core.clock import to_local
from core.text import full_name
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services import wording
from notifications.services.values import line
from registrations.enums import InvitationResponse
from registrations.models import Invitation
from registrations.services.holding import reply_deadline
from registrations.services.invitation_links import invitation_url

# These are about an invitation or about nothing.
ABOUT_AN_INVITATION: Final = frozenset(
    {MessageKind.SAVE_THE_DATE, MessageKind.INVITATION, MessageKind.ANSWER}
)
PLACEHOLDER: Final = re.compile(r"⟦invitation:(\d+)⟧")
_UNDECIDED: Final = frozenset({"", InvitationResponse.TENTATIVE})


def invitation_links_of(message: Message) -> dict[str, str]:
    """Return placeholder -> address of the answer page, for a mail about an invitation."""
    row = message.invitation
    return {} if row is None else {f"⟦invitation:{row.link_generation}⟧": invitation_url(row)}


def invitation_link(message: Message | None, generation: int) -> str:
    """Return the address of the answer page as it was at a link generation; "" without one."""
    if message is None or message.invitation is None:
        return ""
    then = copy(message.invitation)
    then.link_generation = generation
    return invitation_url(then)


def addressee(message: Message) -> str:
    """Return whose invitation it is: an assistant reads it, the guest is greeted."""
    person = message.person
    if person is None:
        return message.to_name
    return full_name(person.honorific, full_name(person.given_name, person.family_name))


def invitation_values(message: Message, language: str) -> Mapping[str, str]:
    """Return what a mail may say about its invitation; nothing for other mails.

    `reply_by` is the deadline for an answer. Of `kept_until` and `answer_by` one is empty: the
    deadline is until when a place is kept, or only when an answer is asked for.
    """
    row = message.invitation
    if row is None:
        return {}
    row.conference = message.conference
    deadline = reply_deadline(row)
    # Without a deadline of theirs hosts ask for an answer until it begins, which goes without
    # saying.
    is_said = deadline != message.conference.starts_at and deadline > timezone.now()
    local = to_local(deadline, message.conference.time_zone)
    day = wording.short_date(local.date(), language) if is_said else ""
    kept = any(held.count for held in row.held_places.all())
    person = message.person
    return {
        "answer_url": invitation_url(row),
        "reply_by": day,
        "kept_until": day if kept else "",
        "answer_by": "" if kept else day,
        "plus_one": "2" if row.plus_one else "",
        "source_note": line(person.source) if person is not None else "",
    }


def is_answered(message: Message, *, at_once: bool = False) -> bool:
    """Tell whether an answer, a withdrawal or another answer has made this mail wrong.

    The invitation is held still until the commit: an answer comes before it and is seen, or after.
    """
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True, nowait=at_once)
    row = rows.filter(pk=message.invitation_id or 0).first()
    if row is None or not row.is_live:
        return True
    if message.kind == MessageKind.ANSWER:
        return bool(row.response != message.facts.get("response"))
    return row.response not in _UNDECIDED


def has_another_link(message: Message) -> bool:
    """Tell whether the link was revoked since the mail was made."""
    now = Invitation.objects.filter(pk=message.invitation_id or 0)
    seen = message.invitation.link_generation if message.invitation is not None else 0
    return not now.filter(link_generation=seen).exists()
