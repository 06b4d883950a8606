"""The moments of a rule that are the same for all its recipients, or why it has none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from notifications.enums import SPEAKING, Anchor, Audience
from notifications.models import ReminderRule
from notifications.services.instants import PlannedInstant, planned_instants
from notifications.services.planning import Plan
from notifications.services.recipients import Contact, Recipient

_ANYBODY: Final = Recipient(code="", contact=Contact("", "", ""))
_NO_MOMENT: Final[Mapping[str, str]] = {
    Anchor.RSVP_DEADLINE: "No deadline for answers is set, so this rule has no moment.",
    Anchor.OUTCOME_PUBLISHED: "It goes when the outcome is published.",
    Anchor.SESSION_START: "No session of the published programme has a time for it yet.",
    Anchor.REGISTERED: "Each recipient has their own moment.",
    Anchor.INVITATION_SENT: "Each recipient has their own moment.",
    Anchor.SPEAKER_ASKED: "Each recipient has their own moment.",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of a rule.

    Arguments:
        planned_at: when it goes to who was there in time.
        due_at: when it goes now; None where it falls out.
        why: why it falls out, or where it goes because time is short.
        notes: why it is not just where its offset says.
        session: the code of the session that it is about.
    """

    planned_at: dt.datetime
    due_at: dt.datetime | None
    why: str = ""
    notes: tuple[str, ...] = ()
    session: str = ""


def moments_of(rule: ReminderRule, plan: Plan) -> list[Moment]:
    """Return a rule's moments as they are for who has none of their own."""
    sessions = (rule.session.code,) if rule.session is not None else tuple(plan.times.sessions)
    found = planned_instants(rule, plan.times, sessions=sessions)
    return [_moment(rule, instant, plan) for instant in found]


def _moment(rule: ReminderRule, instant: PlannedInstant, plan: Plan) -> Moment:
    placed, why = plan.spacing.place(rule, instant, _ANYBODY)
    planned_at = instant.nominal or instant.due_at
    words = tuple(moved.value for moved in instant.moved)
    if placed is None:
        return Moment(planned_at, None, why=why, session=instant.session)
    notes = (*words, why) if why else words
    return Moment(planned_at, placed.due_at, why=why, notes=notes, session=instant.session)


def why_no_moment(rule: ReminderRule) -> str:
    """Return why a rule has no moment, where it has none."""
    if rule.anchor == Anchor.RSVP_DEADLINE and rule.audience == Audience.ASKED:
        return "No answer by a certain day was asked for, so this rule has no moment."
    if rule.anchor == Anchor.SESSION_START and rule.audience in SPEAKING and rule.session is None:
        return "No session of the published programme has a time yet."
    return _NO_MOMENT.get(rule.anchor, "No working day is left before what it is about.")
