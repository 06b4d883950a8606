"""API tokens: made once, shown once, kept only as a prefix and an HMAC."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import Account, ApiToken, Organisation
from accounts.permissions import Permission
from core.actors import Actor
from core.errors import invalid
from core.services import audit

_USED_EVERY = dt.timedelta(minutes=1)


def _digest(token: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), token.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def create_api_token(
    *,
    organisation: Organisation,
    name: str,
    scopes: Iterable[str],
    actor: Actor,
    created_by: Account | None = None,
    expires_at: dt.datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a token and return its row and, this one time, the token itself.

    Raises:
        DomainError: ``validation-failed`` for an unknown scope, no scope, or an expiry in the past.
    """
    known = {p.value for p in Permission}
    wanted = sorted(set(scopes))
    if not wanted:
        raise invalid("/scopes", "required", "Choose at least one thing that this token may do.")
    if unknown := [scope for scope in wanted if scope not in known]:
        raise invalid("/scopes", "unknown", f"There is no scope “{unknown[0]}”.")
    if expires_at is not None and expires_at <= timezone.now():
        raise invalid("/expires_at", "past", "The token would have expired already.")
    prefix = secrets.token_hex(4)
    token = f"lec_{prefix}_{secrets.token_urlsafe(32)}"
    row = ApiToken.objects.create(
        organisation=organisation,
        created_by=created_by,
        name=name,
        prefix=prefix,
        digest=_digest(token),
        scopes=wanted,
        expires_at=expires_at,
    )
    audit.record(
        verb="create_api_token",
        obj=row,
        organisation_id=organisation.pk,
        actor=actor,
        facts={"scopes": wanted},
    )
    return row, token


@transaction.atomic
def revoke_api_token(*, token: ApiToken, actor: Actor) -> None:
    """End a token at once; a second time changes nothing."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        audit.record(
            verb="revoke_api_token", obj=token, organisation_id=token.organisation_id, actor=actor
        )


def find_api_token(text: str) -> ApiToken | None:
    """Return the live token that `text` is, else None; takes the same time for a wrong secret."""
    parts = text.split("_", 2)
    prefix = parts[1] if len(parts) == 3 and parts[0] == "lec" else ""  # noqa: PLR2004 - lec, prefix, secret
    row = ApiToken.objects.select_related("organisation").filter(prefix=prefix).first()
    genuine = hmac.compare_digest(row.digest if row else "", _digest(text))
    now = timezone.now()
    if row is None or not genuine or row.revoked_at is not None:
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    if row.last_used_at is None or now - row.last_used_at > _USED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
    return row
