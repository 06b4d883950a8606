"""What is wrong with a draft, as the page lists it: with links to all that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.urls import reverse

from core.text import full_name, pick_text
from events.conflicts.facts import LEVELS
from events.models import Conference, Person, Session
from events.services.conflicts import Finding, conflicts_of
from events.services.requirements import SayNeeds, say_needs
from registrations.services.sign_up_demand import sign_up_demand

# More of a level than these come up when the first ones are solved.
MOST: Final = 100
_HEADINGS: Final = {"error": "Errors", "warning": "Warnings", "notice": "Notices"}
_TONES: Final = {"error": "bad", "warning": "warn", "notice": ""}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A conflict, and the pages of the sessions and people that it is about."""

    finding: Finding
    links: tuple[Link, ...]
    tone: str

    @property
    def key(self) -> str:
        return self.finding.conflict.key

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Return the sentence in parts, each with the page that it leads to or ""."""
        return linked(self.finding.conflict.sentence, self.links)


@dataclass(frozen=True, slots=True)
class Group:
    """The open conflicts of a level, or those that are accepted."""

    name: str
    heading: str
    number: int
    lines: tuple[Line, ...]

    @property
    def more(self) -> int:
        return self.number - len(self.lines)


@dataclass(frozen=True, slots=True)
class Conflicts:
    """All of the page: groups in order, and what each kind of session needs."""

    groups: tuple[Group, ...]
    accepted: Group
    needs: tuple[SayNeeds, ...]

    @property
    def number(self) -> int:
        return sum(group.number for group in self.groups)


def conflicts_page(conference: Conference, *, sees_people: bool) -> Conflicts:
    """Return what the page says; fifteen queries."""
    found = conflicts_of(conference, demand=sign_up_demand(conference))
    by_level = {
        level: [one for one in found if one.is_open and one.conflict.level == level]
        for level in LEVELS
    }
    accepted = [one for one in found if not one.is_open]
    shown = [one for rows in (*by_level.values(), accepted) for one in rows[:MOST]]
    links = _links(conference, shown, sees_people=sees_people)
    return Conflicts(
        groups=tuple(
            _group(level, _HEADINGS[level], rows, links) for level, rows in by_level.items()
        ),
        accepted=_group("accepted", "Accepted", accepted, links),
        needs=tuple(say_needs(conference)),
    )


def linked(sentence: str, links: Iterable[Link]) -> list[tuple[str, str]]:
    """Return a sentence in parts: where a label stands in it, with its page."""
    found: list[tuple[int, int, str]] = []
    for link in links:
        start = sentence.find(link.label)
        while start >= 0 and any(
            first < start + len(link.label) and start < last for first, last, _ in found
        ):
            start = sentence.find(link.label, start + 1)
        if start >= 0:
            found.append((start, start + len(link.label), link.url))
    parts, done = [], 0
    for first, last, url in sorted(found):
        parts += [(sentence[done:first], ""), (sentence[first:last], url)]
        done = last
    return [part for part in [*parts, (sentence[done:], "")] if part[0]]


def _group(
    name: str, heading: str, rows: Sequence[Finding], links: dict[tuple[str, str], Link]
) -> Group:
    lines = tuple(
        Line(
            finding=one,
            links=tuple(
                links[key]
                for key in (
                    *(("session", code) for code in one.conflict.sessions),
                    *(("person", code) for code in one.conflict.people),
                )
                if key in links
            ),
            tone=_TONES[one.conflict.level],
        )
        for one in rows[:MOST]
    )
    return Group(name, heading, len(rows), lines)


def _links(
    conference: Conference, shown: Iterable[Finding], *, sees_people: bool
) -> dict[tuple[str, str], Link]:
    """Return kind and code -> the page of that; two queries."""
    sessions: set[str] = set()
    people: set[str] = set()
    for one in shown:
        sessions.update(one.conflict.sessions)
        people.update(one.conflict.people)
    slug, language = conference.organisation.slug, conference.first_language
    found: dict[tuple[str, str], Link] = {}
    wanted = Q(conference=conference, code__in=[code for code in sessions if "/" not in code])
    for other in sorted(code for code in sessions if "/" in code):
        where, _, code = other.partition("/")
        wanted |= Q(
            conference__organisation=conference.organisation_id, conference__slug=where, code=code
        )
    rows = Session.objects.filter(wanted).order_by("pk")
    for pk, code, title, where in rows.values_list(
        "conference_id", "code", "title", "conference__slug"
    ):
        url = reverse("manage-session", args=[slug, where, code])
        key = code if pk == conference.pk else f"{where}/{code}"
        found["session", key] = Link(f"“{pick_text(title, language)}”", url)
    if sees_people:
        known = Person.objects.filter(organisation=conference.organisation_id, code__in=people)
        for code, given, family in known.values_list("code", "given_name", "family_name"):
            url = reverse("manage-person", args=[slug, code])
            found["person", code] = Link(full_name(given, family), url)
    return found
