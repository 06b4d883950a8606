"""The form of a conference as plain data, in order: what is asked, of whom, and when.

Read once and then asked without the database: by the public form and the API, by what cleans
answers, by pages that show them. It holds no model rows, so it can be kept in a cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import F

from events.models import Conference
from registrations.enums import WITH_OPTIONS, QuestionKind
from registrations.models import ConsentText, Question, QuestionOption

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """An option; `left` is how many more can have it, None without limit."""

    id: int
    slug: str
    label: Texts
    allotment: int | None = None
    left: int | None = None
    active: bool = True

    @property
    def is_full(self) -> bool:
        return self.left is not None and self.left <= 0


@dataclass(frozen=True, slots=True)
class Condition:
    """Asked only when the question `slug` has one of these answers."""

    slug: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    id: int
    slug: str
    title: Texts
    description: Texts


@dataclass(frozen=True, slots=True)
class Wording:
    """A version of what is agreed to."""

    id: int
    number: int
    text: Texts


@dataclass(frozen=True, slots=True)
class Ask:
    """One question.

    Arguments:
        types: slugs of the registration types that are asked; empty means all.
        wording: of a consent, the version that counts now.
    """

    id: int
    slug: str
    kind: QuestionKind
    label: Texts
    help_text: Texts
    required: bool
    sensitivity: str
    lowest: int | None
    highest: int | None
    section: Section | None = None
    shown_if: Condition | None = None
    types: frozenset[str] = frozenset()
    options: tuple[Choice, ...] = ()
    wording: Wording | None = None

    @property
    def is_consent(self) -> bool:
        return self.kind == QuestionKind.CONSENT

    def option(self, slug: str) -> Choice | None:
        """Return the option of this name, also one that is not offered any more."""
        return next((one for one in self.options if one.slug == slug), None)

    def is_for(self, type_slug: str) -> bool:
        return not self.types or type_slug in self.types


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """All that a conference asks, in the order of the page."""

    asks: tuple[Ask, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.asks)

    def find(self, slug: str) -> Ask | None:
        return next((ask for ask in self.asks if ask.slug == slug), None)

    def before(self, ask: Ask) -> Ask | None:
        """Return the question on whose answer another one depends."""
        return self.find(ask.shown_if.slug) if ask.shown_if else None

    def for_type(self, type_slug: str) -> FormDefinition:
        """Return what is asked of who takes a place of this type."""
        return FormDefinition(tuple(ask for ask in self.asks if ask.is_for(type_slug)))

    def for_types(self, offered: frozenset[str]) -> FormDefinition:
        """Return what is asked where these types are offered; of others nothing is said."""
        return FormDefinition(
            tuple(
                replace(ask, types=ask.types & offered)
                for ask in self.asks
                if not ask.types or ask.types & offered
            )
        )

    @property
    def questions(self) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks if not ask.is_consent)

    @property
    def consents(self) -> tuple[Ask, ...]:
        return tuple(ask for ask in self.asks if ask.is_consent)

    @property
    def takes_files(self) -> bool:
        return any(ask.kind == QuestionKind.FILE for ask in self.asks)


NOTHING_ASKED: Final = FormDefinition()


def read_form(conference: Conference) -> FormDefinition:
    """Return what a conference asks: what stands in no section, sections, consents in none.

    One query for the questions with their sections and conditions; where there are any, one more
    for the types that they are for, one for options with their places where anything is to be
    chosen, and one for the texts of consents where there are some: four at most, however many
    questions there are. None at all for a conference that was found with the note that it asks
    nothing (`doors.find_conference`).
    """
    if not getattr(conference, "asks_questions", True):
        return NOTHING_ASKED
    rows = list(_questions(conference))
    if not rows:
        return NOTHING_ASKED
    ids = [row.pk for row in rows]
    kinds = {row.kind for row in rows}
    types = _types(ids)
    options = _options(ids) if kinds & set(WITH_OPTIONS) else {}
    wordings = _wordings(ids) if QuestionKind.CONSENT in kinds else {}
    rows.sort(key=place_of)
    return FormDefinition(
        tuple(
            _ask(row, types.get(row.pk, frozenset()), options.get(row.pk, ()), wordings.get(row.pk))
            for row in rows
            # A consent to nothing can not be asked for, nor what follows from a question that is
            # not asked any more.
            if (row.kind != QuestionKind.CONSENT or row.pk in wordings)
            and (row.shown_if is None or row.shown_if.active)
        )
    )


def _questions(conference: Conference) -> Iterable[Question]:
    return (
        Question.objects.filter(conference=conference, active=True)
        .select_related("section", "shown_if")
        .order_by()
    )


def place_of(row: Question) -> tuple[int, ...]:
    """Return the key of the page's order.

    Without a section, questions come before all sections and consents after them.
    """
    if row.section is None:
        return (1 if row.kind == QuestionKind.CONSENT else -1, 0, 0, row.order, row.pk)
    return (0, row.section.order, row.section.pk, row.order, row.pk)


def _types(ids: Sequence[int]) -> dict[int, frozenset[str]]:
    through = Question.registration_types.through
    pairs = through.objects.filter(question_id__in=ids).values_list(
        "question_id", "registrationtype__slug"
    )
    found: dict[int, set[str]] = {}
    for question_id, slug in pairs:
        found.setdefault(question_id, set()).add(slug)
    return {question_id: frozenset(slugs) for question_id, slugs in found.items()}


def _options(ids: Sequence[int]) -> dict[int, tuple[Choice, ...]]:
    rows = (
        QuestionOption.objects.filter(question_id__in=ids)
        .annotate(left=F("allotment__capacity") - F("allotment__taken") - F("allotment__held"))
        .order_by("order", "pk")
    )
    found: dict[int, list[Choice]] = {}
    for row in rows:
        left: Any = row.left
        choice = Choice(row.pk, row.slug, row.label, row.allotment_id, left, row.active)
        found.setdefault(row.question_id, []).append(choice)
    return {question_id: tuple(choices) for question_id, choices in found.items()}


def _wordings(ids: Sequence[int]) -> dict[int, Wording]:
    """Return the newest version of each consent's text."""
    rows = ConsentText.objects.filter(question_id__in=ids).order_by("number")
    return {row.question_id: Wording(row.pk, row.number, row.text) for row in rows}


def _ask(
    row: Question, types: frozenset[str], options: tuple[Choice, ...], wording: Wording | None
) -> Ask:
    section = None
    if row.section is not None:
        one = row.section
        section = Section(one.pk, one.slug, one.title, one.description)
    condition = None
    if row.shown_if is not None:
        condition = Condition(row.shown_if.slug, tuple(map(str, row.shown_if_answers)))
    return Ask(
        id=row.pk,
        slug=row.slug,
        kind=QuestionKind(row.kind),
        label=row.label,
        help_text=row.help_text,
        required=row.required,
        sensitivity=row.sensitivity,
        lowest=row.lowest,
        highest=row.highest,
        section=section,
        shown_if=condition,
        types=types,
        options=options,
        wording=wording,
    )
