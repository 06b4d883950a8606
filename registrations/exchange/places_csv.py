"""Access codes, and who signed up for a session, as files for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet

from core.csv import csv_lines
from events.models import Conference
from registrations.models import Registration
from registrations.services.code_uses import code_link

_CHUNK: Final = 500
CODES: Final = (
    "code",
    "link",
    "name",
    "opens",
    "uses",
    "used",
    "keeps_places",
    "expires",
    "active",
)
PEOPLE: Final = (
    *("code", "status", "given_name", "family_name", "email", "affiliation", "position"),
    *("registration_type", "phone"),
)


def codes_csv(conference: Conference) -> Iterator[str]:
    """Yield the file of a conference's codes line by line, the oldest first."""
    rows = conference.access_codes.prefetch_related("registration_types").order_by(
        "created_at", "pk"
    )
    return csv_lines(
        CODES,
        (
            (
                row.code,
                code_link(conference, row),
                row.name,
                ", ".join(kind.slug for kind in row.registration_types.all()),
                row.max_uses if row.max_uses is not None else "",
                row.used,
                "yes" if row.holds_places else "no",
                f"{row.expires_local:%Y-%m-%d %H:%M}" if row.expires_local else "",
                "yes" if row.active else "no",
            )
            for row in rows.iterator(chunk_size=_CHUNK)
        ),
    )


def sign_ups_csv(people: QuerySet[Registration]) -> Iterator[str]:
    """Yield the file of who comes to a session line by line."""
    return csv_lines(
        PEOPLE,
        (
            (
                row.code,
                row.status,
                row.given_name,
                row.family_name,
                row.email or row.booking.contact_email,
                row.affiliation,
                row.position,
                row.registration_type.slug,
                row.phone,
            )
            for row in people.iterator(chunk_size=_CHUNK)
        ),
    )
