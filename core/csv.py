"""CSV that no spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

_FULL_WIDTH: Final = ("＝", "＋", "－", "＠")  # noqa: RUF001 - some spreadsheets take them for = + - @
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", *_FULL_WIDTH)


def disarm(value: object) -> str:
    """Return a cell as text that a spreadsheet shows and never runs (OWASP CSV injection)."""
    text = "" if value is None else str(value)
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a CSV file (RFC 4180, UTF-8 with BOM for spreadsheets) line by line."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line([disarm(cell) for cell in row])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
