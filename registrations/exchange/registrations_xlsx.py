"""Registrations as a workbook that is written while it is read (core.xlsx)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from core.xlsx import xlsx_pieces
from events.models import Conference
from registrations.exchange.registration_rows import file_rows, header_of
from registrations.models import Registration
from registrations.services.answer_columns import AnswerColumn


def registrations_xlsx(
    registrations: QuerySet[Registration],
    conference: Conference,
    columns: Sequence[str],
    answers: Sequence[AnswerColumn] = (),
) -> Iterator[bytes]:
    """Yield the workbook piece by piece; the arguments are those of `registrations_csv`."""
    rows = file_rows(registrations, conference, columns, answers)
    return xlsx_pieces("Registrations", header_of(columns, answers), rows)
