"""Registrations as a file for a spreadsheet, which shows every cell and runs none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from django.db.models import QuerySet

from core.csv import csv_lines
from registrations.exchange.registration_columns import Value, file_columns, values_of
from registrations.models import Registration
from registrations.services.registration_list import with_columns

CHUNK = 500


def registrations_csv(
    registrations: QuerySet[Registration], zone: str, columns: Collection[str] = ()
) -> Iterator[str]:
    """Yield the file line by line; times are the conference's wall-clock times in `zone`.

    Arguments:
        columns: names of COLUMNS; all of them unless some are named.
    """
    names = file_columns(columns)
    rows = with_columns(registrations, names).iterator(chunk_size=CHUNK)
    return csv_lines(names, ([_cell(v) for v in values_of(row, names, zone)] for row in rows))


def _cell(value: Value) -> Value:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else value
