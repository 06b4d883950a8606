"""Showing an outcome to readers, and taking it away from them again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from core.services.versions import raise_version
from core.text import pick_text
from events.enums import ConferenceState
from events.models import Conference, Outcome
from events.services.outcomes import load_outcome
from events.services.writing import save
from events.signals import (
    OutcomePublished,
    OutcomeWithdrawn,
    outcome_published,
    outcome_withdrawn,
)


@transaction.atomic
def publish_outcome(
    *,
    conference: Conference,
    expected: int | None,
    actor: Actor,
    published_at: dt.datetime | None = None,
    tell: bool = True,
    telling: int | None = None,
) -> Outcome:
    """Show the outcome to everybody who may see the conference, and tell those who wait for it.

    Where it was public before, it is dated as it was then, and who was told then is not told again.

    Arguments:
        expected: the outcome's version.
        published_at: where the outcome was public before it came here; now, unless given.
        tell: whether mail goes out: by the rules that wait for the outcome, and to those who asked
            for the findings. Quietly, these rules are switched off.
        telling: how many the organiser was shown; any other number refuses the deed.

    Raises:
        DomainError: ``stale``; ``not-found`` without an outcome; ``wrong-state`` when it is public
            already, something on it has no words yet, or the conference is a draft or not over.
    """
    root, outcome = load_outcome(conference, expected)
    now = timezone.now()
    if outcome.published_at is not None:
        raise DomainError("wrong-state", "This outcome is public already.")
    for sentence in why_not_yet(root, outcome, now):
        raise DomainError("wrong-state", sentence)
    outcome.published_at = outcome.first_published_at or min(published_at or now, now)
    outcome.first_published_at = outcome.published_at
    raise_version(outcome, expected)
    save(outcome, ["published_at", "first_published_at"])
    audit.record(
        verb="publish_outcome",
        obj=outcome,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=["published_at"],
        facts={"told": tell},
    )
    outcome_published.send(
        sender=Outcome,
        event=OutcomePublished(
            conference_id=root.pk, outcome_id=outcome.pk, tell=tell, telling=telling
        ),
    )
    return outcome


@transaction.atomic
def unpublish_outcome(*, conference: Conference, expected: int | None, actor: Actor) -> Outcome:
    """Take the outcome away from readers again; what waits to tell of it does not go.

    Raises:
        DomainError: ``stale``; ``not-found`` without an outcome; ``wrong-state`` when it is not
            public.
    """
    root, outcome = load_outcome(conference, expected)
    if outcome.published_at is None:
        raise DomainError("wrong-state", "This outcome is not public.")
    outcome.published_at = None
    raise_version(outcome, expected)
    save(outcome, ["published_at"])
    audit.record(
        verb="unpublish_outcome",
        obj=outcome,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=["published_at"],
    )
    outcome_withdrawn.send(
        sender=Outcome, event=OutcomeWithdrawn(conference_id=root.pk, outcome_id=outcome.pk)
    )
    return outcome


def why_not_yet(
    conference: Conference, outcome: Outcome, now: dt.datetime | None = None
) -> Iterator[str]:
    """Yield what keeps an outcome from being published, a sentence each."""
    if conference.state == ConferenceState.DRAFT or conference.ends_at > (now or timezone.now()):
        yield "The outcome can be published when the conference is over."
    first = conference.first_language
    for number, item in enumerate(outcome.items.all(), 1):
        if not item.text.get(first):
            topic = pick_text(item.topic, first) or f"Number {number}"
            yield f"“{topic}” has no words yet: write them, or take it off."
