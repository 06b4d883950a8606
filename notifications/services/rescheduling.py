"""An announcement that waits for its moment gets another one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError
from events.services.writing import load_root
from notifications.enums import AnnouncementState
from notifications.models import Announcement
from notifications.services.announcement_states import change_state, must_be, record
from notifications.services.announcing import clean_moment, leaves_at, refuse_what_is_wrong
from notifications.services.dbclock import database_now
from notifications.services.fan_out import AHEAD
from notifications.services.flight_check import Flown, fly


def can_be_rescheduled(row: Announcement, now: dt.datetime) -> bool:
    """Tell whether an announcement still waits: nobody has been written down as its reader."""
    if row.state != AnnouncementState.SCHEDULED or row.undo_until is None:
        return False
    is_untouched = row.planned_at is None and not row.plan_cursor
    return is_untouched and row.undo_until - now > dt.timedelta(seconds=AHEAD)


def reschedule_announcement(
    *,
    announcement: Announcement,
    send_at: dt.datetime | None,
    actor: Actor,
    in_quiet_hours: bool = False,
    read_warnings: bool = False,
    expected: int | None = None,
) -> Announcement:
    """Let an announcement that waits leave at another moment; words and audience stay.

    The flight check is made anew, for that moment: what was right then may be past by now.

    Arguments:
        send_at: not before this instant; None lets it leave in a minute.
        read_warnings: whether the organiser has read what the flight check warns of.
        in_quiet_hours: whether it may leave between 20:00 and 08:00 in the conference's zone;
            otherwise it waits for the morning.

    Raises:
        DomainError: ``validation-failed`` for a moment that has passed, and with what the flight
            check found; ``wrong-state`` when it does not wait, or leaves in a moment; ``stale``.
            It leaves as before then.
    """
    moment = clean_moment(send_at)
    row = Announcement.objects.select_related("conference__organisation").get(pk=announcement.pk)
    _check_waits(row, database_now())
    flown = fly(row, send_at=moment)
    refuse_what_is_wrong(flown, read_warnings=read_warnings)
    return _reschedule(
        row,
        flown,
        expected=row.version if expected is None else expected,
        in_quiet_hours=in_quiet_hours,
        send_at=moment,
        actor=actor,
    )


def _check_waits(row: Announcement, now: dt.datetime) -> None:
    must_be(row, {AnnouncementState.SCHEDULED}, "It waits for no moment.")
    if not can_be_rescheduled(row, now):
        raise DomainError("wrong-state", "It leaves in a moment. Take it back instead.")


@transaction.atomic
def _reschedule(
    announcement: Announcement,
    flown: Flown,
    *,
    expected: int,
    in_quiet_hours: bool,
    send_at: dt.datetime | None,
    actor: Actor,
) -> Announcement:
    row = load_root(announcement, expected, "conference__organisation")
    now = database_now()
    _check_waits(row, now)
    row.send_at = send_at
    row.undo_until = leaves_at(row.conference, now, in_quiet_hours=in_quiet_hours, send_at=send_at)
    row.round += 1  # a planner that has read the former moment writes nothing any more
    row.expected, row.skipped = flown.survey.total, flown.survey.counts()
    row.agreed = flown.agreed
    change_state(row, ["send_at", "undo_until", "round", "expected", "skipped", "agreed"])
    record("reschedule_announcement", row, actor)
    return row
