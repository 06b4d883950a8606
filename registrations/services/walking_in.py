"""Who comes to the door without a registration: entered and checked in with one click."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Sum

from core.actors import Actor
from core.errors import DomainError, invalid
from core.text import pick_text
from events.models import Conference
from registrations.enums import RegistrationSource
from registrations.models import HeldPlace, HoldBack, Registration, RegistrationType
from registrations.services.attendance import check_in
from registrations.services.registering import register


@dataclass(frozen=True, slots=True)
class KeptBack:
    """Places of a type that an organiser keeps back, and may give away at the door."""

    code: str
    name: str
    left: int


@transaction.atomic
def walk_in(
    *,
    conference: Conference,
    type_slug: str,
    given_name: str,
    actor: Actor,
    family_name: str = "",
    email: str = "",
    affiliation: str = "",
    hold_back: str = "",
) -> Registration:
    """Register who stands at the door and check them in; both, or nothing.

    Nobody comes in without a place: the waiting list is of no use at the door.

    Arguments:
        hold_back: the code of a hold-back of the conference, one of whose places may be taken.

    Raises:
        DomainError: ``validation-failed``; ``already-registered``; ``registration-closed``;
            ``sold-out``, which says how things stand; ``wrong-state`` when the conference does not
            take place.
    """
    try:
        row = register(
            conference=conference,
            type_slug=type_slug,
            given_name=given_name,
            family_name=family_name,
            email=email,
            affiliation=affiliation,
            language=conference.first_language,
            source=RegistrationSource.WALK_IN,
            hold_back=_kept_back(conference, hold_back) if hold_back else None,
            actor=actor,
        )
    except DomainError as refusal:
        if refusal.kind != "sold-out":
            raise
        raise DomainError("sold-out", _full(conference, type_slug)) from refusal
    return check_in(registration=row, actor=actor)


def kept_back(conference: Conference, type_slug: str) -> list[KeptBack]:
    """Return the hold-backs from which somebody of this type could be let in; one query."""
    rows = (
        HeldPlace.objects.filter(
            hold_back__conference=conference,
            allotment__registration_types__slug=type_slug,
            allotment__registration_types__conference=conference,
        )
        .values("hold_back__code", "hold_back__name")
        .annotate(left=Sum("count"))
        .order_by("hold_back__code")
    )
    return [KeptBack(r["hold_back__code"], r["hold_back__name"], r["left"]) for r in rows]


def _kept_back(conference: Conference, code: str) -> HoldBack:
    found = HoldBack.objects.filter(conference=conference, code=code).first()
    if found is None:
        raise invalid("/hold_back", "unknown", "Nothing is kept back under this name any more.")
    return found


def _full(conference: Conference, slug: str) -> str:
    """Say how full a type is, and what can be done."""
    kind = RegistrationType.objects.get(conference=conference, slug=slug)
    name = pick_text(kind.name, "en", conference.languages)
    limited = [one for one in kind.allotments.all() if one.capacity is not None]
    fullest = min(limited, key=lambda one: (one.capacity or 0) - one.taken - one.held)
    kept = f" and {fullest.held} kept" if fullest.held else ""
    return (
        f"“{name}” is full: {fullest.taken} of {fullest.capacity} places are taken{kept}. Nobody "
        "comes in without a place; raise the number of places, or choose another kind."
    )
