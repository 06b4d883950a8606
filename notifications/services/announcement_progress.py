"""How far announcements have come, counted from the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from core.clock import to_local
from notifications.enums import IN_HAND, TO_BE_SENT, AnnouncementState, MessageState
from notifications.models import Announcement, Message
from notifications.services.dbclock import database_now
from notifications.services.reading import local_moment

# Seconds: from an hour on the day matters, not the second.
LONG: Final = 3600


@dataclass(frozen=True, slots=True)
class Progress:
    """One announcement's mails by what became of them.

    Arguments:
        states: state of a message -> how many, in the present round.
        expected: to how many it was to go.
        is_planned: whether all of them are in the outbox.
        seconds_left: how long it can still be taken back; 0 when it can not.
    """

    states: Mapping[str, int]
    expected: int
    is_planned: bool
    is_stopped: bool
    seconds_left: int = 0
    leaves: str = ""

    @property
    def waits_long(self) -> bool:
        """Whether it leaves on another day perhaps: then `leaves` names the day and the zone."""
        return self.seconds_left > LONG

    @property
    def planned(self) -> int:
        return sum(self.states.values())

    @property
    def sent(self) -> int:
        return self.states.get(MessageState.SENT, 0)

    @property
    def failed(self) -> int:
        return sum(
            self.states.get(state, 0)
            for state in (MessageState.FAILED, MessageState.UNKNOWN, MessageState.EXPIRED)
        )

    @property
    def taken_back(self) -> int:
        """Those that are not sent; of a stopped one also what a planner has still to take back."""
        return self.states.get(MessageState.CANCELLED, 0) + (self._open if self.is_stopped else 0)

    @property
    def waiting(self) -> int:
        """Those that are still to go."""
        return 0 if self.is_stopped else self._open + self.states.get(MessageState.SENDING, 0)

    @property
    def _open(self) -> int:
        return self.states.get(MessageState.QUEUED, 0) + self.states.get(IN_HAND[0], 0)


def progress_of(announcement: Announcement) -> Progress:
    """Return how far an announcement has come; one query, and one for the clock while it waits."""
    return progress_of_all([announcement])[announcement.pk]


def progress_of_all(announcements: Iterable[Announcement]) -> dict[int, Progress]:
    """Return how far each of these has come, with one query for all of them."""
    rows = {row.pk: row for row in announcements}
    counted = (
        Message.objects.filter(announcement_id__in=rows)
        .order_by()
        .values_list("announcement_id", "occurrence", "state")
        .annotate(number=Count("pk"))
    )
    states: dict[int, dict[str, int]] = {pk: {} for pk in rows}
    for pk, occurrence, state, number in counted:
        if pk is not None and occurrence == rows[pk].occurrence:
            states[pk][state] = number
    waits = any(row.state == AnnouncementState.SCHEDULED for row in rows.values())
    now = database_now() if waits else None
    return {pk: _progress(row, states[pk], now) for pk, row in rows.items()}


def _progress(row: Announcement, states: dict[str, int], now: dt.datetime | None) -> Progress:
    left = 0
    leaves = ""
    if row.state == AnnouncementState.SCHEDULED and row.undo_until and now:
        left = max(0, round((row.undo_until - now).total_seconds()))
        zone = row.conference.time_zone
        leaves = f"{to_local(row.undo_until, zone):%H:%M:%S}"
        if left > LONG:
            leaves = local_moment(row.undo_until, zone)
    return Progress(
        states={} if row.state in TO_BE_SENT else states,
        expected=row.expected,
        is_planned=row.planned_at is not None,
        is_stopped=row.state == AnnouncementState.STOPPED,
        seconds_left=left,
        leaves=leaves,
    )
