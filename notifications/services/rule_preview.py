"""What a rule comes to: its exact moments and whom each reaches, sending nothing.

Read from the planner itself. Where each recipient has a moment of their own, they are gathered by
the minute.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.clock import to_local
from events.models import Conference
from notifications.enums import NUDGED, SPEAKING, MessageState
from notifications.models import Message, ReminderRule
from notifications.services.audiences import chunks_of
from notifications.services.courtesy import Moved
from notifications.services.instants import PlannedInstant, planned_instants
from notifications.services.planning import Plan, read_plan
from notifications.services.recipients import Contact, Recipient
from notifications.services.rules import checked_rule
from notifications.services.sentences import RuleInWords, in_words, people, readers_of
from notifications.services.waiting import OWN_MOMENTS

# So many moments are shown; so many recipients with moments of their own are looked at.
SHOWN: Final = 12
LOOKED_AT: Final = 5000
_WENT: Final = (MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN)
# Stands for anybody of an audience whose moments are the same for all.
_ANYBODY: Final = Recipient(code="", contact=Contact("", "", "en"))


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a rule.

    Arguments:
        due_at: None when it falls out.
        nominal: where the offset says.
        readers: how many it reaches.
        reasons: why it is not there, or what becomes of it.
    """

    due_at: dt.datetime | None
    nominal: dt.datetime
    local: dt.datetime
    zone: str
    readers: int
    audience: str
    reasons: tuple[str, ...]

    @property
    def when(self) -> str:
        """Return the moment on both clocks: Thu 25 March 2027, 10:00 CET (09:00 UTC)."""
        return exact_moment(self.due_at or self.nominal, self.zone)

    @property
    def people(self) -> str:
        """Return whom it reaches: "94 attendees"."""
        return people(self.audience, self.readers)

    @property
    def sentence(self) -> str:
        """Return the moment, its readers and its reasons."""
        said = f"{self.when} — to {self.people}"
        return f"{said} ({'; '.join(self.reasons)})" if self.reasons else said


def exact_moment(at: dt.datetime, zone: str) -> str:
    """Return an instant on a zone's clocks and in UTC, so that clock changes can be seen."""
    local = at.astimezone(ZoneInfo(zone))
    utc = at.astimezone(dt.UTC)
    name = local.tzname() or ""
    if not name.isalpha():  # a zone whose clock has no name of its own
        offset = f"{local:%z}"
        name = f"UTC{offset[:3]}:{offset[3:5]}"
    day = f"{local:%a} {local.day} {local:%B} {local.year}, {local:%H:%M}"
    if name == "UTC":
        return f"{day} UTC"
    other_day = f"{utc.day} {utc:%B}, " if utc.date() != local.date() else ""
    return f"{day} {name} ({other_day}{utc:%H:%M} UTC)"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would come to.

    Arguments:
        moments: the first of them; `more` says how many there are beyond.
    """

    words: RuleInWords
    moments: Sequence[Moment]
    more: int


def preview_rule(
    *, conference: Conference, rule: ReminderRule | None, values: Mapping[str, Any] | None = None
) -> Preview:
    """Say what a rule comes to, or would with these values; nothing is kept.

    Arguments:
        rule: the one that is, or would be changed; None for a new one.

    Raises:
        DomainError: ``validation-failed``, as saving it would.
    """
    row = rule
    if row is None or values is not None:
        row = checked_rule(conference=conference, rule=rule, values=values or {})
    row.conference = conference
    found = moments_of(row, conference)
    return Preview(in_words(row, conference), found[:SHOWN], max(0, len(found) - SHOWN))


def moments_of(
    rule: ReminderRule, conference: Conference, now: dt.datetime | None = None
) -> list[Moment]:
    """Return the moments of a rule, the earliest first; it need not have been saved."""
    plan = read_plan(conference, [rule], now=now)
    plan.spacing.include(rule)
    gathered: Counter[tuple[dt.datetime | None, dt.datetime, tuple[str, ...]]] = Counter()
    for instant, recipient, number in _all(rule, conference, plan):
        placed, why = plan.spacing.place(rule, instant, recipient)
        reasons = _reasons(rule, instant, placed, why, plan)
        due_at = placed.due_at.replace(second=0, microsecond=0) if placed is not None else None
        nominal = (instant.nominal or instant.due_at).replace(second=0, microsecond=0)
        gathered[due_at, nominal, reasons] += number
    zone = conference.time_zone
    return [
        Moment(due_at, nominal, to_local(due_at or nominal, zone), zone, number, rule.audience, why)
        for (due_at, nominal, why), number in sorted(
            gathered.items(), key=lambda row: (row[0][0] or row[0][1], row[0][1])
        )
    ]


def _all(
    rule: ReminderRule, conference: Conference, plan: Plan
) -> Iterator[tuple[PlannedInstant, Recipient, int]]:
    """Yield each moment with somebody whom it reaches, and how many they stand for."""
    nudged = rule.audience in NUDGED
    if rule.anchor not in OWN_MOMENTS and rule.audience not in SPEAKING and not nudged:
        sessions = (rule.session.code,) if rule.session is not None else ()
        readers = readers_of(rule, conference, plan)
        for instant in planned_instants(rule, plan.times, sessions=sessions):
            yield instant, _ANYBODY, readers
        return
    looked_at = 0
    for chunk in chunks_of(rule, conference, plan.programme, plan.now):
        for one in chunk:
            for instant in planned_instants(rule, plan.times, sessions=one.sessions, own=one.own):
                yield instant, one, 1
        looked_at += len(chunk)
        if looked_at >= LOOKED_AT:
            return
    if not looked_at:
        all_sessions: tuple[str, ...] = tuple(plan.times.sessions)
        if rule.session is not None:
            all_sessions = (rule.session.code,)
        for instant in planned_instants(rule, plan.times, sessions=all_sessions):
            yield instant, _ANYBODY, 0


def _reasons(
    rule: ReminderRule,
    instant: PlannedInstant,
    placed: PlannedInstant | None,
    why: str,
    plan: Plan,
) -> tuple[str, ...]:
    if instant.not_after <= plan.now:
        return ("too late: goes to nobody",)
    past = (instant.nominal or instant.due_at) <= plan.now
    if past and rule.pk is not None and _went(rule, instant):
        return ("went out already",)
    if why:
        return (why,)
    reasons = [moved.value for moved in instant.moved]
    if past and placed is not None and Moved.AT_ONCE.value not in reasons:
        reasons.append(Moved.AT_ONCE.value)
    return tuple(reasons)


def _went(rule: ReminderRule, instant: PlannedInstant) -> bool:
    return Message.objects.filter(
        rule=rule, occurrence=instant.occurrence, state__in=_WENT
    ).exists()
