"""What a donor pack of this conference would lack, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils import timezone

from console.donor_pack import facts
from console.donor_pack.photos import SHOWABLE, left_out_photos, photos_of
from events.enums import PartnerKind
from events.languages import Reader
from events.models import Conference, Outcome
from events.programme import Programme
from events.services.schedules import current_programme
from notifications.enums import MessageState
from registrations.enums import RegistrationStatus
from registrations.models import Invitation, Registration

_NO_CONSENT: Final = (
    "Nobody has agreed to being named to funders: besides those who speak, the sheet has only "
    "lines without a name."
)
_ASK: Final = " Put “Consent to be named to funders” on the form."


def missing_of(
    conference: Conference, *, programme: Programme | None = None, agreed: int | None = None
) -> list[str]:
    """Return what is not there yet, for who makes the pack to look after.

    Arguments:
        programme: the published one, where it is read already.
        agreed: how many agreed to being named, where that is known already.
    """
    programme = current_programme(conference) if programme is None else programme
    if agreed is None:
        reader = Reader(conference.first_language, tuple(conference.languages))
        agreed = facts.people_of(conference, programme, reader).agreed
    return [
        *_programme(conference, programme),
        *_partners(conference),
        *_guests(conference, agreed),
        *_photos(conference),
    ]


def _programme(conference: Conference, programme: Programme) -> Iterator[str]:
    if conference.ends_at > timezone.now():
        yield "The conference is not over: its figures may still change."
    if programme.is_empty:
        yield "No programme is published, so there is no agenda."
    if not Outcome.objects.filter(conference=conference, published_at__isnull=False).exists():
        yield "The outcome page is not published."


def _partners(conference: Conference) -> Iterator[str]:
    kinds = set(conference.partners.values_list("kind", flat=True))
    if PartnerKind.FUNDER not in kinds:
        yield "No funder is named among the partners."
    if PartnerKind.PROJECT not in kinds:
        yield "No project is named among the partners."


def _guests(conference: Conference, agreed: int) -> Iterator[str]:
    if not Invitation.objects.sent().filter(conference=conference).exists():
        yield "Nobody was invited by name."
    placed = Registration.objects.filter(conference=conference, status=RegistrationStatus.CONFIRMED)
    if not placed.exists():
        yield "Nobody has a place."
    elif not placed.filter(checked_in_at__isnull=False).exists():
        yield "No attendance is recorded: who came is not known."
    if not agreed:
        yield _NO_CONSENT + ("" if facts.asks_for_consent(conference) else _ASK)
    if not conference.messages.filter(state=MessageState.SENT).exists():
        yield "No mail was sent."


def _photos(conference: Conference) -> Iterator[str]:
    rows = photos_of(conference)
    showable = rows.filter(consent__in=SHOWABLE)
    if not showable.exists():
        yield "There are no photos whose people agreed to being shown."
    if held_back := rows.exclude(consent__in=SHOWABLE).count():
        yield f"{left_out_photos(held_back)}: those on them have not agreed to being shown."
    if wordless := showable.filter(alt={}).count():
        yield (
            "1 photo has no words for those who do not see it."
            if wordless == 1
            else f"{wordless} photos have no words for those who do not see them."
        )
