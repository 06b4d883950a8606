"""The rules of a conference for who comes by themselves: read once, until one of them changes.

A registration asks in its own transaction whether what this process knows still holds. That is one
row of figures which no deed leaves as they were: a new rule has a higher id, a change raises a
version and sets a later moment, and one that goes, or is switched off, counts no more.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import connection

from events.models import Conference
from notifications.models import ReminderRule
from notifications.services.kinds import RULES_RUN_IN
from notifications.services.planning import running_rules

_KEPT: Final = 200
_FIGURES: Final = """
SELECT (SELECT published_at FROM events_outcome WHERE conference_id = %s),
  COUNT(*), MAX(id), SUM(version), MAX(updated_at)
FROM notifications_reminderrule WHERE conference_id = %s AND enabled
"""
_kept: dict[tuple[Any, ...], tuple[ReminderRule, ...]] = {}


def known_rules(conference: Conference) -> tuple[ReminderRule, ...]:
    """Return the rules of a conference that run now. They belong to all: nobody changes them.

    Arguments:
        conference: as it is in this transaction.
    """
    return known_rules_and_outcome(conference)[0]


def known_rules_and_outcome(
    conference: Conference,
) -> tuple[tuple[ReminderRule, ...], dt.datetime | None]:
    """Return the rules that run now and the moment of the outcome that they may wait for."""
    if conference.state not in RULES_RUN_IN:
        return (), None
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [conference.pk, conference.pk])
        published_at, *figures = cursor.fetchone()
    if published_at is not None and published_at.tzinfo is None:
        published_at = published_at.replace(tzinfo=dt.UTC)  # which SQLite does not say
    key = (conference.uid, *figures)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= _KEPT:
            _kept.clear()
        found = _kept[key] = tuple(running_rules(conference.pk))
    return found, published_at
