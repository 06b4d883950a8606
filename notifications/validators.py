"""What values of a reminder rule and the parts of a text may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from core.clock import Offset
from core.slugs import MIN_LENGTH, is_slug
from events.enums import ParticipationRole
from events.validators import Cleaner, Wrong, choice, line, paragraphs
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


def names(value: Any) -> list[str]:
    """Clean a list of placeholders' names."""
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise Wrong("invalid", "Give a list of names.")
    return [str(line(40)(name)) for name in value]


def sentences(value: Any) -> str:
    """Clean sentences, one a line; there is one at least."""
    text = str(paragraphs(1000)(value))
    found = "\n".join(filter(None, (part.strip() for part in text.splitlines())))
    if not found:
        raise Wrong("required", "This is needed: say why one gets the mail.")
    return found


def _body(value: Any) -> str:
    text = str(paragraphs(8000)(value))
    if not text:
        raise Wrong("required", "This is needed.")
    return text


def text_slug(value: Any) -> str:
    """Clean the name by which rules and addresses know a text of an organisation's own."""
    text = str(line(60)(value))
    if not is_slug(text) or len(text) < MIN_LENGTH:
        raise Wrong(
            "slug", f"A name has {MIN_LENGTH} letters of a to z or digits at least, with hyphens."
        )
    return text


TEXT: Final[Mapping[str, Cleaner]] = {
    "subject": line(200, required=True),
    "preheader": line(200, required=True),
    "title": line(200, required=True),
    "lead": line(300),
    "button_label": line(80),
    "button_url": line(40),
    "facts": names,
    "reason": sentences,
    "body": _body,
    "after": paragraphs(4000),
}
