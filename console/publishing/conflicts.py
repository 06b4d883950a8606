"""Conflicts that a new version would bring to readers: those about sessions that it changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from console.publishing.impact import Impact
from events.models import Conference
from events.services.conflicts import Finding, conflicts_of
from registrations.services.sign_up_demand import sign_up_demand


def conflicts_to_publish(conference: Conference, impact: Impact) -> list[Finding]:
    """Return the open conflicts about what publishing the draft changes; the whole draft's, before
    anything is published, and none (nor any query) where there is nothing to publish.
    """
    if impact.last is not None and not impact.changes:
        return []
    found = conflicts_of(conference, demand=sign_up_demand(conference))
    if impact.last is None:
        return [one for one in found if one.is_open]
    return new_conflicts(found, impact.touched)


def new_conflicts(findings: Iterable[Finding], changed: Collection[str]) -> list[Finding]:
    """Return what nobody has accepted about the sessions that a version changes, by their codes."""
    codes = set(changed)
    return [one for one in findings if one.is_open and not codes.isdisjoint(one.conflict.sessions)]
