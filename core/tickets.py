"""Ticket codes that a door checks offline: ``L1.`` + code + ``.`` + Ed25519 signature."""

from __future__ import annotations

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

_PREFIX = "L1"
_SEED_BYTES = 32


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def key_is_usable() -> bool:
    """Tell whether TICKET_KEY, where it is set, is an Ed25519 seed: 32 bytes in URL-safe base64."""
    try:
        return not settings.TICKET_KEY or len(_decode(settings.TICKET_KEY)) == _SEED_BYTES
    except ValueError:
        return False


def _private_key() -> Ed25519PrivateKey:
    if settings.TICKET_KEY:
        seed = _decode(settings.TICKET_KEY)
    else:  # still a key that nobody else has
        seed = hashlib.sha256(b"ticket:" + settings.SECRET_KEY.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def ticket_text(code: str) -> str:
    """Return what the QR code of the registration `code` says."""
    signature = _private_key().sign(f"{_PREFIX}.{code}".encode())
    return f"{_PREFIX}.{code}.{_encode(signature)}"


def ticket_code(text: str) -> str | None:
    """Return the registration code of a genuine ticket text, else None."""
    parts = text.split(".")
    if len(parts) != 3 or parts[0] != _PREFIX:  # noqa: PLR2004 - prefix, code, signature
        return None
    try:
        _private_key().public_key().verify(_decode(parts[2]), f"{_PREFIX}.{parts[1]}".encode())
    except (InvalidSignature, ValueError):
        return None
    return parts[1]
