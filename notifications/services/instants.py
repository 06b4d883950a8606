"""When a rule's mail is due: pure functions of the rule and the conference's times.

Days are nominal and hours exact, in the conference's zone (core.clock); nothing here knows the
database, and the present moment only where it is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from core.clock import Offset, apply_offset, resolve_local, to_local
from notifications.enums import NUDGED, Anchor
from notifications.services.courtesy import Manners, Moved, courteous, outside_quiet_hours

__all__ = ["Own", "PlannedInstant", "Times", "outside_quiet_hours", "planned_instants"]

URGENT: Final = dt.timedelta(hours=3)
AFTERWARDS: Final = dt.timedelta(days=7)
AT_LEAST: Final = dt.timedelta(days=1)


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
        reply_until: the conference's own deadline for answers.
        now: the present moment, for mail that may only go at decent times; without it such mail
            is placed as if all were still to come.
    """

    zone: str
    start: dt.datetime
    end: dt.datetime
    sessions: Mapping[str, dt.datetime] = field(default_factory=dict)
    outcome_at: dt.datetime | None = None
    reply_until: dt.datetime | None = None
    now: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What is a recipient's own among the things that rules count from.

    Arguments:
        registered_at: when they got their place.
        invited_at: when their invitation first went out; nothing of it goes before.
        asked_at: when they were asked to speak; nothing of it goes before.
        reply_until: their own deadline for an answer, in place of the conference's, which is the
            guests' and none of who was asked to speak.
    """

    registered_at: dt.datetime | None = None
    invited_at: dt.datetime | None = None
    asked_at: dt.datetime | None = None
    reply_until: dt.datetime | None = None

    def deadline(self, times: Times) -> dt.datetime | None:
        if self.reply_until is not None or self.asked_at is not None:
            return self.reply_until
        return times.reply_until


NOTHING: Final = Own()


@dataclass(frozen=True, slots=True)
class PlannedInstant:
    """One moment of a rule.

    Arguments:
        occurrence: names the anchor and its local start: a new start is another occurrence.
        not_after: from then on it is not worth sending.
        session: the code of the session that it is about, if it is about one.
        moved: why it is not just where the offset says.
        nominal: when it is due for who was there in time; what is past is due from now on.
    """

    occurrence: str
    due_at: dt.datetime
    not_after: dt.datetime
    session: str = ""
    moved: tuple[Moved, ...] = field(default=(), compare=False)
    nominal: dt.datetime | None = field(default=None, compare=False)

    def is_late_for(self, since: dt.datetime | None) -> bool:
        """Tell whether somebody came after it."""
        return since is not None and (self.nominal or self.due_at) < since


def planned_instants(
    rule: When,
    times: Times,
    *,
    sessions: tuple[str, ...] = (),
    registered_at: dt.datetime | None = None,
    own: Own = NOTHING,
) -> list[PlannedInstant]:
    """Return the moments of a rule for one recipient, none while its anchor has no time.

    Mail that keeps to working days has none either when no such day is left before its anchor.

    Arguments:
        sessions: codes of the sessions that count for the recipient, when the anchor is one.
        registered_at: short for `own` when that is all there is.
    """
    if registered_at is not None:
        own = Own(registered_at=registered_at)
    found = (
        _planned(rule, times, anchor, own) for anchor in _anchors(rule.anchor, times, sessions, own)
    )
    return [instant for instant in found if instant is not None]


@dataclass(frozen=True, slots=True)
class _AnchorTime:
    name: str
    local: dt.datetime
    at: dt.datetime
    session: str = ""


def _anchors(
    anchor: str, times: Times, sessions: tuple[str, ...], own: Own
) -> Iterator[_AnchorTime]:
    if anchor == Anchor.SESSION_START:
        for code in sessions:
            if code in times.sessions:
                local = times.sessions[code]
                at = resolve_local(local, times.zone)
                yield _AnchorTime(f"session:{code}", local, at, code)
        return
    name, planned, moment = _anchor(anchor, times, own)
    if planned is not None:
        yield _AnchorTime(name, planned, resolve_local(planned, times.zone))
    elif moment is not None:
        yield _AnchorTime(name, to_local(moment, times.zone), moment)


def _anchor(
    anchor: str, times: Times, own: Own
) -> tuple[str, dt.datetime | None, dt.datetime | None]:
    """Return an anchor's name and its wall-clock time, or the instant at which it happened."""
    return {
        Anchor.CONFERENCE_START.value: ("start", times.start, None),
        Anchor.CONFERENCE_END.value: ("end", times.end, None),
        Anchor.RSVP_DEADLINE.value: ("reply", own.deadline(times), None),
        Anchor.OUTCOME_PUBLISHED.value: ("outcome", None, times.outcome_at),
        Anchor.REGISTERED.value: ("registered", None, own.registered_at),
        Anchor.INVITATION_SENT.value: ("invited", None, own.invited_at),
        Anchor.SPEAKER_ASKED.value: ("asked", None, own.asked_at),
    }[anchor]


def _planned(rule: When, times: Times, anchor: _AnchorTime, own: Own) -> PlannedInstant | None:
    offset = Offset(rule.offset)
    if offset.days == 0 and rule.at is None:
        due_at = anchor.at + offset.exact
    else:
        due_at = apply_offset(anchor.local, times.zone, offset, rule.at)
    before = due_at < anchor.at
    nominal = due_at
    moved: tuple[Moved, ...] = ()
    manners = _manners(rule, anchor.at - due_at)
    if manners is not None:
        # What is said about a thing never comes before it; what was sent after another, neither.
        floor = None if before else anchor.at
        limit = anchor.at if before else None
        nominal, moved = courteous(due_at, times.zone, manners, anchor_at=limit, earliest=floor)
        began = own.invited_at or own.asked_at
        floors = [at for at in (times.now, began, floor) if at is not None]
        if floors and nominal < max(floors):
            due_at, moved = courteous(
                due_at, times.zone, manners, anchor_at=limit, earliest=max(floors)
            )
        else:
            due_at = nominal
    if not before:
        not_after = max(anchor.at + AFTERWARDS, nominal + AT_LEAST)
    elif manners is not None and manners.working_days and due_at >= anchor.at:
        return None
    else:
        not_after = anchor.at
    precision = "seconds" if anchor.local.second or anchor.local.microsecond else "minutes"
    return PlannedInstant(
        occurrence=f"{anchor.name}@{anchor.local.isoformat(timespec=precision)}",
        due_at=due_at,
        not_after=not_after,
        session=anchor.session,
        moved=moved,
        nominal=nominal,
    )


def _manners(rule: When, ahead: dt.timedelta) -> Manners | None:
    """Return what a rule's mail keeps to; nudges keep to all of it, whatever else they say."""
    nudges = getattr(rule, "audience", "") in NUDGED
    urgent = dt.timedelta(0) <= ahead <= URGENT
    quiet = (rule.quiet_hours or nudges) and rule.at is None and not urgent
    working_days = nudges or bool(getattr(rule, "working_days", False))
    return Manners(quiet, working_days) if quiet or working_days else None
