"""The statements that run with each mail, in SQL: putting them together anew costs more than
running them. Each is what the ORM would say, on both engines.

PostgreSQL is a round trip away, so what is written together is one statement there.
"""

from __future__ import annotations

import json
import re
import sqlite3
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connection, connections

from core.database.prepared import NEVER, may_prepare
from notifications.models import Message
from notifications.services.smtp import Verdict

_NOW: Final = {
    "postgresql": "STATEMENT_TIMESTAMP()",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f000', 'NOW')",
}
# So many seconds from now.
_LATER: Final = {
    "postgresql": "(STATEMENT_TIMESTAMP() + %s * INTERVAL '1 second')",
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f000', 'NOW', %s || ' seconds')",
}

# What is true of a message: column -> the table it comes from. Planning a join that says nothing
# takes PostgreSQL longer than the rest.
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
  WHERE s.organisation_id = c.organisation_id AND s.email_key = %s
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
_UNKNOWN: Final[Mapping[str, Any]] = {**dict.fromkeys(_COLUMNS), "suppressed": False}

# `state || ''` keeps PostgreSQL from looking in the small index of what is in hand, where it would
# walk over the whole claim, and over all that went before it.
_BEGIN: Final = """
UPDATE notifications_message SET state = 'sending', attempts = attempts + 1, message_id = %s,
  lease_until = LATER, updated_at = NOW, held_since = NULL
WHERE id = %s AND lease_token = %s AND state || '' = 'claimed' AND lease_until > NOW
"""
_KEEP: Final = """
INSERT INTO notifications_renderedmail
  (message_id, subject, text, html, headers, attachments, rendered_at)
{values}
ON CONFLICT (message_id) DO UPDATE SET subject = excluded.subject, text = excluded.text,
  html = excluded.html, headers = excluded.headers, attachments = excluded.attachments,
  rendered_at = excluded.rendered_at
"""
# Still `claimed` under our token: the database crashed and forgot that it was begun. It was.
_SENT: Final = """
UPDATE notifications_message SET state = 'sent', sent_at = NOW, last_error = '', message_id = %s,
  attempts = CASE WHEN state = 'claimed' THEN attempts + 1 ELSE attempts END,
  lease_token = NULL, lease_until = NULL, updated_at = NOW
WHERE id = %s AND lease_token = %s AND state || '' IN ('claimed', 'sending')
"""
_TRY: Final = """
INSERT INTO notifications_delivery (message_id, attempt, started_at, ended_at, outcome, detail)
VALUES (%s, %s, LATER, NOW, %s, %s)
"""
_KEEP_HERE: Final = _KEEP.format(values="VALUES (%s, %s, %s, %s, %s, %s, NOW)")
_KEEP_BEGUN: Final = _KEEP.format(
    values="SELECT id, %s, %s, %s, %s::jsonb, %s::jsonb, NOW FROM begun"
)
_SENT_AND_TRIED: Final = f"sent AS ({_SENT} RETURNING 1), tried AS ({_TRY})"
_BEGUN_AND_KEPT: Final = f"begun AS ({_BEGIN} RETURNING id), kept AS ({_KEEP_BEGUN})"
_COUNT_SENT: Final = "(SELECT COUNT(*) FROM sent)"
_COUNT_BEGUN: Final = "(SELECT COUNT(*) FROM begun)"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that went out.

    Arguments:
        name: its Message-ID.
        seconds: how long the try took, which has ended now.
    """

    message_id: int
    name: str
    attempt: int
    seconds: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Begun:
    """A message that is being sent.

    Arguments:
        name: its Message-ID.
        lease: for how many seconds it is the sender's own from now.
        mail: the fields of its RenderedMail; a second try replaces the first.
    """

    message_id: int
    name: str
    lease: float
    mail: Mapping[str, Any]


@lru_cache(maxsize=32)
def _in_dialect(sql: str, vendor: str) -> str:
    found = re.sub(r"\bNOW\b", lambda _match: _NOW[vendor], sql)
    found = found.replace("LATER", _LATER[vendor])
    return found.replace("%s", "?").replace("%%", "%") if vendor == "sqlite" else found


def plan_once() -> None:
    """Let PostgreSQL keep the plans of these statements for as long as the connection lasts.

    Each finds its rows by their keys, so a plan for certain values is never better than one for
    all; left alone, PostgreSQL makes one for each mail.
    """
    if may_prepare():
        with connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode TO force_generic_plan")
        connection.connection.prepare_threshold = NEVER


def _run(sql: str, params: list[Any], *, asks: bool = False) -> Any:
    """Run a statement in the present transaction; return its first row, or how many it changed."""
    here = connections[DEFAULT_DB_ALIAS]  # itself, not what stands for it: it is asked often
    with here.wrap_database_errors:
        cursor, options = _cursor(here)
        cursor.execute(_in_dialect(sql, here.vendor), params, **options)
        answer = cursor.fetchone() if asks else cursor.rowcount
        cursor.close()
    return answer


def _cursor(here: Any) -> tuple[Any, dict[str, Any]]:
    """Return the driver's own cursor where it does what Django's would, for less."""
    if here.vendor == "sqlite":
        return here.connection.cursor(sqlite3.Cursor), {}
    if not may_prepare():
        return here.cursor(), {}
    from psycopg import Cursor  # SQLite does without

    return Cursor(here.connection), {"prepare": True}


def _key(token: uuid.UUID) -> Any:
    return token if connection.features.has_native_uuid_field else token.hex


@lru_cache(maxsize=64)
def _facts(vendor: str, about: tuple[str, ...], *, at_once: bool) -> tuple[str, tuple[str, ...]]:
    """Return the question for what is true of a message, and the names of its answers.

    Arguments:
        about: what the message has besides a conference.
    """
    found = {name: sql for name, (of, sql) in _COLUMNS.items() if not of or of in about}
    lines = [
        f"SELECT {', '.join(found.values())}",
        "FROM notifications_message m JOIN events_conference c ON c.id = m.conference_id",
        *(join for of, join in _JOINS.items() if of in about),
        "WHERE m.id = %s",
    ]
    if vendor == "postgresql":
        held = "c, a" if "announcement" in about else "c"
        lines.append(f"FOR SHARE OF {held}{' NOWAIT' if at_once else ''}")
    return "\n".join(lines), tuple(found)


def read_facts(message: Message, key: str, *, at_once: bool = False) -> Mapping[str, Any] | None:
    """Return what is true of a message now; hold its conference and announcement still.

    Whoever moves the one, or pauses or stops the other, has the row locked: that comes before our
    commit and is seen, or after it.

    Arguments:
        key: of the address that could have opted out; "" where nobody can.
        at_once: raises an OperationalError where PostgreSQL would have to wait for one of the rows.
    """
    about = tuple(of for of in _JOINS if getattr(message, f"{of}_id") is not None)
    params: list[Any] = [message.pk]
    if key:
        about, params = ("address", *about), [key, *params]
    sql, names = _facts(connection.vendor, about, at_once=at_once)
    row = _run(sql, params, asks=True)
    return None if row is None else {**_UNKNOWN, **dict(zip(names, row, strict=True))}


def write_sent(sent: Sent, token: uuid.UUID) -> bool:
    """Write down that a message went out; tell whether it was still ours."""
    if connection.vendor == "postgresql":
        sql = f"WITH {_SENT_AND_TRIED} SELECT {_COUNT_SENT}"
        (number,) = _run(sql, [*_sent(sent, token), *_tried(sent)], asks=True)
        return bool(number)
    is_ours = bool(_run(_SENT, _sent(sent, token)))
    _run(_TRY, _tried(sent))
    return is_ours


def write_begun(begun: Begun, token: uuid.UUID) -> bool:
    """Begin a message that is claimed under this token and keep its mail; tell whether it was."""
    if connection.vendor == "postgresql":
        sql = f"WITH {_BEGUN_AND_KEPT} SELECT {_COUNT_BEGUN}"
        (number,) = _run(sql, [*_begun(begun, token), *_kept(begun)], asks=True)
        return bool(number)
    is_ours = bool(_run(_BEGIN, _begun(begun, token)))
    if is_ours:
        _run(_KEEP_HERE, [begun.message_id, *_kept(begun)])
    return is_ours


def write_both(sent: Sent, begun: Begun, token: uuid.UUID) -> bool:
    """Do what `write_sent` and then `write_begun` do; tell whether the latter was still ours."""
    if connection.vendor != "postgresql":
        write_sent(sent, token)
        return write_begun(begun, token)
    sql = f"WITH {_SENT_AND_TRIED}, {_BEGUN_AND_KEPT} SELECT {_COUNT_BEGUN}"
    params = [*_sent(sent, token), *_tried(sent), *_begun(begun, token), *_kept(begun)]
    (number,) = _run(sql, params, asks=True)
    return bool(number)


def note_try(message_id: int, attempt: int, seconds: float, verdict: Verdict) -> None:
    """Write down one try that took so many seconds until now."""
    _run(_TRY, _tried(Sent(message_id, "", attempt, seconds, verdict)))


def _sent(sent: Sent, token: uuid.UUID) -> list[Any]:
    return [sent.name, sent.message_id, _key(token)]


def _tried(sent: Sent) -> list[Any]:
    verdict = sent.verdict
    outcome, detail = verdict.outcome.value, verdict.detail[:500]
    return [sent.message_id, sent.attempt, -sent.seconds, outcome, detail]


def _begun(begun: Begun, token: uuid.UUID) -> list[Any]:
    return [begun.name, begun.lease, begun.message_id, _key(token)]


def _kept(begun: Begun) -> list[Any]:
    mail = begun.mail
    texts = [mail["subject"], mail["text"], mail["html"]]
    return [*texts, json.dumps(mail["headers"]), json.dumps(mail["attachments"])]
