"""From an announcement to rows of the outbox, a thousand at a time, by any number of planners.

Each thousand is one transaction that locks the announcement, writes the rows and how far it came. A
planner that dies leaves a place to go on from; two at once take turns. A row's key holds the
address, so one address gets one mail, whoever plans how often.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from notifications.enums import (
    IN_HAND,
    TO_BE_SENT,
    UNDER_WAY,
    AnnouncementState,
    CancelReason,
    MessageKind,
    MessageState,
)
from notifications.models import Announcement, Message, message_uid
from notifications.services.announcement_audiences import recipients_of
from notifications.services.announcement_readers import Chunk, Reader
from notifications.services.dbclock import DatabaseNow
from notifications.services.kinds import kind_of
from notifications.services.outbox import OPEN

# Who is meant is looked up as late as that before the mails leave.
AHEAD: Final = 75.0
_TAKEN_BACK: Final = 1000
_OPEN_OR_IN_HAND: Final = (MessageState.QUEUED, *IN_HAND)
_DONE: Final = (*TO_BE_SENT, AnnouncementState.STOPPED)


@dataclass(slots=True)
class Work:
    """What a planner did.

    Arguments:
        more: whether it stopped because its time was up.
        idle: whether no announcement is under way.
    """

    planned: int = 0
    taken_back: int = 0
    more: bool = False
    idle: bool = False


def run_announcements(*, seconds: float = 8.0) -> Work:
    """Plan what is about to leave, take back what was stopped, close what is done.

    Arguments:
        seconds: after which it goes no further; the next one goes on from there.
    """
    ends, work = time.monotonic() + seconds, Work()
    if not Announcement.objects.filter(Q(state__in=UNDER_WAY) | _has_left_overs()).exists():
        return Work(idle=True)
    for pk in _to_take_back():
        work.taken_back += take_back(pk, ends)
    for pk in _to_plan():
        work.planned += plan_announcement(pk, ends=ends)
    close()
    work.more = time.monotonic() >= ends and bool(_to_plan() or _to_take_back())
    return work


# --- Planning ------------------------------------------------------------------------------------
def _to_plan() -> list[int]:
    return list(
        Announcement.objects.filter(
            state__in=UNDER_WAY, planned_at__isnull=True, undo_until__lte=DatabaseNow(AHEAD)
        )
        .order_by("undo_until", "pk")
        .values_list("pk", flat=True)
    )


def plan_announcement(pk: int, *, ends: float | None = None) -> int:
    """Write the rows of one announcement from where it stands; return how many were looked at.

    Where another planner is ahead, this one reads on from there.
    """
    looked_at = 0
    while ends is None or time.monotonic() < ends:
        row = (
            Announcement.objects.select_related("conference__organisation")
            .filter(pk=pk, state__in=UNDER_WAY, planned_at__isnull=True)
            .first()
        )
        if row is None:
            return looked_at
        for chunk in recipients_of(row, after=row.plan_cursor):
            if not _write(row, chunk):
                break
            row.plan_cursor = chunk.cursor
            looked_at += len(chunk.readers)
            if ends is not None and time.monotonic() >= ends:
                break
    return looked_at


def _write(seen: Announcement, chunk: Chunk) -> bool:
    """Write a chunk, unless the announcement has moved on since it was read."""
    rows = [as_message(seen, reader) for reader in chunk.readers]
    with transaction.atomic():
        here = Announcement.objects.select_for_update(no_key=True).filter(
            pk=seen.pk,
            round=seen.round,
            state__in=UNDER_WAY,
            plan_cursor=seen.plan_cursor,
            planned_at__isnull=True,
        )
        if not list(here.values_list("pk", flat=True)):
            return False
        if not seen.plan_cursor:
            _cancel_open(Q(announcement_id=seen.pk) & ~Q(occurrence=seen.occurrence))
        Message.objects.bulk_create(rows, ignore_conflicts=True)
        row = Announcement.objects.filter(pk=seen.pk)
        if chunk.cursor:
            row.update(plan_cursor=chunk.cursor)
        else:
            planned = Message.objects.filter(
                announcement_id=seen.pk, occurrence=seen.occurrence
            ).count()
            row.update(planned_at=DatabaseNow(), planned=planned, updated_at=DatabaseNow())
    return True


def message_key(announcement: Announcement, key: str) -> str:
    """Return the outbox's key of an address in an announcement's present round."""
    digest = hashlib.sha256(f"{announcement.code}:{key}".encode()).hexdigest()[:32]
    return f"announcement:{announcement.pk}.{announcement.round}:{digest}"


def as_message(announcement: Announcement, reader: Reader) -> Message:
    """Return a reader's row of the outbox; it need not be saved."""
    key = message_key(announcement, reader.key)
    kind = kind_of(MessageKind.ANNOUNCEMENT)
    # One that is not under way yet is shown as it would go now.
    due_at = announcement.undo_until or timezone.now()
    return Message(
        uid=message_uid(key),
        key=key,
        kind=MessageKind.ANNOUNCEMENT,
        template=kind.template,
        conference=announcement.conference,
        announcement=announcement,
        registration_id=reader.registration_id,
        person_id=reader.person_id,
        participation_id=reader.participation_id,
        invitation_id=reader.invitation_id,
        occurrence=announcement.occurrence,
        to_email=reader.contact.email,
        to_name=reader.contact.name[:250],
        language=reader.contact.language,
        facts={"section": str(reader.section)},
        due_at=due_at,
        not_after=due_at + kind.lifetime,
    )


# --- Taking back ---------------------------------------------------------------------------------
def _has_left_overs() -> Q:
    waiting = Message.objects.filter(announcement=OuterRef("pk"), state__in=OPEN)
    return Q(Exists(waiting), state__in=_DONE)


def _to_take_back() -> list[int]:
    rows = Announcement.objects.filter(_has_left_overs()).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def take_back(pk: int, ends: float | None = None) -> int:
    """Take back what was not begun of an announcement that was stopped, held or taken back."""
    taken = 0
    while ends is None or time.monotonic() < ends:
        with transaction.atomic():
            row = (
                Announcement.objects.select_for_update(no_key=True)
                .filter(pk=pk, state__in=_DONE)
                .first()
            )
            if row is None:
                return taken
            mine = Message.objects.filter(announcement=row, state__in=OPEN)
            ids = list(mine.order_by("pk").values_list("pk", flat=True)[:_TAKEN_BACK])
            taken += _cancel_open(Q(pk__in=ids))
            if len(ids) < _TAKEN_BACK:
                sent = Message.objects.filter(announcement=row, state=MessageState.SENT).count()
                Announcement.objects.filter(pk=pk).update(sent=sent)
                return taken
    return taken


def _cancel_open(which: Q) -> int:
    return Message.objects.filter(which, state__in=OPEN).update(
        state=MessageState.CANCELLED,
        cancelled_for=CancelReason.ORGANISER,
        lease_token=None,
        lease_until=None,
        updated_at=DatabaseNow(),
    )


# --- Closing -------------------------------------------------------------------------------------
def close() -> int:
    """Say of what is through that it was sent."""
    waiting = Message.objects.filter(announcement=OuterRef("pk"), state__in=_OPEN_OR_IN_HAND)
    through = (
        Announcement.objects.filter(
            ~Exists(waiting), state=AnnouncementState.SENDING, planned_at__isnull=False
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(map(_close, through))


def _close(pk: int) -> int:
    sent = Message.objects.filter(announcement_id=pk, state=MessageState.SENT).count()
    return Announcement.objects.filter(
        pk=pk, state=AnnouncementState.SENDING, planned_at__isnull=False
    ).update(
        state=AnnouncementState.SENT,
        sent=sent,
        done_at=DatabaseNow(),
        version=F("version") + 1,
        updated_at=DatabaseNow(),
    )
