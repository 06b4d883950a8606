"""Sessions that take sign-ups: opening one with places of its own, changing and ending it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import transaction

from core import cleaning as v
from core.actors import Actor
from core.clock import resolve_local
from core.errors import FieldError
from core.text import pick_text
from events.models import Session
from events.services.writing import assign, load_root, refuse_if_used, save_root, taken_as
from registrations.models import Allotment, RegistrationType, SignUpSession
from registrations.services.capacity import set_capacity
from registrations.services.place_locks import hold_types
from registrations.services.recording import record
from registrations.services.types import MAX_CAPACITY

CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "capacity": v.whole_number(0, MAX_CAPACITY, required=False),
    "opens_local": v.local_time(required=False),
    "closes_local": v.local_time(required=False),
}
_NAME: Final = 100


@transaction.atomic
def open_sign_up(
    *,
    session: Session,
    capacity: int | None,
    actor: Actor,
    registration_types: Iterable[RegistrationType] = (),
    opens_local: dt.datetime | str | None = None,
    closes_local: dt.datetime | str | None = None,
) -> SignUpSession:
    """Let people sign up for a session, with so many places of its own; None is without limit.

    Guests can choose it as soon as it stands in the published programme.

    Arguments:
        registration_types: whose registrations can choose it; without any, all can.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when it takes sign-ups already.
    """
    window = {"opens_local": opens_local, "closes_local": closes_local}
    given = v.clean({"capacity": capacity, **window}, CLEANERS)
    conference = session.conference
    places = given.pop("capacity")
    name = pick_text(session.title, conference.first_language, conference.languages)
    row = SignUpSession(conference=conference, session=session, **given)
    resolve_sign_up_window(row)
    _check(row)
    row.allotment = Allotment.objects.create(
        conference=conference, name=name[:_NAME] or session.code, capacity=places
    )
    with taken_as("/session", "This session takes sign-ups already."):
        row.save(force_insert=True)
    row.registration_types.set(registration_types)
    record("open_sign_up", row, actor, facts={"capacity": places})
    return row


@transaction.atomic
def change_sign_up(
    *,
    sign_up_session: SignUpSession,
    changes: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
) -> SignUpSession:
    """Change places, window or kinds; who has signed up stays, whatever their kind.

    Arguments:
        changes: names of CLEANERS, and ``registration_types``.

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``capacity-below-taken``.
    """
    rest = dict(changes)
    types = rest.pop("registration_types", None)
    hold_types(kind.pk for kind in types or ())
    row = load_root(sign_up_session, expected, "conference", "session", "allotment")
    values = v.clean(rest, CLEANERS)
    resize = "capacity" in values and values["capacity"] != row.allotment.capacity
    capacity = values.pop("capacity", None)
    changed = assign(row, values)
    changed += resolve_sign_up_window(row)
    _check(row)
    others = types is not None and set(types) != set(row.registration_types.all())
    if not changed and not resize and not others:
        return row
    save_root(row, changed, expected)
    if others:
        row.registration_types.set(types)
        changed = [*changed, "registration_types"]
    if resize:
        set_capacity(allotment=row.allotment, capacity=capacity, actor=actor)
    record("change_sign_up", row, actor, changed)
    return row


@transaction.atomic
def delete_sign_up(*, sign_up_session: SignUpSession, expected: int | None, actor: Actor) -> None:
    """Let a session take no sign-ups any more, while nobody has chosen it.

    Raises:
        DomainError: ``stale``; ``in-use`` when somebody has signed up.
    """
    row = load_root(sign_up_session, expected, "conference", "session", "allotment")
    refuse_if_used(
        row,
        owned=(),
        detail="Somebody has signed up for this session. Close the sign-up instead of deleting it.",
    )
    record("delete_sign_up", row, actor)
    places = row.allotment
    row.delete()
    drawn = (places.registration_types, places.places, places.held_places, places.options)
    if not any(rows.exists() for rows in (*drawn, places.sign_up_sessions, places.hold_backs)):
        places.delete()


def resolve_sign_up_window(row: SignUpSession) -> list[str]:
    """Set the window's instants from its wall-clock times, in memory; return what changed."""
    zone = row.conference.time_zone
    return assign(
        row,
        {
            "opens_at": resolve_local(row.opens_local, zone) if row.opens_local else None,
            "closes_at": resolve_local(row.closes_local, zone) if row.closes_local else None,
        },
    )


def _check(row: SignUpSession) -> None:
    if row.opens_at and row.closes_at and row.closes_at <= row.opens_at:
        v.refuse([FieldError("/closes_local", "order", "It closes after it opens.")])
