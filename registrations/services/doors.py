"""The door of a registration type: what stands in the way of coming in, before anything is
written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from core.enums import Visibility
from core.errors import DomainError, FieldError
from core.services.raw_rows import columns, raw_rows
from core.slugs import is_slug
from events.enums import ConferenceState
from events.models import Conference
from registrations.enums import (
    LIVE,
    PUBLIC_SOURCES,
    RegistrationSource,
    RegistrationStatus,
    TypeState,
)
from registrations.models import AccessCode, HoldBack, RegistrationType
from registrations.services.capacity import held_for
from registrations.services.type_states import takes_public_registrations, type_state

# So many registrations of one address a day at one conference, cancelled ones included: a stranger
# who registers and cancels somebody else's address again and again can not flood that mailbox.
TRIES_A_DAY: Final = 3
_PUT_AWAY: Final = frozenset({ConferenceState.CANCELLED, ConferenceState.ARCHIVED})

# These two run with each registration. They are written in SQL, because putting them together anew
# costs more than running them.
_CONFERENCE: Final = f"""
SELECT {columns(Conference, "c")},
  EXISTS (SELECT 1 FROM registrations_question q
          WHERE q.conference_id = c.id AND q.active) AS asks_questions
FROM events_conference c JOIN accounts_organisation o ON o.id = c.organisation_id
WHERE o.slug = %s AND c.slug = %s
  AND c.state <> 'draft' AND c.visibility IN ('public', 'unlisted')
"""  # noqa: S608 - names of columns
# One query says all there is to ask before the place is taken. What an address tried today is
# counted among its own rows: SQLite would rather look through all of that day. Who waits longest is
# asked for, not whether anybody does: PostgreSQL would rather look for them among all.
_LOOK: Final = f"""
SELECT {columns(RegistrationType, "t")},
  a.id AS allotment, a.capacity - a.held - a.taken AS places_left,
  (SELECT w.id FROM registrations_registration w
   WHERE w.registration_type_id = t.id AND w.status = 'waiting_list'
   ORDER BY w.waiting_since, w.id LIMIT 1) IS NOT NULL AS somebody_waits,
  mine.same_address, mine.tries
FROM registrations_registrationtype t
CROSS JOIN (
  SELECT MAX(CASE WHEN status IN (%s, %s, %s, %s) THEN id END) AS same_address,
    COUNT(CASE WHEN created_at > %s THEN 1 END) AS tries
  FROM registrations_registration WHERE conference_id = %s AND email_key = %s
) mine
LEFT JOIN registrations_registrationtype_allotments ta ON ta.registrationtype_id = t.id
LEFT JOIN registrations_allotment a ON a.id = ta.allotment_id
WHERE t.conference_id = %s AND t.slug = %s
"""  # noqa: S608 - names of columns


class AlreadyRegisteredError(DomainError):
    """Somebody with this address has a live registration; the sentence says nothing else of it.

    Arguments:
        email, pointer: the address and where it stands, when it is a companion's.
    """

    def __init__(
        self, origin: str = RegistrationSource.ORGANISER, *, email: str = "", pointer: str = ""
    ) -> None:
        if origin in PUBLIC_SOURCES:
            detail = _(
                "Somebody has already registered with this e-mail address. The link to that "
                "registration goes there by mail; nothing was changed."
            )
        else:
            detail = "Somebody is already registered with this e-mail address. Nothing was changed."
        errors = [FieldError(pointer, "already-registered", detail)] if pointer else []
        super().__init__("already-registered", detail, errors=errors)
        self.email = email


def too_often() -> DomainError:
    """Return the refusal of an address that is registered again and again."""
    return DomainError(
        "throttled",
        _("This address was registered several times today. Try again tomorrow."),
        retry_after=86400,
    )


def sold_out() -> DomainError:
    """Return the refusal of a place that is not there."""
    return DomainError("sold-out", _("There is no place left. Nothing was changed."))


@dataclass(frozen=True, slots=True)
class Door:
    """A type and what stands in the way of a registration, as it was a moment ago."""

    type: RegistrationType
    allotments: tuple[int, ...]
    left: int | None
    somebody_waits: bool
    same_address: bool
    tries: int
    # Of each allotment with a limit.
    lefts: Mapping[int, int] = field(default_factory=dict)
    # Whether an access code says yes in the organiser's place.
    approved: bool = False


def find_conference(organisation: str, conference: str) -> Conference | None:
    """Return the conference whose page opens at this address, by its present or former slugs.

    Its organisation is read when somebody asks for it: who registers does not. By its present slugs
    it comes with the note whether its form asks anything (`asks_questions`, for `read_form`).
    """
    rows = raw_rows(Conference, _CONFERENCE, [organisation, conference])
    return next(iter(rows), None) or Conference.objects.visible_at(organisation, conference)


def look(conference: Conference, slug: str, key: str | None, now: dt.datetime) -> Door | None:
    """Return what there is to know before a registration; None when there is no such type.

    Arguments:
        key: the address's key, None for who has no address.
    """
    since = connection.ops.adapt_datetimefield_value(now - dt.timedelta(days=1))
    params = [*LIVE, since, conference.pk, key, conference.pk, slug]
    # One row an allotment.
    rows: list[Any] = raw_rows(RegistrationType, _LOOK, params) if is_slug(slug) else []
    if not rows:
        return None
    first = rows[0]
    allotments = [row for row in rows if row.allotment is not None]
    lefts = {row.allotment: row.places_left for row in allotments if row.places_left is not None}
    return Door(
        type=first,
        allotments=tuple(row.allotment for row in allotments),
        left=min(lefts.values(), default=None),
        somebody_waits=bool(first.somebody_waits),
        same_address=first.same_address is not None,
        tries=first.tries,
        lefts=lefts,
    )


def opened_by(door: Door, keeper: AccessCode | HoldBack) -> Door:
    """Return the door as it is for whom places are kept: past those who wait, into the kept ones.

    Where not a place of each allotment is kept, only the approval may be spared.
    """
    if isinstance(keeper, AccessCode) and keeper.approves:
        door = replace(door, approved=True)
    held = dict(held_for(keeper).values_list("allotment_id", "count"))
    if isinstance(keeper, HoldBack):
        # It keeps one allotment's; of the others there have to be free places.
        lefts = {pk: left + held.get(pk, 0) for pk, left in door.lefts.items()}
    elif held and all(held.get(pk) for pk in door.lefts):
        lefts = {pk: left + held[pk] for pk, left in door.lefts.items()}
        door = replace(door, somebody_waits=False)
    else:
        return door
    return replace(door, lefts=lefts, left=min(lefts.values(), default=None))


def status_at(
    door: Door, conference: Conference, origin: RegistrationSource, now: dt.datetime
) -> RegistrationStatus:
    """Return what a registration would be, as long as its place is still there.

    Raises:
        DomainError: ``registration-closed``, ``already-registered``, ``throttled``, ``sold-out``.
    """
    state = _STATES[origin](door, conference, now)
    if state is TypeState.CLOSED:
        raise closed()
    if state is TypeState.NOT_OPEN:
        raise DomainError("registration-closed", _("Registration has not opened yet."))
    if door.same_address:
        raise AlreadyRegisteredError(origin)
    if origin in PUBLIC_SOURCES and settings.THROTTLE and door.tries >= TRIES_A_DAY:
        raise too_often()
    if state is TypeState.SOLD_OUT:
        raise sold_out()
    if door.type.approval and origin in PUBLIC_SOURCES and not door.approved:
        return RegistrationStatus.PENDING_APPROVAL
    if state is TypeState.WAITING_LIST:
        return RegistrationStatus.WAITING_LIST
    return RegistrationStatus.CONFIRMED


def _state_for_guests(door: Door, conference: Conference, now: dt.datetime) -> TypeState:
    return type_state(
        door.type,
        conference=conference,
        left=door.left,
        somebody_waits=door.somebody_waits,
        now=now,
    )


def _state_for_organisers(door: Door, conference: Conference, now: dt.datetime) -> TypeState:
    """An organiser enters people before the window and past those who wait, while it can be of
    use.
    """
    if now >= conference.ends_at:
        return TypeState.CLOSED
    return _state_for_imports(door, conference, now)


def _state_for_walk_ins(_door: Door, conference: Conference, now: dt.datetime) -> TypeState:
    """Who stands at the door comes in or not; whether there is a place, the taking says."""
    is_over = now >= conference.ends_at or conference.state in _PUT_AWAY
    return TypeState.CLOSED if is_over else TypeState.OPEN


def _state_for_imports(door: Door, conference: Conference, _now: dt.datetime) -> TypeState:
    """Files and panels may also tell of the past."""
    if conference.state in _PUT_AWAY:
        return TypeState.CLOSED
    if door.left is not None and door.left <= 0:
        return TypeState.WAITING_LIST if door.type.waiting_list else TypeState.SOLD_OUT
    return TypeState.OPEN


def _state_for_invited(_door: Door, conference: Conference, _now: dt.datetime) -> TypeState:
    """Who is invited by name meets no window, no approval and no "sold out"."""
    return TypeState.CLOSED if conference.state in _PUT_AWAY else TypeState.OPEN


_STATES: Final[Mapping[RegistrationSource, Callable[..., TypeState]]] = {
    RegistrationSource.FORM: _state_for_guests,
    RegistrationSource.API: _state_for_guests,
    RegistrationSource.ORGANISER: _state_for_organisers,
    RegistrationSource.WALK_IN: _state_for_walk_ins,
    RegistrationSource.IMPORT: _state_for_imports,
    RegistrationSource.PARTICIPATION: _state_for_imports,
    RegistrationSource.INVITATION: _state_for_invited,
}


def closed() -> DomainError:
    """Return the refusal of a conference that takes nobody."""
    return DomainError("registration-closed", _("Registration is closed."))


def takes_now(conference: Conference, origin: RegistrationSource, now: dt.datetime) -> bool:
    """Tell whether a conference takes registrations of this origin in the state that it is in."""
    if origin in PUBLIC_SOURCES:
        # It may have become private since the form was opened.
        is_seen = conference.visibility != Visibility.PRIVATE
        return is_seen and takes_public_registrations(conference, now)
    return conference.state not in _PUT_AWAY


def day_of(conference: Conference) -> dt.date | None:
    """Return the day that a yes given now is for."""
    return conference.start_local.date() if conference.start_local is not None else None
