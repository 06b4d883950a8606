"""What every verb about who sits on a session does around its own rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.actors import Actor
from core.services import audit
from core.services.versions import raise_version
from core.text import full_name
from events.models import Conference, Participation, Session
from events.services.writing import load, load_root
from events.signals import ParticipationChanged, participation_changed


def load_panel(session: Session, expected: int | None) -> tuple[Conference, Session]:
    """Return conference and session afresh: the conference is locked first, always.

    Raises:
        DomainError: ``stale`` when the session is not at the version `expected`; ``not-found``.
    """
    conference = load(session.conference)
    root = load_root(session, expected)
    root.conference = conference
    return conference, root


def finish(
    verb: str,
    conference: Conference,
    root: Session,
    row: Participation,
    expected: int | None,
    actor: Actor,
    **details: Any,
) -> None:
    """Raise the session's version, write the audit entry and tell those above."""
    raise_version(root, expected)
    note(verb, conference, row, actor, **details)
    tell(conference, (row.pk,))


def note(
    verb: str, conference: Conference, row: Participation, actor: Actor, **details: Any
) -> None:
    """Write the audit entry of one participation."""
    audit.record(
        verb=verb, obj=row, organisation_id=conference.organisation_id, actor=actor, **details
    )


def tell(
    conference: Conference,
    ids: Iterable[int],
    removed: tuple[tuple[int, int], ...] = (),
    **what: Any,
) -> None:
    """Tell those above, in this transaction.

    Arguments:
        what: verb, occasion, by_speaker of the event.
    """
    participation_changed.send(
        sender=Participation,
        event=ParticipationChanged(
            conference_id=conference.pk, participation_ids=tuple(ids), removed=removed, **what
        ),
    )


def name_of(row: Participation) -> str:
    """Return a person's name, for sentences to organisers."""
    return full_name(row.person.given_name, row.person.family_name)
