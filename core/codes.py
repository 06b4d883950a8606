"""Outward codes: short, read aloud without doubt, and giving no right to anything."""

from __future__ import annotations

import secrets
from typing import Final

# No 0 O 1 I L: no look-alikes on paper or over the phone.
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_code(length: int = 6) -> str:
    """Return a random code of `length` characters of [A-Z0-9] without look-alikes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def session_code() -> str:
    return new_code(6)


def registration_code() -> str:
    return new_code(10)
