"""The first draft of an outcome, made from the programme: its frame, for people to fill."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db import transaction
from django.utils import translation

from core.actors import Actor
from core.errors import DomainError
from core.text import pick_text
from events import words
from events.enums import Attribution, OutcomeItemKind, SessionKind, SessionState
from events.languages import CATALOGUES
from events.models import Conference, Outcome, Session
from events.services.outcomes import MOST_ITEMS, save_outcome
from events.services.writing import load

# Of these there is nothing to tell afterwards.
_PAUSES: Final = (SessionKind.BREAK, SessionKind.RECEPTION)
_MOST_RELATED: Final = 6


@transaction.atomic
def draft_outcome(*, conference: Conference, actor: Actor) -> Outcome:
    """Begin an outcome with what the programme says: a heading, what it was about, a point a
    session to be written, how it may be quoted, whom the press asks, and the series' earlier ones.

    Nothing of it can be read by others before it is published, and points without words keep it
    from that.

    Raises:
        DomainError: ``wrong-state`` when there is an outcome already.
    """
    root = load(conference)
    if Outcome.objects.filter(conference=root).exists():
        raise DomainError("wrong-state", "This conference has an outcome already.")
    sessions = list(
        root.sessions.exclude(state=SessionState.CANCELLED)
        .exclude(kind__in=_PAUSES)
        .exclude(attribution=Attribution.CLOSED)
        .order_by("starts_at", "order", "pk")
    )
    return save_outcome(
        conference=root,
        headline=root.title,
        summary=root.description,
        outlook={},
        items=list(_points(sessions[:MOST_ITEMS])),
        related=_related(root),
        record_note=_record_note(root, sessions),
        press_name=root.contact_name,
        press_email=root.contact_email or root.organisation.contact_email,
        press_phone=root.contact_phone,
        expected=0,
        actor=actor,
    )


def _points(sessions: list[Session]) -> Iterator[dict[str, Any]]:
    for session in sessions:
        topic = {tag: text[:200] for tag, text in session.title.items()}
        yield {"kind": OutcomeItemKind.POINT, "topic": topic, "text": {}, "session": session}


def _related(conference: Conference) -> list[Conference]:
    """Return the earlier ones of its series that anybody may see."""
    if conference.series_id is None:
        return []
    rows = Conference.objects.visible().filter(
        organisation_id=conference.organisation_id,
        series_id=conference.series_id,
        starts_at__lt=conference.starts_at,
    )
    return list(rows.order_by("-starts_at", "-pk")[:_MOST_RELATED])


def _record_note(conference: Conference, sessions: list[Session]) -> dict[str, str]:
    """Say what may be quoted, in each language; by session where they differ."""
    rules = {Attribution(session.attribution) for session in sessions}
    note = {}
    for tag in conference.languages:
        with translation.override(CATALOGUES.get(tag, "en")):
            if len(rules) <= 1:
                rule = next(iter(rules), Attribution.ON_THE_RECORD)
                note[tag] = f"{words.ATTRIBUTIONS[rule]}."
            else:
                lines = [
                    f"- {pick_text(session.title, tag, conference.languages)}: "
                    f"{words.ATTRIBUTIONS[Attribution(session.attribution)]}."
                    for session in sessions
                ]
                note[tag] = "\n".join(lines)[:2000]
    return note
