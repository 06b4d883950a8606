"""How many come, in one query, and how that number grew, in two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from core.clock import to_local
from events import dates
from events.models import Conference
from registrations.enums import RegistrationKind, RegistrationStatus
from registrations.models import Allotment, Registration

# They come too, but not on a guest's place.
_NOT_GUESTS: Final = (RegistrationKind.SPEAKER, RegistrationKind.STAFF)
_LEFT, _RIGHT, _TOP, _BOTTOM = 0, 600, 10, 150
_MARK_EVERY: Final = 130


@dataclass(frozen=True, slots=True)
class Figures:
    """Registrations of a conference by status, and the guests' places.

    Arguments:
        capacity: None where there is no limit.
    """

    coming: int
    guests: int
    speakers: int
    pending: int
    waiting: int
    cancelled: int
    capacity: int | None

    @property
    def coming_words(self) -> str:
        """Return who comes as words: "94 of 120 places taken"."""
        if self.capacity is None:
            return f"{self.guests} places taken"
        return f"{self.guests} of {self.capacity} places taken"


def figures_of(conference: Conference) -> Figures:
    """Return how many come, wait or have cancelled; two queries."""
    rows = (
        Registration.objects.filter(conference=conference)
        .order_by()
        .values_list("status", "registration_type__kind")
        .annotate(number=Count("pk"))
    )
    counts: dict[tuple[str, bool], int] = {}
    for status, kind, number in rows:
        key = (status, kind in _NOT_GUESTS)
        counts[key] = counts.get(key, 0) + number
    status = RegistrationStatus

    def both(name: str) -> int:
        return counts.get((name, False), 0) + counts.get((name, True), 0)

    guests = counts.get((status.CONFIRMED, False), 0) + counts.get((status.OFFERED, False), 0)
    return Figures(
        coming=both(status.CONFIRMED),
        guests=guests,
        speakers=counts.get((status.CONFIRMED, True), 0),
        pending=both(status.PENDING_APPROVAL),
        waiting=both(status.WAITING_LIST),
        cancelled=both(status.CANCELLED),
        capacity=_capacity(conference),
    )


def _capacity(conference: Conference) -> int | None:
    rows = list(
        Allotment.objects.filter(conference=conference)
        .exclude(registration_types__kind__in=_NOT_GUESTS)
        .values_list("pk", "capacity")
        .distinct()
    )
    if not rows or any(capacity is None for _pk, capacity in rows):
        return None
    return sum(capacity for _pk, capacity in rows if capacity is not None)


def guests_by_day(conference: Conference) -> dict[dt.date, int]:
    """Return by how many the guests' number changed on each day of the conference's zone."""
    zone = ZoneInfo(conference.time_zone)
    rows = Registration.objects.filter(conference=conference, confirmed_at__isnull=False).exclude(
        registration_type__kind__in=_NOT_GUESTS
    )
    gone = rows.exclude(
        status__in=[RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED]
    ).filter(cancelled_at__isnull=False)
    days: dict[dt.date, int] = {}
    for found, column, sign in ((rows, "confirmed_at", 1), (gone, "cancelled_at", -1)):
        by_day = (
            found.order_by()
            .annotate(day=TruncDate(column, tzinfo=zone))
            .values_list("day")
            .annotate(number=Count("pk"))
        )
        for day, number in by_day:
            days[day] = days.get(day, 0) + sign * number
    return dict(sorted(days.items()))


def curve_of(
    conference: Conference, figures: Figures, by_day: Mapping[dt.date, int]
) -> dict[str, Any] | None:
    """Return the curve of registrations as components/curve.html draws it; None without any."""
    if not by_day:
        return None
    now = timezone.now()
    today = to_local(now, conference.time_zone).date()
    first = min(by_day)
    last = max(dates.span_of(conference)[0].date(), *by_day, first + dt.timedelta(days=1))
    ceiling = _round_up(max(figures.capacity or 0, *accumulate(by_day.values()), 1))

    def x(day: dt.date) -> int:
        return round(_LEFT + (_RIGHT - _LEFT) * (day - first).days / (last - first).days)

    def y(number: int) -> int:
        return round(_BOTTOM - (_BOTTOM - _TOP) * number / ceiling)

    points = [(_LEFT, _BOTTOM)]
    total = 0
    for day, change in by_day.items():
        points.append((x(day), y(total)))
        total += change
        points.append((x(day), y(total)))
    end = x(min(max(today, *by_day), last))
    points.append((end, y(total)))
    line = " ".join(f"{px},{py}" for px, py in points)
    return {
        "title": "Registrations so far",
        "summary": figures.coming_words,
        "line": line,
        "area": f"{line} {end},{_BOTTOM} {_LEFT},{_BOTTOM}",
        "capacity_y": None if figures.capacity is None else y(figures.capacity),
        "capacity_label": f"{figures.capacity} places",
        "now_x": end if first <= today <= last else None,
        "marks": _marks(first, last, x),
        "rows": [{"y": y(n), "label": str(n)} for n in (0, ceiling // 2)],
    }


def _marks(first: dt.date, last: dt.date, x: Any) -> list[dict[str, Any]]:
    """Return the days that are written below: the first, the last, and some between them."""
    days = (last - first).days
    steps = min(days, (_RIGHT - _LEFT) // _MARK_EVERY)
    marks = []
    for step in range(steps + 1):
        day = first + dt.timedelta(days=round(days * step / steps))
        anchor = "start" if step == 0 else "end" if step == steps else "middle"
        label = dates.say_short_date(day, "en").rsplit(" ", 1)[0]
        marks.append({"x": x(day), "label": label, "anchor": anchor})
    return marks


def _round_up(number: int) -> int:
    """Return an even number that is easy to read, not below the given one."""
    step = 2
    while number > step * 10:
        step *= 5 if str(step)[0] == "2" else 2
    return -(-number // step) * step
