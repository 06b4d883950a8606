"""XLSX files, opened only after it is known how large they really are.

A workbook is a zip archive of XML: a small one can unpack to gigabytes, and one cell at the far
corner of a sheet makes a table of billions. Both are seen before the reader touches it. Cells that
hold a formula come with the value that was saved in them; nothing is ever calculated.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any, Final

from python_calamine import CalamineWorkbook

from core.errors import DomainError

MOST_ENTRIES: Final = 500
MOST_UNPACKED: Final = 60 * 1024 * 1024
MOST_CELLS: Final = 2_000_000
_PIECE: Final = 256 * 1024
_PLACE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,3})([0-9]{1,9})[\"']")


def is_workbook(content: bytes) -> bool:
    """Tell whether the bytes begin as those of a zip archive do."""
    return content.startswith(b"PK\x03\x04")


def read_workbook(content: bytes) -> list[list[str]]:
    """Return the rows of the first sheet that has any, each cell as text.

    Raises:
        DomainError: ``validation-failed`` for what is no workbook, and ``too-large`` for one that
            unpacks to more than a guest list needs.
    """
    _look_inside(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for number in range(len(book.sheet_names)):
            rows = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
            if rows:
                return [[_text(cell) for cell in row] for row in rows]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the reader's own kinds, and panics of its Rust part
        raise _unreadable() from error
    return []


def _look_inside(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(e.file_size for e in entries) > MOST_UNPACKED:
                raise _bomb()
            if "xl/workbook.xml" not in archive.namelist():
                raise _unreadable()
            unpacked = 0
            for entry in entries:
                is_sheet = entry.filename.startswith("xl/worksheets/")
                unpacked += _measure(archive, entry, is_sheet=is_sheet)
                if unpacked > MOST_UNPACKED:
                    raise _bomb()
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
        ValueError,
    ) as error:
        raise _unreadable() from error


def _measure(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, is_sheet: bool) -> int:
    """Return how large an entry really is; refuse a sheet whose cells lie too far apart."""
    size, kept, rows, columns = 0, b"", 1, 1
    with archive.open(entry) as opened:
        while piece := opened.read(_PIECE):
            size += len(piece)
            if size > MOST_UNPACKED:
                raise _bomb()
            if not is_sheet:
                continue
            if b"\x00" in piece:  # UTF-16 would hide the places from the look below
                raise _unreadable()
            text = kept + piece
            for letters, number in _PLACE.findall(text):
                rows = max(rows, int(number))
                columns = max(columns, _column(letters))
            kept = text[-40:]
    if rows * columns > MOST_CELLS:
        raise DomainError(
            "too-large",
            "A cell of this workbook lies far outside of the list. Copy the list to a new workbook "
            "and choose that one.",
        )
    return size


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return str(cell)


def _bomb() -> DomainError:
    megabytes = MOST_UNPACKED // 1024 // 1024
    return DomainError(
        "too-large", f"This workbook unpacks to more than {megabytes} MB. It was not opened."
    )


def _unreadable() -> DomainError:
    return DomainError(
        "validation-failed",
        "This is no workbook that can be read. Save the list as XLSX or CSV without a password.",
    )
