"""What registrations do when the programme changes, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F, Manager, QuerySet
from django.dispatch import receiver

from accounts.models import Organisation
from core.actors import Actor
from core.signals import Recorded, recorded
from events.models import Conference, Participation
from events.services.writing import save_root
from events.signals import (
    ConferenceMoved,
    ParticipationChanged,
    PeopleMerged,
    PeopleParted,
    PersonChanged,
    conference_moved,
    participation_changed,
    people_merged,
    people_parted,
    person_changed,
)
from registrations.enums import RegistrationStatus
from registrations.models import (
    AccessCode,
    Allotment,
    HoldBack,
    Invitation,
    Question,
    QuestionOption,
    QuestionSection,
    Registration,
    RegistrationType,
    SignUpSession,
)
from registrations.services.access_codes import resolve_expiry
from registrations.services.filling import offer_ends
from registrations.services.form_facts import renew_forms
from registrations.services.hold_backs import resolve_release
from registrations.services.inviting import resolve_deadline, set_invitation_keys
from registrations.services.merging_people import move_people, move_people_back
from registrations.services.place_locks import hold_invitations
from registrations.services.rounds import move_rounds, stop_rounds
from registrations.services.sign_up_sessions import resolve_sign_up_window
from registrations.services.speaking import follow_participations
from registrations.services.types import resolve_window
from registrations.signals import PlacesFreed, places_freed
from registrations.tasks import wake_waiting_lists

# What a form shows besides the programme and its conference.
_SHOWN: Final = frozenset(
    {
        Organisation,
        RegistrationType,
        Allotment,
        Question,
        QuestionOption,
        QuestionSection,
        SignUpSession,
        AccessCode,
        HoldBack,
    }
)
_PROGRAMME: Final = Conference._meta.app_label


@dataclass(frozen=True, slots=True)
class _RenewForms:
    """What is to be done once a transaction, however much it changes."""

    organisation_id: int

    def __call__(self) -> None:
        renew_forms(self.organisation_id)


@receiver(recorded)
def show_changes_at_once(sender: Any, event: Recorded, **kwargs: Any) -> None:
    """What organisers change of what forms show is shown from the commit on."""
    organisation_id = event.organisation_id
    if organisation_id is not None and (sender in _SHOWN or sender._meta.app_label == _PROGRAMME):
        renew = _RenewForms(organisation_id)
        if not any(entry[1] == renew for entry in connection.run_on_commit):
            transaction.on_commit(renew, robust=True)


@receiver(places_freed)
def give_away_after_commit(sender: Any, event: PlacesFreed, **kwargs: Any) -> None:
    """Wake who offers free places, once a transaction; the sweeper finds what no nudge reached."""
    if not any(entry[1] is wake_waiting_lists for entry in connection.run_on_commit):
        transaction.on_commit(wake_waiting_lists, robust=True)


# In the order in which everybody locks: rounds, invitations, registrations, types, codes.
@receiver(conference_moved)
def keep_rounds(sender: Any, event: ConferenceMoved, **kwargs: Any) -> None:
    """Rounds of "still coming?" move along, and stop with a conference that does."""
    conference = Conference.objects.get(pk=event.conference_id)
    if event.reason in {"postponed", "cancelled"}:
        stop_rounds(conference)
    else:
        move_rounds(conference, event.former_start)


@receiver(conference_moved)
def keep_deadlines(sender: Any, event: ConferenceMoved, **kwargs: Any) -> None:
    """Deadlines of single invitations stay on their wall-clock time too."""
    rows = Invitation.objects.filter(
        conference_id=event.conference_id, reply_until_local__isnull=False
    )
    hold_invitations(rows.values_list("pk", flat=True))
    changed = [row for row in rows.select_related("conference") if resolve_deadline(row)]
    Invitation.objects.bulk_update(changed, ["reply_until_at"], batch_size=500)


@receiver(conference_moved)
def keep_offers(sender: Any, event: ConferenceMoved, **kwargs: Any) -> None:
    """No offer outlasts the start; who could not answer meanwhile gets the whole time anew."""
    conference = Conference.objects.get(pk=event.conference_id)
    live = Registration.objects.live().filter(conference=conference)
    # All of them, because of what `raise_sequences` does.
    list(live.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    rows = Registration.objects.filter(
        conference=conference, status=RegistrationStatus.OFFERED
    ).select_related("registration_type")
    for row in rows:
        ends = offer_ends(row.registration_type, conference)
        if event.reason != "reopened" and row.offer_expires_at is not None:
            ends = min(row.offer_expires_at, conference.starts_at)
        if ends != row.offer_expires_at:
            row.offer_expires_at = ends
            save_root(row, ["offer_expires_at"], None)


@receiver(conference_moved)
def raise_sequences(sender: Any, event: ConferenceMoved, **kwargs: Any) -> None:
    """A calendar entry that was sent is replaced only by one with a higher SEQUENCE (RFC 5545)."""
    Registration.objects.live().filter(conference_id=event.conference_id).update(
        sequence=F("sequence") + 1
    )


@receiver(conference_moved)
def keep_windows(sender: Any, event: ConferenceMoved, **kwargs: Any) -> None:
    """Wall-clock times of windows, expiries and releases stay; their instants follow the
    conference's zone. A code that has expired stays so: what it kept has gone to others.
    """
    timed: tuple[tuple[Manager[Any] | QuerySet[Any], Callable[[Any], list[str]]], ...] = (
        (RegistrationType.objects, resolve_window),
        (AccessCode.objects.in_time(), resolve_expiry),
        (HoldBack.objects, resolve_release),
        (SignUpSession.objects, resolve_sign_up_window),
    )
    for rows, resolve in timed:
        of_it = rows.filter(conference_id=event.conference_id)
        for row in of_it.select_related("conference").order_by("pk"):
            changed = resolve(row)
            if changed:
                save_root(row, changed, None)


@receiver(person_changed)
def follow_names(sender: Any, event: PersonChanged, **kwargs: Any) -> None:
    """Lists of invitations search and sort by copies of what people are called."""
    rows = Invitation.objects.filter(person_id=event.person_id).select_related("person")
    changed = [row for row in rows if set_invitation_keys(row)]
    Invitation.objects.bulk_update(changed, ["search_key", "sort_key"])


@receiver(participation_changed)
def follow_the_programme(sender: Any, event: ParticipationChanged, **kwargs: Any) -> None:
    """A confirmed participation is a place; without one the place goes back."""
    if event.verb == "given":  # who comes stays as it is
        return
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


@receiver(people_merged)
def follow_merge(sender: Any, event: PeopleMerged, **kwargs: Any) -> None:
    """Guests who are one person now have one history, and one live place at the most."""
    move_people(event.kept_id, event.gone_id, event.moved)


@receiver(people_parted)
def follow_parting(sender: Any, event: PeopleParted, **kwargs: Any) -> None:
    """What a merge had moved goes back."""
    move_people_back(event.kept_id, event.again_id, event.moved)
