"""What comes along with a mail: the ticket, and entries for calendars."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from events.enums import ParticipationState
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.archive import MailAttachment
from notifications.services.calendar import calendar_entry, session_entry
from notifications.services.layout import TICKET_CID
from notifications.services.programme_mail import changed_sessions
from notifications.services.qr import ticket_png
from notifications.services.session_entries import entries_for
from notifications.services.speaker_facts import session_of
from notifications.services.values import Values
from registrations.enums import RegistrationStatus
from registrations.models import Registration

_WITH_TICKET: Final = frozenset({MessageKind.CONFIRMATION})
# Kind -> METHOD of the calendar entry that comes along.
_CALENDAR: Final = MappingProxyType(
    {
        MessageKind.CONFIRMATION: "PUBLISH",
        MessageKind.CHANGED_TIME: "PUBLISH",
        MessageKind.NEW_DATE: "PUBLISH",
        MessageKind.CANCELLATION: "CANCEL",
        MessageKind.PLACE_RELEASED: "CANCEL",
        MessageKind.SUBSTITUTED: "CANCEL",
        MessageKind.CONFERENCE_CANCELLED: "CANCEL",
    }
)


def attachments_of(message: Message, every: Values, *, has_ticket: bool) -> list[MailAttachment]:
    """Return what comes along with a mail.

    Arguments:
        every: the values of its placeholders, of which calendar entries are made, too.
    """
    registration = message.registration
    if message.kind == MessageKind.SPEAKER_ANSWER:
        ticket = [_ticket(registration)] if has_ticket and registration is not None else []
        return [*ticket, *_session_entry(message, every)]
    if message.kind == MessageKind.PROGRAMME_CHANGED:
        return [
            MailAttachment(
                f"session-{number}.ics", f"text/calendar; method={method}; charset=UTF-8", entry
            )
            for number, (method, entry) in enumerate(
                entries_for(message, changed_sessions(message)), 1
            )
        ]
    if registration is None:
        return []
    parts = []
    if has_ticket:
        parts.append(_ticket(registration))
    method = _CALENDAR.get(MessageKind(message.kind))
    # A place that was never confirmed is in nobody's calendar.
    if method and registration.confirmed_at is not None:
        parts.append(
            MailAttachment(
                "invite.ics",
                f"text/calendar; method={method}; charset=UTF-8",
                calendar_entry(
                    method=method,
                    conference=message.conference,
                    registration=registration,
                    sequence=max(message.sequence, registration.sequence),
                    facts=every.text,
                ),
            )
        )
    return parts


def comes_with_ticket(message: Message) -> bool:
    """Tell whether the ticket comes along: with a confirmation, and with thanks for a speaker's yes
    that gave them a place.
    """
    place = message.registration
    if message.kind == MessageKind.SPEAKER_ANSWER:
        return place is not None and place.status == RegistrationStatus.CONFIRMED
    return message.kind in _WITH_TICKET


def _ticket(registration: Registration) -> MailAttachment:
    return MailAttachment("ticket.png", "image/png", ticket_png(registration.code), TICKET_CID)


def _session_entry(message: Message, every: Values) -> list[MailAttachment]:
    """Return the session as a calendar entry, for who has said yes and where it has a time."""
    row, session = message.participation, session_of(message)
    says_yes = message.facts.get("state") == ParticipationState.CONFIRMED
    if row is None or session.start_local is None or not says_yes:
        return []
    entry = session_entry(row, session, facts=every.text)
    return [MailAttachment("invite.ics", "text/calendar; method=PUBLISH; charset=UTF-8", entry)]
