"""How a programme is read and what is made of it: what a person may say, cleaned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from core.cleaning import Wrong
from core.errors import invalid
from core.tables.encodings import ENCODINGS
from core.tables.reading import DELIMITERS, MOST_COLUMNS
from events import validators as v
from events.services.importing_decisions import clean_decisions
from events.services.importing_piece import AGREED, PLANNED, SHOWN

COME_AS: Final = (PLANNED, SHOWN, AGREED)
_MOST_VANISHED: Final = 5_000


def _one_of(words: Any) -> v.Cleaner:
    def cleaner(value: Any) -> str:
        if value != "" and value not in words:
            raise Wrong("choice", "Choose one of those that there are.")
        return str(value)

    return cleaner


def _day(value: Any) -> str:
    try:
        day = dt.date.fromisoformat(str(value)) if value else None
    except ValueError as error:
        raise Wrong("invalid", "Give a day as 2027-03-28.") from error
    if day is not None and not 1900 <= day.year <= 2200:  # noqa: PLR2004 - years that core.clock knows
        raise Wrong("range", "Give a year from 1900 to 2200.")
    return day.isoformat() if day else ""


def _columns(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_COLUMNS:
        raise Wrong("invalid", "Give the field of each column.")
    return [str(v.line(40)(name)) for name in value]


def _codes(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > _MOST_VANISHED:
        raise Wrong("invalid", "Give a list of codes.")
    return sorted({str(v.line(10)(code)) for code in value})


_CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "encoding": _one_of(ENCODINGS),
    "delimiter": _one_of(DELIMITERS),
    "columns": _columns,
    "first_day": _day,
    "language": v.optional_language,
    "venue": v.line(10),
    "venue_name": v.line(200),
    "people": _one_of(COME_AS),
    "links": v.flag,
    "move": v.flag,
    "vanished": _codes,
}


def clean_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as they are kept.

    Raises:
        DomainError: ``validation-failed``.
    """
    if not isinstance(given, Mapping):
        raise invalid("/settings", "invalid", "Give an object.")
    more = dict(given)
    decisions = more.pop("decisions", None)
    found = v.clean(more, _CLEANERS, prefix="/settings")
    if decisions is not None:
        found["decisions"] = clean_decisions(decisions)
    return found
