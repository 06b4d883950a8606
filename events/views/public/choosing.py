"""What of a programme an address asks for: a day, a track, a room, words, another clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils import timezone

from core.text import search_key
from events.languages import Reader
from events.models import Conference
from events.programme import Day, Programme, SessionView, TrackView
from events.services.search_keys import search_keys
from events.zones import is_zone

# A programme with more sessions than these shows one day at a time, unless all are asked for.
MOST_AT_ONCE: Final = 120
# So many of what was found are shown.
MOST_FOUND: Final = 100
SHORTEST_SEARCH: Final = 2
EVERY_DAY: Final = "all"
NAMES: Final = ("day", "track", "room", "zone", "q")


@dataclass(frozen=True)
class Choice:
    """What is asked of a programme; only of what there is (`choose_from`)."""

    programme: Programme
    asked: Mapping[str, str]
    path: str
    keys: Callable[[], Mapping[str, str]]

    @property
    def zone(self) -> str:
        """Return on whose clocks times are shown."""
        return self.asked.get("zone") or self.programme.time_zone

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether times are shown on other clocks than the conference's own."""
        return self.zone != self.programme.time_zone

    @property
    def words(self) -> str:
        return self.asked.get("q", "")

    @property
    def narrows(self) -> bool:
        """Tell whether something else than a day or a clock is asked for."""
        return any(name in self.asked for name in ("track", "room", "q"))

    @cached_property
    def all_days(self) -> list[Day]:
        """Return the programme's days as the clocks of the zone count them."""
        if not self.is_elsewhere:
            return list(self.programme.days)
        zone = ZoneInfo(self.zone)
        there = [_there(session, zone) for day in self.programme.days for session in day.sessions]
        there.sort(key=_start)
        days = groupby(there, key=lambda session: _start(session).date())
        return [Day(date, tuple(sessions)) for date, sessions in days]

    @cached_property
    def date(self) -> str:
        """Return the day that is shown, as an address writes it; "" for all of them."""
        asked = self.asked.get("day", "")
        if asked:
            return "" if asked == EVERY_DAY else asked
        if self.narrows or len(self.all_days) == 1 or not self.is_large:
            return ""
        dates = [day.date for day in self.all_days]
        today = timezone.now().astimezone(ZoneInfo(self.zone)).date()
        return next((date for date in dates if date >= today), dates[0]).isoformat()

    @property
    def is_large(self) -> bool:
        return sum(len(day.sessions) for day in self.programme.days) > MOST_AT_ONCE

    def days(self) -> tuple[list[Day], int]:
        """Return the days with the sessions that are asked for, and how many there are of them.

        Of what was searched for, no more than MOST_FOUND are shown.
        """
        wanted = search_key(self.words).split()
        shown: list[Day] = []
        number = 0
        for day in self.all_days:
            if self.date and day.date.isoformat() != self.date:
                continue
            found = tuple(s for s in day.sessions if self._is_asked(s, wanted))
            left = MOST_FOUND - number if wanted else len(found)
            number += len(found)
            if found[: max(0, left)]:
                shown.append(Day(day.date, found[: max(0, left)]))
        return shown, number

    def unscheduled(self) -> list[SessionView]:
        """Return what is asked for and has no time yet; nothing unless something is asked for."""
        if not self.narrows or self.date:
            return []
        wanted = search_key(self.words).split()
        found = [s for s in self.programme.unscheduled if self._is_asked(s, wanted)]
        return found[:MOST_FOUND]

    def _is_asked(self, session: SessionView, wanted: list[str]) -> bool:
        track, room = self.asked.get("track"), self.asked.get("room")
        if track and (session.track is None or session.track.slug != track):
            return False
        if room and (session.room is None or session.room.code != room):
            return False
        if not wanted:
            return True
        key = self.keys().get(session.code, "")
        return all(word in key for word in wanted)

    def query(self, reader: Reader, **changes: str) -> str:
        """Return what an address has behind its question mark, in the one order that is kept."""
        asked = {**self.asked, **changes}
        pairs = [(name, asked[name]) for name in NAMES if asked.get(name)]
        if reader.chosen:
            pairs.append(("lang", reader.tag))
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def canonical(self) -> str:
        """Return by which query this page is known: whose clock it shows makes no other page."""
        pairs = [(n, self.asked[n]) for n in ("day", "track", "room") if self.asked.get(n)]
        return urlencode(pairs)


def choose_from(
    conference: Conference, programme: Programme, asked: Mapping[str, str], path: str
) -> Choice | None:
    """Return what an address asks for; None where it asks for a day, track, room or zone that the
    programme does not have.

    Arguments:
        path: of the programme's page.
    """
    choice = Choice(programme, asked, path, partial(search_keys, conference, programme))
    zone = asked.get("zone", "")
    if zone and not is_zone(zone):
        return None
    if len(search_key(choice.words)) < SHORTEST_SEARCH and choice.words:
        asked = {name: value for name, value in asked.items() if name != "q"}
        choice = replace(choice, asked=asked)
    day = asked.get("day", EVERY_DAY)
    if day != EVERY_DAY and day not in {one.date.isoformat() for one in choice.all_days}:
        return None
    if "track" in asked and asked["track"] not in {track.slug for track in tracks_of(programme)}:
        return None
    if "room" in asked and asked["room"] not in {room.code for room in programme.rooms}:
        return None
    return choice


def tracks_of(programme: Programme) -> list[TrackView]:
    """Return the tracks that some session is in, in their order."""
    used = {session.track.slug for session in programme.sessions() if session.track is not None}
    return [track for track in programme.tracks if track.slug in used]


def _start(session: SessionView) -> dt.datetime:
    if session.start_local is None:  # pragma: no cover - days hold only sessions with a slot
        raise ValueError("a session of a day has a start")
    return session.start_local


def _there(session: SessionView, zone: ZoneInfo) -> SessionView:
    """Return a session with the times that clocks in a zone show."""
    if session.starts_at is None or session.ends_at is None:  # pragma: no cover - see _start
        return session
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return replace(
        session, start_local=start.replace(tzinfo=None), end_local=end.replace(tzinfo=None)
    )
