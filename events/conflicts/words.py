"""How conflicts are told: titles in quotes, times on the conference's clock, numbers."""

from __future__ import annotations

import datetime as dt
from typing import Final

from core.clock import to_local
from events.conflicts.facts import AnySession, Facts

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
# role -> one with its article, one without, several
ROLES: Final = {
    "moderator": ("a moderator", "moderator", "moderators"),
    "panellist": ("a panellist", "panellist", "panellists"),
    "keynote": ("a keynote speaker", "keynote speaker", "keynote speakers"),
    "presenter": ("a presenter", "presenter", "presenters"),
    "discussant": ("a discussant", "discussant", "discussants"),
    "opening_remarks": ("an opening speaker", "opening speaker", "opening speakers"),
    "rapporteur": ("a rapporteur", "rapporteur", "rapporteurs"),
    "interpreter": ("an interpreter", "interpreter", "interpreters"),
    "host": ("a host", "host", "hosts"),
}


def counted(number: int, one: str, several: str) -> str:
    """Return a number with its noun: "1 minute", "12 minutes"."""
    return f"{number} {one if number == 1 else several}"


def minutes(gap: dt.timedelta) -> str:
    """Return a gap in whole minutes: "5 minutes"."""
    return counted(int(gap.total_seconds() // 60), "minute", "minutes")


def day_of(moment: dt.datetime, zone: str) -> str:
    """Return the day: "Thu 18 March"."""
    local = to_local(moment, zone)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"


def time_of(moment: dt.datetime, zone: str) -> str:
    """Return the time: "09:30"."""
    return to_local(moment, zone).strftime("%H:%M")


def moment_of(moment: dt.datetime, zone: str) -> str:
    """Return day and time: "Thu 18 March, 09:30"."""
    return f"{day_of(moment, zone)}, {time_of(moment, zone)}"


def span(start: dt.datetime, end: dt.datetime, zone: str) -> str:
    """Return from when to when, with the day: "Thu 18 March, 09:30–11:00"."""
    if day_of(start, zone) == day_of(end, zone):
        return f"{moment_of(start, zone)}–{time_of(end, zone)}"
    return f"{moment_of(start, zone)} – {moment_of(end, zone)}"


def title(one: AnySession) -> str:
    """Return a session's title in quotes, and whose it is: "“Closing” of Another forum"."""
    text = f"“{one.title}”"
    return text if one.is_own else f"{text} of {one.conference}"


def timed(one: AnySession, facts: Facts) -> str:
    """Return a session's title with its day and times."""
    if one.start is None or one.end is None:
        return title(one)
    return f"{title(one)} ({span(one.start, one.end, facts.zone)})"


def timed_pair(one: AnySession, other: AnySession, facts: Facts) -> tuple[str, str, str]:
    """Return two sessions with their times, and " on " the day where it is one for all of that."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return title(one), title(other), ""
    zone = facts.zone
    days = {day_of(moment, zone) for moment in (one.start, one.end, other.start, other.end)}
    if len(days) > 1:
        return timed(one, facts), timed(other, facts), ""
    first, second = (
        f"{title(row)} ({time_of(start, zone)}–{time_of(end, zone)})"
        for row, start, end in ((one, one.start, one.end), (other, other.start, other.end))
    )
    return first, second, f" on {days.pop()}"


def person(code: str, facts: Facts) -> str:
    """Return a person's name."""
    return facts.people.get(code) or code


def room(code: str, facts: Facts) -> str:
    """Return a room's name."""
    found = facts.rooms.get(code)
    return found.name if found and found.name else code


def joined(parts: list[str]) -> str:
    """Return parts as people list them: "A, B and C"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
