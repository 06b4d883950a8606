"""Undoing a deed that added many sessions: the rules of one, asked once for all of them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from django.db import models

from core.actors import Actor
from core.errors import DomainError
from core.models import AuditEntry
from core.services import audit
from core.text import pick_text
from events.enums import OFF_THE_PANEL
from events.models import Conference, DraftEdit, Participation, Session, SessionPrecedence
from events.services.edit_words import who_and_when
from events.services.edits import edit_of, name_of, snapshot, whole_of
from events.services.sessions import OWNED
from events.signals import ParticipationChanged, participation_changed

_CHUNK: Final = 200


def remove_added(
    root: Conference, edits: Sequence[DraftEdit], deed: uuid.UUID, actor: Actor
) -> list[DraftEdit]:
    """Take the sessions that these edits added out of the draft; all of them, or none.

    Arguments:
        deed: of the undoing.

    Raises:
        DomainError: ``conflict`` when one has changed since or is gone; ``in-use`` when one is
            published, something else is about it, or somebody was asked to speak on it.
    """
    rows = {row.pk: row for row in _locked(root, edits)}
    for edit in edits:
        row = rows.get(edit.session_id or 0)
        if row is None:
            raise DomainError(
                "conflict", "The session has been deleted since. Bring it back first."
            )
        if row.version != edit.version:
            raise DomainError("conflict", changed_since(root, row, edit))
    pks = list(rows)
    _refuse_what_readers_saw(root, list(rows.values()))
    _refuse_what_is_used(pks)
    parts = list(Participation.objects.filter(session_id__in=pks).order_by("order", "pk"))
    if any(part.asked_at and part.state not in OFF_THE_PANEL for part in parts):
        raise DomainError("in-use", "Somebody was asked to speak on one of these sessions.")
    done = _notes(root, rows, parts, deed, actor, f"undo_{edits[0].verb}"[:40])
    Session.objects.filter(pk__in=pks).delete()
    DraftEdit.objects.bulk_create(done, batch_size=_CHUNK)
    if parts:
        participation_changed.send(
            sender=Participation,
            event=ParticipationChanged(
                conference_id=root.pk,
                participation_ids=(),
                removed=tuple((part.person_id, part.session_id) for part in parts),
            ),
        )
    return done


def changed_since(root: Conference, row: Session, edit: DraftEdit) -> str:
    """Say who changed a session after an edit, so that this one can not be undone."""
    title = pick_text(row.title, root.first_language)
    later = row.edits.filter(version__gt=edit.version).order_by("-at", "-id").first()
    if later is None:
        return f"“{title}” has changed since: its people, or its day. Nothing was undone."
    return f"{who_and_when(later)} changed “{title}” after this. Undo that first; nothing was done."


def _locked(root: Conference, edits: Sequence[DraftEdit]) -> list[Session]:
    rows = Session.objects.select_for_update(of=("self",), no_key=True).filter(
        conference=root, pk__in=[edit.session_id for edit in edits if edit.session_id]
    )
    found = list(rows.select_related("room", "track").order_by("pk"))
    for row in found:
        row.conference = root
    return found


def _refuse_what_readers_saw(root: Conference, rows: Sequence[Session]) -> None:
    codes = {row.code for row in rows}
    documents = root.schedule_versions.values_list("document", flat=True)
    for document in documents.iterator(chunk_size=20):
        if codes & {row["code"] for row in document["sessions"]}:
            raise DomainError(
                "in-use",
                "One of these sessions stands in a published programme. Cancel it instead.",
            )


def _refuse_what_is_used(pks: Sequence[int]) -> None:
    for relation in Session._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.many_to_many:
            continue
        model: Any = relation.related_model
        if model._meta.auto_created or model._meta.label_lower in OWNED:
            continue
        if model._default_manager.filter(**{f"{relation.field.name}__in": pks}).exists():
            detail = "A material or a reminder rule is about one of these sessions."
            raise DomainError("in-use", detail)


def _notes(
    root: Conference,
    rows: dict[int, Session],
    parts: Sequence[Participation],
    deed: uuid.UUID,
    actor: Actor,
    verb: str,
) -> list[DraftEdit]:
    """Write the audit entries; return the notes of what each session was."""
    seats: dict[int, list[Participation]] = defaultdict(list)
    for part in parts:
        seats[part.session_id].append(part)
    edits: dict[int, list[int]] = defaultdict(list)
    for pk, session in DraftEdit.objects.filter(session_id__in=rows).values_list(
        "pk", "session_id"
    ):
        edits[session or 0].append(pk)
    first: dict[int, list[str]] = defaultdict(list)
    then: dict[int, list[str]] = defaultdict(list)
    order = SessionPrecedence.objects.filter(
        models.Q(first__in=rows) | models.Q(then__in=rows)
    ).select_related("first", "then")
    for one in order:
        first[one.first_id].append(one.then.code)
        then[one.then_id].append(one.first.code)
    who, done, entries = name_of(actor), [], []
    for pk, row in rows.items():
        before = whole_of(
            snapshot(row), row, seats[pk], first=first[pk], then=then[pk], edits=edits[pk]
        )
        entries.append(
            audit.entry(
                verb="delete_session", obj=row, organisation_id=root.organisation_id, actor=actor
            )
        )
        note = edit_of(
            conference=root, session=None, before=before, after={},
            verb=verb, actor=actor, version=row.version + 1, deed=deed,
        )  # fmt: skip
        note.actor_name = who
        done.append(note)
    AuditEntry.objects.bulk_create(entries, batch_size=_CHUNK)
    return done
