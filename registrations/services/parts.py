"""What a registration brings along beside its details: answers, an access code, sign-ups."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from core.errors import DomainError
from registrations.models import Registration


class Part(Protocol):
    """One such thing, read and checked before the registration is written.

    `register` writes each part after the registration's own row and in the same transaction, and
    takes the places of all parts together with the type's, last of all.
    """

    @property
    def allotments(self) -> Collection[int]:
        """Ids of the allotments that the part takes a place of each."""

    def write(self, registration: Registration) -> None:
        """Write the part's rows for a registration that has just been saved."""

    def none_left(self, allotment: int) -> DomainError:
        """Return the refusal when this allotment of the part has no place left."""
