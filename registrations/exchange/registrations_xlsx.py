"""Registrations as a workbook: texts are texts, times are times, and nothing in it is a formula.

It is written row by row into a file on the disk, so that 50,000 rows take no more memory than 50.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from tempfile import TemporaryFile
from typing import IO, Any, Final

import xlsxwriter
from django.db.models import QuerySet

from core.csv import disarm
from registrations.exchange.registration_columns import Value, file_columns, values_of
from registrations.exchange.registrations_csv import CHUNK
from registrations.models import Registration
from registrations.services.registration_list import with_columns

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_PIECE: Final = 64 * 1024
_WIDTH: Final = 20
# What a cell can hold.
_LONGEST: Final = 32_767
# Times before this have no number in a workbook.
_FIRST_YEAR: Final = 1900


def registrations_xlsx(
    registrations: QuerySet[Registration], zone: str, columns: Collection[str] = ()
) -> Iterator[bytes]:
    """Yield the workbook piece by piece; the arguments are those of `registrations_csv`."""
    names = file_columns(columns)
    rows = with_columns(registrations, names).iterator(chunk_size=CHUNK)
    with TemporaryFile(suffix=".xlsx") as file:
        _write(file, names, (values_of(row, names, zone) for row in rows))
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _write(file: IO[bytes], header: Collection[str], rows: Iterator[list[Value]]) -> None:
    book = xlsxwriter.Workbook(file, _OPTIONS)
    sheet = book.add_worksheet("Registrations")
    bold = book.add_format({"bold": True})
    formats = {
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        # A cell that is edited by hand stays the text that it is.
        "armed": book.add_format({"quote_prefix": True}),
    }
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(header) - 1, _WIDTH)
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, bold)
    for number, cells in enumerate(rows, 1):
        for column, value in enumerate(cells):
            _cell(sheet, number, column, value, formats)
    book.close()


def _cell(sheet: Any, row: int, column: int, value: Value, formats: dict[str, Any]) -> None:
    if isinstance(value, dt.datetime) and value.year >= _FIRST_YEAR:
        sheet.write_datetime(row, column, value, formats["moment"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    elif value:
        text = str(value).replace("\x00", "")[:_LONGEST]
        sheet.write_string(row, column, text, formats["armed"] if disarm(text) != text else None)
