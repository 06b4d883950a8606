"""The draft as CSV, which a spreadsheet shows and never runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from core.csv import csv_lines
from events.exchange.programme_rows import Value, programme_header, programme_rows
from events.models import Conference


def programme_csv(conference: Conference) -> Iterator[str]:
    """Yield the file line by line; times are written as 2027-03-18 10:00."""
    rows = ([_cell(value) for value in row] for row in programme_rows(conference))
    return csv_lines(programme_header(conference), rows)


def _cell(value: Value) -> Value:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else value
