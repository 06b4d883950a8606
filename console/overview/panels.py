"""Which panels are complete, and who on them has not answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.text import full_name, pick_text
from events.enums import ParticipationRole, SessionKind, SessionState
from events.enums import ParticipationState as State
from events.models import Conference, Participation, Session

_OFF = frozenset({State.DECLINED, State.REPLACED})
SILENT = frozenset({State.PLANNED, State.INVITED, State.TENTATIVE})


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of the draft and what it lacks."""

    session: Session
    title: str
    has_moderator: bool
    has_panellists: bool
    silent: list[Participation] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return self.has_moderator and self.has_panellists and not self.silent

    @property
    def lacks(self) -> str:
        """Return what is missing, as the end of a sentence that begins with its title."""
        parts = []
        if not self.has_moderator:
            parts.append("has no moderator")
        if not self.has_panellists:
            parts.append("has nobody on it" if not self.has_moderator else "has no panellist")
        if self.silent:
            names = [full_name(p.person.given_name, p.person.family_name) for p in self.silent]
            parts.append(f"waits for {_and(names)}")
        return _and(parts)


def _and(words: list[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def panels_of(conferences: Iterable[Conference]) -> dict[int, list[Panel]]:
    """Return the panels of several conferences by the conference's id; two queries.

    Who sits on other sessions is on `panel` lists too when they have not answered: a keynote whose
    speaker is silent is as incomplete as a panel.
    """
    languages = {row.pk: row.languages for row in conferences}
    sessions = (
        Session.objects.filter(conference_id__in=languages, state=SessionState.PLANNED)
        .prefetch_related("participations__person")
        .order_by("starts_at", "order", "pk")
    )
    found: dict[int, list[Panel]] = {pk: [] for pk in languages}
    for session in sessions:
        parts = [part for part in session.participations.all() if part.state not in _OFF]
        is_panel = session.kind == SessionKind.PANEL
        if not is_panel and not parts:
            continue
        leads = [part for part in parts if part.role == ParticipationRole.MODERATOR]
        found[session.conference_id].append(
            Panel(
                session=session,
                title=pick_text(session.title, "en", languages[session.conference_id]),
                has_moderator=bool(leads) or not is_panel,
                has_panellists=len(parts) > len(leads) or not is_panel,
                silent=[part for part in parts if part.state in SILENT],
            )
        )
    return found
