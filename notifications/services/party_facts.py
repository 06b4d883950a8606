"""What mails say about a party: who comes along, and for whom a letter to the contact is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.text import full_name
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.values import name
from notifications.services.wording import words
from registrations.enums import RegistrationSource
from registrations.models import Registration
from registrations.services.party_places import companions_of

# These say how things stand; others only what has happened, or when to come.
_LISTING: Final = (
    MessageKind.CONFIRMATION,
    MessageKind.PENDING,
    MessageKind.WAITING_LIST,
    MessageKind.OFFER,
    MessageKind.MANAGE_LINK,
)


def party_values(
    message: Message, registration: Registration, language: str, link: str
) -> Mapping[str, str]:
    """Return what a mail to a registration may say of these; nothing where it does not apply.

    One query, for kinds of place that several can have together and for invited guests.

    Arguments:
        link: the personal link, behind which those who come along are named.
    """
    if registration.lead_id is not None:
        return {} if registration.email else {"for_whom": _called(registration, language)}
    may_bring = (
        registration.registration_type.party_max > 1
        or registration.source == RegistrationSource.INVITATION
    )
    if message.kind not in _LISTING or not may_bring:
        return {}
    rows = list(companions_of(registration))
    if not rows:
        return {}
    nameless = any(not (row.given_name or row.family_name) for row in rows)
    return {
        "party": "\n".join(_line(row, registration, language) for row in rows),
        "party_url": link if nameless else "",
    }


def _called(row: Registration, language: str) -> str:
    plain = name(full_name(row.given_name, row.family_name))
    return plain or words(language).phrases["name_to_come"]


def _line(row: Registration, lead: Registration, language: str) -> str:
    who = _called(row, language)
    if row.status == lead.status:
        return who
    return f"{who} ({words(language).status.get(row.status, row.status)})"
