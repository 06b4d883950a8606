"""Venues of an organisation, their rooms, and which of them a conference uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from accounts.models import Organisation
from core.actors import Actor
from core.errors import DomainError, FieldError, invalid
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.models import Conference, ConferenceVenue, Room, Venue
from events.services.languages import first_language_of
from events.services.published import refuse_if_published
from events.services.writing import (
    assign,
    load,
    load_root,
    missing_text,
    put_in_order,
    refuse_if_used,
    save_root,
)

VENUE_CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "name": v.texts(200),
    "street": v.line(200),
    "postal_code": v.line(20),
    "city": v.line(100),
    "country": v.country,
    "directions": v.texts(v.MAX_TEXT, lines=True),
    "entrance": v.texts(v.MAX_TEXT, lines=True),
    "access": v.texts(v.MAX_TEXT, lines=True),
    "latitude": v.degrees(90),
    "longitude": v.degrees(180),
}
ROOM_CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "name": v.texts(200),
    "capacity": v.whole_number(0, 1_000_000, required=False),
    "turnaround_minutes": v.whole_number(0, 600),
    "opens": v.time_of_day,
    "closes": v.time_of_day,
    "order": v.whole_number(0, 1000),
}


class RoomFields(TypedDict, total=False):
    """What a room may be given besides its name, capacity and place; opens and closes together."""

    turnaround_minutes: int
    opens: dt.time | str | None
    closes: dt.time | str | None


class VenueFields(TypedDict, total=False):
    street: str
    postal_code: str
    city: str
    country: str
    directions: Mapping[str, str]
    entrance: Mapping[str, str]
    access: Mapping[str, str]
    latitude: Decimal | float | str | None
    longitude: Decimal | float | str | None


@transaction.atomic
def create_venue(
    *,
    organisation: Organisation,
    name: Mapping[str, str],
    actor: Actor,
    **fields: Unpack[VenueFields],
) -> Venue:
    """Add a venue to the organisation.

    Raises:
        DomainError: ``validation-failed``.
    """
    row = Venue(organisation=organisation, **v.clean({"name": name, **fields}, VENUE_CLEANERS))
    _check_venue(row)
    row.save(force_insert=True)
    audit.record(verb="create_venue", obj=row, organisation_id=organisation.pk, actor=actor)
    return row


@transaction.atomic
def change_venue(
    *, venue: Venue, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Venue:
    """Change a venue and return it as it is now. Pages show it at once.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    row = load_root(venue, expected, "organisation")
    changed = assign(row, v.clean(changes, VENUE_CLEANERS))
    if not changed:
        return row
    _check_venue(row)
    save_root(row, changed, expected)
    audit.record(
        verb="change_venue",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=changed,
    )
    return row


@transaction.atomic
def delete_venue(*, venue: Venue, expected: int | None, actor: Actor) -> None:
    """Delete a venue, with its rooms, that no conference uses.

    Raises:
        DomainError: ``stale``; ``in-use``.
    """
    row = load_root(venue, expected)
    refuse_if_used(
        row, owned={"events.room"}, detail="A conference uses this venue. It was not deleted."
    )
    for room in row.rooms.all():
        _refuse_if_room_used(room)
    audit.record(verb="delete_venue", obj=row, organisation_id=row.organisation_id, actor=actor)
    row.delete()


@transaction.atomic
def create_room(
    *,
    venue: Venue,
    name: Mapping[str, str],
    actor: Actor,
    capacity: int | None = None,
    order: int | None = None,
    conference: Conference | None = None,
    **fields: Unpack[RoomFields],
) -> Room:
    """Add a room to a venue: last, or before the one at `order`.

    Arguments:
        conference: where the venue is not among this conference's yet, it is added to them.

    Raises:
        DomainError: ``validation-failed``, also for a venue of another organisation.
    """
    given: dict[str, Any] = {"name": name, "capacity": capacity, **fields}
    if order is not None:
        given["order"] = order
    values = v.clean(given, ROOM_CLEANERS)
    root = load_root(venue, None, "organisation")
    if conference is not None:
        _use_venue(conference, root, actor)
    row = Room(venue=root, **values)
    _check_room(row, root)
    rooms = list(root.rooms.all())
    row.order = len(rooms)
    row.save(force_insert=True)
    if order is not None:
        rooms.insert(order, row)
        put_in_order(rooms)
    raise_version(root)
    audit.record(verb="create_room", obj=row, organisation_id=root.organisation_id, actor=actor)
    return row


@transaction.atomic
def change_room(
    *, room: Room, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Room:
    """Change a room, or its place among the venue's rooms.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    root = load_root(room.venue, None, "organisation")
    row = load_root(room, expected)
    values = v.clean(changes, ROOM_CLEANERS)
    order = values.pop("order", None)
    changed = assign(row, values)
    if order is not None and order != row.order:
        rooms = [r for r in root.rooms.all() if r.pk != row.pk]
        rooms.insert(order, row)
        put_in_order(rooms)
        changed.append("order")
    if not changed:
        return row
    _check_room(row, root)
    save_root(row, changed, expected)
    raise_version(root)
    audit.record(
        verb="change_room",
        obj=row,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=changed,
    )
    return row


@transaction.atomic
def delete_room(*, room: Room, expected: int | None, actor: Actor) -> None:
    """Delete a room in which nothing was ever planned.

    Raises:
        DomainError: ``stale``; ``in-use``.
    """
    root = load_root(room.venue, None)
    row = load_root(room, expected)
    _refuse_if_room_used(row)
    audit.record(verb="delete_room", obj=row, organisation_id=root.organisation_id, actor=actor)
    row.delete()
    put_in_order(list(root.rooms.all()))
    raise_version(root)


@transaction.atomic
def set_conference_venues(
    *, conference: Conference, venues: Sequence[Venue], expected: int | None, actor: Actor
) -> Conference:
    """Say which venues a conference uses; the first one is the main one.

    Raises:
        DomainError: ``stale``; ``validation-failed`` for a venue named twice or of another
            organisation; ``in-use`` when a session of the conference stands in a room of one that
            would fall away.
    """
    row = load_root(conference, expected, "organisation")
    wanted = [venue.pk for venue in venues]
    if any(venue.organisation_id != row.organisation_id for venue in venues):
        raise invalid("/venues", "unknown", "There is no such venue.")
    if len(set(wanted)) != len(wanted):
        raise invalid("/venues", "twice", "A venue stands twice in the list.")
    links = {link.venue_id: link for link in row.conference_venues.all()}
    if wanted == [link.venue_id for link in links.values()]:
        return row
    gone = set(links) - set(wanted)
    if row.sessions.filter(room__venue_id__in=gone).exists():
        raise DomainError(
            "in-use", "A session stands in a room of that venue. Move it first, then remove it."
        )
    row.conference_venues.filter(venue_id__in=gone).delete()
    for order, pk in enumerate(wanted):
        ConferenceVenue.objects.update_or_create(
            conference=row, venue_id=pk, defaults={"order": order}
        )
    raise_version(row, expected)
    audit.record(
        verb="set_conference_venues",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=["venues"],
    )
    return row


def _use_venue(conference: Conference, venue: Venue, actor: Actor) -> None:
    used = [link.venue for link in conference.conference_venues.select_related("venue")]
    if venue.pk not in [one.pk for one in used]:
        set_conference_venues(
            conference=conference, venues=[*used, venue], expected=None, actor=actor
        )


def _check_venue(row: Venue) -> None:
    v.refuse(missing_text("name", row.name, first_language_of(row.organisation)))
    if (row.latitude is None) != (row.longitude is None):
        raise invalid("/latitude", "pair", "Give latitude and longitude together, or neither.")


def _check_room(row: Room, venue: Venue) -> None:
    errors = missing_text("name", row.name, first_language_of(venue.organisation))
    if (row.opens is None) != (row.closes is None):
        lacking = "opens" if row.opens is None else "closes"
        errors.append(
            FieldError(f"/{lacking}", "pair", "Give both hours, or none for a room always open.")
        )
    v.refuse(errors)


def _refuse_if_room_used(room: Room) -> None:
    detail = "Something is planned in this room. It was not deleted."
    refuse_if_used(room, owned=("events.externalref",), detail=detail)
    refuse_if_published(
        organisation_id=room.venue.organisation_id, part="rooms", code=room.code, detail=detail
    )


def load_room(conference: Conference, room: Room) -> Room:
    """Return the room afresh and locked (nobody deletes it now), if the conference has it.

    Raises:
        DomainError: ``validation-failed``.
    """
    if not conference.conference_venues.filter(venue_id=room.venue_id).exists():
        raise invalid("/room", "unknown", "The conference has no such room.")
    return load(room)
