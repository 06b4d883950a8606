"""Storing what guests answered: with a new registration as a part of it, or anew for an old one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from core.errors import DomainError, FieldError
from core.text import pick_text
from events.languages import Reader
from registrations.enums import TAKING_A_PLACE
from registrations.models import (
    Allotment,
    Answer,
    ConsentGiven,
    QuestionOption,
    Registration,
    SensitiveAnswer,
)
from registrations.services.answer_cleaning import Cleaned, Consent, clean_answers
from registrations.services.answer_values import Given
from registrations.services.form_definition import Ask, Choice, FormDefinition
from registrations.services.uploads import use_up

ENGLISH = Reader("en")


class AnswersPart:
    """Answers and consents that were cleaned for a registration's type (services.parts.Part).

    Writing costs one statement for each of answers, sensitive answers, consents and files where
    there are any, and none where nothing is asked.
    """

    def __init__(self, cleaned: Cleaned, reader: Reader = ENGLISH) -> None:
        self.cleaned = cleaned
        self.reader = reader

    @property
    def allotments(self) -> Collection[int]:
        return allotments_of_answers(self.cleaned.given)

    def write(self, registration: Registration) -> None:
        """Write the rows.

        Raises:
            DomainError: ``validation-failed`` for a file that another registration has meanwhile;
                ``sold-out`` for a full option where the registration itself only waits.
        """
        self.cleaned = replace(self.cleaned, given=_with_places_now(self.cleaned.given))
        write_answers(registration, self.cleaned.given)
        give_consents(registration, self.cleaned.consents)
        if self.allotments and registration.status not in TAKING_A_PLACE:
            refuse_full(self.cleaned.given, self.allotments, self.reader)

    def none_left(self, allotment: int) -> DomainError:
        return option_full(self.cleaned.given, allotment, self.reader)


def _with_places_now(given: Sequence[Given]) -> tuple[Given, ...]:
    """Return the answers with the places of their options as they are now, not when the form was
    read; one query where options were chosen.

    The registration's type is held, so that no option gets its first places until the commit.
    """
    ids = [option.id for one in given for option in one.options]
    if not ids:
        return tuple(given)
    now = dict(QuestionOption.objects.filter(pk__in=ids).values_list("pk", "allotment_id"))
    return tuple(
        replace(
            one,
            options=tuple(replace(o, allotment=now.get(o.id, o.allotment)) for o in one.options),
        )
        for one in given
    )


def answers_part(
    form: FormDefinition,
    type_slug: str,
    *,
    answers: Mapping[str, Any],
    consents: Sequence[Consent] = (),
    required: bool = True,
    reader: Reader = ENGLISH,
) -> AnswersPart:
    """Return what was sent for a type's questions as a part of a registration.

    Arguments:
        required: whether what has to be answered must be; organisers may leave it for later.
        reader: in whose language refusals name options.

    Raises:
        WrongAnswersError: for what can not be taken.
    """
    cleaned = clean_answers(
        form.for_type(type_slug), answers=answers, consents=consents, required=required
    )
    return AnswersPart(cleaned, reader)


def allotments_of_answers(given: Iterable[Given]) -> set[int]:
    """Return the ids of the allotments that chosen options take a place of."""
    return {
        option.allotment
        for answer in given
        for option in answer.options
        if option.allotment is not None
    }


def write_answers(registration: Registration, given: Sequence[Given]) -> None:
    """Write answers for which there are no rows yet; sensitive ones into their own table.

    Raises:
        DomainError: ``validation-failed`` for a file that is gone or belongs to another one.
    """
    plain = [one for one in given if not one.ask.sensitivity]
    sensitive = [one for one in given if one.ask.sensitivity]
    uploads = [one.file.upload for one in plain if one.file and one.file.upload is not None]
    if uploads and not use_up(uploads):
        raise _file_gone(plain)
    if plain:
        Answer.objects.bulk_create(
            Answer(file_id=one.file.file if one.file else None, **columns)
            for one in plain
            for columns in _rows(registration, one)
        )
    if sensitive:
        SensitiveAnswer.objects.bulk_create(
            SensitiveAnswer(**columns) for one in sensitive for columns in _rows(registration, one)
        )


def give_consents(registration: Registration, consents: Collection[Ask]) -> None:
    """Write down that these were agreed to now, in the words that count now."""
    rows = [
        ConsentGiven(registration=registration, consent_text_id=ask.wording.id)
        for ask in consents
        if ask.wording is not None
    ]
    if rows:
        ConsentGiven.objects.bulk_create(rows)


def refuse_full(given: Sequence[Given], allotments: Collection[int], reader: Reader) -> None:
    """Refuse options without a place left to who takes none now: they could not get it later.

    Raises:
        DomainError: ``sold-out``.
    """
    full = Allotment.objects.filter(
        pk__in=allotments, capacity__isnull=False, capacity__lte=F("taken") + F("held")
    )
    first = full.order_by("pk").values_list("pk", flat=True).first()
    if first is not None:
        raise option_full(given, first, reader)


def option_full(given: Iterable[Given], allotment: int, reader: Reader) -> DomainError:
    """Return the refusal that says which of the chosen options has no place left."""
    for answer in given:
        for option in answer.options:
            if option.allotment == allotment:
                return DomainError(
                    "sold-out",
                    full_sentence(option, reader),
                    errors=[
                        FieldError(
                            f"/answers/{answer.ask.slug}", "full", full_sentence(option, reader)
                        )
                    ],
                )
    return DomainError("sold-out", _("There is no place left. Nothing was changed."))


def full_sentence(option: Choice, reader: Reader) -> str:
    label = pick_text(option.label, reader.tag, reader.languages)
    return _("“%(option)s” is full. Choose another answer; nothing was saved yet.") % {
        "option": label
    }


def _rows(registration: Registration, one: Given) -> list[dict[str, Any]]:
    """Return the columns of an answer's rows: one, or one an option."""
    row: dict[str, Any] = {"registration": registration, "question_id": one.ask.id}
    if one.options:
        return [row | {"option_id": option.id} for option in one.options]
    return [row | {"text": one.text}]


def _file_gone(given: Iterable[Given]) -> DomainError:
    sentence = _("This file is not here any more. Choose it once more.")
    return DomainError(
        "validation-failed",
        sentence,
        errors=[
            FieldError(f"/answers/{one.ask.slug}", "gone", sentence)
            for one in given
            if one.file and one.file.upload is not None
        ],
    )
