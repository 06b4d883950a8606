"""The words to which guests agree, version by version."""

from __future__ import annotations

from collections.abc import Mapping

from core import cleaning as v
from core.errors import FieldError
from events.enums import ConferenceState
from events.services.writing import missing_text, save
from registrations.enums import QuestionKind
from registrations.models import ConsentText, Question


def current_text(row: Question) -> ConsentText | None:
    """Return the newest words of a consent."""
    return row.consent_texts.order_by("-number").first()


def write_consent_text(row: Question, text: Mapping[str, str]) -> bool:
    """Give a consent these words; return whether they are new.

    Words that somebody may have before them are never touched: others make a new version, so that
    nobody is said to have agreed to what they did not read.
    """
    latest = row.consent_texts.select_for_update().order_by("-number").first()
    if latest is not None and latest.text == text:
        return False
    is_draft = row.conference.state == ConferenceState.DRAFT
    if latest is None or not is_draft or latest.given.exists():
        number = 1 if latest is None else latest.number + 1
        ConsentText.objects.create(question=row, number=number, text=dict(text))
        return True
    latest.text = dict(text)
    save(latest, ["text"])
    return True


def check_consent_text(row: Question) -> None:
    """Refuse a consent to nothing, and words where nothing is agreed to.

    Raises:
        DomainError: ``validation-failed``.
    """
    text = current_text(row)
    if row.kind == QuestionKind.CONSENT:
        language = row.conference.first_language
        v.refuse(missing_text("consent_text", text.text if text else {}, language))
    elif text is not None:
        v.refuse([FieldError("/consent_text", "kind", "Only a consent has words to agree to.")])
