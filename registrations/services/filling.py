"""The waiting list, first come first served: whoever frees a place calls this last.

A few offers are made in the transaction that freed the places; what is left over, or what somebody
else held at that moment, a task and the sweeper make up for. Any number of them may run at once: a
row that another one has is not waited for, and nobody behind it is served before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.actors import CLOCK, Actor
from core.services import audit
from events.enums import ConferenceState
from events.models import Conference
from events.services.writing import save_root
from registrations.enums import RegistrationStatus
from registrations.models import Allotment, Registration, RegistrationType
from registrations.services.capacity import take_places, trim_kept
from registrations.services.code_uses import locked_keepers
from registrations.services.needs import allotments_of_many
from registrations.services.place_locks import (
    hold_allotments,
    hold_codes,
    hold_types,
    kept_allotments,
)
from registrations.services.place_moves import tell_freed
from registrations.signals import RegistrationChanged, registration_changed

# So many offers are made before the answer to who freed the places; others have to wait for it.
FEW: Final = 10
# And so many in a transaction of the task.
MANY: Final = 100
_CHUNK: Final = 200
# For one offer so many of the line are looked at: those before wait for something that is full.
_LOOKED_AT: Final = 100
_TRIES: Final = 3
_WITHOUT_LIMIT: Final = 10**9


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of it.

    Arguments:
        offered: how many have an offer now.
        more: whether somebody else may be due for one.
    """

    offered: int = 0
    more: bool = False


class _GoneError(Exception):
    """A place that was free is taken: what was written for it is undone."""


class _BusyError(Exception):
    """Somebody else has what the offers need, and is not waited for."""


def offer_ends(registration_type: RegistrationType, conference: Conference) -> dt.datetime:
    """Return until when a place that is offered now is kept: never past the start."""
    end = timezone.now() + dt.timedelta(hours=registration_type.offer_hours)
    return min(end, conference.starts_at)


def gives_offers(conference: Conference) -> bool:
    """Tell whether places of this conference are worth offering now."""
    return conference.state == ConferenceState.PUBLISHED and timezone.now() < conference.starts_at


@transaction.atomic
def fill_freed_places(*, conference_id: int, most: int = FEW, waits: bool = False) -> Filled:
    """Offer what is free to those who wait longest and can use it; call it last.

    Who waits for something else that is full, a session perhaps, stays where they are in the line,
    and the next one is served. Types whose places an organiser offers by hand are left alone.

    Arguments:
        most: how many offers at the most.
        waits: whether it waits for what others have locked. Whoever has moved places already does
            not, lest two wait for each other: then the task makes the offers after the commit.
    """
    conference = Conference.objects.filter(pk=conference_id).first()
    if conference is None or not gives_offers(conference):
        return Filled()
    for _ in range(_TRIES):
        types = _types_in_use(conference)
        chosen, more = _choose(conference, types, most)
        if not chosen:
            return Filled(more=more)
        try:
            with transaction.atomic():
                offered = _offer(conference, types, chosen, waits=waits)
        except _GoneError:
            continue
        except _BusyError:
            tell_freed({pk for _registration, needs in chosen for pk in needs})
            return Filled(more=True)
        return Filled(offered, more or offered < len(chosen))
    return Filled(more=True)


def fill_all_freed_places() -> int:
    """Offer whatever is free anywhere; return how many offers that were.

    Each bulk is a transaction of its own; a second run finds nothing.
    """
    total = 0
    waiting = Registration.objects.filter(
        conference_id=OuterRef("pk"), status=RegistrationStatus.WAITING_LIST
    )
    due = Conference.objects.filter(
        Exists(waiting), state=ConferenceState.PUBLISHED, starts_at__gt=timezone.now()
    )
    for pk in due.order_by("pk").values_list("pk", flat=True):
        more = True
        while more:
            filled = fill_freed_places(conference_id=pk, most=MANY, waits=True)
            total += filled.offered
            more = filled.more and filled.offered > 0
    return total


def write_offers(rows: Sequence[Registration], actor: Actor, expected: int | None = None) -> None:
    """Write down that each of these is offered a place, and tell them; the places come last."""
    now = timezone.now()
    for row in rows:
        before = row.status
        row.status = RegistrationStatus.OFFERED
        row.status_at = now
        row.offer_expires_at = offer_ends(row.registration_type, row.conference)
        save_root(row, ["status", "status_at", "offer_expires_at"], expected)
        audit.record(
            verb="offer_place",
            obj=row,
            organisation_id=row.conference.organisation_id,
            actor=actor,
            changed=["status"],
            facts={"from": before, "to": row.status},
        )
    registration_changed.send(
        sender=Registration,
        event=RegistrationChanged(
            conference_id=rows[0].conference_id,
            registration_ids=tuple(row.pk for row in rows),
            verb="offered",
        ),
        registrations=rows,
    )


def free_places(conference: Conference) -> dict[int, int]:
    """Return how many places each allotment of a conference has left; one query."""
    rows = Allotment.objects.filter(conference=conference)
    return {
        row.pk: _WITHOUT_LIMIT if row.capacity is None else row.capacity - row.taken - row.held
        for row in rows
    }


def fits(needs: Collection[int], free: dict[int, int], kept: dict[int, int] | None = None) -> bool:
    """Take a place of each of these from the figures, in memory; tell whether there was one.

    Arguments:
        kept: places that are kept for whom this is about, which are used before free ones.
    """
    own = kept or {}
    if any(free.get(pk, 0) + own.get(pk, 0) < 1 for pk in needs):
        return False
    for pk in needs:
        figures = own if own.get(pk, 0) > 0 else free
        figures[pk] -= 1
    return True


def _choose(
    conference: Conference, in_use: Mapping[int, RegistrationType], most: int
) -> tuple[list[tuple[int, list[int]]], bool]:
    """Return whom to offer a place, in their order, with what they draw from; and whether there
    may be more of them.
    """
    free = free_places(conference)
    drawn = {pk: [allotment.pk for allotment in one.allotments.all()] for pk, one in in_use.items()}
    types = {pk: own for pk, own in drawn.items() if _is_open(own, free)}
    chosen: list[tuple[int, list[int]]] = []
    seen = 0
    for rows in _in_line(list(types)):
        needs = allotments_of_many(rows)
        for row in rows:
            if not any(_is_open(own, free) for own in types.values()):
                return chosen, False
            if fits(needs[row.pk], free):
                chosen.append((row.pk, needs[row.pk]))
        seen += len(rows)
        if len(chosen) >= most or seen >= most * _LOOKED_AT:
            return chosen[:most], True
    return chosen, False


def _is_open(allotments: Collection[int], free: dict[int, int]) -> bool:
    return all(free.get(pk, 0) > 0 for pk in allotments)


def _types_in_use(conference: Conference) -> dict[int, RegistrationType]:
    """Return the types that somebody waits for and that offer by themselves; two queries."""
    waiting = Registration.objects.filter(
        registration_type_id=OuterRef("pk"), status=RegistrationStatus.WAITING_LIST
    )
    types = RegistrationType.objects.filter(
        Exists(waiting), conference=conference, automatic_offers=True
    ).prefetch_related("allotments")
    return {one.pk: one for one in types}


def _in_line(type_ids: Sequence[int]) -> Iterator[list[Registration]]:
    """Yield those who wait for a place of these types, who waits longest first."""
    if not type_ids:
        return
    rows = (
        Registration.objects.filter(
            registration_type_id__in=type_ids, status=RegistrationStatus.WAITING_LIST
        )
        .only("pk", "registration_type_id", "waiting_since")
        .order_by("waiting_since", "pk")
    )
    behind = Q()
    while found := list(rows.filter(behind)[:_CHUNK]):
        yield found
        last = found[-1]
        behind = Q(waiting_since__gt=last.waiting_since) | Q(
            waiting_since=last.waiting_since, pk__gt=last.pk
        )


def _offer(
    conference: Conference,
    types: Mapping[int, RegistrationType],
    chosen: Sequence[tuple[int, list[int]]],
    *,
    waits: bool,
) -> int:
    """Offer these a place, up to the first whom somebody else has in hand; return how many.

    Raises:
        _GoneError: when a place has gone meanwhile, or a type draws from others.
        _BusyError: where it does not wait, and somebody else has what is needed.
    """
    locked = {
        row.pk: row
        for row in Registration.objects.select_for_update(
            of=("self",), no_key=True, skip_locked=True
        )
        .select_related("registration_type", "booking")
        .filter(pk__in=[pk for pk, _needs in chosen], status=RegistrationStatus.WAITING_LIST)
    }
    rows, wanted = [], {}
    for pk, needs in chosen:
        if pk not in locked:
            break
        locked[pk].conference = conference
        rows.append(locked[pk])
        wanted[pk] = needs
    if not rows:
        return 0
    of_types = {row.registration_type_id for row in rows}
    versions = hold_types(of_types, at_once=not waits)
    came_with = {row.access_code_id for row in rows if row.access_code_id is not None}
    if len(versions) < len(of_types) or hold_codes(came_with, at_once=not waits) != came_with:
        raise _BusyError
    if any(version != types[pk].version for pk, version in versions.items()):
        raise _GoneError
    codes = locked_keepers(rows)
    places = {pk for needs in wanted.values() for pk in needs}
    places |= kept_allotments(access_code__in=list(codes))
    if len(hold_allotments(places, at_once=not waits)) < len(places):
        raise _BusyError
    write_offers(rows, CLOCK)
    if take_places(wanted=wanted) is not None:
        raise _GoneError
    for code in codes.values():
        trim_kept(code)
    return len(rows)
