"""The statements that run with each mail, in SQL: putting them together anew costs more than
running them. Each is what the ORM would say, on both engines.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django.db import connection

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

_FACTS: Final = """
SELECT m.not_after IS NOT NULL AND m.not_after <= NOW,
  EXISTS (SELECT 1 FROM notifications_sendingswitch)
    OR EXISTS (SELECT 1 FROM notifications_mailpause h WHERE h.conference_id = c.id),
  EXISTS (SELECT 1 FROM notifications_suppression s
    WHERE s.organisation_id = c.organisation_id AND s.email_key = %s
      AND (s.conference_id IS NULL OR s.conference_id = c.id)),
  c.state, c.version, c.plan_revision, r.status, r.version, p.state, u.audience,
  r.checked_in_at IS NOT NULL, r.confirmed_day
FROM notifications_message m
JOIN events_conference c ON c.id = m.conference_id
LEFT JOIN registrations_registration r ON r.id = m.registration_id
LEFT JOIN events_participation p ON p.id = m.participation_id
LEFT JOIN notifications_reminderrule u ON u.id = m.rule_id
WHERE m.id = %s
"""
# The conference is held still until the commit: a move comes before it and is seen, or after it.
_HELD: Final = {"postgresql": "FOR SHARE OF c", "sqlite": ""}
_NAMES: Final = (
    "too_late", "paused", "suppressed", "conference_state", "conference_version",
    "conference_revision", "registration_status", "registration_version",
    "participation_state", "audience", "checked_in", "confirmed_day",
)  # fmt: skip

_BEGIN: Final = """
UPDATE notifications_message SET state = 'sending', attempts = attempts + 1, message_id = %s,
  lease_until = LATER, updated_at = NOW, held_since = NULL
WHERE id = %s AND lease_token = %s AND state = 'claimed' AND lease_until > NOW
"""
_KEEP: Final = """
INSERT INTO notifications_renderedmail
  (message_id, subject, text, html, headers, attachments, rendered_at)
VALUES (%s, %s, %s, %s, %s, %s, NOW)
ON CONFLICT (message_id) DO UPDATE SET subject = excluded.subject, text = excluded.text,
  html = excluded.html, headers = excluded.headers, attachments = excluded.attachments,
  rendered_at = excluded.rendered_at
"""
# Still `claimed` under our token: the database crashed and forgot that it was begun. It was.
_SENT: Final = """
UPDATE notifications_message SET state = 'sent', sent_at = NOW, last_error = '', message_id = %s,
  attempts = CASE WHEN state = 'claimed' THEN attempts + 1 ELSE attempts END,
  lease_token = NULL, lease_until = NULL, updated_at = NOW
WHERE id = %s AND lease_token = %s AND state IN ('claimed', 'sending')
"""
_TRY: Final = """
INSERT INTO notifications_delivery (message_id, attempt, started_at, ended_at, outcome, detail)
VALUES (%s, %s, LATER, NOW, %s, %s)
"""


@lru_cache(maxsize=16)
def _in_dialect(sql: str, vendor: str) -> str:
    return sql.replace("NOW", _NOW[vendor]).replace("LATER", _LATER[vendor])


def _run(sql: str, params: list[Any]) -> Any:
    cursor = connection.cursor()
    cursor.execute(_in_dialect(sql, connection.vendor), params)
    return cursor


def _key(token: uuid.UUID) -> Any:
    return token if connection.features.has_native_uuid_field else token.hex


def read_facts(message_id: int, key: str) -> Mapping[str, Any] | None:
    """Return what is true of a message now, and hold its conference still until the commit.

    Arguments:
        key: of the address that could have opted out; "" where nobody can.
    """
    with _run(_FACTS + _HELD[connection.vendor], [key, message_id]) as cursor:
        row = cursor.fetchone()
    return None if row is None else dict(zip(_NAMES, row, strict=True))


def mark_sending(message_id: int, token: uuid.UUID, name: str, lease: float) -> bool:
    """Begin a message that is claimed under this token, and tell whether it still was."""
    with _run(_BEGIN, [name, lease, message_id, _key(token)]) as cursor:
        return bool(cursor.rowcount)


def keep(message_id: int, mail: Mapping[str, Any]) -> None:
    """Keep a rendered mail (fields of RenderedMail); a second try replaces the first."""
    texts = [mail["subject"], mail["text"], mail["html"]]
    values = [json.dumps(mail["headers"]), json.dumps(mail["attachments"])]
    _run(_KEEP, [message_id, *texts, *values]).close()


def mark_sent(message_id: int, token: uuid.UUID, name: str) -> bool:
    """Write down that a message went out, and tell whether it was still ours."""
    with _run(_SENT, [name, message_id, _key(token)]) as cursor:
        return bool(cursor.rowcount)


def note_try(message_id: int, attempt: int, seconds: float, verdict: Verdict) -> None:
    """Write down one try that took so many seconds until now."""
    outcome, detail = verdict.outcome.value, verdict.detail[:500]
    _run(_TRY, [message_id, attempt, -seconds, outcome, detail]).close()
