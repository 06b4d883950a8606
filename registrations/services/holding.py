"""Places that are kept for invited guests: until their answer, or until the deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.actors import CLOCK
from core.services import audit
from registrations.enums import InvitationResponse
from registrations.models import Allotment, HeldPlace, Invitation
from registrations.services.capacity import hold_places, release_holds
from registrations.services.filling import fill_freed_places
from registrations.services.invitation_history import note, tell_invitations
from registrations.services.place_locks import hold_types

_CHUNK: Final = 500


def reply_deadline(invitation: Invitation) -> dt.datetime:
    """Return until when an answer is asked for and a place is kept."""
    conference = invitation.conference
    return invitation.reply_until_at or conference.reply_until_at or conference.starts_at


def places_wished(invitation: Invitation) -> int:
    """Return how many places are kept for an invitation without a yes: one, or two for two."""
    return 2 if invitation.plus_one else 1


def keep_places(invitations: Iterable[Invitation], registration_type_id: int) -> set[int]:
    """Keep places of a type for invitations that have none; return the ids of who got one.

    Others wait from here to the commit: call it last.
    """
    hold_types([registration_type_id])
    rows = Allotment.objects.filter(registration_types=registration_type_id)
    return hold_places(
        wanted={row.pk: places_wished(row) for row in invitations},
        allotments=list(rows.values_list("pk", flat=True)),
    )


def release_lapsed_holds() -> int:
    """Give everybody the places that were kept for guests whose deadline has passed.

    The invitations stay as they are: a later yes takes a free place or comes on top. Each bulk is a
    transaction of its own; a second run finds nothing.

    Returns: how many invitations lost their kept places.
    """
    total = 0
    while ids := _lapsed(_CHUNK):
        released = _release(ids)
        if not released:
            break
        total += released
    return total


def _lapsed(number: int) -> list[tuple[int, int]]:
    """Return (conference id, invitation id) of the next invitations of one conference."""
    deadline = Coalesce(
        F("invitation__reply_until_at"),
        F("invitation__conference__reply_until_at"),
        F("invitation__conference__starts_at"),
    )
    rows = (
        HeldPlace.objects.annotate(deadline=deadline)
        .filter(deadline__lte=timezone.now())
        .order_by("invitation__conference_id", "invitation_id")
        .values_list("invitation__conference_id", "invitation_id")
        .distinct()[:number]
    )
    found = list(rows)
    return [pair for pair in found if pair[0] == found[0][0]]


@transaction.atomic
def _release(pairs: Sequence[tuple[int, int]]) -> int:
    rows = list(
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conference")
        .filter(pk__in=[pk for _conference, pk in pairs])
        .order_by("pk")
    )
    now = timezone.now()
    # Somebody may have prolonged a deadline while we waited.
    lapsed = [row for row in rows if reply_deadline(row) <= now]
    freed = release_holds(invitations=[row.pk for row in lapsed])
    if not lapsed:
        return 0
    conference = lapsed[0].conference
    note(lapsed, "release_hold", CLOCK)
    audit.record(
        verb="release_lapsed_holds",
        obj=conference,
        organisation_id=conference.organisation_id,
        actor=CLOCK,
        facts={"invitations": len(lapsed), "places": freed},
    )
    tell_invitations(conference.pk, [row.pk for row in lapsed], "released")
    fill_freed_places(conference_id=conference.pk)
    return len(lapsed)


def may_keep(invitation: Invitation, now: dt.datetime) -> bool:
    """Tell whether a place is kept for this invitation while its guest thinks about it."""
    undecided = invitation.response in {"", InvitationResponse.TENTATIVE}
    return invitation.is_live and undecided and now < reply_deadline(invitation)
