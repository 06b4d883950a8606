"""The guest list as a file for a spreadsheet, which shows every cell and runs none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.db.models import Prefetch, QuerySet

from core.clock import to_local
from core.csv import csv_lines
from events.models import Assistant, Tag
from registrations.models import Invitation
from registrations.services.holding import reply_deadline

HEADER: Final = (
    *("code", "person", "honorific", "given_name", "family_name", "email", "phone"),
    *("affiliation", "position", "language", "tags", "assistant", "assistant_email"),
    *("registration_type", "wave", "plus_one", "owner", "answer", "answered", "answered_by"),
    *("how", "reason", "wants_findings", "reply_until", "save_the_date", "sent", "seen", "note"),
)
_CHUNK: Final = 500


def invitations_csv(invitations: QuerySet[Invitation], zone: str) -> Iterator[str]:
    """Yield the file line by line; times are the conference's wall-clock times in `zone`."""
    rows = (
        invitations.select_related("person", "registration_type", "owner", "conference")
        .prefetch_related(None)
        .prefetch_related(
            Prefetch("person__tags", queryset=Tag.objects.order_by("name", "pk")),
            Prefetch("person__assistants", queryset=Assistant.objects.order_by("created_at", "pk")),
        )
        .iterator(chunk_size=_CHUNK)
    )
    return csv_lines(HEADER, (_row(row, zone) for row in rows))


def _row(row: Invitation, zone: str) -> list[object]:
    person = row.person
    assistant = next(iter(person.assistants.all()), None)
    return [
        row.code,
        person.code,
        person.honorific,
        person.given_name,
        person.family_name,
        person.email,
        person.phone,
        person.affiliation,
        person.position,
        person.language,
        ", ".join(tag.slug for tag in person.tags.all()),
        assistant.name if assistant else "",
        assistant.email if assistant else "",
        row.registration_type.slug,
        row.wave,
        "yes" if row.plus_one else "no",
        row.owner.get_full_name() if row.owner else "",
        row.response,
        _local(row.answered_at, zone),
        row.answered_by,
        row.answered_via,
        row.decline_reason,
        "yes" if row.wants_findings else "no",
        _local(reply_deadline(row), zone),
        _local(row.save_the_date_at, zone),
        _local(row.sent_at, zone),
        _local(row.seen_at, zone),
        row.note,
    ]


def _local(moment: dt.datetime | None, zone: str) -> str:
    return f"{to_local(moment, zone):%Y-%m-%d %H:%M}" if moment else ""
