"""A rule as an organiser reads it: one sentence with its moments and its readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from core.clock import Offset, to_local
from core.text import pick_text
from events import dates
from events.models import Conference
from notifications.enums import SPEAKING, Anchor, Audience, Step
from notifications.models import ReminderRule
from notifications.services.audiences import chunks_of
from notifications.services.kinds import RULES_RUN_IN
from notifications.services.moments import Moment, moments_of
from notifications.services.nudging import asked_of
from notifications.services.planning import Plan, read_plan
from notifications.services.recipients import STATUS_OF
from notifications.services.waiting import each_their_own
from registrations.enums import RegistrationStatus
from registrations.models import Invitation, Registration

TEMPLATE_NAMES: Final[Mapping[str, str]] = {
    "reminder": "Reminder",
    "answer_maybe": "Thanks for a maybe",
    "practical": "Practical information",
    "briefing": "Briefing for speakers",
    "thanks": "Thanks",
    "nudge": "Nudge",
    "speaker_nudge": "Nudge to who was asked to speak",
    "speaker_answer_maybe": "Thanks for a speaker's maybe",
    "speaker_answer_no": "Thanks for a speaker's no",
    "speakers_needs": "What we still need",
    "find_us": "How to find us",
    "missed_you": "Sorry we missed you",
    "outcome": "Outcome",
}
_AUDIENCES: Final[Mapping[str, tuple[str, str]]] = {
    Audience.ATTENDEES: ("attendee", "attendees"),
    Audience.SPEAKERS: ("speaker", "speakers"),
    Audience.ASKED: ("person asked to speak", "people asked to speak"),
    Audience.WAITING_LIST: ("person on the waiting list", "people on the waiting list"),
    Audience.SESSION: ("person on the session", "people on the session"),
    Audience.UNANSWERED: ("guest without an answer", "guests without an answer"),
    Audience.CHECKED_IN: ("person who came", "people who came"),
    Audience.NO_SHOWS: ("person who did not come", "people who did not come"),
}
_ANCHORS: Final[Mapping[str, str]] = {
    Anchor.CONFERENCE_START: "the start",
    Anchor.CONFERENCE_END: "the end",
    Anchor.SESSION_START: "the session",
    Anchor.RSVP_DEADLINE: "the deadline for answers",
    Anchor.INVITATION_SENT: "the invitation",
    Anchor.SPEAKER_ASKED: "being asked to speak",
    Anchor.REGISTERED: "registering",
    Anchor.OUTCOME_PUBLISHED: "the outcome is published",
}


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """A rule and what it comes to.

    Arguments:
        sentence: when, what, to whom, and the moment where it is the same for all; where time is
            too short for the plan, what becomes of it.
        readers: how many it reaches now.
    """

    rule: ReminderRule
    sentence: str
    readers: int


def in_words(rule: ReminderRule, conference: Conference) -> RuleInWords:
    """Return a rule in words; it need not have been saved."""
    plan = read_plan(conference, [rule])
    plan.spacing.include(rule)
    return _in_words(rule, conference, plan, _counts(conference, [rule], plan))


def rules_in_words(rules: Sequence[ReminderRule], conference: Conference) -> list[RuleInWords]:
    """Return a conference's rules in words; programme and registrations are read once."""
    plan = read_plan(conference, rules)
    counts = _counts(conference, rules, plan)
    return [_in_words(rule, conference, plan, counts) for rule in rules]


def _counts(conference: Conference, rules: Sequence[ReminderRule], plan: Plan) -> Mapping[str, int]:
    """Return how many each audience of these rules is, but those from the programme."""
    wanted = {rule.audience for rule in rules}
    counts: dict[str, int] = {}
    if wanted & set(STATUS_OF):
        status = RegistrationStatus
        confirmed = Q(status=status.CONFIRMED)
        counts = Registration.objects.filter(conference=conference).aggregate(
            attendees=Count("pk", filter=confirmed),
            waiting_list=Count("pk", filter=Q(status=status.WAITING_LIST)),
            checked_in=Count("pk", filter=confirmed & Q(checked_in_at__isnull=False)),
        )
        over = conference.ends_at <= plan.now and counts["checked_in"]
        counts["no_shows"] = counts["attendees"] - counts["checked_in"] if over else 0
    if Audience.UNANSWERED in wanted:
        counts["unanswered"] = Invitation.objects.silent().filter(conference=conference).count()
    if Audience.ASKED in wanted:
        counts["asked"] = asked_of(conference).count()
    return counts


def _in_words(
    rule: ReminderRule, conference: Conference, plan: Plan, counts: Mapping[str, int]
) -> RuleInWords:
    found = [] if each_their_own(rule) else moments_of(rule, plan)
    readers = _readers(rule, conference, plan, counts)
    what = template_name(rule.template)
    sentence = (
        f"{offset_in_words(rule)}: {what[:1].lower()}{what[1:]} to {people(rule.audience, readers)}"
    )
    if len(found) == 1:
        sentence += _when(found[0], rule, plan)
    elif each_their_own(rule):
        sentence += ", for each from their own moment"
    elif not found:
        sentence += "; the moment is not known yet"
    return RuleInWords(rule, f"{sentence.removesuffix('.')}.", readers)


def people(audience: str, number: int) -> str:
    """Return a number of an audience in words: "94 attendees"."""
    one, many = _AUDIENCES[audience]
    return f"{number} {one if number == 1 else many}"


def readers_of(rule: ReminderRule, conference: Conference, plan: Plan) -> int:
    """Return how many a rule reaches now."""
    return _readers(rule, conference, plan, _counts(conference, [rule], plan))


def _readers(
    rule: ReminderRule, conference: Conference, plan: Plan, counts: Mapping[str, int]
) -> int:
    if rule.audience in SPEAKING:
        return sum(map(len, chunks_of(rule, conference, plan.programme, plan.now)))
    nobody_came = not counts.get("checked_in") and conference.ends_at <= plan.now
    if rule.step == Step.THANKS and nobody_came:
        return counts["attendees"]
    return counts[rule.audience]


def template_name(template: str) -> str:
    """Return what a text is called in the console."""
    return TEMPLATE_NAMES.get(template, template.replace("_", " ").replace("-", " ").capitalize())


def offset_in_words(rule: ReminderRule) -> str:
    """Return a rule's offset and anchor: "One day before the start, at the same time"."""
    offset = Offset(rule.offset)
    anchor = _ANCHORS[rule.anchor]
    if rule.session is not None and rule.anchor == Anchor.SESSION_START:
        title = pick_text(rule.session.title, "en", rule.conference.languages)
        anchor = f"“{title}” begins"
    elif rule.anchor == Anchor.SESSION_START:
        anchor = "each of their sessions begins"
    length = _length(offset)
    if not length:
        words = f"When {anchor}" if anchor.endswith(("begins", "published")) else f"At {anchor}"
    else:
        words = f"{length} {'before' if offset.is_before else 'after'} {anchor}"
    if rule.at is not None:
        return f"{words}, at {rule.at:%H:%M}"
    if offset.days and offset.whole_days:
        return f"{words}, at the same time"
    return words


def _length(offset: Offset) -> str:
    minutes = abs(int(offset.exact.total_seconds())) // 60
    parts = [
        _count(abs(offset.days), "day"),
        _count(minutes // 60, "hour"),
        _count(minutes % 60, "minute"),
    ]
    words = " and ".join(filter(None, parts))
    return words[:1].upper() + words[1:]


def _count(number: int, unit: str) -> str:
    if not number:
        return ""
    return f"one {unit}" if number == 1 else f"{number} {unit}s"


def _when(moment: Moment, rule: ReminderRule, plan: Plan) -> str:
    """Return a moment in words, and what a short time makes of it."""
    if moment.due_at is None:
        return f"; it falls out. {moment.why}"
    conference = plan.conference
    planned = rule.planned_revision == plan.revision and conference.state in RULES_RUN_IN
    if moment.planned_at <= plan.now and planned:
        # Whom it was for has got it, or came too late for it.
        return f", on {_moment(moment.planned_at, conference)} (has passed)"
    when = f", on {_moment(moment.due_at, conference)}"
    if moment.why:
        return f"{when}. {moment.why}"
    return f"{when} (has passed)" if moment.due_at < plan.now else when


def _moment(at: dt.datetime, conference: Conference) -> str:
    local = to_local(at, conference.time_zone)
    city = dates.zone_city(conference.time_zone, "en")
    return f"{dates.say_date(local, 'en')}, {dates.say_time(local, 'en')} ({city})"


def people_in_words(audience: str, number: int) -> str:
    """Return how many of an audience as words: "94 attendees"."""
    one, many = _AUDIENCES[audience]
    return f"{number} {one if number == 1 else many}"
