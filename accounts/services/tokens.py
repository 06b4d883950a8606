"""API tokens: made once, shown once, kept only as a prefix and an HMAC."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Account, ApiToken, Membership, Organisation
from accounts.permissions import Permission
from accounts.validators import TOKEN
from core.actors import Actor
from core.cleaning import clean
from core.errors import DomainError, FieldError, invalid
from core.services import audit

_USED_EVERY: Final = dt.timedelta(minutes=5)
_MARK: Final = "lec"
_PARTS: Final = 3  # lec, prefix, secret


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

    Arguments:
        created_by: who makes it; a token may never do more than its maker. None only for commands.

    Raises:
        DomainError: ``validation-failed`` for an unknown scope, no scope, or an expiry in the past;
            ``forbidden`` for a scope that its maker does not have; ``conflict`` for a name that a
            token that was not revoked has.
    """
    cleaned = clean({"name": name}, TOKEN)
    known = {p.value for p in Permission}
    wanted = sorted(set(scopes))
    if not wanted:
        raise invalid("/scopes", "required", "Choose at least one thing that this token may do.")
    if unknown := [scope for scope in wanted if scope not in known]:
        raise invalid("/scopes", "unknown", f"There is no scope “{unknown[0][:40]}”.")
    if expires_at is not None and expires_at <= timezone.now():
        raise invalid("/expires_at", "past", "The token would have expired already.")
    if created_by is not None:
        _refuse_more_than_own(organisation, created_by, wanted)
    prefix = secrets.token_hex(4)
    token = f"{_MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    try:
        with transaction.atomic():
            row = ApiToken.objects.create(
                organisation=organisation,
                created_by=created_by,
                name=cleaned["name"],
                prefix=prefix,
                digest=_digest(token, settings.LINK_KEY),
                scopes=wanted,
                expires_at=expires_at,
            )
    except IntegrityError as error:
        detail = "A token of this name is there already. Revoke it, or choose another name."
        errors = [FieldError("/name", "taken", detail)]
        raise DomainError("conflict", detail, errors=errors) from error
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
    now = timezone.now()
    alive = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    if alive.update(revoked_at=now, updated_at=now):
        audit.record(
            verb="revoke_api_token", obj=token, organisation_id=token.organisation_id, actor=actor
        )


def find_api_token(text: str) -> ApiToken | None:
    """Return the live token that `text` is, else None; takes the same time for a wrong secret."""
    parts = text.split("_", 2)
    prefix = parts[1] if len(parts) == _PARTS and parts[0] == _MARK else ""
    row = ApiToken.objects.select_related("organisation").filter(prefix=prefix[:16]).first()
    genuine = _matches(text, row.digest if row else "")
    now = timezone.now()
    if row is None or not genuine or not row.is_live:
        return None
    if row.last_used_at is None or now - row.last_used_at > _USED_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def _digest(token: str, key: str) -> str:
    """Return what is kept of a token; links are made with the same key for other purposes."""
    return hmac.new(key.encode(), f"api-token:{token}".encode(), hashlib.sha256).hexdigest()


def _matches(token: str, digest: str) -> bool:
    genuine = False
    for key in (settings.LINK_KEY, *settings.LINK_KEYS_OLD):  # all of them: no hint by time
        genuine |= hmac.compare_digest(digest, _digest(token, key))
    return genuine


def _refuse_more_than_own(organisation: Organisation, maker: Account, scopes: list[str]) -> None:
    membership = Membership.objects.filter(organisation=organisation, account=maker).first()
    own = {p.value for p in membership.permissions} if membership else set()
    if more := [scope for scope in scopes if scope not in own]:
        raise DomainError(
            "forbidden", f"You may not do “{more[0]}” yourself, so no token of yours may."
        )
