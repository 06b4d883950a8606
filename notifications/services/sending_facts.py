"""What is true of a message: whatever could forbid it, in one question to the database.

Where it is looked at before its turn (`look_at`), the commit that begins it can make sure that
nothing of this has changed since (`as_seen`), and nobody has to be asked twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db import connection

from notifications.models import Message
from notifications.services.sql import run, run_for_all

Facts = Mapping[str, Any]

# What is true of a message: name -> the table it comes from, and how it is asked. Planning a join
# that says nothing takes PostgreSQL longer than the rest.
_COLUMNS: Final[Mapping[str, tuple[str, str]]] = {
    "too_late": ("", "m.not_after IS NOT NULL AND m.not_after <= NOW"),
    "paused": (
        "",
        """EXISTS (SELECT 1 FROM notifications_sendingswitch)
  OR EXISTS (SELECT 1 FROM notifications_mailpause h WHERE h.conference_id = c.id)""",
    ),
    "suppressed": (
        "address",
        """EXISTS (SELECT 1 FROM notifications_suppression s
  WHERE s.organisation_id = c.organisation_id AND s.email_key = ADDRESS
    AND (s.conference_id IS NULL OR s.conference_id = c.id))""",
    ),
    "conference_state": ("", "c.state"),
    "conference_version": ("", "c.version"),
    "conference_revision": ("", "c.plan_revision"),
    "registration_status": ("registration", "r.status"),
    "registration_version": ("registration", "r.version"),
    "checked_in": ("registration", "r.checked_in_at IS NOT NULL"),
    "confirmed_day": ("registration", "r.confirmed_day"),
    "participation_state": ("participation", "p.state"),
    "audience": ("rule", "u.audience"),
    "announcement_state": ("announcement", "a.state"),
    "announcement_round": ("announcement", "a.round"),
    "announcement_audience": ("announcement", "CAST(a.audience AS TEXT)"),
}
_JOINS: Final[Mapping[str, str]] = {
    "announcement": "JOIN notifications_announcement a ON a.id = m.announcement_id",
    "registration": "LEFT JOIN registrations_registration r ON r.id = m.registration_id",
    "participation": "LEFT JOIN events_participation p ON p.id = m.participation_id",
    "rule": "LEFT JOIN notifications_reminderrule u ON u.id = m.rule_id",
}
_MESSAGES: Final = "notifications_message m"
_UNKNOWN: Final[Mapping[str, Any]] = {**dict.fromkeys(_COLUMNS), "suppressed": False}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was true of a message when it was looked at.

    Arguments:
        about: what the message has besides a conference.
        key: of the address that could have opted out; "" where nobody can.
        text: the same facts as the database writes them.
    """

    pk: int
    about: tuple[str, ...]
    key: str
    facts: Facts
    text: str


def read_facts(message: Message, key: str, *, at_once: bool = False) -> Facts | None:
    """Return what is true of a message now; hold its conference and announcement still.

    Whoever moves the one, or pauses or stops the other, has the row locked: that comes before our
    commit and is seen, or after it.

    Arguments:
        key: of the address that could have opted out; "" where nobody can.
        at_once: raises an OperationalError where PostgreSQL would have to wait for one of the rows.
    """
    about = about_what(message, key)
    sql = _question_for_one(about, connection.vendor, at_once=at_once)
    row = run(sql, [*([key] if key else []), message.pk], asks=True)
    return None if row is None else _facts(about, row)


def look_at(messages: Iterable[tuple[Message, str]]) -> dict[int, Seen]:
    """Return what is true of messages now, by their keys; nothing is held still. PostgreSQL only.

    One question for all messages that have the same things besides a conference.

    Arguments:
        messages: each with the key of the address that could have opted out ("" where nobody can).
    """
    alike: dict[tuple[str, ...], dict[int, str]] = defaultdict(dict)
    for message, key in messages:
        alike[about_what(message, key)][message.pk] = key
    seen = {}
    for about, keys in alike.items():
        for *row, text in run_for_all(_question_for_all(about), [list(keys), list(keys.values())]):
            pk = row[0]
            seen[pk] = Seen(pk, about, keys[pk], _facts(about, row), text)
    return seen


def about_what(message: Message, key: str) -> tuple[str, ...]:
    """Return what a message has besides a conference, in an order that is always the same."""
    found = tuple(of for of in _JOINS if getattr(message, f"{of}_id") is not None)
    return ("address", *found) if key else found


@lru_cache(maxsize=64)
def as_seen(about: tuple[str, ...]) -> str:
    """Return tables for a WITH of PostgreSQL: `same` has a row when all is as it was seen.

    What `read_facts` holds still is held still, at once or with an error. The parameters: the key
    of the address if there is one, the message, the text of what was seen.
    """
    now = _question_for_one(about, "postgresql", at_once=True)
    same = "SELECT id FROM facts WHERE CAST(facts AS TEXT) = %s"
    return f"facts AS MATERIALIZED ({now}), same AS ({same})"


@lru_cache(maxsize=64)
def _question_for_one(about: tuple[str, ...], vendor: str, *, at_once: bool) -> str:
    if vendor == "sqlite":
        return _question(about, _MESSAGES, "%s") + "\nWHERE m.id = %s"
    question = _question(about, f"{_MESSAGES} WHERE m.id = %s", "%s")
    held = "c, a" if "announcement" in about else "c"
    return f"{question}\nFOR SHARE OF {held}{' NOWAIT' if at_once else ''}"


@lru_cache(maxsize=64)
def _question_for_all(about: tuple[str, ...]) -> str:
    these = "JOIN unnest(%s::bigint[], %s::text[]) AS k(pk, address) ON k.pk = m.id"
    question = _question(about, f"{_MESSAGES} {these}", "m.address")
    return f"SELECT f.*, CAST(f AS TEXT) FROM ({question}) f"  # noqa: S608 - words of ours


def _question(about: tuple[str, ...], messages: str, address: str) -> str:
    """Return the question for what is true of messages.

    Where some are chosen, that is done first of all: PostgreSQL would rather walk through a small
    index that holds every mail of the announcement, which it believes to be few.
    """
    asked = ", ".join(f"{sql} AS {name}" for name, sql in _asked(about).items())
    lines = [f"SELECT m.id AS id, {asked}".replace("ADDRESS", address)]
    if messages != _MESSAGES:
        messages = f"(SELECT * FROM {messages} OFFSET 0) m"  # noqa: S608 - words of ours
    lines.append(f"FROM {messages}")
    lines.append("JOIN events_conference c ON c.id = m.conference_id")
    lines += [join for of, join in _JOINS.items() if of in about]
    return "\n".join(lines)


def _asked(about: tuple[str, ...]) -> dict[str, str]:
    return {name: sql for name, (of, sql) in _COLUMNS.items() if not of or of in about}


def _facts(about: tuple[str, ...], row: Iterable[Any]) -> Facts:
    _pk, *values = row
    return {**_UNKNOWN, **dict(zip(_asked(about), values, strict=True))}
