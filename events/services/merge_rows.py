"""The programme's own rows about a person: put under another one, and back.

What both had in one place is joined: of two participations on a session in one role the one that
came further stays. Whatever is dropped is kept as it was in the merge, for 30 days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.apps import apps
from django.db import models
from django.db.models import F
from django.utils import timezone

from events.enums import NeedState, ParticipationState
from events.models import (
    Assistant,
    Availability,
    Candidate,
    ExternalRef,
    Material,
    OutcomeItem,
    Participation,
    Person,
    PersonMerge,
    Quote,
    Session,
    SpeakerNeed,
)
from events.services.row_dumps import Dump, dump_row, row_again
from events.services.writing import refuse_if_used

# Every foreign key of this app to a person, but for the tags, which are joined by `merging`.
TO_PEOPLE: Final[tuple[tuple[type[models.Model], str], ...]] = (
    (Participation, "person"),
    (Candidate, "person"),
    (Assistant, "person"),
    (Availability, "person"),
    (OutcomeItem, "person"),
    (Quote, "person"),
    (ExternalRef, "person"),
    (PersonMerge, "kept"),
)
# The further somebody has come, the more is known.
_FURTHER: Final = (
    ParticipationState.REPLACED,
    ParticipationState.DECLINED,
    ParticipationState.PLANNED,
    ParticipationState.INVITED,
    ParticipationState.TENTATIVE,
    ParticipationState.CONFIRMED,
)
_LEFT: Final = "Something else still points to what is to be joined. Nothing was merged."


@dataclass(frozen=True, slots=True)
class Join:
    """Two participations of one session and role: one stays, one goes."""

    stays: Participation
    goes: Participation


@dataclass(slots=True)
class Moves:
    """What was done to rows.

    Arguments:
        moved: model and field -> ids that were put under the other person.
        rows: dumps of what was dropped, in the order in which it can stand again.
        pointers: (model, id, column, former value) of what was pointed elsewhere.
    """

    moved: dict[str, list[int]] = field(default_factory=dict)
    rows: list[Dump] = field(default_factory=list)
    pointers: list[list[Any]] = field(default_factory=list)


def key_of(model: type[models.Model], name: str) -> str:
    return f"{model._meta.label_lower}.{name}"


def joins_of(kept: Person, gone: Person) -> list[Join]:
    """Return where both are on one session in one role, and who of the two stays."""
    rows = Participation.objects.select_related("session__conference")
    mine = {(p.session_id, p.role): p for p in rows.filter(person=kept)}
    found = []
    for theirs in rows.filter(person=gone).order_by("pk"):
        own = mine.get((theirs.session_id, theirs.role))
        if own is not None:
            ahead = _rank(theirs) > _rank(own)
            found.append(Join(theirs, own) if ahead else Join(own, theirs))
    return found


def _rank(part: Participation) -> int:
    return _FURTHER.index(ParticipationState(part.state))


def move_rows(kept: Person, gone: Person, joins: Iterable[Join]) -> Moves:
    """Put all rows of this app under the one who stays."""
    done = Moves()
    for join in joins:
        _join(join, done)
    mine = set(Candidate.objects.filter(person=kept).values_list("session_id", "role"))
    for row in Candidate.objects.filter(person=gone).order_by("pk"):
        if (row.session_id, row.role) in mine:
            done.rows.append(dump_row(row))
            row.delete()
    now = timezone.now()
    for model, name in TO_PEOPLE:
        rows = model._default_manager.filter(**{name: gone})
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if ids:
            rows.update(**{name: kept, "updated_at": now})
            done.moved[key_of(model, name)] = ids
    raise_sessions(done.moved.get(key_of(Participation, "person"), ()))
    return done


def _join(join: Join, done: Moves) -> None:
    stays, goes = join.stays, join.goes
    dropped = [dump_row(goes)]
    had = {need.kind: need for need in stays.needs.all()}
    for need in goes.needs.order_by("pk"):
        own = had.get(need.kind)
        if own is not None and (own.state != NeedState.OPEN or need.state == NeedState.OPEN):
            dropped.append(dump_row(need))
            need.delete()
            continue
        if own is not None:
            dropped.append(dump_row(own))
            own.delete()
        _point(need, "participation_id", stays.pk, done)
    for material in Material.objects.filter(participation=goes).order_by("pk"):
        _point(material, "participation_id", stays.pk, done)
    after = Participation.objects.filter(replaces=goes).first()
    if after is not None:
        free = not Participation.objects.filter(replaces=stays).exists() and after.pk != stays.pk
        _point(after, "replaces_id", stays.pk if free else None, done)
    before = goes.replaces_id
    refuse_if_used(goes, owned=(), detail=_LEFT)
    goes.delete()
    if before is not None and before != stays.pk and stays.replaces_id is None:
        _point(stays, "replaces_id", before, done)
    done.rows += dropped


def _point(row: models.Model, column: str, value: int | None, done: Moves) -> None:
    done.pointers.append([row._meta.label_lower, row.pk, column, getattr(row, column)])
    setattr(row, column, value)
    type(row)._default_manager.filter(pk=row.pk).update(**{column: value})


def move_back(kept: Person, again: Person, done: Mapping[str, Any]) -> None:
    """Put all rows back under the person who is there again; what was deleted since stays so.

    Arguments:
        done: `moved`, `rows` and `pointers` of `Moves`.
    """
    now = timezone.now()
    moved: Mapping[str, list[int]] = done["moved"]
    for model, name in TO_PEOPLE:
        ids = moved.get(key_of(model, name), [])
        rows = model._default_manager.filter(pk__in=ids, **{name: kept})
        rows.update(**{name: again, "updated_at": now})
    sessions = list(moved.get(key_of(Participation, "person"), []))
    needs = []
    for dump in done["rows"]:
        if dump["model"] == SpeakerNeed._meta.label_lower:
            needs.append(dump)
        elif (row := row_again(dump)) is not None and isinstance(row, Participation):
            sessions.append(row.pk)
    for label, pk, column, former in reversed(done["pointers"]):
        _point_back(label, pk, column, former)
    for dump in needs:
        row_again(dump)
    raise_sessions(sessions)


def _point_back(label: str, pk: int, column: str, former: int | None) -> None:
    model: Any = apps.get_model(label)
    name = column.removesuffix("_id")
    target: Any = model._meta.get_field(name).related_model
    if former is None or target._default_manager.filter(pk=former).exists():
        model._default_manager.filter(pk=pk).update(**{column: former})


def raise_sessions(participation_ids: Iterable[int]) -> None:
    """Raise the versions of the sessions of these participations: who is on them has changed."""
    of_them = Participation.objects.filter(pk__in=list(participation_ids)).values("session_id")
    Session.objects.filter(pk__in=of_them).update(
        version=F("version") + 1, updated_at=timezone.now()
    )
