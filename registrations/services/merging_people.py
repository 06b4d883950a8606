"""What registrations and invitations do when two people turn out to be one, and when they part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from django.db.models import F, QuerySet
from django.utils import timezone

from core.errors import DomainError
from core.text import full_name, pick_text
from events.models import Conference
from registrations.models import Invitation, Registration
from registrations.services.place_locks import hold_invitations, hold_registrations

INVITATIONS: Final = "registrations.invitation.person"
REGISTRATIONS: Final = "registrations.registration.person"
Row = TypeVar("Row", Invitation, Registration)


def in_the_way(kept_id: int, gone_id: int) -> list[str]:
    """Return why two people can not be merged yet, sentence by sentence; two queries.

    One human being has one live place and one live invitation at a conference. Which one goes is
    the organiser's decision, so it is taken back by hand.
    """
    sentences = []
    places = Registration.objects.live().filter(person_id__in=(kept_id, gone_id))
    for row in _second(places, kept_id):
        who = full_name(row.given_name, row.family_name)
        sentences.append(
            f"Both have a place at “{_title(row.conference)}”. Cancel one of them first, such as "
            f"the registration {row.code} of {who}."
        )
    asked = Invitation.objects.live().filter(person_id__in=(kept_id, gone_id))
    for guest in _second(asked.select_related("person"), kept_id):
        who = full_name(guest.person.given_name, guest.person.family_name)
        sentences.append(
            f"Both are invited to “{_title(guest.conference)}”. Withdraw one of the invitations "
            f"first, such as {guest.code} of {who}."
        )
    return sentences


def _second(rows: QuerySet[Row], kept_id: int) -> list[Row]:
    """Return those of the one who would be gone, where the one who stays has one as well."""
    found = list(rows.select_related("conference").order_by("conference_id", "pk"))
    here = {row.conference_id for row in found if row.person_id == kept_id}
    return [row for row in found if row.person_id != kept_id and row.conference_id in here]


def _title(conference: Conference) -> str:
    return pick_text(conference.title, "en", conference.languages)


def move_people(kept_id: int, gone_id: int, moved: dict[str, list[int]]) -> None:
    """Put invitations and registrations under the one who stays.

    Raises:
        DomainError: ``conflict`` when both have a live one at a conference.
    """
    invitations = _ids(Invitation.objects.filter(person_id__in=(kept_id, gone_id)))
    hold_invitations(invitations)
    registrations = _ids(Registration.objects.filter(person_id__in=(kept_id, gone_id)))
    hold_registrations(registrations)
    if sentences := in_the_way(kept_id, gone_id):
        raise DomainError("conflict", " ".join(sentences))
    found = {
        INVITATIONS: _ids(Invitation.objects.filter(person_id=gone_id)),
        REGISTRATIONS: _ids(Registration.objects.filter(person_id=gone_id)),
    }
    moved.update({key: ids for key, ids in found.items() if ids})
    _point(found, gone_id, kept_id)


def move_people_back(kept_id: int, again_id: int, moved: Mapping[str, Iterable[int]]) -> None:
    """Put back what a merge had moved and is still there."""
    hold_invitations(moved.get(INVITATIONS, ()))
    hold_registrations(moved.get(REGISTRATIONS, ()))
    _point(moved, kept_id, again_id)


def _ids(rows: QuerySet[Row]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _point(ids: Mapping[str, Iterable[int]], from_id: int, to_id: int) -> None:
    facts = {"person_id": to_id, "version": F("version") + 1, "updated_at": timezone.now()}
    guests = Invitation.objects.filter(pk__in=list(ids.get(INVITATIONS, ())), person_id=from_id)
    guests.update(**facts)
    places = Registration.objects.filter(pk__in=list(ids.get(REGISTRATIONS, ())), person_id=from_id)
    places.update(**facts)
