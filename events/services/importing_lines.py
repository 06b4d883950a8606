"""A line of an import: a session in the source, those who sit on it, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from events.incoming import IncomingPart, IncomingSession
from events.models import ExternalRef, Participation, Session
from events.services.importing_merge import FieldChange, digest
from events.services.importing_values import Values

ADDED: Final = "added"
CHANGED: Final = "changed"
UNCHANGED: Final = "unchanged"
# It differs from the source because it was edited here; it stays as it is.
EDITED: Final = "edited"
LEFT_OUT: Final = "left_out"
# Of people on a session: the source has dropped them; or it has, but they were asked already.
REMOVED: Final = "removed"
STAYS: Final = "stays"
VERDICTS: Final = (ADDED, CHANGED, EDITED, UNCHANGED, LEFT_OUT)
REF_LENGTH: Final = 300


@dataclass(slots=True)
class PartLine:
    """Somebody on a session, and what becomes of that.

    Arguments:
        verdict: ``added``, ``changed``, ``unchanged``, ``edited`` (taken off or altered here
            since), ``removed`` (the source has dropped them), ``stays`` (it has, but they were
            asked or have answered).
        row: the participation here.
        person: code of somebody here; of a new one what stands for it.
        ref: by which the source calls them; "" where it does not name them any more.
    """

    verdict: str
    person: str
    role: str
    ref: str = ""
    incoming: IncomingPart | None = None
    row: Participation | None = None
    values: Values = field(default_factory=dict)
    changes: list[FieldChange] = field(default_factory=list)


@dataclass(slots=True)
class SessionLine:
    """A session in the source, and what becomes of it.

    Arguments:
        number: its place in the source, from 0.
        session: the row of the draft that it is; None for a new one.
        reason: why it is left out.
        notes: what was altered to fit.
    """

    number: int
    incoming: IncomingSession
    verdict: str = ADDED
    session: Session | None = None
    values: Values = field(default_factory=dict)
    changes: list[FieldChange] = field(default_factory=list)
    parts: list[PartLine] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    order: list[tuple[str, str]] | None = None
    said: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reason: str = ""
    ref: ExternalRef | None = None

    @property
    def comes_in(self) -> bool:
        return self.verdict != LEFT_OUT

    @property
    def taken(self) -> list[FieldChange]:
        return [change for change in self.changes if change.taken]

    @property
    def edited(self) -> list[FieldChange]:
        """Return what was edited here since and stays."""
        return [change for change in self.changes if not change.taken]


def ref_key(ref: str) -> str:
    """Return an identifier as it is kept: a long one by its beginning and its digest."""
    return ref if len(ref) <= REF_LENGTH else f"{ref[: REF_LENGTH - 17]} {digest(ref)}"
