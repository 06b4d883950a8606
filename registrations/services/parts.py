"""What a registration brings along beside its details: answers, an access code, sign-ups."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from core.actors import Actor
from core.errors import DomainError
from events.models import Conference
from registrations.enums import RegistrationSource, RegistrationStatus
from registrations.models import AccessCode, Registration
from registrations.services.doors import Door


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


class Party(Protocol):
    """Who comes along by the same booking, read and checked before (services/party.py)."""

    @property
    def contact_name(self) -> str:
        """Who registers the others and does not come; "" for who comes too."""

    def status_at(
        self,
        door: Door,
        status: RegistrationStatus,
        conference: Conference,
        origin: RegistrationSource,
        code: AccessCode | None,
    ) -> RegistrationStatus:
        """Return what all of them would be where one alone would be `status`, or refuse."""

    def check_addresses(self, conference: Conference, origin: RegistrationSource) -> None:
        """Refuse addresses that somebody has registered already."""

    def write(self, lead: Registration, actor: Actor) -> list[Registration]:
        """Write the companions of a registration that has just been saved."""

    def too_many(self, left: int | None = None) -> DomainError:
        """Return the refusal when there are fewer places than people."""
