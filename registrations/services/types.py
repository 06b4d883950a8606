"""Registration types: kinds of place, each with an allotment of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from core import cleaning as v
from core.actors import Actor
from core.clock import resolve_local, to_local
from core.errors import DomainError, FieldError
from events.models import Conference
from events.services.writing import (
    assign,
    load_root,
    missing_text,
    refuse_if_used,
    save_root,
    taken_as,
)
from registrations.enums import RegistrationKind
from registrations.models import Allotment, Registration, RegistrationType
from registrations.services.capacity import set_capacity
from registrations.services.filling import fill_freed_places
from registrations.services.form_order import refuse_if_asked_alone
from registrations.services.place_locks import shut
from registrations.services.recording import record
from registrations.services.sharing import follow_allotments, record_sharing, shut_for_sharing
from registrations.validators import MAX_PARTY

MAX_CAPACITY: Final = 1_000_000
MAX_OFFER_HOURS: Final = 720
_SLUG_TAKEN: Final = "Another type of this conference has this slug."


CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "slug": v.slug(60),
    "name": v.texts(100),
    "description": v.texts(1000, lines=True),
    "kind": v.choice(RegistrationKind),
    "capacity": v.whole_number(0, MAX_CAPACITY, required=False),
    "approval": v.flag,
    "waiting_list": v.flag,
    "public": v.flag,
    "opens_local": v.local_time(required=False),
    "closes_local": v.local_time(required=False),
    "automatic_offers": v.flag,
    "offer_hours": v.whole_number(1, MAX_OFFER_HOURS),
    "party_max": v.whole_number(1, MAX_PARTY),
    "substitutes": v.flag,
    "order": v.whole_number(0, 32767),
    "allotments": list,
}
# Places that only organisers give, unless they say otherwise.
_NOT_PUBLIC: Final = frozenset({RegistrationKind.SPEAKER, RegistrationKind.STAFF})


class TypeFields(TypedDict, total=False):
    """What a type may be given besides what it must have."""

    description: Mapping[str, str]
    kind: str
    capacity: int | None
    approval: bool
    waiting_list: bool
    public: bool
    opens_local: dt.datetime | str | None
    closes_local: dt.datetime | str | None
    automatic_offers: bool
    offer_hours: int
    party_max: int
    substitutes: bool
    order: int
    allotments: Sequence[Allotment]


@transaction.atomic
def create_registration_type(
    *,
    conference: Conference,
    slug: str,
    name: Mapping[str, str],
    actor: Actor,
    **fields: Unpack[TypeFields],
) -> RegistrationType:
    """Make a kind of place with `capacity` places of its own; without one there is no limit.

    Given `allotments` it draws from these, and from places of its own only if it has a `capacity`.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when the slug is taken.
    """
    given = v.clean({"slug": slug, "name": name, **fields}, CLEANERS)
    capacity = given.pop("capacity", None)
    shared = given.pop("allotments", [])
    given.setdefault("public", given.get("kind") not in _NOT_PUBLIC)
    if "order" not in given:
        last = conference.registration_types.aggregate(last=Max("order"))["last"]
        given["order"] = 0 if last is None else last + 1
    row = RegistrationType(conference=conference, **given)
    resolve_window(row)
    _check(row)
    with taken_as("/slug", _SLUG_TAKEN):
        row.save(force_insert=True)
    if capacity is not None or not shared:
        row.allotments.add(
            Allotment.objects.create(conference=conference, name=row.slug, capacity=capacity)
        )
    row.allotments.add(*shared)
    record("create_registration_type", row, actor)
    return row


@transaction.atomic
def change_registration_type(
    *,
    registration_type: RegistrationType,
    changes: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
) -> RegistrationType:
    """Change a type and, with `capacity`, how many places it has of its own.

    One that only shares places gets some of its own by that, beside the shared ones.

    Raises:
        DomainError: ``stale``, ``validation-failed``, ``conflict`` (slug); ``capacity-below-taken``
            when more places are taken and kept back than there would be; ``sold-out`` when other
            `allotments` have too few for who is there (services/sharing.py).
    """
    values = v.clean(changes, CLEANERS)
    sized = "capacity" in values
    capacity = values.pop("capacity", None)
    allotments = values.pop("allotments", None)
    own = own_allotment(registration_type)
    gets_own = own is None and capacity is not None
    if allotments is not None or gets_own:
        shut_for_sharing([registration_type.pk], allotments or ())
    row = load_root(registration_type, expected, "conference")
    old_slug = row.slug
    changed = assign(row, values)
    if gets_own:
        made = Allotment.objects.create(conference=row.conference, name=row.slug, capacity=capacity)
        allotments = [*(row.allotments.all() if allotments is None else allotments), made]
    if own is not None and allotments is not None and own not in allotments:
        own = None
    shared = allotments is not None and follow_allotments(row, allotments)
    resize = own is not None and sized and capacity != own.capacity
    if own is not None and resize:
        set_capacity(allotment=own, capacity=capacity, actor=actor)
    if not changed and not resize and not shared:
        return row
    changed += resolve_window(row)
    _check(row)
    with taken_as("/slug", _SLUG_TAKEN):
        save_root(row, changed, expected)
    if own is not None and "slug" in changed and own.name == old_slug:
        own.name = row.slug
        own.save(update_fields=["name", "updated_at"])
    if shared:
        record_sharing(row, actor)
    record("change_registration_type", row, actor, changed)
    if resize or "automatic_offers" in changed:
        fill_freed_places(conference_id=row.conference_id)
    return row


@transaction.atomic
def delete_registration_type(
    *, registration_type: RegistrationType, expected: int | None, actor: Actor
) -> None:
    """Delete a type that nobody ever registered for, and its places.

    Raises:
        DomainError: ``stale``; ``in-use``.
    """
    nobody = Registration.objects.none()
    shut(types=[registration_type.pk], registrations=nobody)
    row = load_root(registration_type, expected, "conference")
    refuse_if_used(
        row,
        owned=(),
        detail="Somebody has registered for this type. Close it instead of deleting it.",
    )
    refuse_if_asked_alone(row)
    # Without it they would open nothing, or be for everybody.
    if row.access_codes.exists() or row.sign_up_sessions.exists():
        raise DomainError(
            "in-use",
            "An access code or the sign-up for a session is for this type. Change it first.",
        )
    own = own_allotment(row)
    record("delete_registration_type", row, actor)
    row.delete()
    if own is None:
        return
    if not any(rows.exists() for rows in (own.places, own.held_places, own.hold_backs)):
        own.delete()


def own_rows() -> QuerySet[Any]:
    """Return the rows that join a type with places from which nothing else draws, the first that
    it drew from first.
    """
    through = RegistrationType.allotments.through.objects
    others = through.filter(allotment=OuterRef("allotment")).exclude(pk=OuterRef("pk"))
    return through.filter(
        ~Exists(others), allotment__options__isnull=True, allotment__sign_up_sessions__isnull=True
    ).order_by("pk")


def own_allotment(registration_type: RegistrationType) -> Allotment | None:
    """Return the places that are the type's alone; None when it only shares some."""
    mine = own_rows().filter(registrationtype_id=registration_type.pk)
    first = mine.select_related("allotment").first()
    return None if first is None else first.allotment


def resolve_window(row: RegistrationType) -> list[str]:
    """Set the window's instants from its wall-clock times, in memory; return what changed."""
    zone = row.conference.time_zone
    return assign(
        row,
        {
            "opens_at": resolve_local(row.opens_local, zone) if row.opens_local else None,
            "closes_at": resolve_local(row.closes_local, zone) if row.closes_local else None,
        },
    )


def window_local(value: Any, conference: Conference) -> Any:
    """Return an instant with an offset as the conference's wall-clock time; anything else as it
    is.
    """
    if not isinstance(value, str):
        return value
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    if moment.tzinfo is None:
        return value
    try:
        return to_local(moment, conference.time_zone).isoformat(timespec="minutes")
    except OverflowError:
        return value


def _check(row: RegistrationType) -> None:
    errors = missing_text("name", row.name, row.conference.first_language)
    if row.opens_at and row.closes_at and row.closes_at <= row.opens_at:
        errors.append(FieldError("/closes_at", "order", "It closes after it opens."))
    v.refuse(errors)
