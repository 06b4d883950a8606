"""Times of day and lengths, as agendas write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_UNITS: Final = (
    r"(?:a\.?\s?m\.?|p\.?\s?m\.?|hrs\.?|hours|h\.?|časova|časa|čas|sati|sata|"
    r"часова|часа|час|сати|сата|casova|casa|cas|ч\.?|uhr)"
)
_CLOCK: Final = (
    rf"(?P<{{0}}h>\d{{{{1,2}}}})(?:\s?[:.h]\s?(?P<{{0}}m>[0-5]\d))?"
    rf"(?:\s?(?P<{{0}}u>{_UNITS})(?!\w))?"
)
_FROM: Final = r"(?P<word>(?:od|од|from|between|između|између|at|u|у|в|с)\s+)?"  # noqa: RUF001 - as people write it, in both scripts
_FROM_HEAD: Final = re.compile(_FROM.removesuffix("?"), re.IGNORECASE)
_TO: Final = r"\.?\s?(?P<to>[-–—]|do|до|to|until|till|and|i)\s?"
_HEAD: Final = re.compile(
    rf"{_FROM}{_CLOCK.format('a')}(?:{_TO}{_CLOCK.format('b')})?(?![\w%/€$])", re.IGNORECASE
)
_ARMY: Final = re.compile(
    r"(?P<ah>[01]\d|2[0-3])(?P<am>[0-5]\d)(?:\s?[-–—]\s?(?P<bh>[01]\d|2[0-3])(?P<bm>[0-5]\d))?"
    r"(?P<u>\s?(?:h|hrs|hours))?(?!\w)",
    re.IGNORECASE,
)
_SPAN_AT_END: Final = re.compile(
    r"[\s,;(\[–—-]\(?(\d{1,2}[:.]\d\d\s?(?:h\s?)?[-–—]\s?\d{1,2}[:.]\d\d(?:\s?h)?)[)\]]?$"
)
_AFTER: Final = re.compile(r"\s*[,:;|–—-]?\s*")
_MINUTE: Final = r"(?:min(?:ut(?:es?|a|e)?)?\.?|мин(?:ут[ае]?)?\.?|[′'])"  # noqa: RUF001 - as people write it, in both scripts
_HOUR: Final = r"(?:hours?|hrs?|h|sata?|sati|сата?|сати)"
_LENGTH: Final = re.compile(
    rf"(?:(?P<h>\d{{1,2}})\s?{_HOUR})?\s?(?:(?P<m>\d{{1,3}})\s?{_MINUTE})?", re.IGNORECASE
)
_LENGTH_AT_END: Final = re.compile(rf"[\s,;(–—-]+(\d{{1,3}}\s?{_MINUTE})\)?$", re.IGNORECASE)
_LENGTH_AT_HEAD: Final = re.compile(rf"(\d{{1,3}}\s?{_MINUTE})[\s,:;–—-]+", re.IGNORECASE)
DAY: Final = 24 * 60
_NOON: Final = 12
_BRACKETS: Final = {"(": ")", "[": "]"}
_YEARS: Final = range(19, 21)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time, or a span, in minutes since midnight.

    Arguments:
        sure: False for a span of bare hours ("10-11").
        half_days: whether it says a.m. or p.m.
    """

    start: int
    end: int | None = None
    sure: bool = True
    half_days: bool = False


def time_at_head(text: str) -> tuple[Clock, str] | None:
    """Return the time that a text begins with, and the text after it."""
    if text[:1] in _BRACKETS and (closed := text.find(_BRACKETS[text[0]], 1, 30)) > 0:
        inner = time_at_head(text[1:closed])
        return (inner[0], text[closed + 1 :].strip(" ,:;–—-")) if inner and not inner[1] else None
    if not text or not (text[0].isdecimal() or _FROM_HEAD.match(text)):
        return None
    for pattern, maker in ((_HEAD, _clock), (_ARMY, _army)):
        found = pattern.match(text)
        if found and not text[found.end() :].startswith((".", ":")) and (clock := maker(found)):
            rest = text[found.end() :]
            after = _AFTER.match(rest)
            rest = rest[after.end() :] if after else rest
            if clock.sure or not rest or rest[0].isupper():
                return clock, rest
        elif found and text[found.end() :].startswith((".", ":")):
            rest = text[found.end() + 1 :]
            clock = maker(found) if rest[:1] in {"", " "} else None
            if clock and clock.sure:
                return clock, rest.strip()
    return None


def time_at_end(text: str) -> tuple[Clock, str] | None:
    """Return the span that a text ends with, perhaps in brackets, and the text before it."""
    found = _SPAN_AT_END.search(text[-40:])
    if not found:
        return None
    inner = time_at_head(found[1])
    before = text[: max(0, len(text) - 40) + found.start()].rstrip(" ,;([–—-")
    return (inner[0], before) if inner and before else None


def length_of(text: str) -> int | None:
    """Return the minutes that a text says and nothing else."""
    found = _LENGTH.fullmatch(text.strip())
    if not found or not text.strip():
        return None
    minutes = int(found["h"] or 0) * 60 + int(found["m"] or 0)
    return minutes if 1 <= minutes <= DAY else None


def take_length(text: str) -> tuple[int | None, str]:
    """Return the minutes that a text begins or ends with, and all else of it."""
    found = _LENGTH_AT_HEAD.match(text)
    if found and text[found.end() :]:
        minutes = length_of(found[1])
        return minutes, text[found.end() :] if minutes else text
    tail = text[-30:]
    found = _LENGTH_AT_END.search(tail)
    if found:
        minutes = length_of(found[1])
        before = text[: len(text) - len(tail) + found.start()].rstrip(" ,;(–—-")
        if minutes and before:
            return minutes, before
    return None, text


def _clock(found: re.Match[str]) -> Clock | None:
    a_unit, b_unit = _unit(found["au"]), _unit(found["bu"])
    exact = bool(found["am"] or found["au"] or found["bm"] or found["bu"])
    if found["to"] in {"and", "i"} and not found["word"]:
        return None
    if not exact and (found["bh"] is None or (found["word"] and not found["to"])):
        return None
    if found["bh"] is None:
        start = _minutes(found["ah"], found["am"], a_unit)
        return None if start is None or start >= DAY else Clock(start, half_days=bool(a_unit))
    end = _minutes(found["bh"], found["bm"], b_unit)
    start = _minutes(found["ah"], found["am"], a_unit or b_unit)
    if start is not None and end is not None and b_unit and not a_unit and start > end:
        start = _minutes(found["ah"], found["am"], "a")
    if start is None or end is None or start >= DAY or (not exact and start >= end):
        return None
    sure = exact or bool(found["word"])
    return Clock(start, end, sure=sure, half_days=bool(a_unit or b_unit))


def _army(found: re.Match[str]) -> Clock | None:
    hours = int(found["ah"]), int(found["bh"] or found["ah"])
    if not found["u"] and (found["bh"] is None or all(hour in _YEARS for hour in hours)):
        return None
    start = int(found["ah"]) * 60 + int(found["am"])
    end = int(found["bh"]) * 60 + int(found["bm"]) if found["bh"] else None
    return Clock(start, end)


def _unit(unit: str | None) -> str:
    plain = (unit or "").lower().replace(".", "").replace(" ", "")
    return plain[0] if plain in {"am", "pm"} else ""


def _minutes(hour: str, minute: str | None, half: str) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= _NOON:
            return None
        hours = hours % _NOON + (_NOON if half == "p" else 0)
    total = hours * 60 + minutes
    return total if total <= DAY else None
