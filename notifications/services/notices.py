"""A move or a cancellation, told to everybody concerned.

In the deed's own transaction it is one row, however many there are to tell; the sweeper makes one
message a recipient of it. Moves in quick succession are told once, with the time known before the
first of them; a move there and back is not told at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from events.enums import ConferenceState
from events.models import Conference
from events.signals import ConferenceMoved
from notifications.enums import CancelReason, MessageKind, MessageState
from notifications.models import Message, Notice
from notifications.services.dbclock import DatabaseNow, database_now
from notifications.services.kinds import kind_of
from notifications.services.outbox import OPEN, new_message, put_in
from notifications.services.recipients import CHUNK, registration_contact
from registrations.models import Registration

MOVES: Final = frozenset({"moved", "shifted", "rezoned"})


def note_move(*, conference: Conference, event: ConferenceMoved) -> Notice | None:
    """Write down that everybody with a place is to be told a new time, in the mover's transaction.

    Nobody is told of a conference that is not announced, or over, or at the same clock times.
    """
    if event.former_start is None or event.former_end is None or _is_over(conference):
        return None
    if conference.state != ConferenceState.PUBLISHED:
        return None
    former = {
        "former_start": event.former_start.isoformat(timespec="minutes"),
        "former_end": event.former_end.isoformat(timespec="minutes"),
        "former_time_zone": event.former_zone,
    }
    waiting = _waiting(conference, MessageKind.CHANGED_TIME).last()
    if waiting is not None:
        former = waiting.facts
    _make_void(conference)
    if former == _present(conference) and (waiting is None or not _messages(waiting).exists()):
        return None
    return _note(conference, MessageKind.CHANGED_TIME, former)


def note_cancellation(*, conference: Conference) -> Notice | None:
    """Write down that everybody is to be told that the conference is off."""
    _make_void(conference)
    if conference.announced_at is None or _is_over(conference):
        return None
    return _note(conference, MessageKind.CONFERENCE_CANCELLED, {})


def forget_notices(*, conference: Conference) -> None:
    """Tell nobody what was to be told: the conference is postponed, or takes place after all."""
    _make_void(conference)


def notices_to_tell() -> list[int]:
    """Return the notices that are not written out."""
    return list(Notice.objects.filter(done_at__isnull=True).values_list("pk", flat=True))


def tell(notice_id: int) -> int:
    """Make one message a recipient of a notice and return how many; telling again adds none.

    Messages of an earlier notice that still wait are taken back: this one says what holds now.
    """
    notice = Notice.objects.select_related("conference").filter(pk=notice_id).first()
    if notice is None or notice.done_at is not None:
        return 0
    Message.objects.filter(conference=notice.conference, kind=notice.kind, state__in=OPEN).exclude(
        occurrence=_occurrence(notice)
    ).update(
        state=MessageState.CANCELLED,
        cancelled_for=CancelReason.PLAN,
        lease_token=None,
        lease_until=None,
        updated_at=DatabaseNow(),
    )
    told = 0
    for registrations in _chunks(notice):
        with transaction.atomic():
            if not Notice.objects.filter(pk=notice.pk, done_at__isnull=True).exists():
                return told
            rows = [row for r in registrations if (row := _message(notice, r)) is not None]
            put_in(rows)
            told += len(rows)
    Notice.objects.filter(pk=notice.pk).update(done_at=DatabaseNow())
    return told


def _note(conference: Conference, kind: MessageKind, facts: dict[str, Any]) -> Notice:
    notice, _made = Notice.objects.get_or_create(
        conference=conference,
        kind=kind,
        revision=conference.plan_revision,
        defaults={"facts": facts},
    )
    return notice


def _waiting(conference: Conference, kind: MessageKind) -> QuerySet[Notice]:
    return Notice.objects.filter(conference=conference, kind=kind, done_at__isnull=True)


def _make_void(conference: Conference) -> None:
    Notice.objects.filter(conference=conference, done_at__isnull=True).update(done_at=DatabaseNow())


def _messages(notice: Notice) -> QuerySet[Message]:
    return Message.objects.filter(
        conference_id=notice.conference_id, kind=notice.kind, occurrence=_occurrence(notice)
    )


def _occurrence(notice: Notice) -> str:
    return f"revision:{notice.revision}"


def _is_over(conference: Conference) -> bool:
    return conference.ends_at <= database_now()


def _local(moment: dt.datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment is not None else ""


def _present(conference: Conference) -> dict[str, str]:
    return {
        "former_start": _local(conference.start_local),
        "former_end": _local(conference.end_local),
        "former_time_zone": conference.time_zone,
    }


def _chunks(notice: Notice) -> Iterator[list[Registration]]:
    rows = (
        Registration.objects.filter(
            conference=notice.conference, status__in=kind_of(notice.kind).statuses
        )
        .select_related("booking")
        .order_by("pk")
    )
    after = 0
    while found := list(rows.filter(pk__gt=after)[:CHUNK]):
        yield found
        after = found[-1].pk


def _message(notice: Notice, registration: Registration) -> Message | None:
    contact = registration_contact(registration)
    if contact is None:
        return None
    return new_message(
        key=f"{notice.kind}:{registration.code}:{notice.revision}",
        kind=notice.kind,
        conference=notice.conference,
        contact=contact,
        not_after=notice.conference.ends_at,
        registration=registration,
        facts=notice.facts,
        occurrence=_occurrence(notice),
    )
