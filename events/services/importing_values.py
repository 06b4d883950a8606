"""What a source says of a session or a person, as it is stored here; or why it can not be. Pure.

Rows of the draft are told in the same words, so that the two can be compared field by field: texts
by language (``title:en``), times to the minute, rooms by code, tracks by slug.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from core.cleaning import Wrong
from core.errors import DomainError
from core.text import LANGUAGES, clean_line, language_tag, pick_text
from events import validators as v
from events.enums import Attribution, SessionKind, SessionState
from events.incoming import IncomingPart, IncomingPerson, IncomingSession, Texts
from events.models import Participation, Person, Session
from events.services.typed_lines import USUAL_MINUTES

Values = dict[str, Any]
LONGEST: Final = dt.timedelta(days=7)
OF_THE_DAY: Final = ("honorific", "affiliation", "position")
_PERSON_LINES: Final = {
    "honorific": 60,
    "given_name": 120,
    "family_name": 120,
    "affiliation": 200,
    "position": 200,
}
_TEXTS: Final = ("title", "abstract")


def session_values(row: IncomingSession, language: str) -> tuple[Values, list[str]]:
    """Return what a session is to be, but for its room and track, and what was altered to fit.

    Raises:
        DomainError: ``validation-failed`` with the reason why it can not come in.
    """
    notes: list[str] = []
    title = texts_of(row.title, language, v.MAX_TITLE, notes, "title")
    if not title:
        raise DomainError("validation-failed", "It has no title.")
    if row.kind not in SessionKind.values:
        raise DomainError("validation-failed", f"There is no kind “{row.kind[:40]}”.")
    start, end = _slot(row, notes)
    values: Values = {
        "kind": row.kind,
        "state": SessionState.CANCELLED if row.cancelled else SessionState.PLANNED,
        "start_local": start.isoformat(timespec="minutes") if start else None,
        "end_local": end.isoformat(timespec="minutes") if end else None,
        "language": _language(row.language),
        "recorded": bool(row.recorded),
        **{f"title:{tag}": text for tag, text in title.items()},
    }
    abstract = texts_of(row.abstract, language, v.MAX_TEXT, notes, "abstract", lines=True)
    values |= {f"abstract:{tag}": text for tag, text in abstract.items()}
    if row.attribution in Attribution.values:
        values["attribution"] = row.attribution
    return values, notes


def session_as_it_is(row: Session) -> Values:
    """Return a row of the draft in the same words."""
    return {
        "kind": row.kind,
        "state": row.state,
        "start_local": _minutes(row.start_local),
        "end_local": _minutes(row.end_local),
        "language": row.language,
        "recorded": row.recorded,
        "attribution": row.attribution,
        "room": row.room.code if row.room else None,
        "track": row.track.slug if row.track else None,
        **{f"title:{tag}": text for tag, text in row.title.items()},
        **{f"abstract:{tag}": text for tag, text in row.abstract.items()},
    }


def person_values(row: IncomingPerson, language: str) -> tuple[Values, list[str]]:
    """Return what a person is to be, and what was altered to fit.

    Raises:
        DomainError: ``validation-failed`` for somebody without a name.
    """
    notes: list[str] = []
    values: Values = {
        name: cut(clean_line(getattr(row, name)), longest, notes, name.replace("_", " "))
        for name, longest in _PERSON_LINES.items()
    }
    if not values["given_name"]:
        values["given_name"], values["family_name"] = values["family_name"], ""
    if not values["given_name"]:
        raise DomainError("validation-failed", "There is no name.")
    values["email"] = ""
    if row.email:
        try:
            values["email"] = v.email_address(row.email)
        except Wrong:
            notes.append(f"“{row.email[:60]}” is no e-mail address. It was left out.")
    bio = texts_of(row.bio, language, v.MAX_TEXT, notes, "biography", lines=True)
    return values | {f"bio:{tag}": text for tag, text in bio.items()}, notes


def person_as_they_are(row: Person) -> Values:
    """Return a person of ours in the same words."""
    plain = (*_PERSON_LINES, "email")
    values: Values = {name: getattr(row, name) for name in plain}
    return values | {f"bio:{tag}": text for tag, text in row.bio.items()}


def part_values(part: IncomingPart, person: Values) -> Values:
    """Return how somebody sits on a session; "" and None where the source does not say."""
    said = {name: clean_line(getattr(part, name)) or person[name] for name in OF_THE_DAY}
    lengths = {"honorific": 60, "affiliation": 200, "position": 200}
    minutes = part.minutes if part.minutes and 1 <= part.minutes <= 600 else None  # noqa: PLR2004
    return {"minutes": minutes, **{name: text[: lengths[name]] for name, text in said.items()}}


def part_as_it_is(row: Participation, there: Mapping[str, Any]) -> Values:
    """Return a participation in the same words; what the source does not say is not looked at."""
    return {name: getattr(row, name) if value else value for name, value in there.items()}


def grouped(values: Iterable[tuple[str, Any]], now: Mapping[str, Texts]) -> Values:
    """Return fields as the model has them: texts of one field together, on top of those of now."""
    found: Values = {}
    for name, value in values:
        field, colon, tag = name.partition(":")
        if not colon:
            found[name] = value
            continue
        texts = dict(found.get(field, now.get(field, {})))
        if value:
            texts[tag] = value
        else:
            texts.pop(tag, None)
        found[field] = texts
    return found


def texts_of(
    texts: Texts, language: str, longest: int, notes: list[str], what: str, *, lines: bool = False
) -> dict[str, str]:
    """Return a text in the languages that this installation speaks, always in the first one."""
    found: dict[str, str] = {}
    for key, text in texts.items():
        tag = _language(key)
        if tag and tag not in found and (tidied := _tidy(text, lines=lines)):
            found[tag] = cut(tidied, longest, notes, what)
    if language not in found and (first := _tidy(pick_text(texts, language), lines=lines)):
        found[language] = cut(first, longest, notes, what)
    return found


def cut(text: str, longest: int, notes: list[str], what: str) -> str:
    if len(text) <= longest:
        return text
    notes.append(f"Its {what} was cut to {longest:,} characters.")
    return f"{text[: longest - 1].rstrip()}…"


def _tidy(text: str, *, lines: bool) -> str:
    if not lines:
        return clean_line(text)
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (
        ch if ch in "\n\t" or unicodedata.category(ch) not in {"Cc", "Cs", "Zl", "Zp"} else " "
        for ch in plain
    )
    return "".join(kept).strip()


def _language(tag: str) -> str:
    try:
        found = language_tag(tag)
    except ValueError:
        return ""
    return found if found in LANGUAGES else ""


def _minutes(moment: dt.datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None


def _slot(row: IncomingSession, notes: list[str]) -> tuple[dt.datetime | None, dt.datetime | None]:
    if row.start is None:
        return None, None
    start = row.start.replace(second=0, microsecond=0, tzinfo=None)
    usual: Any = USUAL_MINUTES
    minutes = dt.timedelta(minutes=usual.get(row.kind, 30))
    if row.end is None:
        notes.append(f"It says no end; {minutes.seconds // 60} minutes were taken.")
        return start, start + minutes
    end = row.end.replace(second=0, microsecond=0, tzinfo=None)
    if end == start:
        notes.append(f"It ends when it begins; {minutes.seconds // 60} minutes were taken.")
        return start, start + minutes
    if end < start:
        raise DomainError("validation-failed", "It ends before it begins.")
    if end - start > LONGEST:
        raise DomainError("validation-failed", "It lasts longer than seven days.")
    if not 1900 <= start.year <= 2200:  # noqa: PLR2004 - years that core.clock knows
        raise DomainError("validation-failed", "Its year is not one that an event is in.")
    return start, end
