"""One decision for many who ask or wait: what it would come to, and the deed.

Both ask the same plan, so the numbers on the button are those that come, unless somebody else takes
a place in between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, invalid
from events.models import Conference
from events.services.writing import save_root
from registrations.enums import RegistrationStatus
from registrations.models import Registration
from registrations.services.approving import (
    TOLD,
    TURNED_DOWN_FROM,
    clean_reason,
    write_decision,
)
from registrations.services.cancelling import check_conference_takes, record_status
from registrations.services.capacity import give_back_all_places, take_places
from registrations.services.code_uses import give_uses_back, kept_by_codes, locked_keepers
from registrations.services.doors import day_of
from registrations.services.filling import fill_freed_places, fits, free_places
from registrations.services.handing_on import hand_on
from registrations.services.needs import allotments_of_many, hold_types
from registrations.services.place_locks import (
    hold_allotments,
    hold_codes,
    hold_for_several,
    hold_registrations,
)
from registrations.signals import RegistrationChanged, registration_changed

APPROVE: Final = "approve"
WAIT: Final = "waiting-list"
REJECT: Final = "reject"
DECISIONS: Final = (APPROVE, WAIT, REJECT)
MOST: Final = 2000
_CHUNK: Final = 100
_TRIES: Final = 3
_S: Final = RegistrationStatus
_AUDIT: Final[Mapping[str, str]] = {
    _S.CONFIRMED: "approve_registration",
    _S.WAITING_LIST: "put_on_waiting_list",
    _S.REJECTED: "reject_registration",
}

Skipped = tuple[Registration, str]


@dataclass(slots=True)
class Decided:
    """What a decision came to, or would: who is what then, and who could not be decided and why."""

    confirmed: list[Registration] = field(default_factory=list)
    waiting: list[Registration] = field(default_factory=list)
    rejected: list[Registration] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def done(self) -> int:
        return len(self.confirmed) + len(self.waiting) + len(self.rejected)

    def add(self, row: Registration, status: str) -> None:
        lists = {
            _S.CONFIRMED: self.confirmed,
            _S.WAITING_LIST: self.waiting,
            _S.REJECTED: self.rejected,
        }
        lists[RegistrationStatus(status)].append(row)


class _GoneError(Exception):
    """A place that was free is taken: the chunk is decided anew."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Arguments:
    wanted: what is taken, by the code whose kept places are used first (None: free ones).
    """

    steps: list[tuple[Registration, str]]
    wanted: dict[int | None, dict[int, list[int]]]
    skipped: list[Skipped]


@dataclass(frozen=True, slots=True)
class _Way:
    decision: str
    reason: str
    tell_reason: bool
    or_wait: bool
    actor: Actor


def decide_registrations(
    *,
    conference: Conference,
    codes: Collection[str],
    decision: str,
    actor: Actor,
    reason: str = "",
    tell_reason: bool = False,
    or_wait: bool = True,
) -> Decided:
    """Approve, turn down or put on the waiting list, who came first first.

    Each chunk is a transaction of its own: what one can not have stops nobody else, and nobody
    waits for all of them.

    Arguments:
        codes: of registrations of the conference; others are passed over.
        decision: one of DECISIONS.
        reason: kept with each of them.
        tell_reason: whether their mails say the reason.
        or_wait: whether of those approved who finds no place left goes to the waiting list, where
            there is one.

    Raises:
        DomainError: ``validation-failed`` for another decision, or a reason that is no line of
            text; ``too-large`` for more than 2,000; ``wrong-state`` when the conference gives no
            places.
    """
    _check(conference, codes, decision)
    way = _Way(decision, clean_reason(reason), tell_reason, or_wait, actor)
    decided = Decided()
    chunks = list(_chunks(conference, codes))
    if len(chunks) > 1 and connection.in_atomic_block:
        # One transaction around all chunks: none may begin anew behind the places of another.
        every = [pk for ids in chunks for pk in ids]
        hold_for_several(conference_id=conference.pk, registrations=every)
    for ids in chunks:
        _decide_chunk(conference, ids, way, decided)
    if decided.done:
        fill_freed_places(conference_id=conference.pk)
    return decided


def foretell_decisions(
    *, conference: Conference, codes: Collection[str], decision: str, or_wait: bool = True
) -> Decided:
    """Return what `decide_registrations` would come to now; nothing is written or locked.

    Raises:
        DomainError: as there.
    """
    _check(conference, codes, decision)
    decided = Decided()
    free = free_places(conference)
    kept: dict[int, dict[int, int]] = {}
    for ids in _chunks(conference, codes):
        rows = _in_order(_rows(conference, ids))
        kept = kept_by_codes(rows) | kept
        plan = _plan(rows, decision, free, kept, or_wait=or_wait)
        for row, status in plan.steps:
            decided.add(row, status)
        decided.skipped += plan.skipped
    return decided


def _check(conference: Conference, codes: Collection[str], decision: str) -> None:
    if decision not in DECISIONS:
        raise invalid("/decision", "choice", f"Choose one of {', '.join(DECISIONS)}.")
    if len(codes) > MOST:
        raise DomainError(
            "too-large",
            f"That is for {MOST:,} at a time at the most, and these are {len(codes):,}.",
        )
    if decision != REJECT:
        check_conference_takes(conference)


def _rows(conference: Conference, ids: Collection[int]) -> QuerySet[Registration]:
    return Registration.objects.filter(conference=conference, pk__in=ids).select_related(
        "registration_type", "booking"
    )


def _chunks(conference: Conference, codes: Collection[str]) -> Iterator[list[int]]:
    """Yield the ids of these, who came first first."""
    since = Coalesce(F("waiting_since"), F("created_at"))
    ids = list(
        Registration.objects.filter(conference=conference, code__in=codes)
        .order_by(since, "pk")
        .values_list("pk", flat=True)
    )
    for begin in range(0, len(ids), _CHUNK):
        yield ids[begin : begin + _CHUNK]


def _in_order(rows: Collection[Registration] | QuerySet[Registration]) -> list[Registration]:
    return sorted(rows, key=lambda row: (row.waiting_since or row.created_at, row.pk))


def _decide_chunk(conference: Conference, ids: Sequence[int], way: _Way, decided: Decided) -> None:
    for number in range(_TRIES):
        try:
            plan = _try_chunk(conference, ids, way, surely=number == _TRIES - 1)
        except _GoneError:
            continue
        for row, status in plan.steps:
            decided.add(row, status)
        decided.skipped += plan.skipped
        return


@transaction.atomic
def _try_chunk(conference: Conference, ids: Sequence[int], way: _Way, *, surely: bool) -> _Plan:
    """Decide these in one transaction; the places come last.

    Arguments:
        surely: whether others have to wait for the places from the beginning.

    Raises:
        _GoneError: when a place went between looking and taking.
    """
    locked = _rows(conference, ids).select_for_update(of=("self",), no_key=True).order_by("pk")
    rows = _in_order(list(locked))
    for row in rows:
        row.conference = conference
    if way.decision != APPROVE:  # who comes along may have to lead
        along = Registration.objects.live().filter(lead__in=rows)
        hold_registrations(along.values_list("pk", flat=True))
    hold_types(rows)
    hold_codes(row.access_code_id for row in rows)
    codes = locked_keepers(rows) if way.decision == APPROVE else {}
    # Who uses what codes keep takes in several goes: nobody else may stand in between.
    if surely or codes:
        hold_allotments(conference.allotments.values_list("pk", flat=True))
    kept = kept_by_codes(rows) if codes else {}
    plan = _plan(rows, way.decision, free_places(conference), kept, or_wait=way.or_wait)
    told: dict[str, list[Registration]] = {}
    for row, status in plan.steps:
        before = row.status
        _write(row, status, way.reason)
        record_status(_AUDIT[status], row, before, way.actor)
        verb = {_S.WAITING_LIST: "put_on_list", _S.REJECTED: "rejected"}.get(
            RegistrationStatus(status)
        )
        told.setdefault(verb or TOLD[before], []).append(row)
    for verb, together in told.items():
        registration_changed.send(
            sender=Registration,
            event=RegistrationChanged(
                conference_id=conference.pk,
                registration_ids=tuple(row.pk for row in together),
                verb=verb,
                with_reason=way.tell_reason,
            ),
            registrations=together,
        )
    turned_down = [row for row, status in plan.steps if status == _S.REJECTED]
    hand_on(turned_down, way.actor)
    give_uses_back(turned_down)
    give_back_all_places(turned_down)
    for code_id, wanted in plan.wanted.items():
        holder = None if code_id is None else codes[code_id]
        if take_places(wanted=wanted, holder=holder) is not None:
            raise _GoneError
    return plan


def _write(row: Registration, status: str, reason: str) -> None:
    if status != _S.CONFIRMED:
        write_decision(row, status, reason, None)
        return
    row.status = status
    row.status_at = row.confirmed_at = timezone.now()
    row.confirmed_day = day_of(row.conference)
    row.decision_reason = reason
    row.sequence += 1
    changed = ["status", "status_at", "confirmed_at", "confirmed_day", "decision_reason"]
    save_root(row, [*changed, "sequence"], None)


def _plan(
    rows: Sequence[Registration],
    decision: str,
    free: dict[int, int],
    kept: Mapping[int, dict[int, int]],
    *,
    or_wait: bool,
) -> _Plan:
    """Say what each of these becomes; places are taken from the figures, in memory."""
    needs = allotments_of_many(rows) if decision == APPROVE else {}
    plan = _Plan([], {}, [])
    for row in rows:
        why = _why_not(row, decision)
        if why:
            plan.skipped.append((row, why))
        elif decision != APPROVE:
            plan.steps.append((row, _S.WAITING_LIST if decision == WAIT else _S.REJECTED))
        elif fits(needs[row.pk], free, kept.get(row.access_code_id or 0)):
            plan.steps.append((row, _S.CONFIRMED))
            code_id = row.access_code_id if row.access_code_id in kept else None
            plan.wanted.setdefault(code_id, {})[row.pk] = needs[row.pk]
        elif row.status == _S.WAITING_LIST:
            plan.skipped.append((row, "There is no place left: stays on the waiting list."))
        elif not or_wait:
            plan.skipped.append((row, "There is no place left."))
        elif row.registration_type.waiting_list:
            plan.steps.append((row, _S.WAITING_LIST))
        else:
            plan.skipped.append((row, "There is no place left, and this kind has no waiting list."))
    return plan


def _why_not(row: Registration, decision: str) -> str:
    if decision == WAIT and row.status == _S.WAITING_LIST:
        return "Is on the waiting list already."
    if decision == WAIT and not row.registration_type.waiting_list:
        return "This kind of place has no waiting list."
    decided_from = {
        APPROVE: tuple(TOLD),
        WAIT: (_S.PENDING_APPROVAL,),
        REJECT: TURNED_DOWN_FROM,
    }
    if row.status in decided_from[decision]:
        return ""
    return f"Has been decided already: {row.get_status_display().lower()}."
