"""Claimed rows with all that rendering reads.

Django finds out anew for each row what belongs where (`select_related`, `prefetch_related`), which
takes longer than making a mail. Here rows are read by their keys, and what they share once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from typing import Any

from django.db import connection, models

from core.services.raw_rows import columns, raw_rows
from events.models import Conference, Participation, Person
from notifications.models import Announcement, Message, ReminderRule
from registrations.models import Invitation, Registration, RegistrationType

# Keys -> the rows that have them, by their keys.
Find = Callable[[Collection[int]], dict[int, Any]]


def claimed_rows(token: uuid.UUID) -> list[Message]:
    """Return what is claimed under this token, what somebody waits for first."""
    key = token if connection.features.has_native_uuid_field else token.hex
    messages = raw_rows(
        Message,
        f"SELECT {columns(Message, 'm')} FROM notifications_message m "  # noqa: S608 - names
        "WHERE m.lease_token = %s AND m.state = 'claimed' "
        "ORDER BY m.requested DESC, m.due_at, m.id",
        [key],
    )
    for name, shared in _shared().items():
        _give(messages, name, shared)
    registrations = list(_give(messages, "registration", _by_key(Registration)).values())
    _give(registrations, "registration_type", _by_key(RegistrationType))
    _give([*messages, *registrations], "person", _by_key(Person))
    return messages


def _shared() -> dict[str, Find]:
    """Return the relations of a message of which many messages have the same few rows."""
    return {
        "conference": Conference.objects.select_related("organisation").in_bulk,
        "rule": ReminderRule.objects.prefetch_related("session").in_bulk,
        "announcement": Announcement.objects.all().in_bulk,
        "invitation": Invitation.objects.prefetch_related("held_places").in_bulk,
        "participation": Participation.objects.prefetch_related("session__room__venue").in_bulk,
    }


def _by_key(model: type[models.Model]) -> Find:
    """Return how rows of a model are read of which each message may have its own."""
    table = connection.ops.quote_name(model._meta.db_table)

    def find(keys: Collection[int]) -> dict[int, Any]:
        places = ", ".join(map(str, sorted(keys)))
        sql = f"SELECT * FROM {table} WHERE id IN ({places})"  # noqa: S608 - numbers, no words
        return {row.pk: row for row in raw_rows(model, sql, [], comes_again=False)}

    return find


def _give(rows: Sequence[models.Model], name: str, find: Find) -> dict[int, Any]:
    """Let rows have what their foreign key points to, and return that by its key."""
    keys = {getattr(row, f"{name}_id") for row in rows} - {None}
    found = find(keys) if keys else {}
    for row in rows:
        key = getattr(row, f"{name}_id")
        if key is None or key in found:
            # As Django keeps what it has fetched.
            row._state.fields_cache[name] = found.get(key)  # noqa: SLF001
    return found
