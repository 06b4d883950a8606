"""The states of a conference and the ways between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, invalid
from core.services import audit
from events.enums import ConferenceState as State
from events.models import Conference
from events.services.instants import raise_plan_revision
from events.services.writing import load_root, save_root
from events.signals import ConferenceMoved, conference_moved

# verb -> from where it leads, and where to.
WAYS: Final[Mapping[str, tuple[frozenset[State], State]]] = {
    "publish": (frozenset({State.DRAFT}), State.PUBLISHED),
    "postpone": (frozenset({State.PUBLISHED}), State.POSTPONED),
    "cancel": (frozenset({State.DRAFT, State.PUBLISHED, State.POSTPONED}), State.CANCELLED),
    "reopen": (frozenset({State.POSTPONED, State.CANCELLED, State.ARCHIVED}), State.PUBLISHED),
    "archive": (frozenset({State.PUBLISHED, State.CANCELLED}), State.ARCHIVED),
}
# What those above are told; the others change nothing for guests who have answered.
_REASONS: Final = {"postpone": "postponed", "cancel": "cancelled", "reopen": "reopened"}


def _go(verb: str, conference: Conference, expected: int | None, actor: Actor) -> Conference:
    row = load_root(conference, expected, "organisation")
    start, end = WAYS[verb]
    before = State(row.state)
    if before not in start:
        raise DomainError(
            "wrong-state",
            f"This conference is {before.label.lower()}: there is nothing to {verb}.",
        )
    if verb == "archive" and before is State.PUBLISHED and row.ends_at > timezone.now():
        raise DomainError(
            "wrong-state", "This conference is not over yet. Archive it afterwards, or cancel it."
        )
    changed = ["state"]
    if end is State.PUBLISHED and row.announced_at is None:
        if verb == "publish":
            row.announced_at = timezone.now()
            changed.append("announced_at")
        else:  # cancelled before anybody had heard of it
            end = State.DRAFT
    row.state = end
    save_root(row, changed, expected)
    raise_plan_revision(row)
    audit.record(
        verb=f"{verb}_conference",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=changed,
        facts={"from": before.value, "to": end.value},
    )
    if verb in _REASONS:
        conference_moved.send(
            sender=Conference,
            event=ConferenceMoved(
                conference_id=row.pk, reason=_REASONS[verb], actor_kind=actor.kind
            ),
        )
    return row


@transaction.atomic
def publish_conference(*, conference: Conference, expected: int | None, actor: Actor) -> Conference:
    """Show a draft to the world, as far as its visibility allows.

    Raises:
        DomainError: ``stale``; ``wrong-state`` unless it is a draft.
    """
    return _go("publish", conference, expected, actor)


@transaction.atomic
def postpone_conference(
    *, conference: Conference, expected: int | None, actor: Actor
) -> Conference:
    """Say that the date is to come: rules stop, answers are kept.

    Raises:
        DomainError: ``stale``; ``wrong-state`` unless it is published.
    """
    return _go("postpone", conference, expected, actor)


@transaction.atomic
def cancel_conference(*, conference: Conference, expected: int | None, actor: Actor) -> Conference:
    """Call a conference off. Its page stays and says so; rules stop.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when it is cancelled already, or archived.
    """
    return _go("cancel", conference, expected, actor)


@transaction.atomic
def reopen_conference(*, conference: Conference, expected: int | None, actor: Actor) -> Conference:
    """Take a postponed, cancelled or archived conference back to where it was before.

    Raises:
        DomainError: ``stale``; ``wrong-state`` for a draft or a published one.
    """
    return _go("reopen", conference, expected, actor)


@transaction.atomic
def archive_conference(*, conference: Conference, expected: int | None, actor: Actor) -> Conference:
    """Put a conference away that is over or cancelled.

    Raises:
        DomainError: ``stale``; ``wrong-state``.
    """
    return _go("archive", conference, expected, actor)


_VERBS: Final = {
    State.PUBLISHED: publish_conference,
    State.POSTPONED: postpone_conference,
    State.CANCELLED: cancel_conference,
    State.ARCHIVED: archive_conference,
}


@transaction.atomic
def move_to_state(
    *, conference: Conference, state: str, expected: int | None, actor: Actor
) -> Conference:
    """Bring a conference to a state by the verb that leads there; being there already is fine.

    Raises:
        DomainError: ``stale``, ``wrong-state``; ``validation-failed`` for an unknown state.
    """
    if state not in State.values:
        raise invalid("/state", "choice", f"Choose one of {', '.join(State.values)}.")
    row = load_root(conference, expected)
    wanted = State(state)
    if row.state == wanted:
        return row
    if wanted is State.PUBLISHED and row.state != State.DRAFT:
        return reopen_conference(conference=row, expected=expected, actor=actor)
    verb = _VERBS.get(wanted)
    if verb is None:
        raise DomainError("wrong-state", "A conference does not become a draft again. Cancel it.")
    return verb(conference=row, expected=expected, actor=actor)
