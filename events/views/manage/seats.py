"""The panel as a table seen from above: who sits where, and what is next with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import Http404

from events.enums import ParticipationRole as Role
from events.enums import ParticipationState as State
from events.enums import SessionKind
from events.forms.session import ROLE_FOR_KIND
from events.models import Participation, Session

NEXT_STEP: Final = {
    State.PLANNED: "Not asked yet",
    State.INVITED: "Has not answered",
    State.TENTATIVE: "Is thinking about it",
    State.DECLINED: "Find somebody else",
    State.REPLACED: "Somebody else sits here",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place at the panel's table."""

    part: Participation
    is_moderator: bool
    is_open: bool
    next_step: str
    may_go_earlier: bool
    may_go_later: bool


def seats_of(session: Session) -> list[Seat]:
    """Return the table: who moderates first, then the others in order."""
    rows = session.participations.select_related("person").prefetch_related("needs")
    parts = list(rows.order_by("order", "pk"))
    for part in parts:
        part.session = session
    parts.sort(key=lambda part: part.role != Role.MODERATOR)
    seats = []
    for index, part in enumerate(parts):
        group = part.role == Role.MODERATOR
        before = parts[index - 1] if index else None
        after = parts[index + 1] if index + 1 < len(parts) else None
        state = State(part.state)
        confirmed = f"{part.minutes} minutes" if part.minutes else ""
        seats.append(
            Seat(
                part=part,
                is_moderator=group,
                is_open=state in {State.DECLINED, State.REPLACED},
                next_step=NEXT_STEP.get(state, confirmed),
                may_go_earlier=before is not None and (before.role == Role.MODERATOR) == group,
                may_go_later=after is not None and (after.role == Role.MODERATOR) == group,
            )
        )
    return seats


def usual_role(session: Session, seats: list[Seat]) -> str:
    if session.kind == SessionKind.PANEL:
        lacks = not any(seat.is_moderator and not seat.is_open for seat in seats)
        return Role.MODERATOR if lacks else Role.PANELLIST
    return ROLE_FOR_KIND.get(SessionKind(session.kind), Role.PANELLIST)


def part_of(session: Session, code: str) -> Participation:
    part = session.participations.select_related("person").filter(code=code).first()
    if part is None:
        raise Http404
    part.session = session
    return part
