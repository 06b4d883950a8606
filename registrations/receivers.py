"""What registrations do when the programme changes, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, Manager
from django.dispatch import receiver

from core.actors import Actor
from events.models import Conference, Participation
from events.services.writing import save_root
from events.signals import (
    ConferenceMoved,
    ParticipationChanged,
    PersonChanged,
    conference_moved,
    participation_changed,
    person_changed,
)
from registrations.models import (
    AccessCode,
    HoldBack,
    Invitation,
    Registration,
    RegistrationType,
    SignUpSession,
)
from registrations.services.access_codes import resolve_expiry
from registrations.services.hold_backs import resolve_release
from registrations.services.inviting import resolve_deadline, set_invitation_keys
from registrations.services.sign_up_sessions import resolve_sign_up_window
from registrations.services.speaking import follow_participations
from registrations.services.types import resolve_window


@receiver(conference_moved)
def keep_windows(sender: Any, event: ConferenceMoved, **kwargs: Any) -> None:
    """Wall-clock times of windows, expiries and releases stay; their instants follow the
    conference's zone.
    """
    timed: tuple[tuple[Manager[Any], Callable[[Any], list[str]]], ...] = (
        (RegistrationType.objects, resolve_window),
        (AccessCode.objects, resolve_expiry),
        (HoldBack.objects, resolve_release),
        (SignUpSession.objects, resolve_sign_up_window),
    )
    for rows, resolve in timed:
        of_it = rows.filter(conference_id=event.conference_id)
        for row in of_it.select_related("conference"):
            changed = resolve(row)
            if changed:
                save_root(row, changed, None)


@receiver(conference_moved)
def keep_deadlines(sender: Any, event: ConferenceMoved, **kwargs: Any) -> None:
    """Deadlines of single invitations stay on their wall-clock time too."""
    rows = Invitation.objects.filter(
        conference_id=event.conference_id, reply_until_local__isnull=False
    )
    changed = [row for row in rows.select_related("conference") if resolve_deadline(row)]
    Invitation.objects.bulk_update(changed, ["reply_until_at"], batch_size=500)


@receiver(person_changed)
def follow_names(sender: Any, event: PersonChanged, **kwargs: Any) -> None:
    """Lists of invitations search and sort by copies of what people are called."""
    rows = Invitation.objects.filter(person_id=event.person_id).select_related("person")
    changed = [row for row in rows if set_invitation_keys(row)]
    Invitation.objects.bulk_update(changed, ["search_key", "sort_key"])


@receiver(conference_moved)
def raise_sequences(sender: Any, event: ConferenceMoved, **kwargs: Any) -> None:
    """A calendar entry that was sent is replaced only by one with a higher SEQUENCE (RFC 5545)."""
    Registration.objects.live().filter(conference_id=event.conference_id).update(
        sequence=F("sequence") + 1
    )


@receiver(participation_changed)
def follow_the_programme(sender: Any, event: ParticipationChanged, **kwargs: Any) -> None:
    """A confirmed participation is a place; without one the place goes back."""
    people = set(
        Participation.objects.filter(pk__in=event.participation_ids).values_list(
            "person_id", flat=True
        )
    )
    people |= {person_id for person_id, _session_id in event.removed}
    if people:
        follow_participations(
            conference=Conference.objects.get(pk=event.conference_id),
            person_ids=people,
            actor=Actor("system"),
        )
