"""How figures are drawn: bars one under the other, and lines over days. All of it is plain SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from events import dates
from registrations.services.registration_figures import Day, Group

_BAR_WIDTH: Final = 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 0, 600, 10, 190
_MARKS: Final = 4
_MOST_ROWS: Final = 31
# What each line is called, how it is dashed, so that it is known without its colour, and which list
# its last number counts.
_LINES: Final = (
    ("registered", "Registered", "", "curve-line", ""),
    ("with_place", "With a place", "8 4", "curve-line", "?status=placed"),
    ("gone", "Cancelled or turned down", "2 4", "curve-capacity", "?status=over"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: all of it, and the part that is filled, each with the query string of its list."""

    label: str
    number: int
    part: int
    width: int
    part_width: int
    query: str = ""
    part_query: str = ""


def bars_of(groups: Sequence[Group], *, is_plain: bool = False) -> list[Bar]:
    """Return what registrations/manage/figure_bars.html draws.

    Arguments:
        is_plain: whether a group is one number, and its query leads to exactly that.
    """
    most = max([one.live for one in groups], default=0) or 1
    return [
        Bar(
            label=one.label,
            number=one.live,
            part=one.with_place,
            width=round(_BAR_WIDTH * one.live / most),
            part_width=round(_BAR_WIDTH * one.with_place / most),
            query=one.query if is_plain or not one.query else f"status=live&{one.query}",
            part_query=f"status=placed&{one.query}" if one.query and not is_plain else "",
        )
        for one in groups
    ]


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
                "query": query,
            }
            for name, label, dash, shape, query in _LINES
        ],
        "rows": [
            {"y": y(value), "label": f"{value:,}"} for value in dict.fromkeys((0, most // 2, most))
        ],
        "marks": _day_marks(days, x),
        "words": ", ".join(f"{label} {getattr(last, name)}" for name, label, *_ in _LINES),
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
