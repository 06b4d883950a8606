"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07), in the action's own transaction.

The key is inserted first, so a twin waits for the first one's commit and then replays; a refusal
rolls back together with its key, so it can be tried again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.database.prepared import prepared_cursor
from core.errors import DomainError
from core.models import IdempotencyRecord
from core.services.inserting import insert_unless_there, new_row

_KEY = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,128})"|([\x21\x23-\x7e]{1,128})')
WAIT_SECONDS = 5
KEPT = dt.timedelta(hours=24)
# In SQL, because others may wait for the commit by now.
_KEEP = """
UPDATE core_idempotencyrecord SET status = %s, response_body = %s, location = %s, etag = %s
WHERE id = %s
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is kept: body text with placeholders for capability links."""

    status: int
    body: str
    location: str = ""
    etag: str = ""
    replayed: bool = False


def read_key(header: str | None) -> str | None:
    """Return the key of an Idempotency-Key header, bare or quoted; None without one.

    Raises:
        DomainError: ``validation-failed`` when it is not 1 to 128 visible characters.
    """
    if header is None:
        return None
    match = _KEY.fullmatch(header.strip())
    if match is None:
        raise DomainError(
            "validation-failed", "An Idempotency-Key has 1 to 128 visible characters."
        )
    return match[1] or match[2]


def once(
    *,
    scope: str,
    key: str | None,
    body: bytes,
    act: Callable[[], Answer],
    foreknown: Answer | None = None,
) -> Answer:
    """Run `act` once for this caller, method, path and key; replay its answer for 24 hours.

    Arguments:
        scope: caller + method + path.
        body: the raw bytes of the request.
        act: does the deed inside this transaction; a DomainError that it raises takes the key back.
        foreknown: what `act` will return, where that is known before: kept with the key, it spares
            a statement.

    Raises:
        DomainError: ``idempotency-mismatch`` for another body under the same key, ``busy`` when the
            twin takes longer than five seconds, and whatever `act` raises.
    """
    if key is None:
        with transaction.atomic():
            return act()
    digest = hashlib.sha256(body).hexdigest()
    # A scope can be longer than an index entry should be.
    scope_key = hashlib.sha256(scope.encode()).hexdigest()
    row = new_row(IdempotencyRecord, scope=scope_key, key=key, body_digest=digest)
    if foreknown is not None:
        row.status, row.response_body = foreknown.status, foreknown.body
        row.location, row.etag = foreknown.location, foreknown.etag
    with transaction.atomic():
        kept = _claim(row)
        if kept is not None:
            return _replay(kept, digest)
        answer = act()
        if foreknown is None:
            with prepared_cursor() as cursor:
                cursor.execute(
                    _KEEP, [answer.status, answer.body, answer.location, answer.etag, row.pk]
                )
        return answer


def refuse_reused_key(*, scope: str, key: str | None, body: bytes) -> None:
    """Refuse a body that can not be taken for the better reason, where its key has another one.

    Raises:
        DomainError: ``idempotency-mismatch`` when the key was used with another body.
    """
    if key is None:
        return
    scope_key = hashlib.sha256(scope.encode()).hexdigest()
    rows = IdempotencyRecord.objects.filter(
        scope=scope_key, key=key, created_at__gte=timezone.now() - KEPT
    )
    kept = rows.exclude(status=None).first()
    if kept is not None:
        _replay(kept, hashlib.sha256(body).hexdigest())


def forget_old_keys() -> int:
    """Delete what was kept for 24 hours; return how many."""
    old = IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - KEPT)
    return old.delete()[0]


def _claim(row: IdempotencyRecord) -> IdempotencyRecord | None:
    """Write a new row, or return the twin's with its answer, waiting for its commit."""
    try:
        while not insert_unless_there(row, most_seconds=WAIT_SECONDS):
            rows = IdempotencyRecord.objects.filter(scope=row.scope, key=row.key)
            oldest = timezone.now() - KEPT
            kept = rows.first()
            if kept is not None and kept.created_at >= oldest:
                return kept
            # Older than promised, and not yet swept. A twin's that came since stays.
            rows.filter(created_at__lt=oldest).delete()
    except OperationalError as error:
        raise DomainError(
            "busy",
            _("The first request with this key is still at work. Ask again shortly."),
            retry_after=2,
        ) from error
    return None


def _replay(kept: IdempotencyRecord, digest: str) -> Answer:
    if kept.body_digest != digest:
        raise DomainError(
            "idempotency-mismatch", "This Idempotency-Key was used with another body."
        )
    return Answer(
        status=kept.status or 200,
        body=kept.response_body,
        location=kept.location,
        etag=kept.etag,
        replayed=True,
    )
