"""What organisers type in the list editor: a line that adds a session; a line's own fields."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from django import forms

from core.errors import DomainError, invalid
from events import dates
from events.forms.base import ServiceForm
from events.forms.session import room_choices, rooms_of
from events.models import Conference, Session
from events.services.arranging import at_clock, first_day, programme_day

_CLOCK: Final = re.compile(r"\s*([01]?\d|2[0-3])[:.]?([0-5]\d)\s*")
_MOST_DAYS: Final = 60
UNPLACED: Final = "none"


class LineForm(ServiceForm):
    """One line that adds a session, and where it is put."""

    line = forms.CharField(
        max_length=350,
        label="New session",
        widget=forms.TextInput(
            attrs={
                "placeholder": "10:00 Opening remarks — Ambassador Smith",
                "autocomplete": "off",
            }
        ),
    )
    day = forms.ChoiceField()
    room = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rooms = rooms_of(conference)
        self.set_choices("room", room_choices(self.rooms, conference.first_language))
        self.days = {day.isoformat(): day for day in days_of_conference(conference)}
        asked = self.data.get("day", "") if self.is_bound else ""
        if asked and asked not in self.days:
            with suppress(ValueError):  # the form says that it is none of the choices
                self.days[asked] = dt.date.fromisoformat(asked)
        self._set_days()

    def offer(self, days: Sequence[Any], day: str, room: str) -> None:
        """Offer the days that have sessions besides, and begin where the last line was put."""
        for one in days:
            if one.date:
                self.days.setdefault(one.key, one.date)
        last = max((one.key for one in days if one.date), default="")
        self._set_days()
        self.initial["day"] = day if day in {*self.days, UNPLACED} else last
        self.initial["room"] = room if room in self.rooms else ""

    def _set_days(self) -> None:
        choices = [(key, dates.say_day(self.days[key], "en")) for key in sorted(self.days)]
        self.set_choices("day", [*choices, (UNPLACED, "No time yet")])

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        data = self.cleaned_data
        return {
            "text": data["line"],
            "day": self.days.get(data["day"]),
            "placed": data["day"] != UNPLACED,
            "room": self.rooms.get(data["room"]),
        }


def days_of_conference(conference: Conference) -> list[dt.date]:
    """Return the days from its start to its end, of a very long one the first sixty."""
    start, end = conference.start_local, conference.end_local
    if start is None or end is None:
        return []
    last = max(programme_day(end, start.date()), start.date())
    number = min((last - start.date()).days + 1, _MOST_DAYS)
    return [start.date() + dt.timedelta(days=day) for day in range(number)]


def slot_of_line(
    session: Session, conference: Conference, start: str, minutes: str, day: str = ""
) -> tuple[dt.datetime, dt.datetime]:
    """Return the slot that a line's two small fields say: a clock time and minutes.

    Arguments:
        day: of a session without a time.

    Raises:
        DomainError: ``validation-failed``.
    """
    found = _CLOCK.fullmatch(start)
    if found is None:
        raise invalid("/start", "format", f"“{start}” is no time. Give hours and minutes: 10:30.")
    if not minutes.isdecimal() or not 1 <= int(minutes[:6]) <= 7 * 24 * 60:
        raise invalid("/minutes", "range", "Give the minutes as a number, 1 at least.")
    clock = int(found[1]), int(found[2])
    try:
        date = (
            programme_day(session.start_local, first_day(conference))
            if session.start_local
            else dt.date.fromisoformat(day)
        )
        begins = at_clock(conference, date, clock)
        return begins, begins + dt.timedelta(minutes=int(minutes))
    except (ValueError, OverflowError) as error:
        raise DomainError("validation-failed", "Choose a day for this session.") from error
