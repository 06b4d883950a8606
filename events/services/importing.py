"""Bringing a programme in: keep it, look at it, bring it in, go on with it, stop, undo.

A programme of up to 500 sessions comes in as one transaction: all of it, or nothing. A longer one
goes in pieces, each of them whole, and a worker that dies is followed by the next one. Whatever
was brought in before is known by the source's identifiers, so doing it again changes nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, invalid
from core.models import AuditEntry
from core.services import audit
from core.services.kept_files import keep_upload, safe_name
from core.tables.reading import MOST_BYTES
from events.enums import JobState, ProgrammeFormat
from events.incoming import IncomingProgramme
from events.models import Conference, Material, ProgrammeImport
from events.services.importing_piece import CHUNK
from events.services.importing_running import bring_in, drop
from events.services.importing_settings import clean_settings
from events.services.undoing import undo_edit
from events.services.writing import load

# Up to so many sessions are in when the button's page is answered.
AT_ONCE: Final = 100
MOST_SESSIONS: Final = 5_000
MOST_TEXT: Final = 500_000
# What nobody went on with is deleted after a day.
WAITS: Final = dt.timedelta(days=1)
_OPEN: Final = (JobState.WAITING, JobState.STOPPED, JobState.FAILED)


@transaction.atomic
def keep_programme(
    *,
    conference: Conference,
    format: str,  # noqa: A002 - as the model calls it
    actor: Actor,
    text: str = "",
    content: bytes | None = None,
    name: str = "",
    settings: Mapping[str, Any] | None = None,
) -> ProgrammeImport:
    """Keep pasted text or a file until it is brought in, for a day at the most.

    Raises:
        DomainError: ``too-large``; ``validation-failed``.
    """
    if format not in ProgrammeFormat.values:
        raise invalid("/format", "choice", f"Choose one of {', '.join(ProgrammeFormat.values)}.")
    row = ProgrammeImport(conference=conference, format=format, name=safe_name(name))
    row.settings = clean_settings(settings or {})
    if content is None:
        if not text.strip():
            raise invalid("/text", "required", "Paste a programme, or choose a file.")
        if len(text) > MOST_TEXT:
            detail = f"A pasted programme may have {MOST_TEXT:,} characters. Upload it as a file."
            raise DomainError("too-large", detail)
        row.text = text.replace("\x00", "").replace("\r\n", "\n")
    else:
        if len(content) > MOST_BYTES:
            raise DomainError("too-large", f"A file may have {MOST_BYTES // 1024 // 1024} MB.")
        row.file = keep_upload(
            organisation_id=conference.organisation_id,
            content=content,
            name=name,
            content_type="application/octet-stream",
            actor=actor,
        )
    row.save(force_insert=True)
    audit.record(
        verb="keep_programme", obj=row, organisation_id=conference.organisation_id, actor=actor
    )
    return row


@transaction.atomic
def set_up_programme_import(
    *,
    programme_import: ProgrammeImport,
    actor: Actor,
    format: str | None = None,  # noqa: A002 - as the model calls it
    settings: Mapping[str, Any] | None = None,
) -> ProgrammeImport:
    """Say how a waiting programme is read, and what a person has decided line by line.

    Raises:
        DomainError: ``wrong-state`` when it is running or done; ``validation-failed``.
    """
    row = _load_open(programme_import)
    changed = clean_settings(settings or {})
    if format is not None:
        if format not in ProgrammeFormat.values:
            raise invalid("/format", "choice", "There is no such format.")
        row.format = format
    row.settings = {**row.settings, **changed}
    row.save(update_fields=["format", "settings", "updated_at"])
    audit.record(
        verb="set_up_programme_import",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=sorted(changed),
    )
    return row


@transaction.atomic
def start_programme_import(
    *, programme_import: ProgrammeImport, programme: IncomingProgramme, actor: Actor
) -> ProgrammeImport:
    """Bring a programme in: at once where it is short, else it is left to `go_on_with_programmes`.

    One that was stopped or has failed begins anew; what is in already is known then.

    Raises:
        DomainError: ``wrong-state`` when it is running or done; ``validation-failed`` when there is
            no session in it; ``too-large`` over 5,000 sessions.
    """
    row = _load_open(programme_import)
    total = len(programme.sessions)
    if not total:
        raise DomainError(
            "validation-failed", "No session was found in it. Nothing was brought in."
        )
    if total > MOST_SESSIONS:
        detail = f"This has {total:,} sessions; {MOST_SESSIONS:,} may come in at once."
        raise DomainError("too-large", detail)
    row.state, row.total, row.done, row.error = JobState.RUNNING, total, 0, ""
    row.stop_asked, row.actor_id, row.claimed_at = False, actor.id, None
    row.report = {
        "deed": row.report.get("deed") or str(uuid.uuid4()),
        "materials": row.report.get("materials", []),
        "actor": actor.kind,
    }
    row.save()
    audit.record(
        verb="start_programme_import",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        facts={"sessions": total},
    )
    if total <= AT_ONCE:
        bring_in(row, programme, actor, slice(None), beside=True, last=True)
    return row


@transaction.atomic
def stop_programme_import(*, programme_import: ProgrammeImport, actor: Actor) -> ProgrammeImport:
    """Stop an import: one that waits is over, one that runs stops after its piece.

    What is in stays, and the report says what.

    Raises:
        DomainError: ``wrong-state`` when it is over.
    """
    row = _load(programme_import)
    if row.state == JobState.WAITING:
        row.state = JobState.STOPPED
        drop(row, actor)
    elif row.state != JobState.RUNNING:
        raise DomainError("wrong-state", "This import is over already.")
    row.stop_asked = True
    row.save(update_fields=["state", "stop_asked", "updated_at"])
    audit.record(
        verb="stop_programme_import",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
    )
    return row


@transaction.atomic
def undo_programme_import(*, programme_import: ProgrammeImport, actor: Actor) -> ProgrammeImport:
    """Take back what an import did to sessions: the whole of it, or nothing.

    Rooms, tracks and people that it brought stay.

    Raises:
        DomainError: ``wrong-state`` when there is nothing to undo; ``conflict``, ``in-use`` as in
            `undo_edit`.
    """
    row = _load(programme_import)
    deed = row.report.get("deed")
    if row.state == JobState.RUNNING or not deed:
        raise DomainError("wrong-state", "There is nothing to undo.")
    load(row.conference)
    _delete_materials(row, actor)
    if not row.conference.draft_edits.filter(deed=deed).exists():
        raise DomainError("wrong-state", "There is nothing to undo.")
    undo_edit(conference=row.conference, deed=uuid.UUID(deed), actor=actor)
    row.report = {**row.report, "undone": True, "materials": []}
    row.save(update_fields=["report", "updated_at"])
    return row


def _delete_materials(row: ProgrammeImport, actor: Actor) -> None:
    """Delete the links that the import brought, as `delete_material` does one."""
    codes = row.report.get("materials", [])
    found = list(Material.objects.filter(conference=row.conference, code__in=codes))
    AuditEntry.objects.bulk_create(
        [
            audit.entry(
                verb="delete_material",
                obj=material,
                organisation_id=row.conference.organisation_id,
                actor=actor,
            )
            for material in found
        ],
        batch_size=CHUNK,
    )
    Material.objects.filter(pk__in=[material.pk for material in found]).delete()


def forget_waiting_programmes() -> int:
    """Delete programmes with which nobody went on for a day; return how many."""
    before = timezone.now() - WAITS
    over = Q(updated_at__lt=before) & ~Q(state=JobState.RUNNING)
    rows = ProgrammeImport.objects.filter(over).exclude(file=None, text="")
    rows = rows.select_related("conference", "file")
    found = list(rows.defer("report"))
    for row in found:
        with transaction.atomic():
            drop(row, Actor("rule"))
            if row.state == JobState.WAITING:
                row.delete()
    return len(found)


def _load(programme_import: ProgrammeImport) -> ProgrammeImport:
    rows = ProgrammeImport.objects.select_for_update(of=("self",))
    rows = rows.select_related("conference__organisation", "file")
    row = rows.filter(pk=programme_import.pk).first()
    if row is None:
        raise DomainError("not-found", "This import has been deleted in the meantime.")
    return row


def _load_open(programme_import: ProgrammeImport) -> ProgrammeImport:
    row = _load(programme_import)
    if row.state not in _OPEN:
        raise DomainError("wrong-state", "This import has begun already.")
    if row.file is None and not row.text:
        raise DomainError("wrong-state", "What it came from is deleted. Bring it once more.")
    return row
