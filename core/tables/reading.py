"""A list of people as rows of text, whatever spreadsheet it comes from."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import Final

from core.csv import rearm
from core.errors import DomainError
from core.tables.encodings import ENCODINGS, decode, guess_encoding
from core.tables.workbooks import is_workbook, read_workbook

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 200
DELIMITERS: Final[dict[str, str]] = {";": "Semicolon", ",": "Comma", "\t": "Tab"}
CSV_TYPE: Final = "text/csv"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LOOKED_AT: Final = 30


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows, with how they were read.

    Arguments:
        rows: pairs of the line's number in the file (as a spreadsheet counts) and its cells.
        encoding: "" for a workbook, and so is the delimiter.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    encoding: str = ""
    delimiter: str = ""


def type_of(content: bytes) -> str:
    """Return the type that the bytes say; what is no workbook is taken for text."""
    return XLSX_TYPE if is_workbook(content) else CSV_TYPE


def read_table(content: bytes, *, encoding: str = "", delimiter: str = "") -> Table:
    """Read a file; what is not said is guessed.

    Raises:
        DomainError: ``too-large`` over 10 MB, 5,000 rows or 200 columns; ``validation-failed`` for
            what can not be read.
    """
    if len(content) > MOST_BYTES:
        raise DomainError("too-large", f"A list may have {MOST_BYTES // 1024 // 1024} MB.")
    if is_workbook(content):
        return _table(read_workbook(content), "", "")
    encoding = encoding if encoding in ENCODINGS else guess_encoding(content)
    text = decode(content, encoding)
    if "\x00" in text:
        raise DomainError("validation-failed", "This file holds NUL characters, so it is no list.")
    said, text = _said_delimiter(text)
    chosen = delimiter if delimiter in DELIMITERS else said or guess_delimiter(text)
    try:
        lines = [[rearm(cell) for cell in row] for row in _lines(text, chosen)]
    except csv.Error as error:
        raise DomainError("validation-failed", "This file can not be read as rows.") from error
    return _table(lines, encoding, chosen)


def guess_delimiter(text: str) -> str:
    """Return what parts the first lines into the most columns that agree with each other."""

    def score(delimiter: str) -> float:
        try:
            lengths = [len(row) for row in _lines(text[:100_000], delimiter, _LOOKED_AT) if row]
        except csv.Error:
            return 0
        if not lengths:
            return 0
        usual, times = Counter(lengths).most_common(1)[0]
        return (usual - 1) * times / len(lengths)

    return max(DELIMITERS, key=score)


def _lines(text: str, delimiter: str, most: int = MOST_ROWS + 2) -> list[list[str]]:
    found: list[list[str]] = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        found.append(row)
        if len(found) > most + MOST_ROWS:
            break
    return found[: None if most > _LOOKED_AT else most]


def _said_delimiter(text: str) -> tuple[str, str]:
    """Take away the line by which some spreadsheets say what parts the columns: "sep=;"."""
    first, _end, rest = text.partition("\n")
    word = first.strip("\r").strip('"')
    if word.lower().startswith("sep=") and word[4:] in DELIMITERS:
        return word[4:], rest
    return "", text


def _table(lines: list[list[str]], encoding: str, delimiter: str) -> Table:
    numbered = [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(lines, start=1)
        if any(cell.strip() for cell in row)
    ]
    if len(numbered) < 2:  # noqa: PLR2004 - a header and somebody
        raise DomainError(
            "validation-failed", "This list holds nobody: a header and one row are the least."
        )
    if len(numbered) - 1 > MOST_ROWS:
        raise DomainError(
            "too-large",
            f"A list may have {MOST_ROWS:,} rows. Part it and import one after another.",
        )
    width = max(len(row) for _number, row in numbered)
    if width > MOST_COLUMNS:
        raise DomainError("too-large", f"A list may have {MOST_COLUMNS} columns.")
    header = numbered[0][1] + [""] * (width - len(numbered[0][1]))
    rows = [(number, row + [""] * (width - len(row))) for number, row in numbered[1:]]
    return Table(header, rows, encoding, delimiter)
