"""The rows of a file of registrations, read in pieces, with the answers of each piece at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from django.db.models import QuerySet

from events.models import Conference
from registrations.exchange.registration_columns import Value, values_of
from registrations.models import Registration
from registrations.services.answer_columns import AnswerColumn, cells_by_registration
from registrations.services.registration_list import with_columns

CHUNK: Final = 500


def header_of(columns: Sequence[str], answers: Sequence[AnswerColumn]) -> list[str]:
    return [*columns, *(one.name for one in answers)]


def file_rows(
    registrations: QuerySet[Registration],
    conference: Conference,
    columns: Sequence[str],
    answers: Sequence[AnswerColumn],
) -> Iterator[list[Value]]:
    """Yield a row for each registration; queries for tags and answers come once in 500 of them.

    Times are the conference's wall-clock times, as datetimes without an offset.
    """
    rows = with_columns(registrations, columns).iterator(chunk_size=CHUNK)
    while piece := list(islice(rows, CHUNK)):
        ids = [row.pk for row in piece]
        cells = cells_by_registration(ids, answers, conference.languages, for_people=False)
        for row in piece:
            given = cells.get(row.pk, {})
            yield [
                *values_of(row, columns, conference.time_zone),
                *(given.get(one.name, "") for one in answers),
            ]
