"""The rows of a registration: written first, its place taken last.

Only `registering` begins here; who changes a registration later uses what is told, and the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from core.actors import Actor
from core.database.prepared import prepared_cursor
from core.services import audit
from core.services.inserting import insert, insert_pair, new_row
from core.text import email_key, full_name, search_key
from events.models import Conference
from events.services.writing import load, save_root
from registrations.enums import PUBLIC_SOURCES, RegistrationStatus
from registrations.models import (
    AccessCode,
    Booking,
    HoldBack,
    Invitation,
    Registration,
    RegistrationType,
)
from registrations.services.capacity import take_places
from registrations.services.code_uses import use_code
from registrations.services.doors import Door, closed, day_of, takes_now
from registrations.services.hold_backs import check_keeps
from registrations.services.parts import Part, Party
from registrations.services.place_moves import tell_freed
from registrations.signals import RegistrationChanged, registration_changed

_STAMP: Final = """
SELECT t.version, c.version, c.plan_revision, c.state, c.updated_at
FROM events_conference c JOIN registrations_registrationtype t ON t.conference_id = c.id
WHERE t.id = %s AND c.id = %s
"""


def set_keys(registration: Registration) -> None:
    """Set in memory what lists search and sort by."""
    r = registration
    registration.search_key = search_key(
        r.given_name, r.family_name, r.email, r.affiliation, r.position, r.code
    )[:1000]
    registration.sort_key = search_key(r.family_name, r.given_name)[:300]


class NoPlaceLeftError(Exception):
    """Undoes what was written for a place that is not there any more."""


class TypeChangedError(Exception):
    """The type was changed between looking and writing: perhaps it draws from other allotments."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a registration comes, and what it brings along."""

    contact_email: str
    booking: Booking | None
    invitation: Invitation | None
    parts: Sequence[Part]
    code: AccessCode | None
    hold_back: HoldBack | None
    party: Party | None
    begins_again: bool


def write(
    conference: Conference,
    door: Door,
    status: RegistrationStatus,
    known: Mapping[str, Any],
    actor: Actor,
    way: Way,
) -> Registration:
    with transaction.atomic(savepoint=not way.begins_again):
        return _write_here(conference, door, status, known, actor, way)


def _write_here(
    conference: Conference,
    door: Door,
    status: RegistrationStatus,
    known: Mapping[str, Any],
    actor: Actor,
    way: Way,
) -> Registration:
    """Write booking and registration and tell those above; then take the place, last of all.

    Whoever comes next waits from the taking to the commit, and so for two statements only.

    Raises:
        DomainError: ``registration-closed`` when the conference was called off while we waited.
        NoPlaceLeftError: when the place is gone.
        TypeChangedError: when the type is not as it was looked at.
    """
    conference = _as_it_is_now(conference, door.type)
    if not takes_now(conference, known["source"], known["status_at"]):
        raise closed()
    is_confirmed = status == RegistrationStatus.CONFIRMED
    registration = new_row(
        Registration,
        conference=conference,
        registration_type=door.type,
        status=status,
        confirmed_at=known["status_at"] if is_confirmed else None,
        confirmed_day=day_of(conference) if is_confirmed else None,
        waiting_since=(known["status_at"] if status == RegistrationStatus.WAITING_LIST else None),
        **known,
    )
    set_keys(registration)
    _insert_in_booking(registration, way)
    for part in way.parts:
        part.write(registration)
    others = way.party.write(registration, actor) if way.party is not None else []
    entry = audit.entry(
        verb="register",
        obj=registration,
        organisation_id=conference.organisation_id,
        actor=actor,
        facts={"status": registration.status, "source": registration.source},
    )
    tell(registration, "registered", *others, by_guest=registration.source in PUBLIC_SOURCES)
    if way.code is not None:
        use_code(way.code, 1 + len(others))
    if not is_confirmed:
        insert(entry)
        _wake_for_some(others, door)
        return registration
    allotments = {*door.allotments, *(pk for part in way.parts for pk in part.allotments)}
    if way.hold_back is not None:
        # What is left of it is part of what others read and change.
        kept_back = load(way.hold_back)
        check_keeps(kept_back, door.allotments)
        save_root(kept_back, [], None)
    holder = way.invitation or way.code or way.hold_back
    wanted = {registration.pk: allotments, **{one.pk: set(door.allotments) for one in others}}
    lacking = take_places(wanted=wanted, holder=holder, along=[entry])
    if lacking is None:
        return registration
    for part in way.parts:
        if lacking in part.allotments:
            raise part.none_left(lacking)
    if way.invitation is None:
        raise NoPlaceLeftError
    return registration


def _wake_for_some(others: Sequence[Registration], door: Door) -> None:
    """Have places offered that are too few for a party on the waiting list, not for one of them."""
    if others and others[0].status == RegistrationStatus.WAITING_LIST:
        tell_freed(door.allotments)


def _insert_in_booking(registration: Registration, way: Way) -> None:
    """Write the registration, and the booking that it belongs to unless that is there."""
    if way.booking is not None:
        registration.booking = way.booking
        insert(registration)
    else:
        insert_pair(_new_booking(registration, way), registration, "booking")


def _new_booking(registration: Registration, way: Way) -> Booking:
    contact = registration.email or way.contact_email
    name = full_name(registration.given_name, registration.family_name)
    return new_row(
        Booking,
        conference=registration.conference,
        contact_name=(way.party.contact_name if way.party is not None else "") or name,
        contact_email=contact,
        contact_email_key=email_key(contact) if contact else "",
        language=registration.language,
    )


def _as_it_is_now(seen: Conference, type_seen: RegistrationType) -> Conference:
    """Return the conference as it is in this transaction, for which we may have waited.

    Every change of a conference leaves one of these figures another one. To the transaction's end
    nobody changes from which allotments the type draws.
    """
    locking = " FOR KEY SHARE OF t" if connection.vendor == "postgresql" else ""
    with prepared_cursor() as cursor:
        cursor.execute(f"{_STAMP}{locking}", [type_seen.pk, seen.pk])
        now = cursor.fetchone()
    if now is None:
        raise TypeChangedError
    type_version, *figures, moment = now  # in UTC, which SQLite does not say
    if type_version != type_seen.version:
        raise TypeChangedError
    same_moment = moment == seen.updated_at.replace(tzinfo=moment.tzinfo)
    if same_moment and figures == [seen.version, seen.plan_revision, seen.state]:
        return seen
    return Conference.objects.get(pk=seen.pk)


def tell(
    registration: Registration,
    verb: str,
    *others: Registration,
    by_guest: bool = False,
    with_reason: bool = False,
) -> None:
    """Tell those above, in this transaction, what happened to one registration, or to others of its
    booking with it.
    """
    together = [registration, *others]
    registration_changed.send(
        sender=Registration,
        event=RegistrationChanged(
            conference_id=registration.conference_id,
            registration_ids=tuple(row.pk for row in together),
            verb=verb,
            by_guest=by_guest,
            with_reason=with_reason,
        ),
        registrations=together,
    )
