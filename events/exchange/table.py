"""A programme as a table, CSV or XLSX: a row a session, or a row a speaker under their session.

A row without a title goes on with the session above it, and so does one with the same identifier,
or the same title and time. A date that is left open is that of the row above.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from core.tables.reading import Table, read_table
from core.text import search_key
from events.enums import SessionKind
from events.exchange.building import Builder
from events.exchange.found import Item, Someone
from events.exchange.instants import day_of, instant_of, length_of
from events.exchange.kinds import split_role
from events.exchange.table_columns import guess_columns, known_columns
from events.incoming import IncomingProgramme, ReadingOptions
from events.services.typed_lines import kind_of

_TIME: Final = re.compile(
    r"(?P<h>[01]?\d|2[0-3])\s*(?:[:.h]\s*(?P<m>[0-5]\d)?)?(?::[0-5]\d)?\s*(?P<half>[ap]\.?m\.?)?",
    re.IGNORECASE | re.ASCII,
)
_SPAN: Final = re.compile(r"\s*(?:[-–—]|\bto\b|\bdo\b|\bbis\b)\s*")
_DMY: Final = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})", re.ASCII)
_SEVERAL: Final = re.compile(r"[;|\n]|\s/\s")
_BRACKETS: Final = re.compile(r"^(?P<name>.+?)\s*[(\[](?P<house>[^()\[\]]{3,200})[)\]]$")
_TBC: Final = re.compile(
    r"\s*[(\[]\s*(?:tbc|tbd|t\.b\.c\.?|to be confirmed)\s*[)\]]", re.IGNORECASE
)
_NOON: Final = 12
_TWO: Final = 2
_DAYS: Final = 60


@dataclass(slots=True)
class _Rows:
    """What is read so far.

    Arguments:
        day: of the last row that had one.
        items: sessions in their order, by what joins rows.
    """

    builder: Builder
    options: ReadingOptions
    day: dt.date | None = None
    last: Item | None = None
    items: dict[str, Item] = field(default_factory=dict)


def read(content: bytes, options: ReadingOptions) -> IncomingProgramme:
    """Read a table whose columns are told by their header.

    Raises:
        DomainError: ``too-large``, ``validation-failed``.
    """
    table = read_table(content)
    return read_rows(table, guess_columns(table.header), options)


def read_as_said(
    content: bytes, options: ReadingOptions, said: Mapping[str, object]
) -> tuple[IncomingProgramme, Table, list[str]]:
    """Read a table as a person has said: encoding, delimiter, columns; the rest is guessed.

    Raises:
        DomainError: ``too-large``, ``validation-failed``.
    """
    table = read_table(
        content, encoding=str(said.get("encoding", "")), delimiter=str(said.get("delimiter", ""))
    )
    named = said.get("columns")
    columns = (
        known_columns(named)
        if isinstance(named, list) and len(named) == len(table.header)
        else guess_columns(table.header)
    )
    return read_rows(table, columns, options), table, columns


def read_rows(table: Table, columns: Sequence[str], options: ReadingOptions) -> IncomingProgramme:
    """Read the rows of a table.

    Raises:
        DomainError: ``validation-failed`` when there is no session in it.
    """
    rows = _Rows(Builder(options), options)
    for number, cells in table.rows:
        found = {name: cell for name, cell in zip(columns, cells, strict=True) if name and cell}
        if found:
            _read_row(rows, found, number)
    for item in rows.items.values():
        rows.builder.add(item)
    return rows.builder.programme()


def _read_row(rows: _Rows, row: dict[str, str], number: int) -> None:
    title = row.get("title", "")
    start, end = _slot(rows, row, number)
    if not title and rows.last is not None and not row.get("id"):
        _people(rows, rows.last, row, number)
        return
    name = f"{search_key(title)} {start or ''}"
    key = f"id:{row['id']}" if row.get("id") else f"row:{name}:{row.get('room', '')}"
    item = rows.items.get(key)
    if item is None:
        item = Item(
            ref=row.get("id", ""),
            title=title,
            type=row.get("kind", "") or _kind(title),
            abstract=row.get("abstract", ""),
            start=start,
            end=end,
            room=row.get("room", "") if rows.builder.room(row.get("room", "")) else "",
            track=row.get("track", "") if rows.builder.track(row.get("track", "")) else "",
            language=row.get("language", ""),
            line=number,
        )
        rows.items[key] = item
    rows.last = item
    if row.get("link"):
        item.links.append(("", row["link"]))
    _people(rows, item, row, number)


def _kind(title: str) -> str:
    """Return the word for a kind that a title names in any of our languages, or ""."""
    kind = kind_of(title)
    return "opening" if kind == SessionKind.OPENING_REMARKS else kind.value if kind else ""


def _slot(
    rows: _Rows, row: dict[str, str], number: int
) -> tuple[dt.datetime | None, dt.datetime | None]:
    text = row.get("start", "")
    first, last = ([*_SPAN.split(text, 1), ""])[:2] if not instant_of(text) else (text, "")
    moment = instant_of(first)
    day = _day(row, rows.options) or (moment.date() if moment else None) or rows.day
    rows.day = day
    day = day or rows.options.first_day
    start = rows.builder.clock.local(moment) if moment and moment.year > 1900 else None  # noqa: PLR2004 - spreadsheets' year nought
    if start is None and (clock := _clock(moment.strftime("%H:%M") if moment else first)):
        start = dt.datetime.combine(day, clock)
    if start is None:
        if text:
            rows.builder.mark("unsure", f"“{text[:40]}” is no time.", about="time", line=number)
        return None, None
    return start, _end(rows, row, start, row.get("end", "") or last)


def _end(rows: _Rows, row: dict[str, str], start: dt.datetime, text: str) -> dt.datetime | None:
    moment = instant_of(text)
    if moment is not None and moment.year > 1900:  # noqa: PLR2004 - spreadsheets' year nought
        return rows.builder.clock.local(moment)
    clock = _clock(moment.strftime("%H:%M") if moment else text)
    if clock is None:
        length = length_of(row.get("duration", ""))
        return start + length if length else None
    end = dt.datetime.combine(start.date(), clock)
    return end if end > start else end + dt.timedelta(days=1)


def _day(row: dict[str, str], options: ReadingOptions) -> dt.date | None:
    text = row.get("date", "") or row.get("day", "")
    if day := day_of(text):
        return day
    if found := _DMY.search(text):
        try:
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            return None
    number = re.fullmatch(r"(?:day|dan|tag|дан)?\s*(\d{1,2})\.?", text.strip().lower(), re.ASCII)
    if number and 1 <= int(number[1]) <= _DAYS:
        return options.first_day + dt.timedelta(days=int(number[1]) - 1)
    return None


def _clock(text: str) -> dt.time | None:
    found = _TIME.fullmatch(text.strip()[:20])
    if not found:
        return None
    hour, half = int(found["h"]), (found["half"] or "").lower()
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half.startswith("p") else 0)
    return dt.time(hour, int(found["m"] or 0))


def _people(rows: _Rows, item: Item, row: dict[str, str], number: int) -> None:
    several = _parted(row.get("speakers", ""))
    for text in several:
        someone, settled = _someone(text, row if len(several) == 1 else {}, number)
        _put_on(rows, item, someone, row.get("role", ""), settled=settled)
    for text in _parted(row.get("moderators", "")):
        someone, settled = _someone(text, {}, number)
        _put_on(rows, item, someone, "moderator", settled=settled)


def _put_on(rows: _Rows, item: Item, someone: Someone, role: str, *, settled: bool) -> None:
    ref, said = rows.builder.person(someone, role)
    if ref and (ref, said) not in item.speakers:
        item.speakers.append((ref, said))
    item.confirmed = item.confirmed and settled


def _someone(text: str, row: dict[str, str], number: int) -> tuple[Someone, bool]:
    name = _TBC.sub("", text)
    house = row.get("affiliation", "")
    found = _BRACKETS.match(name)
    if found and not split_role(name)[1]:
        name, house = found["name"], found["house"]
    name = f"{row.get('honorific', '')} {name}".strip()
    someone = Someone(
        "",
        name=name,
        position=row.get("position", ""),
        affiliation=house,
        email=row.get("email", ""),
        line=number,
    )
    return someone, name == text or not _TBC.search(text)


def _parted(text: str) -> list[str]:
    """Part several names in one cell; a comma parts them where full names stand around it."""
    pieces = [piece.strip(" ,") for piece in _SEVERAL.split(text)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) == 1 and "," in pieces[0] and "(" not in pieces[0]:
        names = [name.strip() for name in pieces[0].split(",") if name.strip()]
        if all(len(name.split()) >= _TWO for name in names):
            return names
    return pieces
