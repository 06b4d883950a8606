"""What stands on top of every page about mail: whether it leaves, and what holds it up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from core.clock import to_local
from events import dates
from events.models import Conference
from notifications.services.pausing import Pause, Waiting, pause_of, waiting_of
from notifications.services.reading import short_moment
from notifications.services.troubles import Trouble, trouble_of


@dataclass(frozen=True, slots=True)
class Flow:
    """Whether a conference's mail leaves.

    Arguments:
        waiting: what a pause holds back; None without one.
        trouble: what holds mail up though nobody paused it.
    """

    conference: Conference
    pause: Pause | None
    waiting: Waiting | None
    trouble: Trouble | None

    @property
    def pause_sentence(self) -> str:
        """Say since when, by whom and how much: "Sending is paused since 10:12 by Mila Jović…"."""
        if self.pause is None or self.waiting is None:
            return ""
        what = "All mail of this installation" if self.pause.everywhere else "Sending"
        by = self.pause.by or ("the operator" if self.pause.everywhere else "a program")
        since = _when(self.pause.since, self.conference.time_zone)
        return f"{what} is paused since {since} by {by}: {messages_wait(self.waiting.due)}."

    @property
    def trouble_sentence(self) -> str:
        return "" if self.trouble is None else self.trouble.sentence(self.conference.time_zone)


def flow_of(conference: Conference) -> Flow:
    """Return whether a conference's mail leaves; four queries at the most."""
    pause = pause_of(conference)
    if pause is not None:
        return Flow(conference, pause, waiting_of(conference), None)
    return Flow(conference, None, None, trouble_of(conference.organisation_id))


def messages_wait(number: int) -> str:
    """Return "1 message waits", "43 messages wait", "no message waits yet"."""
    if not number:
        return "no message waits yet"
    return "1 message waits" if number == 1 else f"{number} messages wait"


def _when(at: dt.datetime, zone: str) -> str:
    """Return the time of day where it was today, else with its day."""
    local = to_local(at, zone)
    if local.date() == to_local(timezone.now(), zone).date():
        return dates.say_time(local, "en")
    return short_moment(at, zone)
