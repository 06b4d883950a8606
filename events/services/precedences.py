"""Which session has to be over before which other one begins."""

from __future__ import annotations

from collections import defaultdict

from django.db import transaction

from core.actors import Actor
from core.errors import invalid
from core.services import audit
from core.services.versions import raise_version
from events.models import Conference, Session, SessionPrecedence
from events.services.writing import load, load_root, taken_as


@transaction.atomic
def create_precedence(
    *,
    conference: Conference,
    first: Session,
    then: Session,
    actor: Actor,
    expected: int | None = None,
) -> SessionPrecedence:
    """Say that one session has to be over before another one begins.

    Arguments:
        expected: the conference's version.

    Raises:
        DomainError: ``stale``; ``conflict`` when it is said already; ``validation-failed`` for a
            session of another conference, or one that would have to be before itself.
    """
    root = load_root(conference, expected)
    for name, session in (("first", first), ("then", then)):
        if session.conference_id != root.pk:
            raise invalid(f"/{name}", "unknown", "The conference has no such session.")
    if first.pk == then.pk or _comes_before(root, then.pk, first.pk):
        raise invalid("/then", "circle", "That session has to be before the first one already.")
    row = SessionPrecedence(first=load(first), then=load(then))
    with taken_as("/then", "This is said already."):
        row.save(force_insert=True)
    _finish("create_precedence", root, row, expected, actor)
    return row


@transaction.atomic
def delete_precedence(*, precedence: SessionPrecedence, expected: int | None, actor: Actor) -> None:
    """Let two sessions stand in any order again.

    Raises:
        DomainError: ``stale`` (the conference's version); ``not-found``.
    """
    root = load_root(precedence.first.conference, expected)
    row = load(precedence)
    _finish("delete_precedence", root, row, expected, actor)
    row.delete()


def pairs_of(conference: Conference) -> tuple[tuple[str, str], ...]:
    """Return the codes of sessions that come before others, for the checks; one query."""
    rows = SessionPrecedence.objects.filter(first__conference=conference).order_by("pk")
    return tuple(rows.values_list("first__code", "then__code"))


def _comes_before(root: Conference, one: int, other: int) -> bool:
    """Tell whether `one` has to be before `other`, be it by way of others."""
    after: defaultdict[int, list[int]] = defaultdict(list)
    rows = SessionPrecedence.objects.filter(first__conference=root)
    for first, then in rows.values_list("first_id", "then_id"):
        after[first].append(then)
    seen, open_ones = {one}, [one]
    while open_ones:
        for then in after[open_ones.pop()]:
            if then == other:
                return True
            if then not in seen:
                seen.add(then)
                open_ones.append(then)
    return False


def _finish(
    verb: str, root: Conference, row: SessionPrecedence, expected: int | None, actor: Actor
) -> None:
    raise_version(root, expected)
    audit.record(verb=verb, obj=row, organisation_id=root.organisation_id, actor=actor)
