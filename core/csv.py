"""CSV that no spreadsheet runs as a formula, and that reads back as it was."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

_FULL_WIDTH: Final = ("＝", "＋", "－", "＠")  # noqa: RUF001 - some spreadsheets take them for = + - @
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", *_FULL_WIDTH)


def disarm(value: object) -> str:
    """Return a cell as text that a spreadsheet shows and never runs (OWASP, CSV injection)."""
    if value is None:
        return ""
    text = str(value).replace("\x00", "")
    if isinstance(value, int | float | Decimal):
        return text  # a negative number is a number
    # What already begins with our mark is marked again, so that rearm() gives back the original.
    return f"'{text}" if text.lstrip("'").startswith(_DANGEROUS) else text


def rearm(cell: str) -> str:
    """Return the text that `disarm` made the cell of."""
    return cell[1:] if cell.startswith("'") and disarm(cell[1:]) == cell else cell


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield a CSV file (RFC 4180, UTF-8 with BOM for spreadsheets) line by line."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([disarm(cell) for cell in cells])
    return out.getvalue()
