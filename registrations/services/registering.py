"""Registering: all checks first, the place last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.cleaning import Cleaner, clean
from core.codes import registration_code
from core.errors import DomainError, busy, invalid
from core.slugs import is_slug
from core.text import email_key
from events.models import Conference, Person
from registrations import validators
from registrations.enums import PUBLIC_SOURCES, RegistrationSource, RegistrationStatus
from registrations.models import (
    Booking,
    HoldBack,
    Invitation,
    Registration,
    RegistrationType,
)
from registrations.services.code_uses import check_opens, find_code
from registrations.services.doors import (
    AlreadyRegisteredError,
    Door,
    look,
    opened_by,
    sold_out,
    status_at,
)
from registrations.services.hold_backs import check_keeps
from registrations.services.parts import Part, Party
from registrations.services.registration_rows import (
    ChangedMeanwhileError,
    NoPlaceLeftError,
    Way,
    write,
)

_CLEANERS: Final = {
    RegistrationSource.FORM: validators.PUBLIC_DETAILS,
    RegistrationSource.API: validators.PUBLIC_DETAILS,
    RegistrationSource.PARTICIPATION: validators.KNOWN_DETAILS,
    RegistrationSource.INVITATION: validators.KNOWN_DETAILS,
    RegistrationSource.WALK_IN: validators.KNOWN_DETAILS,
}
# So often in a row a conference or a type may change while somebody registers.
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
    own_code: str = "",
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
        own_code: of the new registration, where the caller has drawn it already (core.codes).

    Raises:
        RaceLostError: somebody was quicker; only to who begins again, with the conference anew.
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
    way = Way(contact_email, booking, invitation, parts, code, hold_back, party, begins_again)
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
            "code": own_code or registration_code(),
        }
        try:
            return _write_or_wait(conference, door, status, known, actor, way)
        except ChangedMeanwhileError:
            if begins_again:
                raise RaceLostError from None
            conference = as_it_is_now(conference)
        except IntegrityError as error:
            if begins_again:
                raise RaceLostError from error
            # Somebody was quicker with the same address; anything else is a fault of ours.
            _check_addresses(conference, origin, key, party, error)
            raise
    raise busy()


def _status_of_all(
    door: Door, conference: Conference, origin: RegistrationSource, now: dt.datetime, way: Way
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
    way: Way,
) -> Registration:
    try:
        return write(conference, door, status, known, actor, way)
    except NoPlaceLeftError:
        # The last place went between looking and taking.
        if known["source"] == RegistrationSource.WALK_IN or not door.type.waiting_list:
            raise sold_out() if way.party is None else way.party.too_many() from None
        if way.begins_again:
            raise RaceLostError from None
        return write(conference, door, RegistrationStatus.WAITING_LIST, known, actor, way)


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


def as_it_is_now(seen: Conference) -> Conference:
    """Return the conference anew; what was seen of it, where it is gone altogether."""
    return Conference.objects.filter(pk=seen.pk).first() or seen


def live_with_address(conference: Conference, key: str) -> bool:
    """Tell whether somebody has a live registration with this address."""
    return Registration.objects.live().filter(conference=conference, email_key=key).exists()


class RaceLostError(Exception):
    """Somebody was quicker than who begins again (`register`): what was written must be undone."""


def _cleaners(
    origin: RegistrationSource, lead: Registration | None, party: Party | None
) -> Mapping[str, Cleaner]:
    if origin in PUBLIC_SOURCES and (lead or (party and party.contact_name)):
        return validators.COMPANION_DETAILS
    return _CLEANERS.get(origin, validators.DETAILS)
