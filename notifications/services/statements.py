"""What is written down with each mail, on both engines (services.sql).

PostgreSQL is a round trip away, so what is written together is one statement there.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db import connection

from notifications.services.sending_facts import Seen, as_seen
from notifications.services.smtp import Verdict
from notifications.services.sql import run, token_key

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
# Everybody locks conferences before messages; a reading of what has no row is no condition.
_SENT_AFTERWARDS: Final = f"{_SENT} AND (SELECT COUNT(*) FROM same) >= 0"  # noqa: S608 - no words from outside
_BEGUN_IF_SAME: Final = f"{_BEGIN} AND EXISTS (SELECT 1 FROM same)"  # noqa: S608 - as above
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


def write_sent(sent: Sent, token: uuid.UUID) -> bool:
    """Write down that a message went out; tell whether it was still ours."""
    if connection.vendor == "postgresql":
        sql = f"WITH {_SENT_AND_TRIED} SELECT {_COUNT_SENT}"
        (number,) = run(sql, [*_sent(sent, token), *_tried(sent)], asks=True)
        return bool(number)
    is_ours = bool(run(_SENT, _sent(sent, token)))
    run(_TRY, _tried(sent))
    return is_ours


def write_begun(begun: Begun, token: uuid.UUID) -> bool:
    """Begin a message that is claimed under this token and keep its mail; tell whether it was."""
    if connection.vendor == "postgresql":
        sql = f"WITH {_BEGUN_AND_KEPT} SELECT {_COUNT_BEGUN}"
        (number,) = run(sql, [*_begun(begun, token), *_kept(begun)], asks=True)
        return bool(number)
    is_ours = bool(run(_BEGIN, _begun(begun, token)))
    if is_ours:
        run(_KEEP_HERE, [begun.message_id, *_kept(begun)])
    return is_ours


def write_both(sent: Sent, begun: Begun, token: uuid.UUID) -> bool:
    """Do what `write_sent` and then `write_begun` do; tell whether the latter was still ours."""
    if connection.vendor != "postgresql":
        write_sent(sent, token)
        return write_begun(begun, token)
    sql = f"WITH {_SENT_AND_TRIED}, {_BEGUN_AND_KEPT} SELECT {_COUNT_BEGUN}"
    params = [*_sent(sent, token), *_tried(sent), *_begun(begun, token), *_kept(begun)]
    (number,) = run(sql, params, asks=True)
    return bool(number)


def write_both_as_seen(sent: Sent, begun: Begun, token: uuid.UUID, seen: Seen) -> bool:
    """Write down, as a commit of its own, that one message went out, and that the next one is begun
    if all is as it was seen; tell whether it is. PostgreSQL only.

    Raises:
        OperationalError: when that would have to wait; then neither is written down.
    """
    params = [
        *([seen.key] if seen.key else []),
        *(seen.pk, seen.text),
        *_sent(sent, token),
        *_tried(sent),
        *_begun(begun, token),
        *_kept(begun),
    ]
    (number,) = run(_both_as_seen(seen.about), params, asks=True)
    return bool(number)


@lru_cache(maxsize=64)
def _both_as_seen(about: tuple[str, ...]) -> str:
    sent = f"sent AS ({_SENT_AFTERWARDS}), tried AS ({_TRY})"
    begun = f"begun AS ({_BEGUN_IF_SAME} RETURNING id), kept AS ({_KEEP_BEGUN})"
    return f"WITH {as_seen(about)}, {sent}, {begun} SELECT {_COUNT_BEGUN}"


def note_try(message_id: int, attempt: int, seconds: float, verdict: Verdict) -> None:
    """Write down one try that took so many seconds until now."""
    run(_TRY, _tried(Sent(message_id, "", attempt, seconds, verdict)))


def _sent(sent: Sent, token: uuid.UUID) -> list[Any]:
    return [sent.name, sent.message_id, token_key(token)]


def _tried(sent: Sent) -> list[Any]:
    verdict = sent.verdict
    outcome, detail = verdict.outcome.value, verdict.detail[:500]
    return [sent.message_id, sent.attempt, -sent.seconds, outcome, detail]


def _begun(begun: Begun, token: uuid.UUID) -> list[Any]:
    return [begun.name, begun.lease, begun.message_id, token_key(token)]


def _kept(begun: Begun) -> list[Any]:
    mail = begun.mail
    texts = [mail["subject"], mail["text"], mail["html"]]
    return [*texts, json.dumps(mail["headers"]), json.dumps(mail["attachments"])]
