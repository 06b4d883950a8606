"""Conflicts that a new version would bring to readers: those about sessions that it changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar


class Conflict(Protocol):
    """What is wrong, and with which sessions (events.conflicts)."""

    @property
    def sessions(self) -> tuple[str, ...]: ...


class Finding(Protocol):
    """A conflict of the draft, and whether an organiser accepts it (events.services.conflicts)."""

    @property
    def conflict(self) -> Conflict: ...
    @property
    def is_open(self) -> bool: ...


Found = TypeVar("Found", bound=Finding)


def new_conflicts(findings: Iterable[Found], changed: Collection[str]) -> list[Found]:
    """Return what nobody has accepted about the sessions that a version changes, by their codes."""
    codes = set(changed)
    return [one for one in findings if one.is_open and not codes.isdisjoint(one.conflict.sessions)]
