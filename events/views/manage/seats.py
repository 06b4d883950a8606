"""The panel as a table seen from above: who sits where, and what is next with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef
from django.http import Http404

from core.clock import to_local
from events import dates
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
# What a seat's own button does, by the state of who sits there.
ASK, ASK_AGAIN, REPLACE = "Ask", "Ask again", "Replace"
_BUTTONS: Final = {
    State.PLANNED: ASK,
    State.INVITED: ASK_AGAIN,
    State.TENTATIVE: ASK_AGAIN,
    State.DECLINED: REPLACE,
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place at the panel's table."""

    part: Participation
    is_moderator: bool
    is_open: bool
    next_step: str
    button: str
    may_go_earlier: bool
    may_go_later: bool


def parts_of(session: Session) -> tuple[list[Participation], list[Participation]]:
    """Return who sits at the table, and who sat there before somebody else or is not needed."""
    successors = Participation.objects.filter(replaces=OuterRef("pk"))
    rows = session.participations.select_related("person").prefetch_related("needs")
    rows = rows.order_by("order", "pk")
    here: list[Participation] = []
    former: list[Participation] = []
    for part in rows.annotate(has_successor=Exists(successors)):
        part.session = session
        is_former = part.state == State.REPLACED or part.has_successor
        (former if is_former else here).append(part)
    return here, former


def whole_order(session: Session, codes: Sequence[str]) -> list[str]:
    """Return an order of who sits at the table with those who do not any more behind them."""
    rest = session.participations.exclude(code__in=codes).order_by("order", "pk")
    return [*codes, *rest.values_list("code", flat=True)]


def seats_of(session: Session, here: list[Participation] | None = None) -> list[Seat]:
    """Return the table: who moderates first, then the others in order."""
    parts = list(parts_of(session)[0] if here is None else here)
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
                next_step=_next_step(part) or confirmed,
                button=_BUTTONS.get(state, ""),
                may_go_earlier=before is not None and (before.role == Role.MODERATOR) == group,
                may_go_later=after is not None and (after.role == Role.MODERATOR) == group,
            )
        )
    return seats


def _next_step(part: Participation) -> str:
    """Return what is to be said of who has not confirmed."""
    zone = part.session.conference.time_zone
    if part.state == State.INVITED and part.last_asked_at is not None:
        asked = dates.say_short_date(to_local(part.last_asked_at, zone), "en")
        return f"Asked on {asked}, {'seen' if part.seen_at else 'not seen'}, no answer"
    if part.state == State.DECLINED and part.decline_reason:
        return f"Declined: {part.decline_reason}"
    return NEXT_STEP.get(State(part.state), "")


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
