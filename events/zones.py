"""The clocks that a reader far away may choose. Nothing here knows the database."""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

# What a list on a page offers: a city for each clock that many readers have, west to east.
OFFERED: Final = (
    *("America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York"),
    *("America/Sao_Paulo", "UTC", "Europe/London", "Europe/Lisbon", "Europe/Paris"),
    *("Europe/Berlin", "Europe/Brussels", "Europe/Vienna", "Europe/Rome", "Europe/Madrid"),
    *("Europe/Warsaw", "Europe/Stockholm", "Europe/Ljubljana", "Europe/Zagreb"),
    *("Europe/Sarajevo", "Europe/Podgorica", "Europe/Belgrade", "Europe/Tirane"),
    *("Europe/Skopje", "Europe/Budapest", "Europe/Sofia", "Europe/Bucharest"),
    *("Europe/Chisinau", "Europe/Athens", "Europe/Kyiv", "Europe/Helsinki", "Europe/Istanbul"),
    *("Europe/Moscow", "Asia/Jerusalem", "Asia/Tbilisi", "Asia/Yerevan", "Asia/Dubai"),
    *("Asia/Almaty", "Asia/Kolkata", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo"),
    "Australia/Sydney",
)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")


def is_zone(name: str) -> bool:
    """Tell whether a browser may call its clock so: one name of the time-zone data."""
    return name in _known()
