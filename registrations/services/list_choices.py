"""What the list of registrations can be filtered by, with numbers where they cost one query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, Prefetch

from core.text import pick_text
from events.models import Conference, Tag
from registrations.enums import (
    WITH_OPTIONS,
    QuestionKind,
    RegistrationSource,
    RegistrationStatus,
)
from registrations.models import AccessCode, Question, QuestionOption, Registration
from registrations.services.registration_list import (
    ANY,
    NO,
    STATUS_GROUPS,
    UNCONFIRMED,
    YES,
    Filters,
)

MOST_OF_A_KIND = 200
GROUP_LABELS: Final = {"live": "Current", "placed": "With a place", "over": "Over"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter; `count` is None where nobody counted."""

    name: str
    value: str
    label: str
    count: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """All that a list can be filtered by.

    Arguments:
        total: how many registrations the conference has, whatever their status.
        groups: statuses taken together; none that is nobody or everybody.
    """

    total: int
    statuses: list[Choice]
    groups: list[Choice]
    types: list[Choice]
    sources: list[Choice]
    tags: list[Choice] = field(default_factory=list)
    answers: list[Choice] = field(default_factory=list)
    codes: list[Choice] = field(default_factory=list)

    def label(self, name: str, value: str) -> str:
        """Return how a value is said: "Diet: Vegan"."""
        found = [*self.statuses, *self.groups, *self.types, *self.sources, *self.tags]
        found += [*self.answers, *self.codes]
        for one in found:
            if (one.name, one.value) == (name, value):
                return f"{one.group}: {one.label}" if one.group else one.label
        return value


def choices_of(conference: Conference, *, more: bool) -> Choices:
    """Return what the list of a conference can be filtered by; two queries, and five with `more`.

    The numbers come from an index alone, so that they cost little with 50,000 registrations.

    Arguments:
        more: whether tags, answers and access codes are asked for too.
    """
    kinds = list(conference.registration_types.order_by("slug"))
    numbers: dict[tuple[int, str], int] = {
        (kind, status): number
        for kind, status, number in Registration.objects.filter(
            registration_type__in=[kind.pk for kind in kinds]
        )
        .order_by()
        .values_list("registration_type_id", "status")
        .annotate(number=Count("pk"))
    }
    by_status = {
        one: sum(number for (_kind, status), number in numbers.items() if status == one)
        for one in RegistrationStatus
    }
    by_type = {
        kind.pk: sum(number for (pk, _status), number in numbers.items() if pk == kind.pk)
        for kind in kinds
    }
    return Choices(
        total=sum(numbers.values()),
        statuses=[
            Choice("status", one.value, one.label, number)
            for one, number in by_status.items()
            if number
        ],
        groups=_groups(by_status),
        types=[
            Choice(
                "type",
                kind.slug,
                pick_text(kind.name, "en", conference.languages),
                by_type[kind.pk],
            )
            for kind in kinds
            if by_type[kind.pk]
        ],
        sources=[Choice("source", one.value, one.label) for one in RegistrationSource],
        tags=_tags(conference) if more else [],
        answers=_answers(conference) if more else [],
        codes=_codes(conference) if more else [],
    )


def _groups(by_status: Mapping[RegistrationStatus, int]) -> list[Choice]:
    """Return the groups of statuses that are neither nobody nor everybody."""
    total = sum(by_status.values())
    numbers = {
        name: sum(by_status[one] for one in statuses) for name, statuses in STATUS_GROUPS.items()
    }
    return [
        Choice("status", name, GROUP_LABELS[name], number)
        for name, number in numbers.items()
        if 0 < number < total
    ]


def _tags(conference: Conference) -> list[Choice]:
    rows = Tag.objects.filter(organisation=conference.organisation_id).order_by("name", "pk")
    return [Choice("tag", one.slug, one.name) for one in rows[:MOST_OF_A_KIND]]


def _answers(conference: Conference) -> list[Choice]:
    """Return what was offered as an answer, question by question; sensitive ones are no filter."""
    rows = Question.objects.filter(
        conference=conference, sensitivity="", kind__in=[*WITH_OPTIONS, QuestionKind.YES_NO]
    ).prefetch_related(Prefetch("options", queryset=QuestionOption.objects.order_by("order", "pk")))
    found = []
    for one in rows:
        group = pick_text(one.label, "en", conference.languages)
        if one.kind == QuestionKind.YES_NO:
            options = [(YES, "Yes"), (NO, "No")]
        else:
            options = [
                (option.slug, pick_text(option.label, "en", conference.languages))
                for option in one.options.all()
            ]
        found += [
            Choice("answer", f"{one.slug}:{slug}", label, group=group) for slug, label in options
        ]
    return found


def _codes(conference: Conference) -> list[Choice]:
    rows = AccessCode.objects.filter(conference=conference).order_by("code", "pk")
    found = [Choice("code", one.code_key, one.code, group="Code") for one in rows[:MOST_OF_A_KIND]]
    return [Choice("code", ANY, "Any code"), *found] if found else []


def words_of_filters(filters: Filters, choices: Choices) -> list[tuple[str, str]]:
    """Return the filters that stand in no row of chips, as parameter and words."""
    words = {
        "arrived": {YES: "Has arrived", NO: "Has not arrived"}.get(filters.arrived, ""),
        "over": "Over capacity",
        "from": f"From {filters.start}",
        "to": f"Until {filters.end}",
        "date": "New date not confirmed" if filters.date == UNCONFIRMED else "",
    }
    return [
        (name, words.get(name) or choices.label(name, value))
        for name, value in filters.query().items()
        if name not in {"q", "status", "type"}
    ]
