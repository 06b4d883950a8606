"""Registering: all checks first, the place last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.cleaning import clean
from core.errors import invalid
from core.services import audit
from core.services.inserting import insert
from core.text import email_key, full_name, search_key
from events.models import Conference, Person
from registrations import validators
from registrations.enums import PUBLIC_SOURCES, RegistrationSource, RegistrationStatus
from registrations.models import Booking, Invitation, Registration
from registrations.services.capacity import take_places
from registrations.services.doors import (
    AlreadyRegisteredError,
    Door,
    closed,
    day_of,
    look,
    sold_out,
    status_at,
    takes_now,
)
from registrations.signals import RegistrationChanged, registration_changed

_STAMP: Final = """
SELECT version, plan_revision, state, updated_at FROM events_conference WHERE id = %s
"""
_CLEANERS: Final = {
    RegistrationSource.FORM: validators.PUBLIC_DETAILS,
    RegistrationSource.API: validators.PUBLIC_DETAILS,
    RegistrationSource.PARTICIPATION: validators.KNOWN_DETAILS,
    RegistrationSource.INVITATION: validators.KNOWN_DETAILS,
}


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
    booking: Booking | None = None,
    invitation: Invitation | None = None,
    pointer_prefix: str = "",
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
        booking: the one that it joins; a new one unless said.
        invitation: which it comes from (source ``invitation``); the caller has it locked.
        pointer_prefix: what stands before field names in errors, for imports: ``/rows/3``.

    Raises:
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
        _CLEANERS.get(origin, validators.DETAILS),
        pointer_prefix,
    )
    key = email_key(details["email"]) if details["email"] else None
    now = timezone.now()
    door = look(conference, type_slug, key, now)
    if door is None or (origin in PUBLIC_SOURCES and not door.type.public):
        raise invalid(
            f"{pointer_prefix}/registration_type",
            "unknown",
            _("There is no such kind of registration here."),
        )
    status = status_at(door, conference, origin, now)
    known = details | {"person": person, "source": origin, "email_key": key, "status_at": now}
    way = _Way(contact_email, booking, invitation)
    try:
        try:
            return _write(conference, door, status, known, actor, way)
        except _NoPlaceLeftError:
            # The last place went between looking and taking.
            if not door.type.waiting_list:
                raise sold_out() from None
            waiting = RegistrationStatus.WAITING_LIST
            return _write(conference, door, waiting, known, actor, way)
    except IntegrityError as error:
        # Somebody was quicker with the same address; anything else is a fault of ours.
        if key is None or not live_with_address(conference, key):
            raise
        raise AlreadyRegisteredError(origin) from error


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


class _NoPlaceLeftError(Exception):
    """Undoes what was written for a place that is not there any more."""


@dataclass(frozen=True, slots=True)
class _Way:
    """By which booking and which invitation a registration comes, where it has one of them."""

    contact_email: str
    booking: Booking | None
    invitation: Invitation | None


@transaction.atomic
def _write(
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
    """
    conference = _as_it_is_now(conference)
    if not takes_now(conference, known["source"], known["status_at"]):
        raise closed()
    is_confirmed = status == RegistrationStatus.CONFIRMED
    registration = Registration(
        conference=conference,
        registration_type=door.type,
        status=status,
        confirmed_at=known["status_at"] if is_confirmed else None,
        confirmed_day=day_of(conference) if is_confirmed else None,
        **known,
    )
    set_keys(registration)
    registration.booking = way.booking or _new_booking(registration, way.contact_email)
    insert(registration)
    audit.record(
        verb="register",
        obj=registration,
        organisation_id=conference.organisation_id,
        actor=actor,
        facts={"status": registration.status, "source": registration.source},
    )
    tell(registration, "registered", by_guest=registration.source in PUBLIC_SOURCES)
    if not is_confirmed:
        return registration
    taken = take_places(
        registration=registration, allotments=door.allotments, invitation=way.invitation
    )
    if not taken and way.invitation is None:
        raise _NoPlaceLeftError
    return registration


def _new_booking(registration: Registration, contact_email: str) -> Booking:
    contact = registration.email or contact_email
    booking = Booking(
        conference=registration.conference,
        contact_name=full_name(registration.given_name, registration.family_name),
        contact_email=contact,
        contact_email_key=email_key(contact) if contact else "",
        language=registration.language,
    )
    insert(booking)
    return booking


def _as_it_is_now(seen: Conference) -> Conference:
    """Return the conference as it is in this transaction, for which we may have waited.

    Every change of a conference leaves one of these figures another one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAMP, [seen.pk])
        now = cursor.fetchone()
    if now is not None:
        *figures, moment = now  # in UTC, which SQLite does not say
        same_moment = moment == seen.updated_at.replace(tzinfo=moment.tzinfo)
        if same_moment and figures == [seen.version, seen.plan_revision, seen.state]:
            return seen
    return Conference.objects.get(pk=seen.pk)


def tell(registration: Registration, verb: str, *, by_guest: bool = False) -> None:
    """Tell those above, in this transaction, what happened to one registration."""
    registration_changed.send(
        sender=Registration,
        event=RegistrationChanged(
            conference_id=registration.conference_id,
            registration_ids=(registration.pk,),
            verb=verb,
            by_guest=by_guest,
        ),
        registrations=[registration],
    )
