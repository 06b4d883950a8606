"""Outcomes: the page after the event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, invalid, stale
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.enums import ConferenceState, OutcomeItemKind
from events.models import Conference, Outcome, OutcomeItem
from events.services.writing import assign, load, missing_text, save
from events.signals import OutcomePublished, outcome_published

CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "headline": v.texts(v.MAX_TITLE),
    "summary": v.texts(v.MAX_TEXT, lines=True),
    "outlook": v.texts(v.MAX_TEXT, lines=True),
}
ITEM_CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "kind": v.choice(OutcomeItemKind),
    "topic": v.texts(200),
    "text": v.texts(v.MAX_TEXT, lines=True),
    "person": v.anything,
}
MOST_ITEMS: Final = 100


@transaction.atomic
def save_outcome(
    *,
    conference: Conference,
    headline: Mapping[str, str],
    summary: Mapping[str, str],
    outlook: Mapping[str, str],
    items: Sequence[Mapping[str, Any]],
    related: Sequence[Conference],
    actor: Actor,
    expected: int | None,
) -> Outcome:
    """Write the outcome of a conference: all of it, in place of what was there.

    Arguments:
        items: `kind` and `text`, perhaps `topic` and `person`, of each, in order.
        related: other conferences of the organisation.
        expected: the outcome's version; None or 0 where there is none yet.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    given = {"headline": headline, "summary": summary, "outlook": outlook}
    values = v.clean(given, CLEANERS)
    root = load(conference)
    v.refuse(missing_text("headline", values["headline"], root.first_language))
    rows = _items(items, root)
    for other in related:
        if other.organisation_id != root.organisation_id or other.pk == root.pk:
            raise invalid("/related", "unknown", "There is no such other conference.")
    outcome = Outcome.objects.filter(conference=root).first()
    if (expected or 0) != (outcome.version if outcome else 0) and expected is not None:
        raise stale()
    if outcome is None:
        outcome = Outcome.objects.create(conference=root, **values)
        changed = list(values)
    else:
        changed = assign(outcome, values)
        raise_version(outcome, expected)
        save(outcome, changed)
    outcome.items.all().delete()
    for order, item in enumerate(rows):
        item.outcome, item.order = outcome, order
    OutcomeItem.objects.bulk_create(rows)
    outcome.related.set(related)
    audit.record(
        verb="save_outcome",
        obj=outcome,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=[*changed, "items", "related"],
        facts={"items": len(rows), "related": len(related)},
    )
    return outcome


@transaction.atomic
def publish_outcome(
    *,
    conference: Conference,
    expected: int | None,
    actor: Actor,
    published_at: dt.datetime | None = None,
) -> Outcome:
    """Show the outcome to everybody who may see the conference, and tell those above.

    Arguments:
        expected: the outcome's version.
        published_at: where the outcome was public before it came here; now, unless given.

    Raises:
        DomainError: ``stale``; ``not-found`` without an outcome; ``wrong-state`` when it is public
            already, or the conference is a draft or not over.
    """
    root = load(conference)
    outcome = Outcome.objects.filter(conference=root).first()
    if outcome is None:
        raise DomainError("not-found", "This conference has no outcome yet. Write it first.")
    if expected is not None and outcome.version != expected:
        raise stale()
    now = timezone.now()
    if outcome.published_at is not None:
        raise DomainError("wrong-state", "This outcome is public already.")
    if root.state == ConferenceState.DRAFT or root.ends_at > now:
        raise DomainError(
            "wrong-state", "The outcome can be published when the conference is over."
        )
    outcome.published_at = min(published_at or now, now)
    raise_version(outcome, expected)
    save(outcome, ["published_at"])
    audit.record(
        verb="publish_outcome",
        obj=outcome,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=["published_at"],
    )
    outcome_published.send(
        sender=Outcome, event=OutcomePublished(conference_id=root.pk, outcome_id=outcome.pk)
    )
    return outcome


def _items(items: Sequence[Mapping[str, Any]], conference: Conference) -> list[OutcomeItem]:
    if len(items) > MOST_ITEMS:
        raise invalid("/items", "too-many", f"An outcome has {MOST_ITEMS} points at the most.")
    rows = []
    for index, item in enumerate(items):
        prefix = f"/items/{index}"
        values = v.clean(item, ITEM_CLEANERS, prefix=prefix)
        if not values.get("kind"):
            raise invalid(f"{prefix}/kind", "required", "Say whether this is a finding or a point.")
        if not values.get("text", {}).get(conference.first_language):
            raise invalid(f"{prefix}/text", "required", "Write this in the first language.")
        person = values.get("person")
        if person is not None and person.organisation_id != conference.organisation_id:
            raise invalid(f"{prefix}/person", "unknown", "There is no such person.")
        rows.append(OutcomeItem(**values))
    return rows
