"""Registrations as a file for a spreadsheet, which shows every cell and runs none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet

from core.clock import to_local
from core.csv import csv_lines
from registrations.models import Registration

HEADER: Final = (
    "code",
    "status",
    "registration_type",
    "honorific",
    "given_name",
    "family_name",
    "email",
    "affiliation",
    "position",
    "phone",
    "language",
    "source",
    "registered",
    "confirmed",
    "cancelled",
)
_CHUNK: Final = 500


def registrations_csv(registrations: QuerySet[Registration], zone: str) -> Iterator[str]:
    """Yield the file line by line; times are the conference's wall-clock times in `zone`."""
    rows = registrations.select_related("registration_type").iterator(chunk_size=_CHUNK)
    return csv_lines(HEADER, (_row(row, zone) for row in rows))


def _row(row: Registration, zone: str) -> list[str]:
    return [
        row.code,
        row.status,
        row.registration_type.slug,
        row.honorific,
        row.given_name,
        row.family_name,
        row.email,
        row.affiliation,
        row.position,
        row.phone,
        row.language,
        row.source,
        _local(row.created_at, zone),
        _local(row.confirmed_at, zone),
        _local(row.cancelled_at, zone),
    ]


def _local(moment: dt.datetime | None, zone: str) -> str:
    return f"{to_local(moment, zone):%Y-%m-%d %H:%M}" if moment else ""
