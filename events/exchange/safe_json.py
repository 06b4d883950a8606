"""JSON from outside: measured before it is read, and taken apart without trusting any of it."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from core.errors import DomainError
from events.exchange.limits import (
    MOST_DEPTH,
    MOST_ELEMENTS,
    broken,
    check_size,
    too_deep,
    too_many,
)

# A string always matches up to its end or that of the text, so that the walk goes over it
# once; nothing is ever tried again, so that it needs no memory.
_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[{,]|[\]}]', re.DOTALL)
_CODE_PAGES: Final = "UTF-8"


def read_json(content: bytes) -> Any:
    """Return what the JSON says.

    Raises:
        DomainError: ``validation-failed`` for what is no JSON in UTF-8, -16 or -32; ``too-large``
            for what is too large, deep or full.
    """
    check_size(content)
    text = _decode(content)
    if "\x00" in text:
        raise DomainError("validation-failed", "This file holds NUL characters, so it is no JSON.")
    _measure(text)
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise broken("JSON", error.lineno) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits
        raise broken("JSON") from error


def _decode(content: bytes) -> str:
    name = json.detect_encoding(content)
    try:
        return content.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DomainError(
            "validation-failed",
            f"Line {line:,} is not written in {_CODE_PAGES}. Save the file as {_CODE_PAGES}.",
        ) from error


def _measure(text: str) -> None:
    depth = count = 0
    for match in _TOKEN.finditer(text):
        first = match[0][0]
        if first == '"':
            continue
        if first in "]}":
            depth -= 1
            continue
        count += 1
        depth += first != ","
        if depth > MOST_DEPTH:
            raise too_deep("Lists and objects")
        if count > MOST_ELEMENTS:
            raise too_many("values")


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def looks_like_json(content: bytes) -> bool:
    """Tell whether the first character that means something opens a list or an object."""
    start = content.removeprefix(codecs.BOM_UTF8)[:2000].replace(b"\x00", b"").lstrip()
    start = start.removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE).lstrip()
    return start[:1] in {b"{", b"["}


def as_map(value: Any) -> Mapping[str, Any]:
    """Return an object, or an empty one where something else stands."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: Any) -> Sequence[Any]:
    """Return a list, or an empty one where something else stands."""
    return value if isinstance(value, list) else []


def as_maps(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list."""
    return [item for item in as_list(value) if isinstance(item, Mapping)]


def as_text(value: Any) -> str:
    """Return a text or a number as text, or "" where something else stands."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else ""
    if isinstance(value, float):
        return str(value) if math.isfinite(value) else ""
    return ""


def as_number(value: Any) -> int | None:
    """Return a whole number that a room may hold, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 < number <= 100_000 else None  # noqa: PLR2004 - more than any room


def pick(record: Mapping[str, Any], *names: str) -> Any:
    """Return the first value that is not empty, of several names that it may stand under."""
    return next(
        (record[name] for name in names if record.get(name) not in (None, "", [], {})), None
    )
