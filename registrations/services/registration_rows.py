"""The rows of a registration: written first, its place taken last.

Only `registering` begins here; who changes a registration later uses what is told, and the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction

from core.actors import Actor
from core.services import audit
from core.services.inserting import ask, insert, insert_pair, new_row
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
)
from registrations.services.capacity import take_places
from registrations.services.code_uses import use_code
from registrations.services.doors import Door, closed, day_of, takes_now
from registrations.services.hold_backs import check_keeps
from registrations.services.parts import Part, Party
from registrations.services.place_moves import tell_freed
from registrations.signals import (
    Answers,
    Question,
    RegistrationChanged,
    asked_along,
    registration_changed,
)

_STAMP: Final = """
SELECT t.version, c.version, c.plan_revision, c.state, c.updated_at{along}
FROM events_conference c JOIN registrations_registrationtype t ON t.conference_id = c.id{questions}
WHERE t.id = %s AND c.id = %s{locking}
"""
_STAMP_COLUMNS: Final = 5


def set_keys(registration: Registration) -> None:
    """Set in memory what lists search and sort by."""
    r = registration
    registration.search_key = search_key(
        r.given_name, r.family_name, r.email, r.affiliation, r.position, r.code
    )[:1000]
    registration.sort_key = search_key(r.family_name, r.given_name)[:300]


class NoPlaceLeftError(Exception):
    """Undoes what was written for a place that is not there any more."""


class ChangedMeanwhileError(Exception):
    """The conference or the type was changed between looking and writing: it may take nobody any
    more, or draw from other allotments. What was written must be undone.
    """


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
        DomainError: ``registration-closed`` when the conference takes nobody.
        NoPlaceLeftError: when the place is gone.
        ChangedMeanwhileError: when conference or type are not as they were looked at.
    """
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
    answers = _insert_and_ask(registration, way)
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
    by_guest = registration.source in PUBLIC_SOURCES
    tell(registration, "registered", *others, by_guest=by_guest, answers=answers)
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


def _insert_and_ask(registration: Registration, way: Way) -> Answers:
    """Write the registration, and the booking that it belongs to unless that is there; return what
    those above want to know.

    What it was looked at for is looked at once more, as it is in this transaction, for which we may
    have waited: every change of a conference leaves one of these figures another one. To the
    transaction's end nobody changes from which allotments the type draws.

    Raises:
        ChangedMeanwhileError: when conference or type are not as they were.
    """
    conference, kind = registration.conference, registration.registration_type
    booking = way.booking or _new_booking(registration, way)
    contact = registration.email or booking.contact_email
    key = email_key(contact) if contact else ""
    sql, names = _stamp_and_questions(connection.vendor, tuple(asked_along.items()))
    params = [value for name in names for value in asked_along[name].params(conference, key)]
    params += [kind.pk, conference.pk]
    if way.booking is not None:
        registration.booking = way.booking
        found = ask(sql, params)
        insert(registration)
    else:
        found = insert_pair(booking, registration, "booking", (sql, params))
    if found is None:
        raise ChangedMeanwhileError
    type_version, *figures, moment = found[:_STAMP_COLUMNS]  # in UTC, which SQLite does not say
    is_same_moment = moment == conference.updated_at.replace(tzinfo=moment.tzinfo)
    seen = [conference.version, conference.plan_revision, conference.state]
    if type_version != kind.version or figures != seen or not is_same_moment:
        raise ChangedMeanwhileError
    rest = iter(found[_STAMP_COLUMNS:])
    return Answers(key, {n: tuple(islice(rest, asked_along[n].columns)) for n in names})


@lru_cache(maxsize=4)
def _stamp_and_questions(
    vendor: str, questions: tuple[tuple[str, Question], ...]
) -> tuple[str, tuple[str, ...]]:
    """Return the statement that asks all, and the names of the questions in their order there."""
    aliases = {f"asked_{number}": one.sql for number, (_name, one) in enumerate(questions)}
    sql = _STAMP.format(
        along="".join(f", {alias}.*" for alias in aliases),
        questions="".join(f" CROSS JOIN ({asked}) {alias}" for alias, asked in aliases.items()),
        locking=" FOR KEY SHARE OF t" if vendor == "postgresql" else "",
    )
    return sql, tuple(name for name, _one in questions)


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


def tell(
    registration: Registration,
    verb: str,
    *others: Registration,
    by_guest: bool = False,
    with_reason: bool = False,
    answers: Answers | None = None,
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
        answers=answers,
    )
