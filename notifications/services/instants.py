"""When a rule's mail is due: pure functions of the rule and the conference's times.

Days are nominal and hours exact, in the conference's zone (core.clock); nothing here knows the
database or the present moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from core.clock import Offset, apply_offset, resolve_local, to_local
from notifications.enums import Anchor

# Quiet hours are for mail that has no time of its own and is not urgent.
QUIET_FROM: Final = dt.time(20, 0)
QUIET_UNTIL: Final = dt.time(8, 0)
LAST_MINUTE: Final = dt.time(19, 59)
URGENT: Final = dt.timedelta(hours=3)
AFTERWARDS: Final = dt.timedelta(days=7)
AT_LEAST: Final = dt.timedelta(days=1)
_DAY: Final = dt.timedelta(days=1)


class When(Protocol):
    """What of a rule says when."""

    anchor: str
    offset: str
    at: dt.time | None
    quiet_hours: bool


@dataclass(frozen=True, slots=True)
class Times:
    """A conference's times as rules see them.

    Arguments:
        sessions: code -> local start, from the latest published version of the programme.
        outcome_at: when the outcome was published, if it is.
    """

    zone: str
    start: dt.datetime
    end: dt.datetime
    sessions: Mapping[str, dt.datetime] = field(default_factory=dict)
    outcome_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class PlannedInstant:
    """One moment of a rule.

    Arguments:
        occurrence: names the anchor and its local start: a new start is another occurrence.
        not_after: from then on it is not worth sending.
        session: the code of the session that it is about, if it is about one.
    """

    occurrence: str
    due_at: dt.datetime
    not_after: dt.datetime
    session: str = ""


def planned_instants(
    rule: When,
    times: Times,
    *,
    sessions: tuple[str, ...] = (),
    registered_at: dt.datetime | None = None,
) -> list[PlannedInstant]:
    """Return the moments of a rule for one recipient, none while its anchor has no time.

    Arguments:
        sessions: codes of the sessions that count for the recipient, when the anchor is one.
        registered_at: when the recipient got their place, when the anchor is that.
    """
    return [
        _planned(rule, times.zone, anchor)
        for anchor in _anchors(rule.anchor, times, sessions, registered_at)
    ]


@dataclass(frozen=True, slots=True)
class _AnchorTime:
    name: str
    local: dt.datetime
    at: dt.datetime
    session: str = ""


def _anchors(
    anchor: str, times: Times, sessions: tuple[str, ...], registered_at: dt.datetime | None
) -> Iterator[_AnchorTime]:
    def wall_clock(name: str, local: dt.datetime, session: str = "") -> _AnchorTime:
        return _AnchorTime(name, local, resolve_local(local, times.zone), session)

    def moment(name: str, at: dt.datetime) -> _AnchorTime:
        return _AnchorTime(name, to_local(at, times.zone), at)

    if anchor == Anchor.CONFERENCE_START:
        yield wall_clock("start", times.start)
    elif anchor == Anchor.CONFERENCE_END:
        yield wall_clock("end", times.end)
    elif anchor == Anchor.OUTCOME_PUBLISHED and times.outcome_at is not None:
        yield moment("outcome", times.outcome_at)
    elif anchor == Anchor.REGISTERED and registered_at is not None:
        yield moment("registered", registered_at)
    elif anchor == Anchor.SESSION_START:
        for code in sessions:
            if code in times.sessions:
                yield wall_clock(f"session:{code}", times.sessions[code], code)


def _planned(rule: When, zone: str, anchor: _AnchorTime) -> PlannedInstant:
    offset = Offset(rule.offset)
    if offset.days == 0 and rule.at is None:
        due_at = anchor.at + offset.exact
    else:
        due_at = apply_offset(anchor.local, zone, offset, rule.at)
    urgent = dt.timedelta(0) <= anchor.at - due_at <= URGENT
    if rule.quiet_hours and rule.at is None and not urgent:
        due_at = outside_quiet_hours(due_at, zone, anchor.at)
    before = due_at < anchor.at
    precision = "seconds" if anchor.local.second or anchor.local.microsecond else "minutes"
    return PlannedInstant(
        occurrence=f"{anchor.name}@{anchor.local.isoformat(timespec=precision)}",
        due_at=due_at,
        not_after=anchor.at if before else max(anchor.at + AFTERWARDS, due_at + AT_LEAST),
        session=anchor.session,
    )


def outside_quiet_hours(due_at: dt.datetime, zone: str, anchor_at: dt.datetime) -> dt.datetime:
    """Return the instant itself, else 08:00 after the quiet hours, or 19:59 before them when 08:00
    would come after the anchor.
    """
    local = to_local(due_at, zone)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return due_at
    evening = local.date() if local.time() >= QUIET_FROM else local.date() - _DAY
    morning = resolve_local(dt.datetime.combine(evening + _DAY, QUIET_UNTIL), zone)
    if due_at < anchor_at < morning:
        return resolve_local(dt.datetime.combine(evening, LAST_MINUTE), zone)
    return morning
