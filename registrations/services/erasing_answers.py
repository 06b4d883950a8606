"""What may tell of somebody's health or belief goes when the conference no longer needs it."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone

from core.actors import CLOCK
from core.services import audit
from events.enums import ConferenceState
from events.models import Conference
from registrations.models import SensitiveAnswer

# So long after the end caterers and hosts may still ask.
KEPT: Final = dt.timedelta(days=14)
_CHUNK: Final = 1000


def erase_sensitive_answers() -> int:
    """Erase the sensitive answers of conferences that ended 14 days ago; return how many rows.

    A postponed conference is still to come, so its answers stay. Each bulk is a transaction of its
    own with an audit entry that says how many; a second run finds nothing.
    """
    total = 0
    over = SensitiveAnswer.objects.filter(
        registration__conference__ends_at__lt=timezone.now() - KEPT
    ).exclude(registration__conference__state=ConferenceState.POSTPONED)
    ids = over.order_by().values_list("registration__conference_id", flat=True).distinct()
    for conference in Conference.objects.filter(pk__in=list(ids)).order_by("pk"):
        while number := _erase_some(conference):
            total += number
    return total


@transaction.atomic
def _erase_some(conference: Conference) -> int:
    rows = SensitiveAnswer.objects.filter(registration__conference=conference).order_by("pk")
    ids = list(rows.values_list("pk", flat=True)[:_CHUNK])
    if not ids:
        return 0
    number = SensitiveAnswer.objects.filter(pk__in=ids).delete()[0]
    audit.record(
        verb="erase_sensitive_answers",
        obj=conference,
        organisation_id=conference.organisation_id,
        actor=CLOCK,
        facts={"rows": number},
    )
    return number
