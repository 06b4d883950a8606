"""Going back to a version: its programme is the newest one again, and the draft follows it.

What people have answered since counts: who has declined stays off. What the version does not know
is not lost: a session that readers see now loses its slot (the version before has it), one that
they do not see stays as it is, and whoever was asked or has answered keeps their seat in the draft.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from core.text import search_key, search_key_of
from events.enums import OFF_THE_PANEL
from events.models import (
    Conference,
    DraftEdit,
    Participation,
    Person,
    PersonMerge,
    Room,
    ScheduleVersion,
    Session,
)
from events.services.documents import Document
from events.services.edits import edit_of, name_of, snapshot
from events.services.instants import resolve_session
from events.services.restoring_plan import Return, has_something_to_lose, plan_return
from events.services.schedules import MOVED_ON, stamp_of, write_version
from events.services.writing import assign, load_root
from events.signals import ParticipationChanged, participation_changed

_PLAIN: Final = (
    *("kind", "state", "title", "abstract", "language", "interpretation", "recorded"),
    *("attribution", "order"),
)
_OF_PARTS: Final = ("role", "order", "minutes", "honorific", "affiliation", "position")
_SORT_LENGTH: Final = 300
_CHUNK: Final = 200


@transaction.atomic
def restore_version(
    *,
    version: ScheduleVersion,
    actor: Actor,
    tell: bool = False,
    name: str = "",
    expected: int | None = None,
    seen: str | None = None,
    telling: int | None = None,
) -> ScheduleVersion:
    """Make a version's programme the newest version, and let the draft follow it.

    Arguments:
        name: of the new version; "" for “Version” and its number.
        tell, telling, expected, seen: as in `publish_schedule`.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``wrong-state`` for the newest version, which
            is what readers see; ``conflict`` as in `publish_schedule`.
    """
    root = load_root(version.conference, expected)
    last = root.schedule_versions.first()
    if last is not None and last.pk == version.pk:
        raise DomainError("wrong-state", "This is what readers see already.")
    plan = plan_return(root, version)
    if seen is not None and seen != stamp_of(last, plan.document):
        raise DomainError("conflict", MOVED_ON)
    _follow(root, plan, actor)
    return write_version(
        root,
        plan.document,
        "restore_version",
        name=name,
        actor=actor,
        tell=tell,
        expected=expected,
        telling=telling,
        restores=version,
    )


def _follow(root: Conference, plan: Return, actor: Actor) -> None:
    """Let the draft say what the document says, as one deed that can be undone in the draft."""
    before = {row.pk: snapshot(row) for row in plan.sessions.values()}
    rooms = {
        row.code: row
        for row in Room.objects.filter(
            venue__organisation_id=root.organisation_id,
            code__in=[row["code"] for row in plan.document["rooms"]],
        )
    }
    tracks = {row.slug: row for row in root.tracks.all()}
    changed = []
    # Writing a column costs as much as reading it all, so only those that differ somewhere.
    fields = {"updated_at"}
    for data in plan.document["sessions"]:
        row = plan.sessions.get(data["code"])
        if row is None:
            continue
        slot = data["slot"] or {"start": None, "end": None, "room": None}
        values: dict[str, Any] = {name: data[name] for name in _PLAIN if name in data} | {
            "start_local": _local(slot["start"]),
            "end_local": _local(slot["end"]),
            "room": rooms.get(slot["room"]),
            "track": tracks.get(data["track"]),
        }
        if differing := assign(row, values):
            fields.update(differing)
            changed.append(row)
    for code in plan.unscheduled:
        row = plan.sessions[code]
        fields.update(assign(row, {"start_local": None, "end_local": None, "room": None}))
        changed.append(row)
    for row in changed:
        keys = {
            "search_key": search_key_of([*row.title.values(), row.code]),
            "sort_key": search_key(row.title.get(root.first_language, ""))[:_SORT_LENGTH],
        }
        fields.update(resolve_session(row, root.time_zone), assign(row, keys))
    _write(changed, fields, _follow_people(root, plan))
    _note(root, changed, before, actor)


def _local(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _write(changed: Sequence[Session], fields: Collection[str], touched: Iterable[int]) -> None:
    if changed:
        now = timezone.now()
        for row in changed:
            row.updated_at = now
        Session.objects.bulk_update(changed, sorted(fields), batch_size=_CHUNK)
    ids = sorted({*(row.pk for row in changed), *touched})
    for start in range(0, len(ids), _CHUNK):
        Session.objects.filter(pk__in=ids[start : start + _CHUNK]).update(version=F("version") + 1)


def _note(
    root: Conference, changed: Sequence[Session], before: dict[int, dict[str, Any]], actor: Actor
) -> None:
    """Write down what each session was before, in one deed."""
    deed, who = uuid.uuid4(), name_of(actor)
    versions = dict(
        root.sessions.filter(pk__in=[row.pk for row in changed]).values_list("pk", "version")
    )
    edits = []
    for row in changed:
        row.version = versions[row.pk]
        edits.append(
            edit_of(
                conference=root,
                session=row,
                before=before[row.pk],
                after=snapshot(row),
                verb="restore_version",
                actor=actor,
                deed=deed,
            )
        )
        edits[-1].actor_name = who
    DraftEdit.objects.bulk_create(edits, batch_size=_CHUNK)


def _follow_people(root: Conference, plan: Return) -> set[int]:
    """Put the version's people back where they were; return the sessions that this touched."""
    people = _people(root, plan.document)
    seats = {(row.session_id, row.person_id, row.role): row for row in plan.parts.values()}
    here = {row["code"] for row in plan.document["sessions"]}
    named: set[str] = set()
    changed: list[Participation] = []
    for data in plan.document["sessions"]:
        session = plan.sessions.get(data["code"])
        for row in data["participations"] if session is not None else ():
            part = plan.parts.get(row["code"])
            person = people.get(row["person"])
            if part is None and session is not None and person is not None:
                # Somebody may have been put on it anew, under another code.
                part = seats.get((session.pk, person.pk, row["role"]))
                part = part or Participation(code=row["code"], session=session, person=person)
            if part is not None and part.state not in OFF_THE_PANEL:
                named.add(part.code)
                if _seat(part, row, seats):
                    changed.append(part)
    gone = [
        part
        for part in plan.parts.values()
        if part.session.code in here
        and part.code not in named
        and part.state not in OFF_THE_PANEL
        and not has_something_to_lose(part)
    ]
    removed = tuple((part.person_id, part.session_id) for part in gone)
    touched = {part.session_id for part in (*changed, *gone)}
    Participation.objects.filter(pk__in=[part.pk for part in gone]).delete()
    if changed or removed:
        participation_changed.send(
            sender=Participation,
            event=ParticipationChanged(
                conference_id=root.pk,
                participation_ids=tuple(part.pk for part in changed),
                removed=removed,
            ),
        )
    return touched


def _seat(
    part: Participation, row: Document, seats: dict[tuple[int, int, str], Participation]
) -> bool:
    """Give somebody the part that a document says; tell whether it was another one, or none."""
    values = {name: row[name] for name in _OF_PARTS}
    if part._state.adding:  # noqa: SLF001 - a row that is not in the database yet
        assign(part, {**values, "state": row["state"]})
        part.save(force_insert=True)
        return True
    if (part.session_id, part.person_id, row["role"]) in seats:
        values.pop("role")  # it is theirs, or they have it a second time
    changed = assign(part, values)
    if changed:
        part.save(update_fields=[*changed, "updated_at"])
    return bool(changed)


def _people(root: Conference, document: Document) -> dict[str, Person]:
    """Return the document's people by code; who was put into another one is that one."""
    codes = {p["person"] for s in document["sessions"] for p in s["participations"]}
    rows = Person.objects.filter(organisation_id=root.organisation_id, code__in=codes)
    found = {row.code: row for row in rows}
    merges = PersonMerge.objects.filter(
        organisation_id=root.organisation_id,
        gone_code__in=codes - found.keys(),
        undone_at__isnull=True,
    ).select_related("kept")
    return found | {merge.gone_code: merge.kept for merge in merges}
