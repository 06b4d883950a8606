"""What was answered: one registration's, and those of a whole list by a constant number of queries.

Sensitive answers are read only where a caller says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from core.text import pick_text
from registrations.enums import QuestionKind
from registrations.models import Answer, ConsentGiven, Registration, SensitiveAnswer
from registrations.services.answer_cleaning import asked_of
from registrations.services.answer_values import FileRef, Given, value_of, words_of
from registrations.services.form_definition import Ask, FormDefinition, Texts, place_of


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer as lists and pages show it, with its question; also of one not asked any more.

    Arguments:
        text: as it is stored; empty for options and files.
        options: slug and label of each one chosen.
        file: the uid of the file, and its name.
    """

    slug: str
    kind: str
    label: Texts
    sensitivity: str
    order: tuple[int, ...]
    text: str = ""
    options: tuple[tuple[str, Texts], ...] = ()
    file: tuple[str, str] | None = None

    @property
    def said(self) -> frozenset[str]:
        """What a condition compares: slugs of options, "yes" or "no"."""
        return frozenset([slug for slug, _label in self.options] or [self.text])

    @property
    def value(self) -> Any:
        """The answer as JSON says it."""
        slugs = [slug for slug, _label in self.options]
        if self.kind == QuestionKind.CHOICES:
            return slugs
        if self.kind == QuestionKind.CHOICE:
            return slugs[0] if slugs else None
        if self.kind == QuestionKind.FILE:
            return {"name": self.file[1]} if self.file else None
        return value_of(self.kind, self.text)

    def words(self, language: str, languages: Iterable[str] = ()) -> str:
        """Return the answer as people read it."""
        if self.options:
            known = tuple(languages)
            return ", ".join(pick_text(label, language, known) for _slug, label in self.options)
        if self.file is not None:
            return self.file[1]
        return words_of(self.kind, self.text, language)


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent that was given, in the words of then."""

    slug: str
    label: Texts
    number: int
    text: Texts
    given_at: dt.datetime
    withdrawn_at: dt.datetime | None


def answers_of(registration: Registration, *, sensitive: bool = False) -> list[AnswerLine]:
    """Return a registration's answers in the order of the form; one query, two with sensitive."""
    found = answers_by_registration([registration.pk], sensitive=sensitive)
    return found.get(registration.pk, [])


def answers_by_registration(
    registration_ids: Collection[int] | Any,
    *,
    sensitive: bool = False,
    questions: Collection[int] | None = None,
) -> dict[int, list[AnswerLine]]:
    """Return the answers of many, by registration id; one query, two with sensitive answers.

    Arguments:
        registration_ids: ids, or a queryset of registrations that is put into the query.
        questions: ids of those that are asked for; all unless some are named.
    """
    asked: dict[str, Any] = {"registration__in": registration_ids}
    if questions is not None:
        asked["question__in"] = questions
    rows: list[Any] = list(
        Answer.objects.filter(**asked)
        .select_related("question__section", "option", "file")
        .order_by("pk")
    )
    if sensitive:
        rows += (
            SensitiveAnswer.objects.filter(**asked)
            .select_related("question__section", "option")
            .order_by("pk")
        )
    grouped: dict[int, dict[int, list[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.registration_id, {}).setdefault(row.question_id, []).append(row)
    return {
        registration_id: sorted(
            (_line(rows) for rows in by_question.values()), key=lambda line: line.order
        )
        for registration_id, by_question in grouped.items()
    }


def consents_of(registration: Registration) -> list[ConsentLine]:
    """Return what a registration agreed to and took back, the first one first; one query."""
    return consents_by_registration([registration.pk]).get(registration.pk, [])


def consents_by_registration(
    registration_ids: Collection[int] | Any, questions: Collection[int] | None = None
) -> dict[int, list[ConsentLine]]:
    """Return what many agreed to and took back, by registration id; one query."""
    asked: dict[str, Any] = {"registration__in": registration_ids}
    if questions is not None:
        asked["consent_text__question__in"] = questions
    rows = (
        ConsentGiven.objects.filter(**asked).select_related("consent_text__question").order_by("pk")
    )
    found: dict[int, list[ConsentLine]] = {}
    for row in rows:
        line = ConsentLine(
            slug=row.consent_text.question.slug,
            label=row.consent_text.question.label,
            number=row.consent_text.number,
            text=row.consent_text.text,
            given_at=row.given_at,
            withdrawn_at=row.withdrawn_at,
        )
        found.setdefault(row.registration_id, []).append(line)
    return found


def given_of(form: FormDefinition, registration: Registration) -> dict[str, Given]:
    """Return a registration's answers to what is asked now, by slug; two queries.

    Sensitive ones are among them: it is for comparing and writing, not for showing.
    """
    asks = {ask.id: ask for ask in form.questions}
    rows: list[Any] = [
        *Answer.objects.filter(registration=registration, question__in=asks).select_related("file"),
        *SensitiveAnswer.objects.filter(registration=registration, question__in=asks),
    ]
    chosen: dict[int, set[int]] = {}
    found: dict[str, Given] = {}
    for row in rows:
        ask = asks[row.question_id]
        if row.option_id is not None:
            ids = chosen.setdefault(ask.id, set())
            ids.add(row.option_id)
            options = tuple(one for one in ask.options if one.id in ids)
            found[ask.slug] = Given(ask, options=options)
        elif getattr(row, "file_id", None) is not None:
            found[ask.slug] = Given(
                ask, file=FileRef(row.file_id, row.file.original_name, row.file.digest)
            )
        elif row.text:
            found[ask.slug] = Given(ask, row.text)
    return found


def missing_answers(
    form: FormDefinition,
    registration: Registration,
    said: Mapping[str, frozenset[str]],
    agreed: Collection[str],
) -> tuple[Ask, ...]:
    """Return the required questions and consents that nobody has answered yet.

    Nothing is missing any more of who does not come, and when the conference is over.

    Arguments:
        form: of the registration's type.
        said: what was answered, by slug (`Given.words`, `AnswerLine.said`), sensitive ones too.
        agreed: slugs of consents that were given; who has taken one back has answered too.
    """
    if not form or not registration.is_live or timezone.now() >= registration.conference.ends_at:
        return ()
    asked = asked_of(form, said)
    known = {*said, *agreed}
    return tuple(
        ask for ask in form.asks if ask.required and ask.slug in asked and ask.slug not in known
    )


def missing_of(form: FormDefinition, registration: Registration) -> tuple[Ask, ...]:
    """Return the same of one registration by what it has answered; two queries where any is
    required, and one more where a consent is.

    Arguments:
        form: of the conference.
    """
    asked = form.for_type(registration.registration_type.slug)
    if not any(ask.required for ask in asked.asks):
        return ()
    given = given_of(asked, registration)
    must_agree = any(ask.required for ask in asked.consents)
    agreed = {line.slug for line in consents_of(registration)} if must_agree else set()
    said = {slug: one.words for slug, one in given.items()}
    return missing_answers(asked, registration, said, agreed)


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What a registration answered and did not answer; of sensitive answers only that they are."""

    lines: tuple[AnswerLine, ...]
    sensitive: frozenset[str]
    missing: tuple[Ask, ...]
    consents: tuple[ConsentLine, ...]


def answer_facts(
    form: FormDefinition, registrations: Sequence[Registration]
) -> dict[int, AnswerFacts]:
    """Return all of that for many registrations of a conference by id; three queries.

    Arguments:
        form: of the conference (`read_form`).
        registrations: with their types.
    """
    ids = [row.pk for row in registrations]
    lines = answers_by_registration(ids, sensitive=True)
    consents = consents_by_registration(ids)
    forms: dict[str, FormDefinition] = {}
    found = {}
    for row in registrations:
        slug = row.registration_type.slug
        mine = lines.get(row.pk, [])
        of_type = forms.setdefault(slug, form.for_type(slug))
        agreed = tuple(consents.get(row.pk, ()))
        found[row.pk] = AnswerFacts(
            lines=tuple(line for line in mine if not line.sensitivity),
            sensitive=frozenset(line.slug for line in mine if line.sensitivity),
            missing=missing_answers(
                of_type, row, {line.slug: line.said for line in mine}, [one.slug for one in agreed]
            ),
            consents=agreed,
        )
    return found


def _line(rows: list[Any]) -> AnswerLine:
    first = rows[0]
    question = first.question
    options = sorted((row.option for row in rows if row.option_id), key=lambda o: (o.order, o.pk))
    file = getattr(first, "file", None)
    return AnswerLine(
        slug=question.slug,
        kind=question.kind,
        label=question.label,
        # The table in which it stands counts, not what the question says by now.
        sensitivity=question.sensitivity or "kept" if isinstance(first, SensitiveAnswer) else "",
        order=place_of(question),
        text=first.text,
        options=tuple((option.slug, option.label) for option in options),
        file=(str(file.uid), file.original_name) if file is not None else None,
    )
