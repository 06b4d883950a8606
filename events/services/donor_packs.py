"""Donor packs: asked for once, made by one worker, kept for a week.

What goes into one is known above (console.donor_pack); here stands who makes it. A worker that
shows no sign of life for two minutes is followed by another one, and what it may still bring is
thrown away: only who has the claim finishes a pack.
"""

from __future__ import annotations

import datetime as dt
import logging
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import IO, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.actors import CLOCK, Actor
from core.errors import DomainError, stale
from core.models import StoredFile
from core.services import audit
from core.services.kept_files import delete_file, keep_made_file
from events.enums import JobState
from events.models import Conference, DonorPack
from events.services.writing import load

logger = logging.getLogger(__name__)
KEPT: Final = dt.timedelta(days=7)
# A worker that showed no sign of life for so long has died.
SILENCE: Final = dt.timedelta(minutes=2)
# What is not there by then never will be: whatever makes it dies of it.
GIVEN_UP: Final = dt.timedelta(hours=1)
UNFINISHED: Final = (JobState.WAITING, JobState.RUNNING)
_ZIP: Final = "application/zip"
_TOO_LONG: Final = "It took more than an hour and was given up. Tell who runs Lectern."
_BROKE: Final = "Something in it can not be made. Nothing is lost: tell who runs Lectern."


@dataclass(frozen=True, slots=True)
class Made:
    """A finished pack.

    Arguments:
        file: the ZIP, open.
        missing: what is not in it, a sentence each.
    """

    file: IO[bytes]
    missing: Sequence[str]


class TakenOverError(Exception):
    """Another worker has the pack, or it was deleted: what this one made is thrown away."""


# Called between the parts of a pack: a sign of life. Raises TakenOverError.
Alive = Callable[[], None]
Build = Callable[[DonorPack, Alive], Made]


@transaction.atomic
def ask_for_pack(*, conference: Conference, actor: Actor) -> DonorPack:
    """Have a pack made; one that is being made is the one that is meant."""
    root = load(conference)
    unfinished = DonorPack.objects.filter(conference=root, state__in=UNFINISHED).first()
    if unfinished is not None:
        return unfinished
    row = DonorPack.objects.create(conference=root, actor_id=actor.name)
    _record("ask_for_donor_pack", row, actor)
    return row


def make_packs(*, build: Build, seconds: float = 240) -> int:
    """Make the packs that nobody works at; return how many are done.

    Any number may be called at once: each pack is one caller's until it is silent for two minutes.

    Arguments:
        build: puts a pack together.
        seconds: after which the rest is left to the next call.
    """
    done, until = 0, monotonic() + seconds
    while monotonic() < until and (row := _claim()) is not None:
        done += _make(row, build)
    return done


def stamp_of(pack: DonorPack) -> int:
    """Return a number that differs after each change of a pack: `expected` is compared with it."""
    return zlib.crc32(pack.updated_at.isoformat().encode()) % 1_000_000_000


@transaction.atomic
def delete_pack(*, pack: DonorPack, actor: Actor, expected: int | None = None) -> None:
    """Delete a pack and its file, whether it is done or not.

    Raises:
        DomainError: ``stale``.
    """
    row = DonorPack.objects.select_related("conference", "file").filter(pk=pack.pk).first()
    if row is None:
        return
    if expected is not None and expected != stamp_of(row):
        raise stale()
    _record("delete_donor_pack", row, actor)
    file = row.file
    row.delete()
    if file is not None:
        delete_file(file=file, actor=actor)


def forget_packs() -> int:
    """Delete packs a week after they were asked for; return how many."""
    rows = list(DonorPack.objects.filter(created_at__lt=timezone.now() - KEPT))
    for row in rows:
        delete_pack(pack=row, actor=CLOCK)
    return len(rows)


def _claim() -> DonorPack | None:
    now = timezone.now()
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - SILENCE)
    rows = DonorPack.objects.filter(free, state__in=UNFINISHED).order_by("pk")
    rows.filter(created_at__lt=now - GIVEN_UP).update(
        state=JobState.FAILED, error=_TOO_LONG, claimed_at=None, updated_at=now
    )
    for row in rows.select_related("conference__organisation")[:10]:
        if rows.filter(pk=row.pk).update(state=JobState.RUNNING, claimed_at=now, updated_at=now):
            row.state, row.claimed_at = JobState.RUNNING, now
            return row
    return None


def _make(row: DonorPack, build: Build) -> bool:
    def alive() -> None:
        now = timezone.now()
        if not _mine(row).update(claimed_at=now, updated_at=now):
            raise TakenOverError
        row.claimed_at = now

    try:
        made = build(row, alive)
        alive()
        with made.file:
            _finish(row, made)
    except TakenOverError:
        return False
    except DomainError as refusal:
        _fail(row, refusal.detail)
        return False
    except Exception:
        logger.exception("A donor pack could not be made: %s", row.code)
        _fail(row, _BROKE)
        return False
    return True


def _mine(row: DonorPack) -> QuerySet[DonorPack]:
    return DonorPack.objects.filter(pk=row.pk, state=JobState.RUNNING, claimed_at=row.claimed_at)


def _finish(row: DonorPack, made: Made) -> None:
    with transaction.atomic():
        file = keep_made_file(
            organisation_id=row.conference.organisation_id,
            made=made.file,
            name=f"{row.conference.slug}-donor-pack.zip",
            content_type=_ZIP,
            actor=Actor.named(row.actor_id),
        )
        try:
            _hand_over(row, file, made)
        except BaseException:
            file.file.delete(save=False)
            raise


def _hand_over(row: DonorPack, file: StoredFile, made: Made) -> None:
    done = _mine(row).update(
        state=JobState.DONE,
        file=file,
        missing=list(made.missing),
        claimed_at=None,
        updated_at=timezone.now(),
    )
    if not done:
        raise TakenOverError


def _fail(row: DonorPack, sentence: str) -> None:
    _mine(row).update(
        state=JobState.FAILED, error=sentence[:500], claimed_at=None, updated_at=timezone.now()
    )


def _record(verb: str, row: DonorPack, actor: Actor) -> None:
    audit.record(verb=verb, obj=row, organisation_id=row.conference.organisation_id, actor=actor)
