"""What guests ask those who speak: the answers to one usual question, without anybody's name."""

from __future__ import annotations

from typing import Final

from events.models import Session
from registrations.enums import QuestionKind, RegistrationStatus
from registrations.models import Answer

# The usual question that is meant (services.usual_questions).
SLUG: Final = "for-speakers"
_MOST: Final = 100


def questions_from_guests(session: Session) -> list[str]:
    """Return what those with a place ask, in the order in which they asked; one query.

    The form knows one such question for the whole conference, so all sessions have the same.
    """
    rows = Answer.objects.filter(
        question__conference=session.conference_id,
        question__slug=SLUG,
        question__kind__in=[QuestionKind.TEXT, QuestionKind.LONG_TEXT],
        registration__status=RegistrationStatus.CONFIRMED,
    ).exclude(text="")
    return list(rows.order_by("pk").values_list("text", flat=True)[:_MOST])
