"""An offered place: made by hand, taken, given to the next one, or left to lapse."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import CLOCK, Actor
from core.errors import DomainError
from core.services import audit
from events.enums import ConferenceState
from events.models import Conference
from events.services.writing import load_root, save_root
from registrations.enums import RegistrationStatus
from registrations.models import Registration
from registrations.services.cancelling import record_status
from registrations.services.capacity import (
    give_back_all_places,
    give_back_places,
    keeping_code,
    take_places,
)
from registrations.services.code_uses import give_use_back, give_uses_back, use_code_again
from registrations.services.doors import AlreadyRegisteredError, day_of, sold_out
from registrations.services.filling import fill_freed_places, gives_offers, write_offers
from registrations.services.handing_on import hand_on
from registrations.services.needs import allotments_of
from registrations.services.registration_rows import tell
from registrations.signals import RegistrationChanged, registration_changed

_CHUNK: Final = 100
# An offer that nobody can answer at the moment is not taken away meanwhile.
_OFFERS_LAPSE_IN: Final = (ConferenceState.PUBLISHED, ConferenceState.ARCHIVED)


@transaction.atomic
def offer_place(
    *, registration: Registration, actor: Actor, expected: int | None = None
) -> Registration:
    """Offer a place to somebody on the waiting list, whoever else is before them.

    It is theirs to take until the type's hours are over, and not past the start.

    Raises:
        DomainError: ``stale``; ``wrong-state`` for who does not wait, or when the conference gives
            no places now; ``sold-out``, and then nothing has changed.
    """
    row = load_root(registration, expected, "conference", "registration_type", "booking")
    if row.status != RegistrationStatus.WAITING_LIST:
        raise DomainError("wrong-state", "Only who is on the waiting list can be offered a place.")
    _check_gives_offers(row.conference)
    write_offers([row], actor, expected)
    if take_places(wanted={row.pk: allotments_of(row)}, holder=keeping_code(row)) is not None:
        raise sold_out()
    return row


@transaction.atomic
def accept_offer(
    *,
    registration: Registration,
    actor: Actor,
    by_guest: bool = False,
    expected: int | None = None,
) -> Registration:
    """Take the place that is offered; a second time changes nothing.

    Raises:
        DomainError: ``stale``; ``wrong-state`` without an offer, when its time is over, or when
            the conference will not be.
    """
    row = load_root(registration, expected, "conference", "booking", "registration_type")
    if row.status == RegistrationStatus.CONFIRMED:
        return row
    _check_offered(row)
    ended = row.offer_expires_at is not None and row.offer_expires_at <= timezone.now()
    if ended and by_guest:
        raise DomainError(
            "wrong-state",
            _("The time to answer is over, so the place goes to the next person."),
        )
    if row.conference.state in {ConferenceState.CANCELLED, ConferenceState.ARCHIVED}:
        raise DomainError("wrong-state", _("This will not take place, so no answer is needed."))
    before = row.status
    row.status = RegistrationStatus.CONFIRMED
    row.status_at = row.confirmed_at = timezone.now()
    row.confirmed_day = day_of(row.conference)
    row.offer_expires_at = None
    row.sequence += 1
    changed = ["status", "status_at", "confirmed_at", "confirmed_day", "sequence"]
    save_root(row, [*changed, "offer_expires_at"], expected)
    record_status("accept_offer", row, before, actor)
    tell(row, "accepted", by_guest=by_guest)
    return row


@transaction.atomic
def decline_offer(
    *,
    registration: Registration,
    actor: Actor,
    by_guest: bool = False,
    expected: int | None = None,
) -> Registration:
    """Give the offered place to the next one in line; a second time changes nothing.

    Raises:
        DomainError: ``stale``; ``wrong-state`` without an offer.
    """
    row = load_root(registration, expected, "conference", "booking")
    if row.status == RegistrationStatus.CANCELLED:
        return row
    _check_offered(row)
    before = row.status
    row.status = RegistrationStatus.CANCELLED
    row.status_at = row.cancelled_at = timezone.now()
    row.sequence += 1
    save_root(row, ["status", "status_at", "cancelled_at", "sequence"], expected)
    hand_on([row], actor, by_guest=by_guest)
    give_use_back(row)
    give_back_places(registration=row)
    record_status("decline_offer", row, before, actor)
    tell(row, "cancelled", by_guest=by_guest)
    fill_freed_places(conference_id=row.conference_id)
    return row


@transaction.atomic
def join_list_again(
    *, registration: Registration, actor: Actor, by_guest: bool = False
) -> Registration:
    """Put somebody whose place lapsed at the end of the waiting list.

    Raises:
        DomainError: ``wrong-state`` when nothing lapsed, the type has no waiting list, or the
            conference has begun or will not be; ``already-registered`` when the address has been
            registered again since.
    """
    row = load_root(registration, None, "conference", "booking", "registration_type")
    if row.status == RegistrationStatus.WAITING_LIST:
        return row
    if row.status != RegistrationStatus.EXPIRED:
        raise DomainError("wrong-state", _("Only who let a place go can join the list again."))
    if not may_join_again(row, row.conference):
        raise DomainError("wrong-state", _("There is no waiting list to join any more."))
    before = row.status
    row.status = RegistrationStatus.WAITING_LIST
    row.status_at = row.waiting_since = timezone.now()
    row.offer_expires_at = None
    try:
        with transaction.atomic():
            save_root(row, ["status", "status_at", "waiting_since", "offer_expires_at"], None)
    except IntegrityError as error:
        raise AlreadyRegisteredError from error
    use_code_again(row)
    record_status("join_list_again", row, before, actor)
    tell(row, "put_on_list", by_guest=by_guest)
    # Perhaps nobody waits any more.
    fill_freed_places(conference_id=row.conference_id)
    row.refresh_from_db(fields=["status", "status_at", "offer_expires_at", "version"])
    return row


def may_join_again(registration: Registration, conference: Conference) -> bool:
    """Tell whether somebody whose place lapsed can wait for another one."""
    return (
        registration.status == RegistrationStatus.EXPIRED
        and registration.registration_type.waiting_list
        and gives_offers(conference)
    )


def expire_offers() -> int:
    """Let offers lapse whose time is over, and offer their places to the next; return how many.

    Each bulk is a transaction of its own; a second run finds nothing.
    """
    due = Registration.objects.filter(
        status=RegistrationStatus.OFFERED,
        offer_expires_at__lte=timezone.now(),
        conference__state__in=_OFFERS_LAPSE_IN,
    )
    total = 0
    # What somebody else has in hand at one conference stops no other.
    for pk in due.order_by("conference_id").values_list("conference_id", flat=True).distinct():
        while lapsed := _expire(pk):
            total += lapsed
    return total


@transaction.atomic
def _expire(conference_id: int) -> int:
    now = timezone.now()
    rows = list(
        Registration.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("conference", "booking", "registration_type")
        .filter(
            conference_id=conference_id,
            status=RegistrationStatus.OFFERED,
            offer_expires_at__lte=now,
        )
        .order_by("offer_expires_at", "pk")[:_CHUNK]
    )
    let_go(rows, verb="expire_offer", told="offer_expired")
    return len(rows)


def let_go(rows: list[Registration], *, verb: str, told: str) -> None:
    """Write down that these have let their place go by silence, tell them and fill the places.

    The caller has them locked.

    Arguments:
        verb: for the audit.
        told: for those above.
    """
    if not rows:
        return
    now = timezone.now()
    for row in rows:
        before = row.status
        row.status = RegistrationStatus.EXPIRED
        row.status_at = now
        row.sequence += 1
        save_root(row, ["status", "status_at", "sequence"], None)
        audit.record(
            verb=verb,
            obj=row,
            organisation_id=row.conference.organisation_id,
            actor=CLOCK,
            changed=["status"],
            facts={"from": before, "to": row.status},
        )
    hand_on(rows, CLOCK)
    give_uses_back(rows)
    give_back_all_places(rows)
    conference_id = rows[0].conference_id
    registration_changed.send(
        sender=Registration,
        event=RegistrationChanged(
            conference_id=conference_id,
            registration_ids=tuple(row.pk for row in rows),
            verb=told,
        ),
        registrations=rows,
    )
    fill_freed_places(conference_id=conference_id)


def _check_gives_offers(conference: Conference) -> None:
    if not gives_offers(conference):
        raise DomainError(
            "wrong-state",
            "Places are offered while the conference is published and has not begun.",
        )


def _check_offered(row: Registration) -> None:
    if row.status != RegistrationStatus.OFFERED:
        raise DomainError("wrong-state", _("There is no place on offer for you at the moment."))
