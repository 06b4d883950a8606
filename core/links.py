"""Capability links: derived from what they open, never stored, revoked by a number.

A token is HMAC-SHA256 over purpose, row id and link generation under LINK_KEY (a key of its own,
rotated with a list of old ones). Raising a row's generation ends all its links at once.
"""

from __future__ import annotations

import base64
import hmac

from django.conf import settings

_BYTES = 20  # 160 bits


def _token(key: str, purpose: str, row_id: int, generation: int) -> str:
    message = f"{purpose}:{row_id}:{generation}".encode()
    digest = hmac.digest(key.encode(), message, "sha256")[:_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def link_token(purpose: str, row_id: int, generation: int) -> str:
    """Return the token that opens row `row_id` for `purpose` at its present generation."""
    return _token(settings.LINK_KEY, purpose, row_id, generation)


def link_matches(token: str, purpose: str, row_id: int, generation: int) -> bool:
    """Tell whether `token` opens the row, under the present key or an older one."""
    given = token.encode("utf-8", "surrogatepass")
    genuine = False
    for key in (settings.LINK_KEY, *settings.LINK_KEYS_OLD):  # all of them: no hint by time
        genuine |= hmac.compare_digest(given, _token(key, purpose, row_id, generation).encode())
    return genuine


def absolute_url(path: str) -> str:
    """Return the absolute address of a path of ours, from BASE_URL and never from a Host header."""
    if not path.startswith("/"):
        raise ValueError("a path of ours starts with /")
    return f"{settings.BASE_URL}{path}"
