"""How figures are drawn: bars one under the other, and lines over days. All of it is plain SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from events import dates
from registrations.services.registration_figures import Day, Group

_BAR: Final = 30
_BAR_WIDTH: Final = 360
_LONGEST_LABEL: Final = 22
_LEFT, _RIGHT, _TOP, _BOTTOM = 0, 600, 10, 190
_MARKS: Final = 4
_MOST_ROWS: Final = 31
# What each line is called, and how it is dashed, so that it is known without its colour.
_LINES: Final = (
    ("registered", "Registered", "", "curve-line"),
    ("with_place", "With a place", "8 4", "curve-line"),
    ("gone", "Cancelled or turned down", "2 4", "curve-capacity"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: all of it, and the part that is filled."""

    label: str
    number: int
    part: int
    width: int
    part_width: int
    y: int
    query: str = ""

    @property
    def text_y(self) -> int:
        return self.y + 15


def bars_of(groups: Sequence[Group]) -> dict[str, Any]:
    """Return what registrations/manage/figure_bars.html draws."""
    most = max([one.live for one in groups], default=0) or 1
    bars = [
        Bar(
            label=_short(one.label),
            number=one.live,
            part=one.with_place,
            width=round(_BAR_WIDTH * one.live / most),
            part_width=round(_BAR_WIDTH * one.with_place / most),
            y=number * _BAR,
            query=one.query,
        )
        for number, one in enumerate(groups)
    ]
    words = ", ".join(f"{one.label} {one.live}" for one in groups)
    return {"bars": bars, "height": max(len(bars), 1) * _BAR, "words": words}


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"


def curves_of(days: Sequence[Day]) -> dict[str, Any]:
    """Return what registrations/manage/figure_days.html draws."""
    most = max(max(one.registered, one.with_place, one.gone) for one in days) or 1
    span = max(len(days) - 1, 1)

    def x(number: int) -> int:
        return round(_LEFT + (_RIGHT - _LEFT) * number / span)

    def y(value: int) -> int:
        return round(_BOTTOM - (_BOTTOM - _TOP) * value / most)

    def points(name: str) -> str:
        found = [f"{x(n)},{y(getattr(one, name))}" for n, one in enumerate(days)]
        # One day alone is a level line.
        level = f"{_RIGHT},{y(getattr(days[-1], name))}"
        return " ".join(dict.fromkeys([*found, level]))

    last = days[-1]
    return {
        "lines": [
            {
                "label": label,
                "number": getattr(last, name),
                "dash": dash,
                "shape": shape,
                "points": points(name),
                "key_y": 10 + 18 * number,
            }
            for number, (name, label, dash, shape) in enumerate(_LINES)
        ],
        "rows": [
            {"y": y(value), "label": f"{value:,}"} for value in dict.fromkeys((0, most // 2, most))
        ],
        "marks": _day_marks(days, x),
        "words": ", ".join(f"{label} {getattr(last, name)}" for name, label, _d, _s in _LINES),
        "table": rows_of_table(days),
    }


def _day_marks(days: Sequence[Day], x: Any) -> list[dict[str, Any]]:
    steps = min(len(days) - 1, _MARKS)
    marks = []
    for step in range(steps + 1):
        number = round((len(days) - 1) * step / steps) if steps else 0
        anchor = "start" if step == 0 else "end" if step == steps else "middle"
        label = dates.say_short_date(days[number].day, "en").rsplit(" ", 1)[0]
        marks.append({"x": x(number), "label": label, "anchor": anchor})
    return marks


def rows_of_table(days: Sequence[Day]) -> list[Day]:
    """Return the rows of the table: each day, or the end of each week where they are many."""
    if len(days) <= _MOST_ROWS:
        return list(days)
    sunday = 6
    ends: list[dt.date] = [one.day for one in days if one.day.weekday() == sunday]
    return [one for one in days if one.day in {*ends, days[-1].day}]
