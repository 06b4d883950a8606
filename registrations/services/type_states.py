"""What may be said of a registration type at this moment: open, full, closed…"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from events.enums import ConferenceState
from events.models import Conference
from registrations.enums import RegistrationStatus, TypeState
from registrations.models import AccessCode, Allotment, Registration, RegistrationType


@dataclass(frozen=True, slots=True)
class TypeOffer:
    """A type as the public form offers it.

    Arguments:
        places_left: None without limit.
        approved: whether an access code spares the approval.
    """

    type: RegistrationType
    state: TypeState
    places_left: int | None
    approved: bool = False

    @property
    def takes_registrations(self) -> bool:
        return self.state in {TypeState.OPEN, TypeState.WAITING_LIST}


def takes_public_registrations(conference: Conference, now: dt.datetime) -> bool:
    """Tell whether guests may register at all: published, and not over."""
    return conference.state == ConferenceState.PUBLISHED and now < conference.ends_at


def places_left(
    allotments: Iterable[Allotment], held: Mapping[int, int] | None = None
) -> int | None:
    """Return how many more registrations fit into all of the allotments; None without limit.

    Arguments:
        held: id of an allotment -> how many of the kept places are for who asks.
    """
    mine = held or {}
    left = [
        max(0, a.capacity - a.taken - a.held + mine.get(a.pk, 0))
        for a in allotments
        if a.capacity is not None
    ]
    return min(left, default=None)


def type_state(
    registration_type: RegistrationType,
    *,
    conference: Conference,
    left: int | None,
    somebody_waits: bool,
    now: dt.datetime,
) -> TypeState:
    """Return what the public form says of a type.

    Who waits comes first: while somebody stands on the waiting list a newcomer joins it, even when
    a place has become free.
    """
    if not takes_public_registrations(conference, now):
        return TypeState.CLOSED
    if registration_type.closes_at is not None and now >= registration_type.closes_at:
        return TypeState.CLOSED
    if registration_type.opens_at is not None and now < registration_type.opens_at:
        return TypeState.NOT_OPEN
    if left == 0 or (somebody_waits and registration_type.waiting_list):
        return TypeState.WAITING_LIST if registration_type.waiting_list else TypeState.SOLD_OUT
    return TypeState.OPEN


def public_offers(conference: Conference, code: AccessCode | None = None) -> Sequence[TypeOffer]:
    """Return the public types of a conference with their states, in order; two queries.

    Arguments:
        code: whose types are shown in place of the public ones, as who has it finds them: a third
            query.
    """
    waiting = Registration.objects.filter(
        conference_id=OuterRef("conference_id"),
        registration_type_id=OuterRef("pk"),
        status=RegistrationStatus.WAITING_LIST,
    )
    shown = Q(public=True) if code is None else Q(access_codes=code)
    held: dict[int, int] = {}
    if code is not None:
        held = dict(code.held_places.values_list("allotment_id", "count"))
    types = (
        RegistrationType.objects.filter(shown, conference=conference)
        .annotate(somebody_waits=Exists(waiting))
        .prefetch_related("allotments")
    )
    now = timezone.now()
    offers = []
    for one in types:
        allotments = one.allotments.all()
        left, waits = places_left(allotments), one.somebody_waits
        if held and all(held.get(a.pk) for a in allotments if a.capacity is not None):
            left, waits = places_left(allotments, held), False
        state = type_state(one, conference=conference, left=left, somebody_waits=waits, now=now)
        offers.append(TypeOffer(one, state, left, code is not None and code.approves))
    return offers


def types_waited_for(conference: Conference) -> frozenset[int]:
    """Return the ids of types whose places somebody on a waiting list could have; one query."""
    waiting = Registration.objects.filter(
        conference=conference, status=RegistrationStatus.WAITING_LIST
    )
    wanted = Allotment.objects.filter(registration_types__in=waiting.values("registration_type_id"))
    types = RegistrationType.objects.filter(allotments__in=wanted.values("pk"))
    return frozenset(types.values_list("pk", flat=True))


def place_in_line(registration: Registration) -> int:
    """Return who somebody on the waiting list is in its order: 1 for the first."""
    before = Q(waiting_since__lt=registration.waiting_since) | Q(
        waiting_since=registration.waiting_since, pk__lt=registration.pk
    )
    return (
        1
        + registration.registration_type.registrations.filter(
            before, status=RegistrationStatus.WAITING_LIST
        ).count()
    )


def availability(
    registration_type: RegistrationType, conference: Conference, now: dt.datetime
) -> dict[str, int | str | None]:
    """Return a type's volatile figures; two queries.

    `capacity`, `taken` and `held` are those of the allotment with the fewest places left.
    """
    allotments = scarcest_first(registration_type.allotments.all())
    counts = dict(
        registration_type.registrations.values_list("status").annotate(number=Count("pk"))
    )
    waiting = counts.get(RegistrationStatus.WAITING_LIST, 0)
    left = places_left(allotments)
    return {
        "capacity": allotments[0].capacity if allotments else None,
        "taken": allotments[0].taken if allotments else 0,
        "held": allotments[0].held if allotments else 0,
        "left": left,
        "waiting": waiting,
        "pending": counts.get(RegistrationStatus.PENDING_APPROVAL, 0),
        "state": type_state(
            registration_type,
            conference=conference,
            left=left,
            somebody_waits=waiting > 0,
            now=now,
        ).value,
    }


@dataclass(frozen=True, slots=True)
class TypeLine:
    """A type with its figures, as organisers see it."""

    type: RegistrationType
    state: TypeState
    capacity: int | None
    taken: int
    held: int
    waiting: int
    pending: int

    @property
    def words(self) -> str:
        return f"{self.taken} of {self.capacity}"


def type_lines(conference: Conference) -> list[TypeLine]:
    """Return all types of a conference with their figures; three queries."""
    now = timezone.now()
    counts: dict[tuple[int, str], int] = {}
    waits = (RegistrationStatus.WAITING_LIST, RegistrationStatus.PENDING_APPROVAL)
    groups = (
        Registration.objects.filter(conference=conference, status__in=waits)
        .order_by()
        .values_list("registration_type_id", "status")
        .annotate(number=Count("pk"))
    )
    for type_id, status, number in groups:
        counts[type_id, status] = number
    lines = []
    for one in conference.registration_types.prefetch_related("allotments"):
        scarcest = scarcest_first(one.allotments.all())
        waiting = counts.get((one.pk, RegistrationStatus.WAITING_LIST), 0)
        state = type_state(
            one,
            conference=conference,
            left=places_left(scarcest),
            somebody_waits=waiting > 0,
            now=now,
        )
        lines.append(
            TypeLine(
                type=one,
                state=state,
                capacity=scarcest[0].capacity if scarcest else None,
                taken=scarcest[0].taken if scarcest else 0,
                held=scarcest[0].held if scarcest else 0,
                waiting=waiting,
                pending=counts.get((one.pk, RegistrationStatus.PENDING_APPROVAL), 0),
            )
        )
    return lines


def scarcest_first(allotments: Iterable[Allotment]) -> list[Allotment]:
    """Return the allotments, the one with the fewest places left first."""
    return sorted(
        allotments, key=lambda a: (a.capacity is None, (a.capacity or 0) - a.taken - a.held)
    )
