"""Outward codes: short, read aloud without doubt, and giving no right to anything."""

from __future__ import annotations

import secrets
from typing import Final

# No 0 O 1 I L: no look-alikes on paper or over the phone.
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_code(length: int = 6) -> str:
    """Return a random code of `length` characters of [A-Z0-9] without look-alikes."""
    # One number for all of them: asking the system for chance takes longer than all the rest.
    number = secrets.randbelow(len(ALPHABET) ** length)
    letters = []
    for _ in range(length):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def session_code() -> str:
    return new_code(6)


def registration_code() -> str:
    return new_code(10)
