"""The form as programs read it: questions and consents in the reader's language."""

from __future__ import annotations

from typing import Any

from events.languages import Reader
from registrations.services.form_definition import Ask, FormDefinition


def question_bodies(form: FormDefinition, reader: Reader) -> list[dict[str, Any]]:
    """Return the questions, without the consents."""
    return [
        {
            "slug": ask.slug,
            "kind": ask.kind.value,
            "required": ask.required,
            "label": reader.text(ask.label),
            "help": reader.text(ask.help_text),
            "section": reader.text(ask.section.title) if ask.section else None,
            "options": [
                {"slug": one.slug, "label": reader.text(one.label), "full": one.is_full}
                for one in ask.options
                if one.active
            ],
            "min": ask.lowest,
            "max": ask.highest,
            **_when(ask),
        }
        for ask in form.questions
    ]


def consent_bodies(form: FormDefinition, reader: Reader) -> list[dict[str, Any]]:
    """Return what can be agreed to, in the words that count now."""
    return [
        {
            "slug": ask.slug,
            "version": ask.wording.number,
            "text": reader.text(ask.wording.text),
            "required": ask.required,
            "label": reader.text(ask.label),
            **_when(ask),
        }
        for ask in form.consents
        if ask.wording is not None
    ]


def _when(ask: Ask) -> dict[str, Any]:
    """Return of whom it is asked."""
    condition = ask.shown_if
    return {
        "shown_if": condition and {"question": condition.slug, "answers": list(condition.answers)},
        "types": sorted(ask.types) or None,
    }
