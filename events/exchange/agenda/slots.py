"""When sessions take place: hours made plain, ends that flow into the next beginning."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Final

from core.clock import LAST_YEAR
from events.enums import SessionKind
from events.exchange.agenda.clock import DAY
from events.exchange.agenda.drafts import SessionDraft
from events.exchange.agenda.state import Reading
from events.services.typed_lines import USUAL_MINUTES

Slot = tuple[dt.datetime | None, dt.datetime | None]
_HALF: Final = DAY // 2
_EARLY, _LATE = 7 * 60, 18 * 60
_LONGEST: Final = 4 * 60
_LOOKED_AT: Final = 12


def settle_clocks(reading: Reading, drafts: list[SessionDraft]) -> None:
    """Put times after midnight on the next day, and hours such as 1:30 into the afternoon."""
    before: SessionDraft | None = None
    for draft in drafts:
        if draft.start is None:
            continue
        if before is not None and before.day == draft.day and before.start is not None:
            latest = before.start
            if draft.start < latest and not draft.half_days and draft.start < _EARLY:
                if latest >= _LATE:
                    draft.start += DAY
                    draft.end = draft.end + DAY if draft.end is not None else None
                elif draft.start + _HALF >= latest:
                    draft.start += _HALF
                    if draft.end is not None and draft.end < draft.start:
                        draft.end += _HALF
                    reading.mark(draft.line, "time", "Is this in the afternoon?")
            elif draft.start < latest and draft.room == before.room:
                reading.mark(
                    draft.line, "time", "This begins before the one above it: is a day missing?"
                )
        if draft.end is not None and draft.end <= draft.start:
            _settle_end(reading, draft)
        before = draft


def _settle_end(reading: Reading, draft: SessionDraft) -> None:
    if draft.end is None or draft.start is None:
        return
    if draft.end == draft.start:
        draft.end = None
    elif draft.end < _EARLY and draft.start >= _LATE:
        draft.end += DAY
    elif draft.end < _HALF and draft.end + _HALF > draft.start and not draft.half_days:
        draft.end += _HALF
        reading.mark(
            draft.line, "time", "It would end before it begins: is the end in the afternoon?"
        )
    else:
        reading.mark(draft.line, "time", "It would end before it begins; the end was left out.")
        draft.end = None


def slots_of(reading: Reading, drafts: list[SessionDraft]) -> Iterator[Slot]:
    """Yield start and end of each; who says no end lasts until the next one begins."""
    following = _following(drafts)
    above: tuple[dt.date, int] | None = None
    for draft, later in zip(drafts, following, strict=True):
        if draft.start is None and draft.minutes and above and above[0] == draft.day:
            draft.start = above[1]
            reading.mark(draft.line, "time", "It says no time and was put after the one above it.")
        if draft.start is None:
            reading.mark(draft.line, "time", "No time was found for this session.")
            yield None, None
            continue
        end = _end(reading, draft, draft.start, later)
        above = draft.day, end
        midnight = dt.datetime.combine(draft.day, dt.time())
        if draft.day.year >= LAST_YEAR:
            yield None, None
            continue
        yield midnight + dt.timedelta(minutes=draft.start), midnight + dt.timedelta(minutes=end)


def _end(reading: Reading, draft: SessionDraft, start: int, later: int | None) -> int:
    hours = reading.hours
    if draft.end is not None:
        return draft.end
    if draft.minutes:
        return start + draft.minutes
    if later is not None and later - start <= _LONGEST:
        return later
    if hours is not None and hours.end is not None and start < hours.end <= start + _LONGEST:
        return hours.end
    end = start + USUAL_MINUTES[draft.kind or SessionKind.PRESENTATION]
    reading.mark(draft.line, "time", f"It says no end; {_clock(end)} was taken.")
    return end


def _following(drafts: list[SessionDraft]) -> list[int | None]:
    """Return when the next one begins after each: in its room, where others begin with it."""
    together = Counter((draft.day, draft.start) for draft in drafts)
    out: list[int | None] = []
    starts: dict[tuple[dt.date, str | None], list[int]] = {}
    for draft in reversed(drafts):
        later: int | None = None
        if draft.start is not None:
            rooms = [draft.room, None] if together[draft.day, draft.start] > 1 else [None]
            for room in rooms:
                near = starts.get((draft.day, room), [])[-_LOOKED_AT:]
                later = later or next((s for s in reversed(near) if s > draft.start), None)
            for room in (draft.room, None):
                starts.setdefault((draft.day, room), []).append(draft.start)
        out.append(later)
    return out[::-1]


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24}:{minutes % 60:02}"


def edges(reading: Reading, slots: list[Slot]) -> Slot:
    """Return when the gathering begins and ends, where the text says a day."""
    if reading.gathering is None:
        return None, None
    first, last = reading.gathering
    hours = reading.hours
    if hours is not None and hours.end is not None and first == last:
        midnight = dt.datetime.combine(first, dt.time())
        return (
            midnight + dt.timedelta(minutes=hours.start),
            midnight + dt.timedelta(minutes=hours.end),
        )
    starts = [start for start, _ in slots if start]
    ends = [end for _, end in slots if end]
    return min(starts, default=dt.datetime.combine(first, dt.time())), max(ends, default=None)
