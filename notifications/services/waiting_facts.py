"""What mails say about waiting, offers and "still coming?"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from core.clock import to_local
from events.models import Conference
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services import wording
from notifications.services.mail_facts import shortly
from notifications.services.values import line
from registrations.enums import RegistrationStatus
from registrations.models import Reconfirmation, Registration
from registrations.services.still_coming import is_lost_by_silence
from registrations.services.type_states import types_waited_for

_DECISIONS: Final = (MessageKind.CONFIRMATION, MessageKind.WAITING_LIST, MessageKind.REJECTION)


def waiting_values(
    message: Message, registration: Registration, language: str, link: str, *, gives_back: bool
) -> Mapping[str, str]:
    """Return what a mail to a registration may say of these; nothing where it does not apply.

    Arguments:
        link: the personal link; the pages behind it begin with it.
        gives_back: whether the place can be given back by a button.
    """
    found: dict[str, str] = {}
    if message.kind in _DECISIONS and message.facts.get("reason"):
        found["decision_reason"] = line(registration.decision_reason)
    if gives_back and message.kind == MessageKind.REMINDER:
        waited_for = registration.registration_type_id in _waited_for(message.conference)
        found["next_url" if waited_for else "back_url"] = f"{link}cancel/"
    if message.kind == MessageKind.OFFER:
        ends = registration.offer_expires_at or message.conference.starts_at
        found["offer_url"] = f"{link}offer/"
        found["offer_until"] = moment(ends, message.conference, language)
    if message.kind == MessageKind.STILL_COMING:
        found |= _still_coming(message, registration, language, link)
    return found


def moment(at: dt.datetime, conference: Conference, language: str) -> str:
    """Return a day and a time on the conference's clock: "Thursday, 18 March, 10:00"."""
    local = to_local(at, conference.time_zone)
    return f"{wording.day_date(local.date(), language)}, {wording.clock(local)}"


def _waited_for(conference: Conference) -> frozenset[int]:
    return shortly(conference, lambda: types_waited_for(conference), "waited-for")


def _still_coming(
    message: Message, registration: Registration, language: str, link: str
) -> dict[str, str]:
    asked = Reconfirmation.objects.filter(
        conference=message.conference, code=message.facts.get("round", "")
    ).first()
    until = moment(
        asked.until_at if asked is not None else message.conference.starts_at,
        message.conference,
        language,
    )
    # An example that was never saved shows what most of them read.
    is_example = registration.pk == 0 or registration.status != RegistrationStatus.CONFIRMED
    lost = asked is None or is_example or is_lost_by_silence(registration, asked)
    return {
        "still_coming_url": f"{link}still-coming/",
        "still_until": until,
        "lost_after": until if lost else "",
    }
