"""The mail calendar as a drawing: days from left to right, the hours of a day from top to bottom.

So a mail at night lies in the shaded bands, and one on a weekend in a shaded column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Final

from core.clock import to_local
from events import dates
from events.models import Conference
from notifications.services.courtesy import QUIET_FROM, QUIET_UNTIL
from notifications.services.forecast import MailCalendar, PlannedMail

_LEFT, _RIGHT, _TOP, _BOTTOM, _WIDTH = 44, 950, 44, 254, 960
_SMALLEST, _LARGEST = 3.5, 15.0
_LETTER, _LINE = 5.8, 13
_NAME: Final = 28
_MOST_DATES: Final = 9
_SATURDAY: Final = 5
_LAST_DATE: Final = 920


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float = _LINE

    def meets(self, other: _Box) -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


class _Scale:
    """Where days and times of day lie."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first = first
        self.days = max(1, (last - first).days)
        self.step = (_RIGHT - _LEFT) / self.days

    def x(self, day: dt.date) -> float:
        """Return where a day begins."""
        return round(_LEFT + self.step * (day - self.first).days, 1)

    def holds(self, day: dt.date) -> bool:
        return 0 <= (day - self.first).days < self.days

    @staticmethod
    def y(time: dt.time) -> float:
        return round(_TOP + (_BOTTOM - _TOP) * (time.hour + time.minute / 60) / 24, 1)


def draw(calendar: MailCalendar) -> dict[str, Any]:
    """Return what notifications/mail_drawing.html draws."""
    zone = calendar.conference.time_zone
    scale = _Scale(to_local(calendar.now, zone).date(), to_local(calendar.until, zone).date())
    marks = _marks(calendar, scale)
    return {
        "weekends": list(_weekends(scale)),
        "quiet": [
            {"y": _TOP, "height": round(scale.y(QUIET_UNTIL) - _TOP, 1)},
            {"y": scale.y(QUIET_FROM), "height": round(_BOTTOM - scale.y(QUIET_FROM), 1)},
        ],
        "hours": [{"y": scale.y(dt.time(h)), "label": f"{h:02}:00"} for h in (8, 12, 16, 20)],
        "dates": _dates(scale),
        "marks": marks,
        "dots": _dots(calendar.mails, scale, zone, [mark["x"] for mark in marks]),
        "left": _LEFT,
        "right": _RIGHT,
        "top": _TOP,
        "bottom": _BOTTOM,
        "width": _RIGHT - _LEFT,
        "height": _BOTTOM - _TOP,
        "people": sum(mail.count for mail in calendar.mails),
    }


def _weekends(scale: _Scale) -> Iterable[dict[str, float]]:
    for number in range(scale.days):
        day = scale.first + dt.timedelta(days=number)
        if day.weekday() >= _SATURDAY:
            yield {"x": scale.x(day), "width": round(scale.step, 1)}


def _dates(scale: _Scale) -> list[dict[str, Any]]:
    every = max(1, -(-scale.days // _MOST_DATES))
    if every > 1:
        every = -(-every // 7) * 7 if every > 4 else every  # noqa: PLR2004 - whole weeks, if they are long
    found = []
    for number in range(0, scale.days, every):
        day = scale.first + dt.timedelta(days=number)
        label = dates.say_short_date(day, "en").rpartition(" ")[0]
        x = scale.x(day)
        found.append({"x": x, "label": label, "anchor": "end" if x > _LAST_DATE else "start"})
    return found


def _marks(calendar: MailCalendar, scale: _Scale) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    ends: list[float] = [0.0, 0.0, 0.0]
    for day, label in sorted(_days(calendar.conference, calendar)):
        if not scale.holds(day):
            continue
        x = round(scale.x(day) + scale.step / 2, 1)
        width = len(label) * _LETTER
        anchor = "end" if x + width > _WIDTH else "start"
        left = x - width if anchor == "end" else x
        line = next((n for n, end in enumerate(ends) if left > end), len(ends) - 1)
        ends[line] = left + width + _LETTER
        rows.append({"x": x, "y": 10 + line * _LINE, "label": label, "anchor": anchor})
    return rows


def _days(conference: Conference, calendar: MailCalendar) -> Iterable[tuple[dt.date, str]]:
    start, end = dates.span_of(conference)
    yield start.date(), f"Starts {dates.say_time(start, 'en')}"
    if end.date() != start.date():
        yield end.date(), f"Ends {dates.say_time(end, 'en')}"
    if conference.reply_until_local is not None:
        yield conference.reply_until_local.date(), "Answers until"
    if calendar.outcome_at is not None:
        yield to_local(calendar.outcome_at, conference.time_zone).date(), "Outcome"


def _dots(
    mails: Sequence[PlannedMail], scale: _Scale, zone: str, lines: Sequence[float]
) -> list[dict[str, Any]]:
    most = max((mail.count for mail in mails), default=0) or 1
    dots: list[dict[str, Any]] = []
    boxes: list[_Box] = []
    for number, mail in enumerate(mails, 1):
        local = to_local(mail.due_at, zone)
        if not scale.holds(local.date()):
            continue
        x = round(scale.x(local.date()) + scale.step / 2, 1)
        y = scale.y(local.time())
        largest = min(_LARGEST, max(_SMALLEST, scale.step * 0.6))
        r = round(_SMALLEST + (largest - _SMALLEST) * sqrt(mail.count / most), 1)
        boxes.append(_Box(x - r, y - r, 2 * r, 2 * r))
        dots.append({"x": x, "y": y, "r": r, "number": number, "mail": mail})
    dashed = [_Box(x - 1, _TOP, 2, _BOTTOM - _TOP) for x in lines]
    # The largest ones first: they have the best right to their name.
    for dot in sorted(dots, key=lambda d: -d["r"]):
        # Where every place lies on a line, or behind a name, the names interrupt the lines.
        for lines_of_days, strict in ((dashed, True), ([], True), ([], False)):
            if _label(dot, boxes, lines_of_days, strict=strict):
                break
    return sorted(dots, key=lambda d: -d["r"])


def _label(dot: dict[str, Any], boxes: list[_Box], dashed: Sequence[_Box], *, strict: bool) -> bool:
    """Write a mail's name where there is room: beside its dot, else at the end of a line.

    Arguments:
        boxes: what is drawn already; the name and its line are added.
        dashed: where a name would lie on the line of a day that counts.
        strict: whether a name's own line may not pass behind another name.
    """
    mail: PlannedMail = dot["mail"]
    name = mail.name if len(mail.name) <= _NAME else f"{mail.name[: _NAME - 1].rstrip()}…"
    text = f"{name}, {mail.count}"
    x, y, r = dot["x"], dot["y"], dot["r"]
    own = _Box(x - r, y - r, 2 * r, 2 * r)
    others = [box for box in boxes if box != own]
    width = len(text) * _LETTER
    for left, top, line in _places(x, y, r, width):
        box = _Box(left, top, width)
        inside = left >= _LEFT and left + width <= _WIDTH and _TOP <= top <= _BOTTOM - _LINE
        if not inside or any(box.meets(other) for other in (*others, *dashed)):
            continue
        drawn = [box]
        if line is not None:
            leader = _Box(x - 1, min(line), 2, abs(line[1] - line[0]))
            if strict and any(leader.meets(other) for other in others):
                continue
            drawn.append(leader)
            dot["line"] = f"M{x} {round(line[0], 1)}V{round(line[1], 1)}"
        boxes += drawn
        dot |= {"label": text, "label_x": round(left, 1), "label_y": round(top + 10, 1)}
        return True
    return False


def _places(
    x: float, y: float, r: float, width: float
) -> Iterable[tuple[float, float, tuple[float, float] | None]]:
    """Yield where a label may begin, the best place first, and where its line begins and ends."""
    yield x + r + 4, y - _LINE / 2, None
    yield x - r - 4 - width, y - _LINE / 2, None
    rows = [(y + r + 3 + row * _LINE, y - r - 3 - (row + 1) * _LINE) for row in range(12)]
    for below, above in rows:
        for left in (x + 3, x - 3 - width):
            yield left, above, (y - r, above + 3)
            yield left, below, (y + r, below + _LINE - 3)
    # In the middle, where a line says whose name it is.
    for below, above in rows[1:]:
        yield x - width / 2, above, (y - r, above + _LINE)
        yield x - width / 2, below, (y + r, below)
