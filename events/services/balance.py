"""How a panel is made up, by tags that organisers chose for that; nothing is guessed from names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.errors import invalid
from core.services import audit
from events.enums import OFF_THE_PANEL, SessionKind
from events.models import Conference, Participation, Tag
from events.services.tags import clean_tags
from events.services.writing import load_root, save_root

MOST: Final = 10
# Who sits alone is no panel.
_LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those on a session have a tag."""

    slug: str
    name: str
    number: int
    of: int

    @property
    def words(self) -> str:
        has = "has" if self.number == 1 else "have"
        return f"{self.number} of {self.of} on this panel {has} the tag {self.name}"


@transaction.atomic
def set_balance_tags(
    *, conference: Conference, tags: Iterable[str], expected: int | None, actor: Actor
) -> Conference:
    """Say by which tags organisers are told how panels are made up; by none: no hint.

    Arguments:
        tags: slugs of the organisation's tags, in the order in which they are said.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    row = load_root(conference, expected)
    wanted = list(clean_tags(tags))
    if len(wanted) > MOST:
        raise invalid("/balance_tags", "too-many", f"Choose {MOST} tags at the most.")
    known = set(
        Tag.objects.filter(organisation_id=row.organisation_id, slug__in=wanted).values_list(
            "slug", flat=True
        )
    )
    if unknown := [slug for slug in wanted if slug not in known]:
        raise invalid("/balance_tags", "unknown", f"There is no tag “{unknown[0]}”.")
    if row.balance_tags == wanted:
        return row
    row.balance_tags = wanted
    save_root(row, ["balance_tags"], expected)
    audit.record(
        verb="set_balance_tags",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=["balance_tags"],
        facts={"count": len(wanted)},
    )
    return row


def balance_of(
    conference: Conference, session_ids: Collection[int] | None = None
) -> dict[int, list[Share]]:
    """Return the shares of each panel of a conference, or of some; two queries, none when off.

    Who declined or was replaced is not counted, nobody is counted twice, and a panel with fewer
    than two people has no shares.
    """
    if not conference.balance_tags:
        return {}
    rows = Tag.objects.filter(
        organisation_id=conference.organisation_id, slug__in=conference.balance_tags
    )
    named = dict(rows.values_list("slug", "name"))
    tags = {slug: named[slug] for slug in conference.balance_tags if slug in named}
    parts = Participation.objects.filter(
        session__conference=conference, session__kind=SessionKind.PANEL
    ).exclude(state__in=OFF_THE_PANEL)
    if session_ids is not None:
        parts = parts.filter(session_id__in=session_ids)
    people: dict[int, dict[int, set[str]]] = {}
    pairs: Any = parts.values_list("session_id", "person_id", "person__tags__slug")
    for session_id, person_id, slug in pairs:
        mine = people.setdefault(session_id, {}).setdefault(person_id, set())
        if slug:
            mine.add(slug)
    return {pk: shares(list(those.values()), tags) for pk, those in people.items()}


def shares(people: Sequence[Collection[str]], tags: Mapping[str, str]) -> list[Share]:
    """Return how many of these people, each given as slugs of tags, have each tag."""
    if len(people) < _LEAST:
        return []
    return [
        Share(slug, name, sum(slug in mine for mine in people), len(people))
        for slug, name in tags.items()
    ]
