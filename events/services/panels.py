"""Who sits on a session: people, roles, order. The session's version rises with each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from core.actors import Actor
from core.errors import invalid
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.enums import ParticipationRole, ParticipationState
from events.models import Participation, Person, Session
from events.services.panel_writing import finish, load_panel, tell
from events.services.writing import assign, load, put_in_order, save, taken_as

CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "role": v.choice(ParticipationRole),
    "order": v.whole_number(0, 1000),
    "minutes": v.whole_number(1, 600, required=False),
    "state": v.choice(ParticipationState),
    "honorific": v.line(60),
    "affiliation": v.line(200),
    "position": v.line(200),
    "shown_unconfirmed": v.flag,
}
# What a participation says of an answer while there is none.
NO_ANSWER: Final[Mapping[str, Any]] = {
    "answered_at": None,
    "answered_via": "",
    "answered_by": "",
    "decline_reason": "",
}
_OF_THE_DAY: Final = ("honorific", "affiliation", "position")
_TWICE: Final = "This person has that role on this session already."


class ParticipationFields(TypedDict, total=False):
    """What a participation may be given; what is None is taken from the person or put last."""

    order: int | None
    minutes: int | None
    state: str
    honorific: str | None
    affiliation: str | None
    position: str | None
    shown_unconfirmed: bool


@transaction.atomic
def add_participation(
    *,
    session: Session,
    person: Person,
    role: str,
    actor: Actor,
    expected: int | None = None,
    **fields: Unpack[ParticipationFields],
) -> Participation:
    """Put a person on a session in a role: last, or before the one at `order`.

    Honorific, affiliation and position are those of the day: the person's present ones unless
    they are given.

    Arguments:
        expected: the session's version.

    Raises:
        DomainError: ``stale``; ``validation-failed``, also for a person of another organisation;
            ``conflict`` when the person has that role there already.
    """
    given: dict[str, Any] = {"role": role, **fields}
    order = given.pop("order", None)
    if order is not None:
        v.clean({"order": order}, CLEANERS)
    for name in _OF_THE_DAY:
        if given.get(name) is None:
            given[name] = getattr(person, name)
    values = v.clean(given, CLEANERS)
    conference, root = load_panel(session, expected)
    if person.organisation_id != conference.organisation_id:
        raise invalid("/person", "unknown", "There is no such person.")
    row = Participation(session=root, person=load(person), **values)
    others = list(root.participations.all())
    row.order = len(others)
    with taken_as("/person", _TWICE):
        row.save(force_insert=True)
    if order is not None:
        others.insert(order, row)
        put_in_order(others)
    finish("add_participation", conference, root, row, expected, actor)
    return row


@transaction.atomic
def change_participation(
    *,
    participation: Participation,
    changes: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
) -> Participation:
    """Change a participation, or its place in the session's order, and return it as it is now.

    A state that is set by hand is nobody's answer: what stood there of one is taken away. An answer
    that somebody gave is written down by `answer_ask`.

    Arguments:
        expected: the session's version.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``conflict`` when the person has that role
            there already.
    """
    conference, root = load_panel(participation.session, expected)
    row = load(participation, "person")
    row.session = root
    values = v.clean(changes, CLEANERS)
    order = values.pop("order", None)
    before = row.state
    changed = assign(row, values)
    if "state" in changed:
        changed += assign(row, NO_ANSWER)
    if changed:
        with taken_as("/role", _TWICE):
            save(row, changed)
    if order is not None and order != row.order:
        others = [p for p in root.participations.all() if p.pk != row.pk]
        others.insert(order, row)
        put_in_order(others)
        changed.append("order")
    if not changed:
        return row
    facts = {"from": before, "to": row.state} if "state" in changed else {}
    finish(
        "change_participation", conference, root, row, expected, actor, changed=changed, facts=facts
    )
    return row


@transaction.atomic
def reorder_participations(
    *, session: Session, codes: Sequence[str], expected: int | None, actor: Actor
) -> Session:
    """Put all those on a session in the order of their participations' codes.

    Arguments:
        codes: each of the session's participations once.
        expected: the session's version.

    Raises:
        DomainError: ``stale``; ``validation-failed`` unless each code is there once.
    """
    conference, root = load_panel(session, expected)
    rows = {row.code: row for row in root.participations.all()}
    if sorted(codes) != sorted(rows):
        raise invalid(
            "/codes", "incomplete", "Name each person on the session once. The order was kept."
        )
    moved = put_in_order([rows[code] for code in codes])
    if not moved:
        return root
    raise_version(root, expected)
    audit.record(
        verb="reorder_participations",
        obj=root,
        organisation_id=conference.organisation_id,
        actor=actor,
        changed=["order"],
        facts={"count": len(moved)},
    )
    tell(conference, (row.pk for row in moved))
    return root


@transaction.atomic
def remove_participation(
    *, participation: Participation, expected: int | None, actor: Actor
) -> Session:
    """Take a person off a session in the draft; the published version stays as it is.

    Arguments:
        expected: the session's version.

    Raises:
        DomainError: ``stale``; ``not-found`` when somebody else has done it.
    """
    conference, root = load_panel(participation.session, expected)
    row = load(participation)
    audit.record(
        verb="remove_participation",
        obj=row,
        organisation_id=conference.organisation_id,
        actor=actor,
        facts={"state": row.state},
    )
    removed = (row.person_id, row.session_id)
    row.delete()
    put_in_order(list(root.participations.all()))
    raise_version(root, expected)
    tell(conference, (), (removed,))
    return root
