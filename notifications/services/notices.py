"""A move, a postponement or a cancellation, told to everybody concerned.

In the deed's own transaction it is one row, however many there are to tell; the sweeper makes one
message a recipient of it (services.telling). Moves in quick succession are told once, with the time
known before the first of them; a move there and back is not told at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from events.enums import ConferenceState
from events.models import Conference
from events.signals import ConferenceMoved
from notifications.enums import MessageKind
from notifications.models import Message, Notice
from notifications.services.dbclock import DatabaseNow, database_now
from notifications.services.kinds import MOVES
from notifications.services.telling import occurrence_of, present, tell

__all__ = [
    "note_cancellation",
    "note_move",
    "note_postponement",
    "note_reopening",
    "notices_to_tell",
    "tell",
]
MOVE_REASONS = frozenset({"moved", "shifted", "rezoned"})


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
    waiting = _waiting(conference).last()
    if waiting is not None and waiting.facts.get("former_start"):
        former = waiting.facts
    _make_void(conference)
    if former == present(conference) and (waiting is None or not _messages(waiting).exists()):
        return None
    return _note_new_time(conference, former)


def note_postponement(*, conference: Conference) -> Notice | None:
    """Write down that everybody is to be told that the date is to come."""
    known = _told_last(conference)
    _make_void(conference)
    if conference.announced_at is None or _is_over(conference):
        return None
    return _note(conference, MessageKind.POSTPONED, known)


def note_reopening(*, conference: Conference) -> Notice | None:
    """Write down what is to be told of a conference that takes place after all.

    Who never heard that it would not is told only of another date.
    """
    last = Notice.objects.filter(conference=conference).order_by("-revision", "-pk").first()
    _make_void(conference)
    if last is None or last.kind in MOVES or not last.facts or _is_over(conference):
        return None
    if last.facts == present(conference) and not _messages(last).exists():
        return None
    return _note_new_time(conference, last.facts)


def note_cancellation(*, conference: Conference) -> Notice | None:
    """Write down that everybody is to be told that the conference is off."""
    known = _told_last(conference)
    _make_void(conference)
    if conference.announced_at is None or _is_over(conference):
        return None
    return _note(conference, MessageKind.CONFERENCE_CANCELLED, known)


def notices_to_tell() -> list[int]:
    """Return the notices that are not written out."""
    return list(Notice.objects.filter(done_at__isnull=True).values_list("pk", flat=True))


def _note_new_time(conference: Conference, former: Mapping[str, Any]) -> Notice:
    same_day = former["former_start"][:10] == present(conference)["former_start"][:10]
    kind = MessageKind.CHANGED_TIME if same_day else MessageKind.NEW_DATE
    return _note(conference, kind, former)


def _note(conference: Conference, kind: MessageKind, facts: Mapping[str, Any]) -> Notice:
    notice, _made = Notice.objects.get_or_create(
        conference=conference,
        kind=kind,
        revision=conference.plan_revision,
        defaults={"facts": dict(facts)},
    )
    return notice


def _told_last(conference: Conference) -> Mapping[str, Any]:
    """Return the time that readers know, before a move of which they have not been told."""
    last = Notice.objects.filter(conference=conference).order_by("-revision", "-pk").first()
    if last is not None and last.facts and (last.done_at is None or last.kind not in MOVES):
        return dict(last.facts)
    return present(conference)


def _waiting(conference: Conference) -> QuerySet[Notice]:
    return Notice.objects.filter(
        conference=conference, kind__in=MOVES, done_at__isnull=True
    ).order_by("pk")


def _make_void(conference: Conference) -> None:
    Notice.objects.filter(conference=conference, done_at__isnull=True).update(done_at=DatabaseNow())


def _messages(notice: Notice) -> QuerySet[Message]:
    return Message.objects.filter(
        conference_id=notice.conference_id, occurrence=occurrence_of(notice)
    )


def _is_over(conference: Conference) -> bool:
    return conference.ends_at <= database_now()
