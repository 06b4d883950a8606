"""How large a programme may be that somebody gives us, and what is said to one that is larger."""

from __future__ import annotations

from typing import Final

from core.errors import DomainError

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_DEPTH: Final = 60
MOST_ELEMENTS: Final = 400_000
MOST_SESSIONS: Final = 5_000
MOST_PEOPLE: Final = 10_000
MOST_MARKS: Final = 500
# How often people are named in it, on sessions and in lists.
MOST_NAMED: Final = 50_000


def check_size(content: bytes) -> None:
    """Refuse what is empty or larger than any programme.

    Raises:
        DomainError: ``too-large`` or ``validation-failed``.
    """
    if len(content) > MOST_BYTES:
        raise DomainError("too-large", f"A programme may have {MOST_BYTES // 1024 // 1024} MB.")
    if not content.strip():
        raise DomainError("validation-failed", "This file is empty.")


def too_deep(what: str) -> DomainError:
    return DomainError(
        "too-large", f"{what} in this file lie in each other more than {MOST_DEPTH} deep."
    )


def too_many(what: str) -> DomainError:
    return DomainError(
        "too-large", f"This file holds more than {MOST_ELEMENTS:,} {what}. It was not read."
    )


def broken(what: str, line: int = 0) -> DomainError:
    """Return the refusal of a file that can not be read as what it seems to be."""
    where = f" from line {line:,} on" if line else ""
    return DomainError("validation-failed", f"This file can not be read as {what}{where}.")
