"""Registrations as a file for a spreadsheet, which shows every cell and runs none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from core.csv import csv_lines
from events.models import Conference
from registrations.exchange.registration_columns import Value
from registrations.exchange.registration_rows import file_rows, header_of
from registrations.models import Registration
from registrations.services.answer_columns import AnswerColumn


def registrations_csv(
    registrations: QuerySet[Registration],
    conference: Conference,
    columns: Sequence[str],
    answers: Sequence[AnswerColumn] = (),
) -> Iterator[str]:
    """Yield the file line by line; times are the conference's wall-clock times.

    Arguments:
        columns: names of COLUMNS.
    """
    rows = file_rows(registrations, conference, columns, answers)
    return csv_lines(header_of(columns, answers), ([_cell(v) for v in row] for row in rows))


def _cell(value: Value) -> Value:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else value
