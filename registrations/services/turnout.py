"""How many of those who said yes will come, told by those who said yes before.

Of each tag's people the share that came is drawn towards the share of all by a Beta prior, so that
three lucky diplomats do not become a promise. Without an earlier conference at which somebody was
checked in, there is no number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from events.models import Conference
from registrations.enums import RegistrationStatus
from registrations.models import Registration

# What is believed before anything is known: three of four, with the weight of four people.
_ALL_CAME: Final = 3.0
_ALL_MISSED: Final = 1.0
# How many people's weight the share of all has in the share of a tag.
_WEIGHT: Final = 10.0


class Share(NamedTuple):
    """Of so many who had a place, so many came."""

    had_a_place: int
    came: int


@dataclass(frozen=True, slots=True)
class History:
    """What happened at the organisation's earlier conferences.

    Arguments:
        conferences: those at which somebody was checked in.
        by_tag: by tag's slug; people with several tags count in each.
    """

    conferences: int
    overall: Share
    by_tag: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class Turnout:
    """Of so many yeses about so many will come."""

    expected: int
    of: int
    conferences: int

    @property
    def words(self) -> str:
        """Return it as "about 70 of 94; from 3 earlier conferences"."""
        number = "1 earlier conference"
        if self.conferences != 1:
            number = f"{self.conferences} earlier conferences"
        return f"about {self.expected} of {self.of}; from {number}"


def expect(people: Iterable[Iterable[str]], history: History) -> Turnout | None:
    """Return how many of these people will come; None where nothing is known of any.

    Arguments:
        people: the tags of each one.
    """
    if not history.conferences or not history.overall.had_a_place:
        return None
    overall = (history.overall.came + _ALL_CAME) / (
        history.overall.had_a_place + _ALL_CAME + _ALL_MISSED
    )
    shares = {
        tag: (share.came + _WEIGHT * overall) / (share.had_a_place + _WEIGHT)
        for tag, share in history.by_tag.items()
    }
    total, number = 0.0, 0
    for tags in people:
        known = [shares[tag] for tag in tags if tag in shares]
        total += sum(known) / len(known) if known else overall
        number += 1
    return Turnout(round(total), number, history.conferences)


def history_of(conference: Conference) -> History:
    """Return what happened before a conference, at the same organisation; two queries."""
    checked = Registration.objects.filter(
        conference=OuterRef("conference"), checked_in_at__isnull=False
    )
    had_a_place = Registration.objects.filter(
        Exists(checked),
        conference__organisation=conference.organisation_id,
        conference__ends_at__lt=timezone.now(),
        status=RegistrationStatus.CONFIRMED,
    ).exclude(conference=conference)
    came = Count("pk", filter=Q(checked_in_at__isnull=False))
    figures = had_a_place.aggregate(
        conferences=Count("conference", distinct=True), number=Count("pk"), came=came
    )
    by_tag = (
        had_a_place.filter(person__tags__isnull=False)
        .order_by()
        .values_list("person__tags__slug")
        .annotate(number=Count("pk"), came=came)
    )
    return History(
        conferences=figures["conferences"],
        overall=Share(figures["number"], figures["came"]),
        by_tag={slug: Share(number, seen) for slug, number, seen in by_tag},
    )


def tags_of_confirmed(conference: Conference) -> list[list[str]]:
    """Return the tags of each one who has a place, companions included; one query."""
    rows = (
        Registration.objects.filter(conference=conference, status=RegistrationStatus.CONFIRMED)
        .order_by("pk")
        .values_list("pk", "person__tags__slug")
    )
    found: dict[int, list[str]] = {}
    for pk, slug in rows:
        found.setdefault(pk, []).extend([slug] if slug else [])
    return list(found.values())


def expected_turnout(conference: Conference) -> Turnout | None:
    """Return how many of the confirmed will come; three queries, two without an answer."""
    history = history_of(conference)
    if not history.conferences:
        return None
    return expect(tags_of_confirmed(conference), history)
