"""Registering: all checks first, the place last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.cleaning import Cleaner, clean
from core.database.prepared import prepared_cursor
from core.errors import DomainError, busy, invalid
from core.services import audit
from core.services.inserting import insert, insert_pair, new_row
from core.slugs import is_slug
from core.text import email_key, full_name, search_key
from events.models import Conference, Person
from events.services.writing import load, save_root
from registrations import validators
from registrations.enums import PUBLIC_SOURCES, RegistrationSource, RegistrationStatus
from registrations.models import (
    AccessCode,
    Booking,
    HoldBack,
    Invitation,
    Registration,
    RegistrationType,
)
from registrations.services.capacity import take_places
from registrations.services.code_uses import check_opens, find_code, use_code
from registrations.services.doors import (
    AlreadyRegisteredError,
    Door,
    closed,
    day_of,
    look,
    opened_by,
    sold_out,
    status_at,
    takes_now,
)
from registrations.services.hold_backs import check_keeps
from registrations.services.parts import Part, Party
from registrations.services.place_moves import tell_freed
from registrations.signals import RegistrationChanged, registration_changed

_STAMP: Final = """
SELECT t.version, c.version, c.plan_revision, c.state, c.updated_at
FROM events_conference c JOIN registrations_registrationtype t ON t.conference_id = c.id
WHERE t.id = %s AND c.id = %s
"""
_CLEANERS: Final = {
    RegistrationSource.FORM: validators.PUBLIC_DETAILS,
    RegistrationSource.API: validators.PUBLIC_DETAILS,
    RegistrationSource.PARTICIPATION: validators.KNOWN_DETAILS,
    RegistrationSource.INVITATION: validators.KNOWN_DETAILS,
    RegistrationSource.WALK_IN: validators.KNOWN_DETAILS,
}
# So often in a row a type may change while somebody registers.
_MOST_LOOKS: Final = 5


def register(  # noqa: PLR0913 - what a registration has
    *,
    conference: Conference,
    type_slug: str,
    given_name: str,
    family_name: str,
    email: str,
    language: str,
    source: str,
    actor: Actor,
    affiliation: str = "",
    position: str = "",
    honorific: str = "",
    phone: str = "",
    person: Person | None = None,
    contact_email: str = "",
    lead: Registration | None = None,
    party: Party | None = None,
    booking: Booking | None = None,
    invitation: Invitation | None = None,
    access_code: str = "",
    hold_back: HoldBack | None = None,
    parts: Sequence[Part] = (),
    pointer_prefix: str = "",
    begins_again: bool = False,
) -> Registration:
    """Give somebody a place, or put them on the waiting list or before the organiser.

    Guests (source ``form`` or ``api``) meet the type's window, its approval and the conference's
    state; what an organiser enters is approved by that, and needs no address. Who is invited takes
    a place that is kept for them, else a free one, and else comes on top. The place is taken
    last, in the same transaction as everything else, and the database refuses to give away more
    than there are.

    Arguments:
        type_slug: of a registration type of the conference.
        source: a RegistrationSource.
        person: whom the organisation knows; never found by an equal address.
        contact_email: where mail goes when the registration has no address of its own.
        lead: with whom they come, in the same booking; both names may follow later.
        party: who comes along, in the same status: all have a place or none (services/party.py).
        booking: the one that it joins; a new one unless said.
        invitation: which it comes from (source ``invitation``); the caller has it locked.
        access_code: what somebody typed: it opens types that are not public and, as the code says,
            spares the approval and keeps a place; never the window of the type.
        hold_back: whose kept place an organiser gives.
        parts: answers, sign-ups…, each read for this conference and type already.
        pointer_prefix: what stands before field names in errors, for imports: ``/rows/3``.
        begins_again: whether the caller undoes its whole transaction on a RaceLostError and begins
            again, so that nothing has to be kept apart in it.

    Raises:
        RaceLostError: somebody was quicker; only to who begins again.
        DomainError: ``validation-failed``; ``already-registered`` for a live address; ``sold-out``;
            ``registration-closed`` outside the window or when the conference takes none;
            ``throttled`` when one address is registered again and again.
    """
    origin = RegistrationSource(source)
    details = clean(
        {
            "honorific": honorific,
            "given_name": given_name,
            "family_name": family_name,
            "email": email,
            "affiliation": affiliation,
            "position": position,
            "phone": phone,
            "language": language,
        },
        _cleaners(origin, lead, party),
        pointer_prefix,
    )
    key = email_key(details["email"]) if details["email"] else None
    code = find_code(conference, access_code) if access_code.strip() else None
    way = _Way(contact_email, booking, invitation, parts, code, hold_back, party, begins_again)
    for _try in range(_MOST_LOOKS):
        now = timezone.now()
        door = look(conference, type_slug, key, now)
        if door is None or (origin in PUBLIC_SOURCES and code is None and not door.type.public):
            raise _unknown_type(pointer_prefix)
        if code is not None:
            check_opens(code, door.type)
        if hold_back is not None:
            check_keeps(hold_back, door.allotments)
        if (keeper := code or hold_back) is not None:
            door = opened_by(door, keeper)
        status = _status_of_all(door, conference, origin, now, way)
        known = details | {
            "person": person,
            "source": origin,
            "email_key": key,
            "status_at": now,
            "access_code": code,
            "lead": lead,
        }
        try:
            return _write_or_wait(conference, door, status, known, actor, way)
        except _TypeChangedError:
            if begins_again:
                raise RaceLostError from None
        except IntegrityError as error:
            if begins_again:
                raise RaceLostError from error
            # Somebody was quicker with the same address; anything else is a fault of ours.
            _check_addresses(conference, origin, key, party, error)
            raise
    raise busy()


def _status_of_all(
    door: Door, conference: Conference, origin: RegistrationSource, now: dt.datetime, way: _Way
) -> RegistrationStatus:
    status = status_at(door, conference, origin, now)
    if way.party is None:
        return status
    return way.party.status_at(door, status, conference, origin, way.code)


def _check_addresses(
    conference: Conference,
    origin: RegistrationSource,
    key: str | None,
    party: Party | None,
    error: IntegrityError,
) -> None:
    if key is not None and live_with_address(conference, key):
        raise AlreadyRegisteredError(origin) from error
    if party is not None:
        party.check_addresses(conference, origin)


def _write_or_wait(
    conference: Conference,
    door: Door,
    status: RegistrationStatus,
    known: Mapping[str, Any],
    actor: Actor,
    way: _Way,
) -> Registration:
    try:
        return _write(conference, door, status, known, actor, way)
    except _NoPlaceLeftError:
        # The last place went between looking and taking.
        if known["source"] == RegistrationSource.WALK_IN or not door.type.waiting_list:
            raise sold_out() if way.party is None else way.party.too_many() from None
        if way.begins_again:
            raise RaceLostError from None
        return _write(conference, door, RegistrationStatus.WAITING_LIST, known, actor, way)


def check_type(conference: Conference, slug: str, access_code: str = "") -> None:
    """Refuse a type that a guest can not have, as `register` does.

    Raises:
        DomainError: ``validation-failed``.
    """
    rows = RegistrationType.objects.filter(conference=conference, slug=slug)
    kind = rows.first() if is_slug(slug) else None
    code = find_code(conference, access_code) if access_code.strip() else None
    if kind is None or (code is None and not kind.public):
        raise _unknown_type("")
    if code is not None:
        check_opens(code, kind)


def _unknown_type(prefix: str) -> DomainError:
    sentence = _("There is no such kind of registration here.")
    return invalid(f"{prefix}/registration_type", "unknown", sentence)


def live_with_address(conference: Conference, key: str) -> bool:
    """Tell whether somebody has a live registration with this address."""
    return Registration.objects.live().filter(conference=conference, email_key=key).exists()


def set_keys(registration: Registration) -> None:
    """Set in memory what lists search and sort by."""
    r = registration
    registration.search_key = search_key(
        r.given_name, r.family_name, r.email, r.affiliation, r.position, r.code
    )[:1000]
    registration.sort_key = search_key(r.family_name, r.given_name)[:300]


class RaceLostError(Exception):
    """Somebody was quicker than who begins again (`register`): what was written must be undone."""


class _NoPlaceLeftError(Exception):
    """Undoes what was written for a place that is not there any more."""


class _TypeChangedError(Exception):
    """The type was changed between looking and writing: perhaps it draws from other allotments."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a registration comes, and what it brings along."""

    contact_email: str
    booking: Booking | None
    invitation: Invitation | None
    parts: Sequence[Part]
    code: AccessCode | None
    hold_back: HoldBack | None
    party: Party | None
    begins_again: bool


def _write(
    conference: Conference,
    door: Door,
    status: RegistrationStatus,
    known: Mapping[str, Any],
    actor: Actor,
    way: _Way,
) -> Registration:
    with transaction.atomic(savepoint=not way.begins_again):
        return _write_here(conference, door, status, known, actor, way)


def _write_here(
    conference: Conference,
    door: Door,
    status: RegistrationStatus,
    known: Mapping[str, Any],
    actor: Actor,
    way: _Way,
) -> Registration:
    """Write booking and registration and tell those above; then take the place, last of all.

    Whoever comes next waits from the taking to the commit, and so for two statements only.

    Raises:
        DomainError: ``registration-closed`` when the conference was called off while we waited.
        _NoPlaceLeftError: when the place is gone.
        _TypeChangedError: when the type is not as it was looked at.
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
        raise _NoPlaceLeftError
    return registration


def _wake_for_some(others: Sequence[Registration], door: Door) -> None:
    """Have places offered that are too few for a party on the waiting list, not for one of them."""
    if others and others[0].status == RegistrationStatus.WAITING_LIST:
        tell_freed(door.allotments)


def _cleaners(
    origin: RegistrationSource, lead: Registration | None, party: Party | None
) -> Mapping[str, Cleaner]:
    if origin in PUBLIC_SOURCES and (lead or (party and party.contact_name)):
        return validators.COMPANION_DETAILS
    return _CLEANERS.get(origin, validators.DETAILS)


def _insert_in_booking(registration: Registration, way: _Way) -> None:
    """Write the registration, and the booking that it belongs to unless that is there."""
    if way.booking is not None:
        registration.booking = way.booking
        insert(registration)
    else:
        insert_pair(_new_booking(registration, way), registration, "booking")


def _new_booking(registration: Registration, way: _Way) -> Booking:
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
        raise _TypeChangedError
    type_version, *figures, moment = now  # in UTC, which SQLite does not say
    if type_version != type_seen.version:
        raise _TypeChangedError
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
