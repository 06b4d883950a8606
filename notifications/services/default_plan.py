"""The plan that every conference begins with: the rules of a careful organiser, to be changed.

First invitations are no part of it: they never leave without somebody's click.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from events.models import Conference
from notifications.enums import Anchor, Audience, Late, Step
from notifications.models import ReminderRule

_MORNING: Final = dt.time(10, 0)


@dataclass(frozen=True, slots=True)
class _Part:
    step: Step
    name: str
    audience: Audience
    anchor: Anchor
    offset: str
    template: str
    at: dt.time | None = None
    quiet_hours: bool = False
    working_days: bool = False


_START, _END = Anchor.CONFERENCE_START, Anchor.CONFERENCE_END
PLAN: Final[Sequence[_Part]] = (
    _Part(
        Step.NUDGE_FIRST,
        "First nudge, two weeks before the deadline",
        Audience.UNANSWERED,
        Anchor.RSVP_DEADLINE,
        "-P14D",
        "nudge",
        quiet_hours=True,
        working_days=True,
    ),
    _Part(
        Step.NUDGE_LAST,
        "Last nudge, two days before the deadline",
        Audience.UNANSWERED,
        Anchor.RSVP_DEADLINE,
        "-P2D",
        "nudge",
        quiet_hours=True,
        working_days=True,
    ),
    _Part(
        Step.SPEAKERS_NEEDS,
        "What we still need from speakers",
        Audience.SPEAKERS,
        _START,
        "-P14D",
        "speakers_needs",
    ),
    _Part(Step.BRIEFING, "Briefing for speakers", Audience.SPEAKERS, _START, "-P2D", "briefing"),
    _Part(
        Step.SPEAKER_NUDGE,
        "Nudge to who was asked to speak, after four days",
        Audience.ASKED,
        Anchor.SPEAKER_ASKED,
        "P4D",
        "speaker_nudge",
        quiet_hours=True,
        working_days=True,
    ),
    _Part(
        Step.SPEAKER_NUDGE_2,
        "Nudge to who was asked to speak, after nine days",
        Audience.ASKED,
        Anchor.SPEAKER_ASKED,
        "P9D",
        "speaker_nudge",
        quiet_hours=True,
        working_days=True,
    ),
    _Part(
        Step.SPEAKER_LAST,
        "Nudge to who was asked to speak, two days before their deadline",
        Audience.ASKED,
        Anchor.RSVP_DEADLINE,
        "-P2D",
        "speaker_nudge",
        quiet_hours=True,
        working_days=True,
    ),
    _Part(
        Step.PRACTICAL,
        "Practical information",
        Audience.ATTENDEES,
        _START,
        "-P3D",
        "practical",
        working_days=True,
    ),
    _Part(Step.REMINDER, "Reminder one day before", Audience.ATTENDEES, _START, "-P1D", "reminder"),
    _Part(Step.FIND_US, "How to find us", Audience.ATTENDEES, _START, "-PT2H", "find_us"),
    _Part(
        Step.THANKS,
        "Thanks to who came",
        Audience.CHECKED_IN,
        _END,
        "P1D",
        "thanks",
        at=_MORNING,
        working_days=True,
    ),
    _Part(
        Step.MISSED_YOU,
        "Sorry we missed you",
        Audience.NO_SHOWS,
        _END,
        "P1D",
        "missed_you",
        at=_MORNING,
        working_days=True,
    ),
    _Part(
        Step.OUTCOME,
        "The outcome is published",
        Audience.ATTENDEES,
        Anchor.OUTCOME_PUBLISHED,
        "PT0M",
        "outcome",
    ),
)


def ensure_default_rules(*, conference: Conference) -> Sequence[ReminderRule]:
    """Give a conference that has no rule the plan that it begins with.

    It is a part of the conference's making, which is written down as one deed.
    """
    if conference.reminder_rules.exists():
        return []
    return ReminderRule.objects.bulk_create(
        ReminderRule(
            conference=conference,
            step=part.step,
            name=part.name,
            audience=part.audience,
            anchor=part.anchor,
            offset=part.offset,
            at=part.at,
            template=part.template,
            quiet_hours=part.quiet_hours,
            working_days=part.working_days,
            late=Late.SKIP,
        )
        for part in PLAN
    )
