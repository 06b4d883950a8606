"""Who may use the pages of events, by URL name."""

from __future__ import annotations

from typing import Final

from accounts.permissions import Permission
from accounts.routes import CAPABILITY, PUBLIC, Access, needs

_CONFERENCE = needs(Permission.CONFERENCE_READ, Permission.CONFERENCE_WRITE)
_CONFERENCE_WRITE = needs(Permission.CONFERENCE_WRITE, Permission.CONFERENCE_WRITE)
_PROGRAMME = needs(Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE)
_PROGRAMME_WRITE = needs(Permission.PROGRAMME_WRITE, Permission.PROGRAMME_WRITE)
_PEOPLE = needs(Permission.PEOPLE_READ, Permission.PEOPLE_WRITE)
_PEOPLE_WRITE = needs(Permission.PEOPLE_WRITE, Permission.PEOPLE_WRITE)

ROUTES: Final[dict[str, Access]] = {
    "home": PUBLIC,
    "organisation": PUBLIC,
    "conference": PUBLIC,
    "programme": PUBLIC,
    "outcome": PUBLIC,
    "session": PUBLIC,
    "speaker": PUBLIC,
    "speakers": PUBLIC,
    "now": PUBLIC,
    "stream": PUBLIC,
    "stream-watch": PUBLIC,
    "selection-new": PUBLIC,
    "selection": CAPABILITY,
    "selection-calendar": CAPABILITY,
    "sitemap": PUBLIC,
    "organisation-sitemap": PUBLIC,
    "conference-sitemap": PUBLIC,
    "organisation-card": PUBLIC,
    "conference-card": PUBLIC,
    "organisation-calendar": PUBLIC,
    "conference-calendar": PUBLIC,
    "session-calendar": PUBLIC,
    "person-calendar": PUBLIC,
    "room-calendar": PUBLIC,
    "speaker-give": CAPABILITY,
    "speaker-briefing": CAPABILITY,
    "speaker-briefing-pdf": CAPABILITY,
    "manage-conferences": needs(Permission.CONFERENCE_READ),
    "manage-conference-new": _CONFERENCE_WRITE,
    "manage-conference-settings": _CONFERENCE,
    "manage-conference-state": _CONFERENCE_WRITE,
    "manage-sessions": _PROGRAMME,
    "manage-session-day-order": _PROGRAMME_WRITE,
    "manage-session-line": _PROGRAMME_WRITE,
    "manage-session-slot": _PROGRAMME_WRITE,
    "manage-grid": needs(Permission.PROGRAMME_READ),
    "manage-edits": needs(Permission.PROGRAMME_READ),
    "manage-edit-undo": _PROGRAMME_WRITE,
    "manage-session-new": _PROGRAMME_WRITE,
    "manage-session": _PROGRAMME,
    "manage-session-verb": _PROGRAMME_WRITE,
    # Finding people is reading people; putting one on the panel is writing the programme.
    "manage-session-people": needs(Permission.PEOPLE_READ, Permission.PROGRAMME_WRITE),
    "manage-session-new-person": _PEOPLE_WRITE,
    "manage-session-order": _PROGRAMME_WRITE,
    "manage-participation": _PROGRAMME_WRITE,
    "manage-participation-move": _PROGRAMME_WRITE,
    "manage-participation-remove": _PROGRAMME_WRITE,
    "manage-speaker-needs": _PROGRAMME,
    "manage-session-briefings": needs(Permission.PROGRAMME_READ),
    "manage-participation-briefing": needs(Permission.PROGRAMME_READ),
    "manage-requirement": _PROGRAMME_WRITE,
    "manage-availabilities": needs(Permission.PROGRAMME_READ),
    "manage-availability": _PROGRAMME_WRITE,
    "manage-precedences": _PROGRAMME,
    "manage-precedence-delete": _PROGRAMME_WRITE,
    "manage-speaker-answer": _PROGRAMME_WRITE,
    "manage-speaker-release": _PROGRAMME_WRITE,
    "manage-speaker-replace": _PROGRAMME_WRITE,
    "manage-speaker-revoke": _PROGRAMME_WRITE,
    "manage-speaker-shown": _PROGRAMME_WRITE,
    "manage-shortlist": _PROGRAMME_WRITE,
    "manage-tracks": _PROGRAMME,
    "manage-track": _PROGRAMME_WRITE,
    "manage-track-delete": _PROGRAMME_WRITE,
    "manage-people": needs(Permission.PEOPLE_READ),
    "manage-person-new": _PEOPLE_WRITE,
    "manage-person-edit": _PEOPLE,
    "manage-people-tag": _PEOPLE_WRITE,
    "manage-people-tags": needs(Permission.PEOPLE_READ),
    "manage-people-tag-change": _PEOPLE_WRITE,
    "manage-people-doubles": needs(Permission.PEOPLE_READ),
    "manage-people-merge-undo": _PEOPLE_WRITE,
    # The hint counts people by their tags.
    "manage-balance": needs(
        Permission.CONFERENCE_READ, Permission.CONFERENCE_WRITE, also=(Permission.PEOPLE_READ,)
    ),
    "manage-person-delete": _PEOPLE_WRITE,
    "manage-venues": needs(Permission.PROGRAMME_READ),
    "manage-venue-new": _PROGRAMME_WRITE,
    "manage-venue": _PROGRAMME,
    "manage-venue-delete": _PROGRAMME_WRITE,
    "manage-room-new": _PROGRAMME_WRITE,
    "manage-room": _PROGRAMME,
    "manage-room-delete": _PROGRAMME_WRITE,
}
