"""Whom to invite: people by tag or words, and those of an earlier conference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from core.text import search_key
from events.models import Conference, Person, Tag
from registrations.enums import InvitationResponse, RegistrationStatus
from registrations.models import Invitation, Registration

# Who of an earlier conference is meant.
AT_EARLIER: Final[dict[str, str]] = {
    "invited": "Who was invited",
    "came": "Who came",
    "confirmed": "Who had a place",
    "declined": "Who declined",
    "silent": "Who did not answer",
}
MOST_SHOWN: Final = 400


@dataclass(frozen=True, slots=True)
class Source:
    """What is asked for; without anything nobody is found."""

    text: str = ""
    tags: tuple[str, ...] = ()
    earlier: str = ""
    who: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.tags or self.earlier)


def read_source(given: Mapping[str, Any], tags: list[str]) -> Source:
    """Return what a query string asks for; what is strange asks nothing."""
    who = str(given.get("who", ""))
    return Source(
        text=str(given.get("q", ""))[:200].replace("\x00", ""),
        tags=tuple(tag[:60] for tag in tags if "\x00" not in tag)[:20],
        earlier=str(given.get("earlier", ""))[:80].replace("\x00", ""),
        who=who if who in AT_EARLIER else "invited",
    )


def earlier_conferences(conference: Conference) -> QuerySet[Conference]:
    """Return the other conferences of the organisation to which somebody came or was invited."""
    invited = Invitation.objects.filter(conference=OuterRef("pk"))
    came = Registration.objects.filter(conference=OuterRef("pk"), person__isnull=False)
    return (
        Conference.objects.filter(organisation=conference.organisation_id)
        .exclude(pk=conference.pk)
        .filter(Exists(invited) | Exists(came))
        .order_by("-starts_at", "-pk")
    )


def people_of(conference: Conference, source: Source) -> QuerySet[Person]:
    """Return the people whom a source means, each with `is_invited` here and with tags.

    All that is asked must be true of somebody; several tags mean one of them.
    """
    here = Invitation.objects.live().filter(conference=conference, person=OuterRef("pk"))
    rows = Person.objects.filter(organisation=conference.organisation_id)
    if source.is_empty:
        rows = rows.none()
    for word in search_key(source.text).split()[:8]:
        rows = rows.filter(search_key__contains=word)
    if source.tags:
        rows = rows.filter(Exists(Tag.objects.filter(people=OuterRef("pk"), slug__in=source.tags)))
    if source.earlier:
        rows = rows.filter(_of_earlier(conference, source))
    return (
        rows.annotate(is_invited=Exists(here))
        .prefetch_related(Prefetch("tags", queryset=Tag.objects.order_by("name", "pk")))
        .order_by("sort_key", "pk")
    )


def invited_among(conference: Conference, people: QuerySet[Person]) -> int:
    """Return how many of these are on the guest list already."""
    here = Invitation.objects.live().filter(conference=conference, person=OuterRef("pk"))
    return people.filter(Exists(here)).count()


def _of_earlier(conference: Conference, source: Source) -> Exists:
    at = {
        "conference__slug": source.earlier,
        "conference__organisation": conference.organisation_id,
        "person": OuterRef("pk"),
    }
    confirmed = Registration.objects.filter(status=RegistrationStatus.CONFIRMED, **at)
    if source.who == "came":
        return Exists(confirmed.filter(checked_in_at__isnull=False))
    if source.who == "confirmed":
        return Exists(confirmed)
    invited = Invitation.objects.live().filter(**at)
    if source.who == "declined":
        return Exists(invited.filter(response=InvitationResponse.DECLINED))
    if source.who == "silent":
        return Exists(invited.filter(sent_at__isnull=False, response=""))
    return Exists(invited)
