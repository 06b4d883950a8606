"""The one place where announcements ask who opted out."""

from __future__ import annotations

from collections.abc import Collection

from events.models import Conference
from notifications.services.suppression import suppressed_keys


def keys_that_opted_out(conference: Conference, keys: Collection[str]) -> frozenset[str]:
    """Return which of these addresses' keys get no announcement of a conference; one query."""
    return suppressed_keys(conference, keys)
