"""What values of a reminder rule may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from core.clock import Offset
from events.enums import ParticipationRole
from events.validators import Cleaner, Wrong, choice, line
from notifications.enums import Anchor, Audience, Late

MOST_DAYS: Final = 400
_MOST: Final = dt.timedelta(days=MOST_DAYS)
_OFFSET_LENGTH: Final = 20


def offset(value: Any) -> str:
    """Clean an ISO 8601 duration with a sign."""
    text = str(line(_OFFSET_LENGTH, required=True)(value))
    try:
        found = Offset(text)
    except ValueError as error:
        raise Wrong("invalid", str(error)) from error
    if dt.timedelta(days=abs(found.days)) + abs(found.exact) > _MOST:
        raise Wrong("range", f"An offset is {MOST_DAYS} days at most.")
    return text


def time_of_day(value: Any) -> dt.time | None:
    """Clean a local time to the minute, or None."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = dt.time.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, dt.time) or value.tzinfo or value.second or value.microsecond:
        raise Wrong("invalid", "Give a time of day as 09:00.")
    return value.replace(fold=0)


def truth(value: Any) -> bool:
    """Clean true or false."""
    if not isinstance(value, bool):
        raise Wrong("invalid", "Say true or false.")
    return value


def _role(value: Any) -> str:
    return str(choice(ParticipationRole)(value)) if value not in ("", None) else ""


def _anything(value: Any) -> Any:
    return value


RULE: Final[Mapping[str, Cleaner]] = {
    "name": line(120, required=True),
    "audience": choice(Audience),
    "anchor": choice(Anchor),
    "offset": offset,
    "at": time_of_day,
    "template": line(60, required=True),
    "session": _anything,
    "role": _role,
    "quiet_hours": truth,
    "working_days": truth,
    "late": choice(Late),
    "enabled": truth,
}
