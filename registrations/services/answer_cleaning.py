"""Answers and consents cleaned against the form: one place for pages, the API and imports.

Nothing here asks the database: the definition and what was sent go in, what is to be stored or a
refusal comes out. A question whose condition is not met is neither required nor stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from core.cleaning import Wrong
from core.errors import DomainError, FieldError
from registrations.services.answer_values import Given, clean_answer
from registrations.services.form_definition import Ask, FormDefinition

# More than these are not listed one by one: who sends 20,000 unknown names knows it by then.
MOST_ERRORS: Final = 100


class WrongAnswersError(DomainError):
    """Answers that can not be taken; `by_slug` says each error with the question it is about."""

    def __init__(self, found: Sequence[tuple[str, FieldError]]) -> None:
        errors = [error for _slug, error in found[:MOST_ERRORS]]
        detail = errors[0].detail if len(errors) == 1 else _("Some answers can not be taken.")
        super().__init__("validation-failed", detail, errors=errors)
        self.by_slug = tuple(found[:MOST_ERRORS])


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent that somebody gives; `shown` is the version they had before them, if known."""

    slug: Any
    shown: int | None = None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is to be stored.

    Arguments:
        missing: slugs of required questions that were left out, where that is allowed.
        asked: slugs of all questions whose conditions are met.
    """

    given: tuple[Given, ...]
    consents: tuple[Ask, ...]
    missing: tuple[str, ...]
    asked: frozenset[str]

    @property
    def said(self) -> dict[str, Any]:
        """What makes this the same request as another one; files by what is in them."""
        return {
            "answers": {
                one.ask.slug: [one.file.name, one.file.digest] if one.file else one.value
                for one in self.given
            },
            "consents": [(ask.slug, ask.wording and ask.wording.number) for ask in self.consents],
        }


def clean_answers(
    form: FormDefinition,
    *,
    answers: Mapping[str, Any],
    consents: Sequence[Consent] = (),
    required: bool = True,
    kept: frozenset[int] = frozenset(),
) -> Cleaned:
    """Return what is to be stored of what was sent.

    Arguments:
        form: what is asked of this registration's type (`FormDefinition.for_type`).
        answers: by slug; any other name is refused.
        required: whether what has to be answered must be.
        kept: ids of options that may be chosen though they are not offered any more.

    Raises:
        WrongAnswersError: with pointers ``/answers/<slug>`` and ``/consents/<n>``.
    """
    asks = {ask.slug: ask for ask in form.asks}
    found = _unknown(asks, answers)
    ticked, wrong_consents = _consents(asks, consents)
    found += wrong_consents
    given: dict[str, Given] = {}
    wrong: dict[str, Wrong] = {}
    for ask in form.questions:
        try:
            answer = clean_answer(ask, answers.get(ask.slug), kept=kept)
        except Wrong as error:
            wrong[ask.slug] = error
            continue
        if answer is not None:
            given[ask.slug] = answer
    words = {slug: answer.words for slug, answer in given.items()}
    words |= {ask.slug: frozenset(["yes"]) for ask in ticked}
    asked = asked_of(form, words)
    missing = []
    for ask in form.asks:
        if ask.slug not in asked:
            continue
        if ask.slug in wrong:
            why = wrong[ask.slug]
            found.append((ask.slug, FieldError(_pointer(ask.slug), why.code, why.detail)))
        elif ask.required and ask.slug not in words:
            missing.append(ask)
    if required:
        found += [(ask.slug, _needed(ask)) for ask in missing]
    if found:
        raise WrongAnswersError(found)
    return Cleaned(
        given=tuple(answer for slug, answer in given.items() if slug in asked),
        consents=tuple(ask for ask in ticked if ask.slug in asked),
        missing=tuple(ask.slug for ask in missing),
        asked=asked,
    )


def asked_of(form: FormDefinition, words: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the slugs of the questions whose conditions are met, all the way up.

    Arguments:
        words: what was answered, by slug (`Given.words`).
    """
    asks = {ask.slug: ask for ask in form.asks}
    known: dict[str, bool] = {}

    def is_asked(slug: str, below: frozenset[str]) -> bool:
        if slug in known:
            return known[slug]
        ask = asks.get(slug)
        if ask is None or slug in below:
            return False
        condition = ask.shown_if
        known[slug] = condition is None or (
            is_asked(condition.slug, below | {slug})
            and not words.get(condition.slug, frozenset()).isdisjoint(condition.answers)
        )
        return known[slug]

    return frozenset(slug for slug in asks if is_asked(slug, frozenset()))


def _unknown(asks: Mapping[str, Ask], answers: Mapping[str, Any]) -> list[tuple[str, FieldError]]:
    found: list[tuple[str, FieldError]] = []
    for slug in answers:
        ask = asks.get(slug)
        if ask is None or ask.is_consent:
            sentence = _("This conference does not ask for this.")
            found.append((slug, FieldError(_pointer(slug), "unknown", sentence)))
            if len(found) >= MOST_ERRORS:
                break
    return found


def _consents(
    asks: Mapping[str, Ask], consents: Sequence[Consent]
) -> tuple[list[Ask], list[tuple[str, FieldError]]]:
    """Return what is agreed to, each once, and what can not be."""
    ticked: dict[str, Ask] = {}
    found: list[tuple[str, FieldError]] = []
    for number, consent in enumerate(consents):
        ask = asks.get(consent.slug) if isinstance(consent.slug, str) else None
        code, sentence = "", ""
        if not isinstance(consent.slug, str):
            code, sentence = "invalid", _("Give a text.")
        elif ask is None or ask.wording is None:
            code, sentence = "unknown", _("This conference does not ask for this.")
        elif consent.shown not in {None, ask.wording.number}:
            code = "changed"
            sentence = _("These words have changed since you opened the page. Read them again.")
        else:
            ticked[ask.slug] = ask
        if code:
            slug = ask.slug if ask is not None else ""
            found.append((slug, FieldError(f"/consents/{number}", code, sentence)))
            if len(found) >= MOST_ERRORS:
                break
    return list(ticked.values()), found


def _needed(ask: Ask) -> FieldError:
    if ask.is_consent:
        return FieldError("/consents", "required", _("Without this you can not register."))
    return FieldError(_pointer(ask.slug), "required", _("This is needed."))


def _pointer(slug: str) -> str:
    return "/answers/" + str(slug).replace("~", "~0").replace("/", "~1")
