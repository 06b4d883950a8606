"""An import that runs: claimed by one worker at a time, brought in whole or piece by piece."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from core.services.kept_files import delete_file
from events.enums import JobState
from events.incoming import IncomingProgramme
from events.models import ProgrammeImport, Session
from events.services.importing_beside import write_people, write_places
from events.services.importing_lines import UNCHANGED
from events.services.importing_piece import PLANNED, Writing
from events.services.importing_plan import Plan, make_plan
from events.services.importing_report import (
    MOST_LINES,
    names_of,
    report_of,
    session_report,
    vanished_report,
)
from events.services.importing_writing import write_sessions
from events.services.sessions import cancel_session, delete_session
from events.services.writing import load

logger = logging.getLogger(__name__)
# Up to so many are one transaction.
WHOLE: Final = 500
PIECE: Final = 200
# Who showed no sign of life for so long has died.
SILENCE: Final = dt.timedelta(minutes=2)
Read = Callable[[ProgrammeImport], IncomingProgramme]


def plan_programme(row: ProgrammeImport, programme: IncomingProgramme) -> Plan:
    """Return what an import would do now; nothing is written."""
    return make_plan(row.conference, programme, format=row.format, settings=row.settings)


def go_on_with_programmes(*, read: Read, piece: int = PIECE) -> int:
    """Go on with imports that nobody works at; return how many pieces were brought in.

    Any number may be called at once: each import is one caller's until it is silent for two
    minutes. A stop is heard between two pieces.

    Arguments:
        read: reads an import's file or text, as its settings say.
    """
    done = 0
    while (row := _claim()) is not None:
        try:
            done += _go_on(row, read, piece)
        except DomainError as refusal:
            _fail(row, refusal.detail)
        except DatabaseError:
            raise  # the next one takes it up
        except Exception:
            logger.exception("An import of a programme failed: %s", row.code)
            _fail(row, "Lectern made a mistake here. What is in stays; nothing is half done.")
    return done


def _claim() -> ProgrammeImport | None:
    now = timezone.now()
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - SILENCE)
    rows = ProgrammeImport.objects.filter(free, state=JobState.RUNNING).order_by("pk")
    for pk in rows.values_list("pk", flat=True)[:10]:
        claimed = ProgrammeImport.objects.filter(free, pk=pk, state=JobState.RUNNING)
        if claimed.update(claimed_at=now):
            found = ProgrammeImport.objects.select_related("conference__organisation", "file")
            return found.get(pk=pk)
    return None


def _go_on(row: ProgrammeImport, read: Read, piece: int) -> int:
    """Bring in what is left of a claimed import, piece by piece; return how many pieces."""
    actor = Actor(row.report.get("actor", "system"), row.actor_id)
    programme = read(row)
    total = len(programme.sessions)
    row.total = total
    if total <= WHOLE:
        with transaction.atomic():
            if _still_ours(row):
                bring_in(row, programme, actor, slice(None), beside=True, last=True)
        return 1
    pieces = 0
    starts = range(row.done, total, piece) or range(total, total + 1)
    for start in starts:
        with transaction.atomic():
            if not _still_ours(row):
                return pieces
            end = start + piece
            beside = not row.report.get("beside")
            bring_in(row, programme, actor, slice(start, end), beside=beside, last=end >= total)
        pieces += 1
    return pieces


def _still_ours(row: ProgrammeImport) -> bool:
    """Tell whether the claimed import is still this caller's and goes on; hear a stop."""
    now = timezone.now()
    mine = ProgrammeImport.objects.filter(
        pk=row.pk, claimed_at=row.claimed_at, state=JobState.RUNNING
    )
    if not mine.update(claimed_at=now):
        return False
    row.claimed_at = now
    row.refresh_from_db(fields=["stop_asked"])
    if row.stop_asked:
        row.state, row.claimed_at = JobState.STOPPED, None
        row.save(update_fields=["state", "claimed_at", "updated_at"])
        return False
    return True


def bring_in(
    row: ProgrammeImport,
    programme: IncomingProgramme,
    actor: Actor,
    part: slice,
    *,
    beside: bool,
    last: bool,
) -> None:
    """Bring a piece in; the caller's transaction."""
    root = load(row.conference)
    root.organisation = row.conference.organisation
    row.conference = root
    report = dict(row.report)
    deed = uuid.UUID(report["deed"])
    come_as = row.settings.get("people") or PLANNED
    if beside:
        plan = plan_programme(row, programme)
        writing = Writing(plan, actor, deed, come_as)
        report |= _without_sessions(report_of(plan)) | {"beside": True}
        write_places(writing, row.settings)
        write_people(writing, f"Programme: {programme.title or row.name or row.format}")
    plan = plan_programme(row, programme)
    writing = Writing(plan, actor, deed, come_as)
    lines = plan.sessions[part]
    write_sessions(writing, lines)
    names = names_of(plan)
    shown = [
        session_report(line, names, root.first_language)
        for line in lines
        if line.verdict != UNCHANGED or line.notes
    ]
    report["lines"] = [*report.get("lines", []), *shown][:MOST_LINES]
    figures = Counter(report["counts"]["sessions"])
    figures.update(line.verdict for line in lines)
    report["counts"] = {**report["counts"], "sessions": dict(sorted(figures.items()))}
    report["materials"] = [*report.get("materials", []), *writing.materials]
    row.done = min(row.total, (part.stop or row.total))
    row.claimed_at = timezone.now()
    if last:
        report["lines"] = [*report["lines"], *_take_out(plan, row, actor, deed)][:MOST_LINES]
        row.state, row.claimed_at = JobState.DONE, None
        drop(row, actor)
    row.report = report
    # Nothing else: somebody may be asking for a stop at this moment.
    row.save(update_fields=["state", "total", "done", "claimed_at", "report", "updated_at"])


def _without_sessions(report: dict[str, Any]) -> dict[str, Any]:
    """Return a plan's report but for its sessions, which their own pieces tell."""
    lines = [line for line in report["lines"] if line["about"] != "session"]
    return {
        **report,
        "counts": {**report["counts"], "sessions": {}},
        "lines": lines,
    }


def _take_out(
    plan: Plan, row: ProgrammeImport, actor: Actor, deed: uuid.UUID
) -> list[dict[str, Any]]:
    """Delete or cancel the vanished sessions that a person has ticked; tell of all of them."""
    chosen = set(row.settings.get("vanished", []))
    found = []
    for session in plan.vanished:
        line = vanished_report(session, plan.conference.first_language)
        if session.code in chosen:
            line["what"], line["sentences"] = _take_out_one(session, actor, deed)
        found.append(line)
    return found


def _take_out_one(session: Session, actor: Actor, deed: uuid.UUID) -> tuple[str, list[str]]:
    try:
        with transaction.atomic():
            delete_session(session=session, expected=None, actor=actor, deed=deed)
    except DomainError:
        cancel_session(session=session, expected=None, actor=actor, deed=deed)
        return "cancelled", ["It was cancelled: readers have seen it, or something is about it."]
    return "deleted", ["It was deleted."]


def _fail(row: ProgrammeImport, sentence: str) -> None:
    ProgrammeImport.objects.filter(pk=row.pk, state=JobState.RUNNING).update(
        state=JobState.FAILED, error=sentence[:500], claimed_at=None, updated_at=timezone.now()
    )


def drop(row: ProgrammeImport, actor: Actor) -> None:
    """Delete what the programme came from."""
    file, row.file, row.text = row.file, None, ""
    row.save(update_fields=["file", "text", "updated_at"])
    if file is not None:
        delete_file(file=file, actor=actor)
