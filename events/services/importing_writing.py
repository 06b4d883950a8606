"""Carrying out a plan, in bulk: what the verbs of sessions, panels and people do for one of them.

All this runs in the caller's transaction, behind the conference's lock. Each session gets its row,
audit entry and note for undoing as `create_session` and `change_session` would have written them;
what all sessions of an import did is one deed. Those above are told once, with all ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import F
from django.utils import timezone

from core.codes import session_code
from core.errors import DomainError
from core.models import AuditEntry
from events import validators as v
from events.enums import RefKind
from events.models import DraftEdit, Session
from events.services.edits import edit_of, name_of, snapshot
from events.services.importing_lines import ADDED, CHANGED, LEFT_OUT, SessionLine
from events.services.importing_piece import CHUNK, Writing, keep_refs, unused_codes
from events.services.importing_plan import Plan
from events.services.importing_seats import write_links, write_parts
from events.services.importing_values import grouped
from events.services.sessions import CLEANERS, check_session, finish_session
from events.services.writing import assign

_DERIVED: Final = ("starts_at", "ends_at", "search_key", "sort_key", "updated_at")


def write_sessions(writing: Writing, lines: Sequence[SessionLine]) -> None:
    """Write what becomes of these sessions, their people and links.

    A session whose time does not exist on its day is left out, and its line says so.
    """
    people = {one.person.code: one.person for one in writing.plan.people.values() if one.person}
    _add(writing, [line for line in lines if line.verdict == ADDED])
    _change(writing, [line for line in lines if line.verdict == CHANGED])
    coming = [line for line in lines if line.session is not None]
    write_parts(writing, coming, people)
    write_links(writing, coming)
    _raise_versions(writing, coming)
    keep_refs(
        writing.plan,
        [(RefKind.SESSION, line.incoming.ref, line.session, line.said) for line in coming],
    )
    who = name_of(writing.actor)
    for edit in writing.edits:
        edit.actor_name = who
    DraftEdit.objects.bulk_create(writing.edits, batch_size=CHUNK)
    AuditEntry.objects.bulk_create(writing.entries, batch_size=CHUNK)
    writing.edits, writing.entries, writing.touched = [], [], set()


def _fields(plan: Plan, values: Iterable[tuple[str, Any]], row: Session) -> dict[str, Any]:
    """Return fields of a session as the model has them."""
    found = grouped(values, {"title": row.title or {}, "abstract": row.abstract or {}})
    state = found.pop("state", None)
    for name, lines in (("room", plan.rooms), ("track", plan.tracks)):
        if name in found:
            rows = {line.key: line.row for line in lines.values()}
            found[name] = rows.get(found[name])
    cleaned = v.clean(found, CLEANERS)
    return cleaned | ({"state": state} if state else {})


def _add(writing: Writing, lines: Sequence[SessionLine]) -> None:
    root = writing.root
    codes = unused_codes(len(lines), Session.objects.filter(conference=root), session_code)
    rows = []
    for line, code in zip(lines, codes, strict=True):
        row = Session(conference=root, code=code)
        try:
            assign(row, _fields(writing.plan, line.values.items(), row))
            check_session(row, {})
            finish_session(row)
        except DomainError as refusal:
            line.verdict, line.reason = LEFT_OUT, refusal.detail
            continue
        rows.append(row)
        line.session = row
    Session.objects.bulk_create(rows, batch_size=CHUNK)
    for row in rows:
        writing.note("create_session", row)
        writing.edits.append(
            edit_of(
                conference=root,
                session=row,
                before={},
                after=snapshot(row),
                verb="import_programme",
                actor=writing.actor,
                deed=writing.deed,
            )
        )


def _change(writing: Writing, lines: Sequence[SessionLine]) -> None:
    root = writing.root
    changed: list[tuple[Session, dict[str, Any], list[str]]] = []
    fields: set[str] = set()
    for line in lines:
        row = line.session
        if row is None or not line.taken:
            continue
        before = snapshot(row)
        was = {name: getattr(row, name) for name in (*CLEANERS, "state")}
        try:
            taken = ((one.name, one.new) for one in line.taken)
            names = assign(row, _fields(writing.plan, taken, row))
            if row.start_local is None and row.room is not None:
                row.room = None
                names.append("room")
            check_session(row, {})
            finish_session(row)
        except DomainError as refusal:
            assign(row, was)
            line.verdict, line.reason = LEFT_OUT, refusal.detail
            line.session = None
            continue
        fields.update(names)
        changed.append((row, before, names))
    rows = [row for row, _before, _names in changed]
    now = timezone.now()
    for row in rows:
        row.updated_at = now
        row.version += 1
    if rows:
        Session.objects.bulk_update(rows, sorted({*fields, *_DERIVED}), batch_size=CHUNK)
    writing.touched.update(row.pk for row in rows)
    for row, before, names in changed:
        writing.note("change_session", row, changed=names)
        writing.edits.append(
            edit_of(
                conference=root,
                session=row,
                before=before,
                after=snapshot(row),
                verb="import_programme",
                actor=writing.actor,
                deed=writing.deed,
            )
        )


def _raise_versions(writing: Writing, lines: Sequence[SessionLine]) -> None:
    """Raise the version of each session that changed, once; those of new ones stay."""
    also = {line.session.pk for line in lines if line.verdict == CHANGED and line.session}
    for line in lines:
        row = line.session
        if row is not None and row.pk in also - writing.touched:
            row.version += 1
    writing.touched |= also
    pks = sorted(writing.touched)
    for start in range(0, len(pks), CHUNK):
        some = Session.objects.filter(pk__in=pks[start : start + CHUNK])
        some.update(version=F("version") + 1, updated_at=timezone.now())
