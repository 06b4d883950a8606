"""Registering: all checks first, the place last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.cleaning import clean
from core.errors import DomainError, invalid
from core.services import audit
from core.slugs import is_slug
from core.text import email_key, full_name, search_key
from events.enums import ConferenceState
from events.models import Conference, Person
from registrations import validators
from registrations.enums import LIVE, RegistrationSource, RegistrationStatus, TypeState
from registrations.models import Booking, Registration, RegistrationType
from registrations.services.capacity import take_places
from registrations.services.type_states import takes_public_registrations, type_state
from registrations.signals import RegistrationChanged, registration_changed

PUBLIC_SOURCES: Final = frozenset({RegistrationSource.FORM, RegistrationSource.API})
# So many registrations of one address a day at one conference, cancelled ones included: a stranger
# who registers and cancels somebody else's address again and again can not flood that mailbox.
TRIES_A_DAY: Final = 3
_PUT_AWAY: Final = frozenset({ConferenceState.CANCELLED, ConferenceState.ARCHIVED})
_CLEANERS: Final = {
    RegistrationSource.FORM: validators.PUBLIC_DETAILS,
    RegistrationSource.API: validators.PUBLIC_DETAILS,
    RegistrationSource.PARTICIPATION: validators.KNOWN_DETAILS,
}

# One query says all there is to ask before the place is taken. It is written in SQL because it runs
# with each registration, and putting it together anew costs more than running it.
_DOOR: Final = """
SELECT t.*, a.id AS allotment, a.capacity - a.held - a.taken AS places_left,
  EXISTS (SELECT 1 FROM registrations_registration w
          WHERE w.registration_type_id = t.id AND w.status = 'waiting_list') AS somebody_waits,
  (SELECT r.id FROM registrations_registration r
   WHERE r.conference_id = t.conference_id AND r.email_key = %s
     AND r.status IN (%s, %s, %s, %s)) AS same_address,
  (SELECT COUNT(*) FROM registrations_registration r
   WHERE r.conference_id = t.conference_id AND r.email_key = %s AND r.created_at > %s) AS tries
FROM registrations_registrationtype t
LEFT JOIN registrations_registrationtype_allotments ta ON ta.registrationtype_id = t.id
LEFT JOIN registrations_allotment a ON a.id = ta.allotment_id
WHERE t.conference_id = %s AND t.slug = %s
"""


class AlreadyRegisteredError(DomainError):
    """Somebody with this address has a live registration; the sentence says nothing else of it."""

    def __init__(self, origin: str = RegistrationSource.ORGANISER) -> None:
        if origin in PUBLIC_SOURCES:
            detail = _(
                "Somebody has already registered with this e-mail address. The link to that "
                "registration goes there by mail; nothing was changed."
            )
        else:
            detail = "Somebody is already registered with this e-mail address. Nothing was changed."
        super().__init__("already-registered", detail)


@dataclass(frozen=True, slots=True)
class _Door:
    """A type and what stands in the way of a registration, as it was a moment ago."""

    type: RegistrationType
    allotments: tuple[int, ...]
    left: int | None
    somebody_waits: bool
    same_address: bool
    tries: int


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
    pointer_prefix: str = "",
) -> Registration:
    """Give somebody a place, or put them on the waiting list or before the organiser.

    Guests (source ``form`` or ``api``) meet the type's window, its approval and the conference's
    state; what an organiser enters is approved by that, and needs no address. The place is taken
    last, in the same transaction as everything else, and the database refuses to give away more
    than there are.

    Arguments:
        type_slug: of a registration type of the conference.
        source: a RegistrationSource.
        person: whom the organisation knows; never found by an equal address.
        contact_email: where mail goes when the registration has no address of its own.
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
    door = _look(conference, type_slug, key, now)
    if door is None or (origin in PUBLIC_SOURCES and not door.type.public):
        raise invalid(
            f"{pointer_prefix}/registration_type",
            "unknown",
            _("There is no such kind of registration here."),
        )
    status = _status(door, conference, origin, now)
    registration = Registration(
        conference=conference,
        registration_type=door.type,
        person=person,
        status=status,
        status_at=now,
        source=origin,
        email_key=key,
        **details,
    )
    set_keys(registration)
    try:
        with transaction.atomic():
            _write(registration, door, actor, contact_email)
    except IntegrityError as error:
        # Somebody was quicker with the same address; anything else is a fault of ours.
        if key is None or not live_with_address(conference, key):
            raise
        raise AlreadyRegisteredError(origin) from error
    return registration


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


def _look(conference: Conference, slug: str, key: str | None, now: dt.datetime) -> _Door | None:
    since = connection.ops.adapt_datetimefield_value(now - dt.timedelta(days=1))
    params = [key, *LIVE, key, since, conference.pk, slug]
    # One row an allotment.
    rows: list[Any] = list(RegistrationType.objects.raw(_DOOR, params)) if is_slug(slug) else []
    if not rows:
        return None
    first = rows[0]
    allotments = [row for row in rows if row.allotment is not None]
    lefts = [row.places_left for row in allotments if row.places_left is not None]
    return _Door(
        type=first,
        allotments=tuple(row.allotment for row in allotments),
        left=min(lefts, default=None),
        somebody_waits=bool(first.somebody_waits),
        same_address=first.same_address is not None,
        tries=first.tries,
    )


def _status(
    door: _Door, conference: Conference, origin: RegistrationSource, now: dt.datetime
) -> RegistrationStatus:
    """Return what the registration would be if its place is still there, or refuse."""
    state = _STATES[origin](door, conference, now)
    if state is TypeState.CLOSED:
        raise DomainError("registration-closed", _("Registration is closed."))
    if state is TypeState.NOT_OPEN:
        raise DomainError("registration-closed", _("Registration has not opened yet."))
    if door.same_address:
        raise AlreadyRegisteredError(origin)
    if origin in PUBLIC_SOURCES and settings.THROTTLE and door.tries >= TRIES_A_DAY:
        raise DomainError(
            "throttled",
            _("This address was registered several times today. Try again tomorrow."),
            retry_after=86400,
        )
    if state is TypeState.SOLD_OUT:
        raise sold_out()
    if door.type.approval and origin in PUBLIC_SOURCES:
        return RegistrationStatus.PENDING_APPROVAL
    if state is TypeState.WAITING_LIST:
        return RegistrationStatus.WAITING_LIST
    return RegistrationStatus.CONFIRMED


def _state_for_guests(door: _Door, conference: Conference, now: dt.datetime) -> TypeState:
    return type_state(
        door.type,
        conference=conference,
        left=door.left,
        somebody_waits=door.somebody_waits,
        now=now,
    )


def _state_for_organisers(door: _Door, conference: Conference, now: dt.datetime) -> TypeState:
    """An organiser enters people before the window and past those who wait, while it can be of
    use.
    """
    if now >= conference.ends_at:
        return TypeState.CLOSED
    return _state_for_imports(door, conference, now)


def _state_for_imports(door: _Door, conference: Conference, _now: dt.datetime) -> TypeState:
    """Files and panels may also tell of the past."""
    if conference.state in _PUT_AWAY:
        return TypeState.CLOSED
    if door.left is not None and door.left <= 0:
        return TypeState.WAITING_LIST if door.type.waiting_list else TypeState.SOLD_OUT
    return TypeState.OPEN


_STATES: Final[Mapping[RegistrationSource, Callable[..., TypeState]]] = {
    RegistrationSource.FORM: _state_for_guests,
    RegistrationSource.API: _state_for_guests,
    RegistrationSource.ORGANISER: _state_for_organisers,
    RegistrationSource.IMPORT: _state_for_imports,
    RegistrationSource.PARTICIPATION: _state_for_imports,
}


def sold_out() -> DomainError:
    """Return the refusal of a place that is not there."""
    return DomainError("sold-out", _("There is no place left. Nothing was changed."))


def _write(registration: Registration, door: _Door, actor: Actor, contact_email: str) -> None:
    """Write booking and registration, then take the place: the lock is held as short as can be."""
    registration.conference = _as_it_is_now(registration)
    contact = registration.email or contact_email
    registration.booking = Booking.objects.create(
        conference=registration.conference,
        contact_name=full_name(registration.given_name, registration.family_name),
        contact_email=contact,
        contact_email_key=email_key(contact) if contact else "",
        language=registration.language,
    )
    if registration.status == RegistrationStatus.CONFIRMED:
        registration.confirmed_at = registration.status_at
    registration.save(force_insert=True)
    if registration.status == RegistrationStatus.CONFIRMED and not take_places(
        registration=registration, allotments=door.allotments
    ):
        # The last place went between looking and taking.
        if not door.type.waiting_list:
            raise sold_out()
        registration.status = RegistrationStatus.WAITING_LIST
        registration.confirmed_at = None
        registration.save(update_fields=["status", "confirmed_at"])
    audit.record(
        verb="register",
        obj=registration,
        organisation_id=registration.conference.organisation_id,
        actor=actor,
        facts={"status": registration.status, "source": registration.source},
    )
    tell(registration, "registered", by_guest=registration.source in PUBLIC_SOURCES)


def _as_it_is_now(registration: Registration) -> Conference:
    """Return the conference as it is in this transaction, for which we may have waited.

    Raises:
        DomainError: ``registration-closed`` when it was called off or put away meanwhile.
    """
    sql = "SELECT * FROM events_conference WHERE id = %s"
    conference: Conference = Conference.objects.raw(sql, [registration.conference_id])[0]
    if registration.source in PUBLIC_SOURCES:
        takes = takes_public_registrations(conference, registration.status_at)
    else:
        takes = conference.state not in _PUT_AWAY
    if not takes:
        raise DomainError("registration-closed", _("Registration is closed."))
    return conference


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
