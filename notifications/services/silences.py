"""What is to be said of a rule beside its mails: why nobody gets it yet, what it will not do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from events.enums import ConferenceState
from notifications.enums import Audience, MessageKind
from notifications.models import ReminderRule
from notifications.services.moments import Moment, moments_of, why_no_moment
from notifications.services.planned_mails import PlannedMail
from notifications.services.planning import Plan
from notifications.services.waiting import each_their_own

# States in which nothing of rules goes; a draft's rules go when it is published.
STOPPED: Final[Mapping[str, str]] = {
    ConferenceState.POSTPONED: "The conference is postponed, so rules have stopped.",
    ConferenceState.CANCELLED: "The conference is cancelled, so rules have stopped.",
}
_NOBODY: Final[Mapping[str, str]] = {
    Audience.UNANSWERED: "No invited guest is without an answer now",
    Audience.ATTENDEES: "Nobody has a place yet",
    Audience.ASKED: "Nobody who was asked to speak is without an answer now",
    Audience.SPEAKERS: "No speaker is confirmed in the published programme yet",
    Audience.SESSION: "Nobody is confirmed in that session yet",
    Audience.WAITING_LIST: "Nobody is on the waiting list now",
    Audience.CHECKED_IN: "Who came is known at the door",
    Audience.NO_SHOWS: "Who did not come is known after the end",
}
_OWN: Final = "Each recipient has their own moment, and nobody has one in these weeks."
_LATE: Final[Mapping[str, str]] = {
    "skip": "who comes later does not get it",
    "send": "who comes later gets it at once",
    "merge": "who comes later reads it in the confirmation",
}


@dataclass(frozen=True, slots=True)
class Silence:
    """What a rule will not do, and why.

    Arguments:
        code: off, postponed, cancelled, no-moment, past, later, short, own, nobody.
        at: the moment that it is about, if it has one.
    """

    rule: ReminderRule
    code: str
    why: str
    at: dt.datetime | None = None


def empty_mails(
    rule: ReminderRule, plan: Plan, until: dt.datetime, mails: Sequence[PlannedMail]
) -> list[PlannedMail]:
    """Return the mails of a rule, else those that it would have if its audience had somebody.

    What is to be said of their moments stands with them.
    """
    if is_stopped(rule, plan) or each_their_own(rule):
        return list(mails)
    ahead = [m for m in moments_of(rule, plan) if m.due_at is not None and m.due_at <= until]
    if mails:
        notes = {m.due_at: m.notes for m in ahead}
        return [replace(mail, notes=notes.get(mail.due_at, ())) for mail in mails]
    # One's own sessions: what nobody has, nobody hears of.
    shared = [m for m in ahead if not m.session or rule.session_id]
    return [_empty(rule, moment) for moment in shared if moment.planned_at > plan.now]


def is_stopped(rule: ReminderRule, plan: Plan) -> bool:
    """Tell whether nothing of a rule goes, whatever its moments are."""
    return not rule.enabled or plan.conference.state in STOPPED


def silences_of(
    rule: ReminderRule, plan: Plan, until: dt.datetime, mails: Sequence[PlannedMail], sent: int
) -> Iterator[Silence]:
    """Yield what a rule will not do until then.

    Arguments:
        mails: those that it has; of these nothing is said.
        sent: how many of its messages have gone.
    """
    state = plan.conference.state
    if not rule.enabled:
        yield Silence(rule, "off", "It is switched off.")
    elif state in STOPPED:
        yield Silence(rule, str(state), STOPPED[state])
    elif each_their_own(rule):
        if not mails:
            yield Silence(rule, "own", _OWN)
    else:
        yield from _of_moments(rule, plan, until, mails, sent)


def _of_moments(
    rule: ReminderRule, plan: Plan, until: dt.datetime, mails: Sequence[PlannedMail], sent: int
) -> Iterator[Silence]:
    moments = moments_of(rule, plan)
    if not moments and not mails:
        yield Silence(rule, "no-moment", why_no_moment(rule))
    found = [one for m in moments if (one := _of_moment(rule, m, plan, until, mails, sent))]
    # Sessions have a moment each: one sentence of a kind says it.
    yield from {silence.code: silence for silence in reversed(found)}.values()
    if moments and not mails and not found:
        yield Silence(rule, "nobody", f"{_NOBODY[rule.audience]}.")


def _of_moment(
    rule: ReminderRule,
    moment: Moment,
    plan: Plan,
    until: dt.datetime,
    mails: Sequence[PlannedMail],
    sent: int,
) -> Silence | None:
    if moment.due_at is None:
        return Silence(rule, "short", moment.why, moment.planned_at)
    if mails:
        return None
    if moment.planned_at <= plan.now:
        return Silence(rule, "past", _past(rule, sent), moment.planned_at)
    if moment.due_at > until:
        return Silence(rule, "later", "It goes after these weeks.", moment.due_at)
    return None


def _empty(rule: ReminderRule, moment: Moment) -> PlannedMail:
    at = moment.due_at or moment.planned_at
    return PlannedMail(
        rule=rule,
        kind=MessageKind.REMINDER,
        due_at=at,
        last_at=at,
        languages={},
        notes=(*moment.notes, _NOBODY[rule.audience]),
    )


def _past(rule: ReminderRule, sent: int) -> str:
    went = f"Its moment is past: {sent} sent" if sent else "Its moment is past: nothing was sent"
    return f"{went}, and {_LATE[rule.late]}."
