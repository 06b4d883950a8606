"""Doing a verb for many registrations: at once for a few, else piece by piece by a worker.

Each registration is changed in a transaction of its own, in which the deed moves on by one. So it
can be stopped between any two of them, and a worker that dies is followed by another one that
begins where it ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from math import inf
from time import monotonic
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from events.models import Conference
from registrations.enums import DeedState
from registrations.models import BulkDeed, Registration
from registrations.services.bulk import EXAMPLES, Values, clean_values, do_to_one, reasons_against

# So many are done while the page waits.
AT_ONCE: Final = 200
MOST: Final = 100_000
_PIECE: Final = 100
# A worker that showed no sign of life for so long has died.
SILENCE: Final = dt.timedelta(minutes=2)
# What came of a deed can be read so long.
KEPT: Final = dt.timedelta(days=30)


class _TakenOverError(Exception):
    """Somebody stopped the deed, or another worker has it: what was just done is undone."""


def start_deed(
    *,
    conference: Conference,
    rows: QuerySet[Registration],
    verb: str,
    values: Values,
    actor: Actor,
    at_once: int = AT_ONCE,
) -> BulkDeed:
    """Do a verb to these registrations: all of it where they are few, else it is left to workers.

    A refusal of one stops no other; it is counted with its sentence.

    Arguments:
        verb: one of services.bulk.VERBS.
        values: what the verb asks for.
        at_once: how many are few; 0 for a caller whose own transaction is still open.

    Raises:
        DomainError: ``validation-failed`` for what the verb asks for, or without anybody;
            ``too-large`` for more than 100,000.
    """
    cleaned = clean_values(verb, values)
    ids = list(rows.values_list("pk", flat=True)[: MOST + 1])
    if not ids:
        raise DomainError("validation-failed", "Choose registrations first.")
    if len(ids) > MOST:
        raise DomainError("too-large", f"That is for {MOST:,} registrations at a time at the most.")
    now = timezone.now()
    with transaction.atomic():
        deed = BulkDeed.objects.create(
            conference=conference,
            verb=verb,
            values=cleaned,
            registration_ids=ids,
            total=len(ids),
            actor_id=actor.name,
            # Nobody else begins with what is done at once.
            claimed_at=now if len(ids) <= at_once else None,
        )
        audit.record(
            verb="start_deed",
            obj=deed,
            organisation_id=conference.organisation_id,
            actor=actor,
            facts={"verb": verb, "number": len(ids)},
        )
    if len(ids) <= at_once:
        _run(deed, actor)
        deed.refresh_from_db()
    return deed


@transaction.atomic
def stop_deed(*, deed: BulkDeed, actor: Actor) -> BulkDeed:
    """Stop a deed where it is; what is done stays.

    Raises:
        DomainError: ``wrong-state`` when it has ended.
    """
    running = BulkDeed.objects.filter(pk=deed.pk, state=DeedState.RUNNING)
    if not running.update(state=DeedState.STOPPED, updated_at=timezone.now()):
        raise DomainError("wrong-state", "It has ended already.")
    deed.refresh_from_db()
    audit.record(
        verb="stop_deed",
        obj=deed,
        organisation_id=deed.conference.organisation_id,
        actor=actor,
        facts={"done": deed.done, "of": deed.total},
    )
    return deed


def go_on_with_deeds(*, seconds: float = 240) -> int:
    """Go on with the deeds that nobody works at; return how many registrations were looked at.

    Any number may be called at once: each deed is one caller's until it is silent for two minutes.

    Arguments:
        seconds: after which the rest is left to the next call.
    """
    number, until = 0, monotonic() + seconds
    while monotonic() < until and (deed := _claim()) is not None:
        number += _run(deed, Actor.named(deed.actor_id), until)
    return number


def forget_deeds() -> int:
    """Delete what came of deeds a month ago; return how many."""
    over = BulkDeed.objects.exclude(state=DeedState.RUNNING)
    return over.filter(updated_at__lt=timezone.now() - KEPT).delete()[0]


def _claim() -> BulkDeed | None:
    now = timezone.now()
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - SILENCE)
    rows = BulkDeed.objects.filter(free, state=DeedState.RUNNING).order_by("pk")
    # Their long lists are read only of the one that is done.
    for row in rows.select_related("conference").defer("registration_ids")[:10]:
        if rows.filter(pk=row.pk).update(claimed_at=now):
            return row
    return None


def _run(deed: BulkDeed, actor: Actor, until: float = inf) -> int:
    """Do what is left of a deed that the caller has claimed; return how many that were."""
    begin = deed.done
    mine = BulkDeed.objects.filter(pk=deed.pk, state=DeedState.RUNNING)
    try:
        while deed.done < deed.total and monotonic() < until:
            _piece(deed, deed.registration_ids[deed.done : deed.done + _PIECE], actor)
            mine.update(claimed_at=timezone.now())
    except _TakenOverError:
        return deed.done - begin
    state = DeedState.DONE if deed.done == deed.total else DeedState.RUNNING
    mine.filter(done=deed.done).update(state=state, claimed_at=None, updated_at=timezone.now())
    return deed.done - begin


def _piece(deed: BulkDeed, ids: Sequence[int], actor: Actor) -> None:
    found = Registration.objects.filter(pk__in=ids)
    rows = found.select_related("conference", "booking", "person").in_bulk()
    unfit = _unfit(deed, found)
    for pk in ids:
        with transaction.atomic():
            reason = unfit.get(pk) or _try(deed, rows.get(pk), actor)
            left_out = _with(deed.left_out, reason, pk) if reason else deed.left_out
            succeeded = deed.succeeded + (not reason)
            mine = BulkDeed.objects.filter(pk=deed.pk, state=DeedState.RUNNING, done=deed.done)
            if not mine.update(
                done=deed.done + 1,
                succeeded=succeeded,
                left_out=left_out,
                updated_at=timezone.now(),
            ):
                raise _TakenOverError
        deed.done, deed.succeeded, deed.left_out = deed.done + 1, succeeded, left_out


def _unfit(deed: BulkDeed, rows: QuerySet[Registration]) -> dict[int, str]:
    """Return who is left out of a piece and why, in the words of the look ahead."""
    try:
        return reasons_against(
            conference=deed.conference, rows=rows, verb=deed.verb, values=deed.values
        )
    except DomainError as refusal:  # the conference does not take place any more
        return dict.fromkeys(rows.values_list("pk", flat=True), refusal.detail)


def _try(deed: BulkDeed, row: Registration | None, actor: Actor) -> str:
    """Do the verb to one; return the sentence of its refusal, which leaves nothing behind, or of
    what came of it instead.
    """
    if row is None:
        return "Is not there any more."
    try:
        with transaction.atomic():
            return do_to_one(registration=row, verb=deed.verb, values=deed.values, actor=actor)
    except DomainError as refusal:
        return refusal.detail


def _with(left_out: list[dict[str, Any]], reason: str, pk: int) -> list[dict[str, Any]]:
    """Return the reasons with one more registration."""
    found = [dict(one) for one in left_out]
    mine = next((one for one in found if one["reason"] == reason), None)
    if mine is None:
        mine = {"reason": reason, "number": 0, "ids": []}
        found.append(mine)
    mine["number"] += 1
    if len(mine["ids"]) < EXAMPLES:
        mine["ids"] = [*mine["ids"], pk]
    return found
