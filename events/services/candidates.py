"""The shortlist of a session: who was considered for a role, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import transaction

from core.actors import Actor
from core.errors import invalid
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.enums import ParticipationRole
from events.models import Candidate, Conference, Person, Session
from events.services.panel_writing import load_panel
from events.services.writing import load, put_in_order, taken_as

_CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "role": v.choice(ParticipationRole),
    "note": v.line(500),
}


@transaction.atomic
def add_candidate(
    *,
    session: Session,
    person: Person,
    role: str,
    actor: Actor,
    note: str = "",
    expected: int | None = None,
) -> Candidate:
    """Put somebody on the shortlist of a role, last; nobody is told.

    Arguments:
        expected: the session's version.

    Raises:
        DomainError: ``stale``; ``validation-failed``, also for a person of another organisation;
            ``conflict`` when they stand there already.
    """
    values = v.clean({"role": role, "note": note}, _CLEANERS)
    conference, root = load_panel(session, expected)
    if person.organisation_id != conference.organisation_id:
        raise invalid("/person", "unknown", "There is no such person.")
    row = Candidate(session=root, person=load(person), order=root.candidates.count(), **values)
    with taken_as("/person", "This person is on the shortlist for that role already."):
        row.save(force_insert=True)
    _finish("add_candidate", conference, root, row, expected, actor)
    return row


@transaction.atomic
def change_candidate(
    *, candidate: Candidate, note: str, actor: Actor, expected: int | None = None
) -> Candidate:
    """Write why somebody is on the shortlist, or what speaks against it.

    Raises:
        DomainError: ``stale``, ``validation-failed``, ``not-found``.
    """
    typed = v.clean({"note": note}, {"note": _CLEANERS["note"]})
    conference, root = load_panel(candidate.session, expected)
    row = load(candidate, "person")
    row.session = root
    if row.note != typed["note"]:
        row.note = typed["note"]
        row.save(update_fields=["note", "updated_at"])
        _finish("change_candidate", conference, root, row, expected, actor)
    return row


@transaction.atomic
def remove_candidate(*, candidate: Candidate, actor: Actor, expected: int | None = None) -> Session:
    """Take somebody off the shortlist.

    Raises:
        DomainError: ``stale``; ``not-found`` when somebody else has done it.
    """
    conference, root = load_panel(candidate.session, expected)
    row = load(candidate)
    _finish("remove_candidate", conference, root, row, expected, actor)
    row.delete()
    put_in_order(list(root.candidates.all()))
    return root


@transaction.atomic
def reorder_candidates(
    *, session: Session, people: Sequence[tuple[str, str]], actor: Actor, expected: int | None
) -> Session:
    """Put a shortlist in this order.

    Arguments:
        people: (person's code, role) of each candidate once.

    Raises:
        DomainError: ``stale``; ``validation-failed`` unless each is there once.
    """
    conference, root = load_panel(session, expected)
    rows = {(row.person.code, row.role): row for row in root.candidates.select_related("person")}
    if sorted(people) != sorted(rows):
        raise invalid(
            "/people", "incomplete", "Name each person on the shortlist once. The order was kept."
        )
    if put_in_order([rows[key] for key in people]):
        raise_version(root, expected)
        audit.record(
            verb="reorder_candidates",
            obj=root,
            organisation_id=conference.organisation_id,
            actor=actor,
            changed=["order"],
        )
    return root


def _finish(
    verb: str,
    conference: Conference,
    root: Session,
    row: Candidate,
    expected: int | None,
    actor: Actor,
) -> None:
    raise_version(root, expected)
    audit.record(verb=verb, obj=row, organisation_id=conference.organisation_id, actor=actor)
