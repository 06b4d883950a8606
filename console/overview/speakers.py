"""Who was asked to speak and has not answered, who declined, who would speak after all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q

from events.enums import ParticipationState, SessionState
from events.models import Candidate, Conference, Participation
from events.services.speaker_answers import WOULD_COME

# After so long somebody should call.
PATIENCE: Final = dt.timedelta(days=5)


@dataclass(slots=True)
class Speakers:
    """What of a conference's speakers needs somebody.

    Arguments:
        silent: asked PATIENCE ago or longer, and no answer.
        declined: said no, and nobody sits in their place.
        after_all: said yes when their seat was another one's.
    """

    silent: list[Participation] = field(default_factory=list)
    declined: list[Participation] = field(default_factory=list)
    after_all: list[Candidate] = field(default_factory=list)


def speakers_of(conferences: Iterable[Conference], now: dt.datetime) -> dict[int, Speakers]:
    """Return that of each conference by its id; two queries."""
    found = {row.pk: Speakers() for row in conferences}
    silent = Q(state=ParticipationState.INVITED, last_asked_at__lte=now - PATIENCE)
    declined = Q(state=ParticipationState.DECLINED, replacement__isnull=True)
    here = {
        "session__conference_id__in": found,
        "session__state": SessionState.PLANNED,
    }
    ahead = Q(session__starts_at__isnull=True) | Q(session__starts_at__gt=now)
    parts = Participation.objects.filter(silent | declined, ahead, **here)
    for part in parts.select_related("session", "person").order_by("session_id", "order", "pk"):
        mine = found[part.session.conference_id]
        is_silent = part.state == ParticipationState.INVITED
        (mine.silent if is_silent else mine.declined).append(part)
    offers = Candidate.objects.filter(ahead, note=WOULD_COME, **here)
    for row in offers.select_related("session", "person").order_by("session_id", "order", "pk"):
        found[row.session.conference_id].after_all.append(row)
    return found
