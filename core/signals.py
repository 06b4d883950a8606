"""What happens in services, for those above. Sent inside the deed's transaction with `send()`."""

from __future__ import annotations

from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class Recorded:
    """An audit entry was written; the sender is the model of the row that it is about.

    Arguments:
        organisation_id: None for what belongs to none.
    """

    verb: str
    organisation_id: int | None


recorded = Signal()  # sends `event: Recorded`
