"""Rows of tables: markdown, tabs as a word processor pastes them, columns of wide spaces."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from events.exchange.agenda import notes
from events.exchange.agenda.clock import Clock, time_at_head
from events.exchange.agenda.heads import quoted
from events.exchange.agenda.kinds import is_label, kind_of, label_at_head, names_block, part_label
from events.exchange.agenda.labels import take_field
from events.exchange.agenda.lines import Line
from events.exchange.agenda.people import may_be_person, reads_as_person
from events.exchange.agenda.persons import add_people
from events.exchange.agenda.places import is_room
from events.exchange.agenda.reading import read_detail
from events.exchange.agenda.roles import SPEAKER, Role, part_role, role_of
from events.exchange.agenda.state import Reading
from events.exchange.agenda.steps import begin
from events.exchange.agenda.words import Phrases, keys

_COLUMNS: Final = Phrases(
    {
        "time": "time,vreme,when,kada,start,satnica,termin",
        "end": "end,kraj,do,until",
        "title": (
            "title,session,activity,naslov,sesija,aktivnost,item,topic,tema,program,programme,"
            "agenda,what,sadrzaj"
        ),
        "kind": "type,kind,format,vrsta,tip",
        "people": (
            "speaker,speakers,who,people,govornici,govornik,ucesnici,izlagaci,participants,name,ko"
        ),
        "room": "room,sala,venue,location,mesto,prostorija,where,gde,lokacija",
        "abstract": "description,opis,abstract,details,detalji,notes",
    }
)
_MOST_HEAD_WORDS: Final = 4


def read_row(reading: Reading, line: Line) -> bool:
    """Read a row of a table; return False for one that is better read as a plain line."""
    full = [cell for cell in line.cells if cell]
    if len(full) < 2 and not reading.columns:  # noqa: PLR2004 - a row has two cells
        return False
    if columns := _columns(line.cells):
        reading.columns = columns
        return True
    clock, used = _clock(reading, line)
    cells = [(i, cell) for i, cell in enumerate(line.cells) if cell and i not in used]
    if clock is None:
        return _row_without_time(reading, line, cells)
    if reading.columns:
        _by_columns(reading, line, clock, cells)
    else:
        _by_looks(reading, line, clock, _with_rest(used, cells))
    return True


def _columns(cells: tuple[str, ...]) -> tuple[str, ...]:
    out = []
    for cell in cells:
        words = keys(cell)
        name = _COLUMNS.whole(words, frozenset({"and", "i", "of", "the"})) or ""
        role = role_of(cell)
        if role and name != "people" and len(words) <= _MOST_HEAD_WORDS:
            name = f"role {role.name}"
        out.append(name)
    said = [name for name in out if name]
    full = [cell for cell in cells if cell]
    if "title" in said and len(said) >= 2 and len(said) >= len(full) - 1:  # noqa: PLR2004 - a row has two cells
        return tuple(out)
    if "time" in said and len(said) >= 2 and len(said) == len(full):  # noqa: PLR2004 - a row has two cells
        return tuple(out)
    return ()


def _clock(reading: Reading, line: Line) -> tuple[Clock | None, set[int]]:
    """Return the time of a row, and the cells that say nothing else."""
    for i, cell in enumerate(line.cells[:3]):
        found = time_at_head(cell.replace("\n", " "))
        if not found:
            if cell:
                break
            continue
        clock, rest = found
        if rest:
            return clock, set()
        used = {*range(i + 1)}
        following = line.cells[i + 1] if i + 1 < len(line.cells) else ""
        end = time_at_head(following) if clock.end is None else None
        if end and not end[1] and end[0].end is None and end[0].start > clock.start:
            clock = replace(clock, end=end[0].start)
            used.add(i + 1)
        return clock, used
    if "time" in reading.columns:
        place = reading.columns.index("time")
        found = time_at_head(line.cells[place]) if place < len(line.cells) else None
        if found and not found[1]:
            return found[0], {place}
    return None, set()


def _with_rest(used: set[int], cells: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the cells, the time taken off the one that says more than it."""
    if used:
        return cells
    out: list[tuple[int, str]] = []
    for i, cell in cells:
        found = time_at_head(cell.replace("\n", " ")) if not out else None
        out.append((i, found[1] if found else cell))
    return out


def _row_without_time(reading: Reading, line: Line, cells: list[tuple[int, str]]) -> bool:
    if not cells:
        return True
    text = cells[0][1]
    if reading.columns and reading.session is not None:
        _more_columns(reading, line, cells)
        return True
    more = [cell for _, cell in cells[1:]]
    placed = any(part_role(cell) or is_room(cell.strip("()"), said=True) for cell in more)
    labelled = is_label(text) or bool(part_label(text)[0]) or placed
    if names_block(text) and labelled and more:
        _block(reading, line, cells)
        return True
    if reading.session is None:
        return False
    for _, cell in cells:
        for piece in cell.split("\n"):
            read_detail(reading, replace(line, text=piece, cells=()))
    return True


def _block(reading: Reading, line: Line, cells: list[tuple[int, str]]) -> None:
    """Begin a session that a row names without a time, such as "Morning session"."""
    text = cells[0][1].replace("\n", " ")
    session = begin(reading, line, None, text)
    label, title = label_at_head(text)
    if label and session.title == text:
        session.title, session.pending = title, False
    for _, cell in cells[1:]:
        text = cell.replace("\n", " ")
        if session.pending and not part_role(text) and not is_room(text, said=True):
            session.title, session.pending = text, False
        else:
            _detail(reading, line, text)


def _by_columns(reading: Reading, line: Line, clock: Clock, cells: list[tuple[int, str]]) -> None:
    named = [(_name(reading, i), cell) for i, cell in cells]
    title = next((cell for name, cell in named if name == "title"), "")
    kind = next((cell for name, cell in named if name == "kind"), "")
    first, *more = title.split("\n") if title else [""]
    session = begin(reading, line, clock, first or kind)
    said = kind_of(kind) if kind else None
    if said:
        session.kind, session.kind_sure = said.kind, True
    for piece in more:
        read_detail(reading, replace(line, text=piece, cells=()))
    for name, cell in named:
        if name not in {"title", "kind"}:
            _column(reading, line, name, cell)


def _more_columns(reading: Reading, line: Line, cells: list[tuple[int, str]]) -> None:
    for i, cell in cells:
        name = _name(reading, i)
        if name in {"title", "", "kind", "time", "end"}:
            for piece in cell.split("\n"):
                read_detail(reading, replace(line, text=piece, cells=()))
        else:
            _column(reading, line, name, cell)


def _name(reading: Reading, place: int) -> str:
    return reading.columns[place] if place < len(reading.columns) else ""


def _column(reading: Reading, line: Line, name: str, cell: str) -> None:
    if name == "people" or name.startswith("role "):
        role = Role(SPEAKER if name == "people" else name.removeprefix("role "), several=True)
        for piece in cell.split("\n"):
            said = part_role(piece)
            if said and said[1]:
                add_people(reading, line, said[1], said[0])
            elif not said:
                add_people(reading, line, piece, role)
    elif name in {"room", "abstract"}:
        take_field(reading, line, name, cell.replace("\n", " "))
    else:
        for piece in cell.split("\n"):
            _detail(reading, line, piece)


def _by_looks(reading: Reading, line: Line, clock: Clock, cells: list[tuple[int, str]]) -> None:
    pieces = [piece for _, cell in cells for piece in cell.split("\n") if piece]
    place = _title_place(pieces)
    title = pieces.pop(place) if pieces else ""
    begin(reading, line, clock, title)
    for piece in pieces:
        _detail(reading, line, piece)


def _title_place(pieces: list[str]) -> int:
    """Return which cell is the title: the first that names no person, room or role."""
    for i, piece in enumerate(pieces):
        if kind_of(piece) or quoted(piece):
            return i
        if part_role(piece) or is_room(piece.strip("()[]"), said=True):
            continue
        if may_be_person(piece) and any(
            not may_be_person(other) and not is_room(other.strip("()[]"), said=True)
            for other in pieces[i + 1 :]
        ):
            continue
        return i
    return 0


def _detail(reading: Reading, line: Line, piece: str) -> None:
    session = reading.session
    plain = piece.strip("()[] ")
    if session is None:
        return
    free = not session.own_room and is_room(plain, said=True) and not notes.part_field(piece)
    if free and not reads_as_person(piece) and not part_role(piece):
        session.room, session.own_room = plain, True
        return
    if may_be_person(piece) and not part_role(piece):
        add_people(reading, line, piece, Role(SPEAKER, several=True))
        return
    read_detail(reading, replace(line, text=piece, cells=(), gap=False))
