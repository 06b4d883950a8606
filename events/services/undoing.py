"""Undoing what was done in the draft: the whole deed, or nothing of it. Redo undoes the undoing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, not_found
from core.services import audit
from events.enums import ParticipationState
from events.models import (
    Conference,
    DraftEdit,
    Participation,
    Person,
    Room,
    Session,
    SessionPrecedence,
    Track,
)
from events.services.edits import note_edit, snapshot
from events.services.sessions import check_session, finish_session, remove_session
from events.services.undoing_many import changed_since, remove_added
from events.services.writing import assign, load, save_root
from events.signals import ParticipationChanged, participation_changed

# So many added sessions are taken out one by one; more of them in one go.
_MANY: Final = 10
_TIMES: Final = ("start_local", "end_local")
# What `whole` keeps beside a session's own fields.
_BESIDE: Final = ("uid", "version", "participations", "first", "then", "edits")


@transaction.atomic
def undo_edit(*, conference: Conference, deed: uuid.UUID, actor: Actor) -> list[DraftEdit]:
    """Bring back what was before a deed, on all sessions that it changed.

    Returns what this writes down: a deed of its own, which can be undone in turn.

    Raises:
        DomainError: ``not-found``; ``wrong-state`` when it is undone already; ``conflict`` when
            something has changed since; ``in-use`` when what it added is published.
    """
    root = load(conference)
    edits = list(root.draft_edits.filter(deed=deed).order_by("-id"))
    if not edits:
        raise not_found()
    if any(edit.undone_at for edit in edits):
        raise DomainError("wrong-state", "This has been undone already.")
    again = uuid.uuid4()
    added = [edit for edit in edits if edit.after and not edit.before]
    alone = edits
    done: list[DraftEdit] = []
    if len(added) > _MANY:
        alone = [edit for edit in edits if edit.before or not edit.after]
        done = remove_added(root, added, again, actor)
    done += [_undo_one(root, edit, again, actor) for edit in alone]
    DraftEdit.objects.filter(pk__in=[edit.pk for edit in edits]).update(undone_at=timezone.now())
    return done


def _undo_one(root: Conference, edit: DraftEdit, deed: uuid.UUID, actor: Actor) -> DraftEdit:
    verb = f"undo_{edit.verb.removeprefix('undo_')}"[:40]
    if not edit.after:
        row = _bring_back(root, edit.before, actor)
        return note_edit(
            conference=root, session=row, before={}, after=snapshot(row), verb=verb,
            actor=actor, deed=deed,
        )  # fmt: skip
    session = edit.session
    if session is None:
        raise DomainError("conflict", "The session has been deleted since. Bring it back first.")
    session.conference = root
    row = load(session, "room", "track")
    row.conference = root
    if row.version != edit.version:
        raise DomainError("conflict", changed_since(root, row, edit))
    if not edit.before:
        before = remove_session(session=row, root=root, actor=actor)
        return note_edit(
            conference=root, session=None, before=before, after={}, verb=verb, actor=actor,
            version=row.version + 1, deed=deed,
        )  # fmt: skip
    was = snapshot(row)
    changed = assign(row, _values(root, edit.before))
    if changed:
        check_session(row, {"room": row.room})
        derived = finish_session(row)
        save_root(row, [*changed, *derived], row.version)
        audit.record(
            verb="undo_edit",
            obj=row,
            organisation_id=root.organisation_id,
            actor=actor,
            changed=changed,
        )
    _stand_again(row, edit.version - 1)
    return note_edit(
        conference=root, session=row, before=was, after=snapshot(row), verb=verb, actor=actor,
        deed=deed,
    )  # fmt: skip


def _stand_again(row: Session, version: int) -> None:
    """Let what had led to the state of that version, which is here again, be undone in turn."""
    since = row.version - version
    row.edits.filter(version__lte=version).update(version=F("version") + since)


def _values(root: Conference, before: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in before.items() if name not in {"code", *_BESIDE}}
    for name in _TIMES:
        if values.get(name):
            values[name] = dt.datetime.fromisoformat(values[name])
    if values.get("room"):
        rooms = Room.objects.filter(venue__organisation_id=root.organisation_id)
        values["room"] = rooms.filter(code=values["room"]).first()
        if values["room"] is None:
            raise DomainError("conflict", "Its room has been deleted since. Nothing was undone.")
    if values.get("track"):
        values["track"] = Track.objects.filter(conference=root, slug=values["track"]).first()
        if values["track"] is None:
            raise DomainError("conflict", "Its track has been deleted since. Nothing was undone.")
    return values


def _bring_back(root: Conference, before: Mapping[str, Any], actor: Actor) -> Session:
    """Make a deleted session again, with its code and uid, and those who sat on it."""
    row = Session(
        conference=root,
        code=before["code"],
        uid=before["uid"],
        version=before["version"] + 1,
        **_values(root, before),
    )
    check_session(row, {"room": row.room})
    finish_session(row)
    row.save(force_insert=True)
    audit.record(verb="undo_edit", obj=row, organisation_id=root.organisation_id, actor=actor)
    old = DraftEdit.objects.filter(pk__in=before["edits"], conference=root)
    old.update(session=row)
    _stand_again(row, before["version"])
    _bring_back_people(root, row, before["participations"])
    others = {s.code: s for s in root.sessions.filter(code__in=[*before["first"], *before["then"]])}
    SessionPrecedence.objects.bulk_create(
        [SessionPrecedence(first=row, then=others[c]) for c in before["first"] if c in others]
        + [SessionPrecedence(first=others[c], then=row) for c in before["then"] if c in others]
    )
    return row


def _bring_back_people(root: Conference, row: Session, parts: list[dict[str, Any]]) -> None:
    """Put people back on it. Who was asked and had not said yes is planned: that link is dead."""
    people = Person.objects.filter(organisation_id=root.organisation_id)
    known = people.in_bulk([part["person"] for part in parts])
    there = [part for part in parts if part["person"] in known]
    ids = []
    for order, part in enumerate(there):
        person = known[part["person"]]
        state = ParticipationState.CONFIRMED if part["confirmed"] else ParticipationState.PLANNED
        again = Participation.objects.create(
            session=row,
            person=person,
            code=part["code"],
            role=part["role"],
            minutes=part["minutes"],
            order=order,
            state=state,
            honorific=person.honorific,
            affiliation=person.affiliation,
            position=person.position,
        )
        ids.append(again.pk)
    if ids:
        participation_changed.send(
            sender=Participation,
            event=ParticipationChanged(conference_id=root.pk, participation_ids=tuple(ids)),
        )
