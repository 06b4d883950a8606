"""Figures of registrations: over time, by type and tag, of chosen answers, and expected turnout."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from core.text import pick_text
from events.models import Conference
from registrations.enums import (
    LIVE,
    OVER,
    TAKING_A_PLACE,
    WITH_OPTIONS,
    QuestionKind,
    RegistrationStatus,
)
from registrations.models import Answer, QuestionOption, Registration, SensitiveAnswer
from registrations.services.answer_columns import AnswerColumn
from registrations.services.turnout import Turnout, expected_turnout

_YES_NO: Final = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Day:
    """How many there were at the end of a day: registered so far, with a place, gone again."""

    day: dt.date
    registered: int
    with_place: int
    gone: int


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of a type, a tag or an answer.

    Arguments:
        live: those that are not over.
        with_place: those of them with a place.
        query: what narrows the list to them, without their status; "" where no list shows them.
    """

    label: str
    live: int
    with_place: int
    query: str = ""


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """What was chosen at one question; who may choose several counts in each.

    Arguments:
        groups: none when nobody has answered.
    """

    question: str
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class Attendance:
    """Of so many with a place so many are here, and so many are expected."""

    with_place: int
    arrived: int
    expected: Turnout | None


def days_of(conference: Conference) -> list[Day]:
    """Return the sums of each day from the first registration on; three queries.

    Who was cancelled and has a place again counts from the newer yes.
    """
    rows = Registration.objects.filter(conference=conference)
    zone = ZoneInfo(conference.time_zone)
    registered = _by_day(rows, "created_at", zone)
    if not registered:
        return []
    placed = _by_day(rows.filter(status__in=TAKING_A_PLACE), "status_at", zone)
    gone = _by_day(rows.filter(status__in=OVER), "status_at", zone)
    first, last = min(registered), max([*registered, *placed, *gone])
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    sums = [
        list(accumulate([numbers.get(day, 0) for day in days]))
        for numbers in (registered, placed, gone)
    ]
    return [Day(day, *numbers) for day, *numbers in zip(days, *sums, strict=True)]


def _by_day(rows: QuerySet[Registration], column: str, zone: ZoneInfo) -> dict[dt.date, int]:
    found = rows.order_by().annotate(day=TruncDate(column, tzinfo=zone)).values_list("day")
    return dict(found.annotate(number=Count("pk")))


_COUNTS: Final[Mapping[str, Any]] = {
    "live": Count("pk"),
    "placed": Count("pk", filter=Q(status__in=TAKING_A_PLACE)),
}


def types_of(conference: Conference) -> list[Group]:
    """Return the figures of each type; two queries."""
    kinds = list(conference.registration_types.all())
    live = Registration.objects.filter(registration_type__in=kinds, status__in=LIVE)
    rows = live.order_by().values_list("registration_type_id").annotate(**_COUNTS)
    numbers = {pk: (number, placed) for pk, number, placed in rows}
    found = []
    for kind in kinds:
        name = pick_text(kind.name, "en", conference.languages)
        number, placed = numbers.get(kind.pk, (0, 0))
        found.append(Group(name, number, placed, f"type={kind.slug}"))
    return found


def tags_of(conference: Conference) -> list[Group]:
    """Return the figures of each tag of the people who are registered; one query."""
    rows = (
        Registration.objects.filter(
            conference=conference, status__in=LIVE, person__tags__isnull=False
        )
        .order_by("person__tags__name", "person__tags__slug")
        .values_list("person__tags__name", "person__tags__slug")
        .annotate(**_COUNTS)
    )
    return [Group(name, live, placed, f"tag={slug}") for name, slug, live, placed in rows]


def answers_of_choice(
    conference: Conference, columns: Sequence[AnswerColumn]
) -> list[AnswerFigures]:
    """Return what was chosen at those of these questions that offer answers, or are a yes or no.

    Two queries, and one more where sensitive ones are among them. These lead to no list. Of a
    question that nobody has answered there are no groups.

    Arguments:
        columns: the questions that may be counted (`answer_columns`), in their order.
    """
    asked = [one for one in columns if one.kind in {*WITH_OPTIONS, QuestionKind.YES_NO}]
    if not asked:
        return []
    options: dict[int, list[QuestionOption]] = {}
    ids = [one.question for one in asked]
    for option in QuestionOption.objects.filter(question__in=ids).order_by("order", "pk"):
        options.setdefault(option.question_id, []).append(option)
    numbers = _counted(Answer, [one.question for one in asked if not one.sensitivity])
    numbers |= _counted(SensitiveAnswer, [one.question for one in asked if one.sensitivity])
    found = []
    for one in asked:
        values: list[tuple[int | str, str, str]] = [
            (option.pk, pick_text(option.label, "en", conference.languages), option.slug)
            for option in options.get(one.question, ())
        ]
        if one.kind == QuestionKind.YES_NO:
            values = [(value, label, value) for value, label in _YES_NO]
        groups = [
            Group(
                label,
                *numbers.get((one.question, key), (0, 0)),
                "" if one.sensitivity else f"answer={one.slug}:{slug}",
            )
            for key, label, slug in values
        ]
        found.append(AnswerFigures(one.label, groups if any(g.live for g in groups) else []))
    return found


def _counted(model: Any, questions: Sequence[int]) -> dict[tuple[int, int | str], tuple[int, int]]:
    """Return how many live registrations chose each answer, and how many of them have a place."""
    if not questions:
        return {}
    rows = (
        model.objects.filter(question__in=questions, registration__status__in=LIVE)
        .filter(Q(option__isnull=False) | Q(text__in=[value for value, _label in _YES_NO]))
        .order_by()
        .values_list("question_id", "option_id", "text")
        .annotate(
            live=Count("pk"),
            placed=Count("pk", filter=Q(registration__status__in=TAKING_A_PLACE)),
        )
    )
    return {
        (question, option or text): (live, placed) for question, option, text, live, placed in rows
    }


def attendance_of(conference: Conference) -> Attendance:
    """Return how many have a place, are here, and are expected; four queries at most."""
    confirmed = Registration.objects.filter(
        conference=conference, status=RegistrationStatus.CONFIRMED
    )
    figures = confirmed.aggregate(
        placed=Count("pk"), arrived=Count("pk", filter=Q(checked_in_at__isnull=False))
    )
    return Attendance(figures["placed"], figures["arrived"], expected_turnout(conference))
