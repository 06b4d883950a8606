"""The demo's data files, and days counted from the day of loading."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import yaml

_HERE: Final = Path(__file__).parent
_SATURDAY, _SUNDAY = 5, 6


def read_data() -> dict[str, Any]:
    """Return the facts and inventions of bcsp.yaml, with the invented people of names.yaml."""
    data: dict[str, Any] = _read("bcsp.yaml")
    data["people"] = _read("names.yaml")["people"]
    return data


def _read(name: str) -> Any:
    return yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))


def working_day(today: dt.date, days_ahead: int) -> dt.date:
    """Return the working day nearest to so many days after today."""
    day = today + dt.timedelta(days=days_ahead)
    nearest = {_SATURDAY: dt.timedelta(days=-1), _SUNDAY: dt.timedelta(days=1)}
    return day + nearest.get(day.weekday(), dt.timedelta(0))


def on(day: dt.date, time: str) -> dt.datetime:
    """Return the local time ``10:00`` of a day."""
    return dt.datetime.combine(day, dt.time.fromisoformat(time))
