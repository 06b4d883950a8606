"""Bringing a list of guests in: people first, then their invitations.

A list of up to 500 is one transaction; a longer one goes in pieces, each of them whole, and a task
that dies is taken up by the next one: who is in already is known the second time.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.actors import Actor
from core.cleaning import clean
from core.cleaning import line as one_line
from core.errors import DomainError, invalid
from core.services import audit
from core.services.kept_files import delete_file, keep_upload
from events.models import Conference, Person
from registrations.enums import ImportState
from registrations.models import GuestImport
from registrations.services.guest_matching import KNOWN, NEW, Line, match_rows
from registrations.services.guest_people import add_person, bring_up_to_date
from registrations.services.guest_rows import GuestRow
from registrations.services.inviting import add_invitations

AT_ONCE: Final = 500
PIECE: Final = 200
# An upload that nobody went on with is deleted after a day.
WAITS: Final = dt.timedelta(days=1)
# A task that showed no sign of life for so long has died.
SILENCE: Final = dt.timedelta(minutes=2)
MOST_WAVES: Final = 99
_ABOUT: Final = {"source": one_line(200), "basis": one_line(200)}
_OPTIONS: Final = frozenset(
    (
        *("encoding", "delimiter", "columns", "registration_type", "wave", "plus_one", "hold"),
        *("update", "choices"),
    )
)
Read = Callable[[GuestImport], Sequence[GuestRow]]


@transaction.atomic
def keep_guest_list(
    *, conference: Conference, content: bytes, name: str, content_type: str, actor: Actor
) -> GuestImport:
    """Keep an uploaded list until it is imported, for a day at the most.

    Raises:
        DomainError: ``too-large``.
    """
    file = keep_upload(
        organisation_id=conference.organisation_id,
        content=content,
        name=name,
        content_type=content_type,
        actor=actor,
    )
    row = GuestImport.objects.create(conference=conference, file=file, name=file.original_name)
    audit.record(
        verb="keep_guest_list", obj=row, organisation_id=conference.organisation_id, actor=actor
    )
    return row


@transaction.atomic
def set_up_import(
    *,
    guest_import: GuestImport,
    settings: Mapping[str, Any],
    source: str,
    basis: str,
    actor: Actor,
) -> GuestImport:
    """Say how a waiting list is read, what is made of it, and where the addresses come from.

    Raises:
        DomainError: ``wrong-state``; ``validation-failed``.
    """
    row = _waiting(guest_import)
    about = clean({"source": source, "basis": basis}, _ABOUT)
    if unknown := set(settings) - _OPTIONS:
        raise invalid(f"/{min(unknown)}", "unknown", "There is no such setting.")
    wave = settings.get("wave", 1)
    if not isinstance(wave, int) or not 1 <= wave <= MOST_WAVES:
        raise invalid("/wave", "range", f"Give a wave from 1 to {MOST_WAVES}.")
    row.settings = {**row.settings, **settings}
    row.source, row.basis = about["source"], about["basis"]
    row.save(update_fields=["settings", "source", "basis", "updated_at"])
    audit.record(
        verb="set_up_import",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=sorted(settings),
    )
    return row


@transaction.atomic
def start_import(
    *, guest_import: GuestImport, rows: Sequence[GuestRow], actor: Actor
) -> GuestImport:
    """Bring a list in: at once where it is short, else it is left to `go_on`.

    Rows with something wrong, possible doubles without a decision and rows that stand twice stay
    out; all others are in, or none is.

    Raises:
        DomainError: ``wrong-state``; ``validation-failed`` without source and basis, or for a kind
            of place that is not there.
    """
    row = _waiting(guest_import)
    for name in ("source", "basis"):
        if not getattr(row, name):
            raise invalid(f"/{name}", "required", "Say this once for the whole list.")
    kinds = row.conference.registration_types
    if not kinds.filter(slug=str(row.settings.get("registration_type", ""))).exists():
        raise invalid("/registration_type", "unknown", "Choose a kind of place.")
    lines = _lines(row, rows)
    row.state = ImportState.RUNNING
    row.total, row.actor_id = len(lines), actor.id
    row.save()
    audit.record(
        verb="start_import",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        facts={"rows": len(lines)},
    )
    if len(lines) <= AT_ONCE:
        _bring_in(row, lines, actor)
        _finish(row, actor)
    return row


def go_on(*, read: Read, piece: int = PIECE) -> int:
    """Go on with the imports that nobody works at; return how many pieces were brought in.

    Any number may be called at once: each import is one caller's until it is silent for two
    minutes.

    Arguments:
        read: reads the rows of an import's file, as its settings say.
    """
    done = 0
    while (row := _claim()) is not None:
        actor = Actor("account", row.actor_id) if row.actor_id else Actor("system")
        try:
            lines = _lines(row, read(row))
            # Each piece is written with how far it goes, so this is where the last one ended.
            for start in range(row.done, len(lines), piece):
                with transaction.atomic():
                    _bring_in(row, lines[start : start + piece], actor)
                done += 1
            with transaction.atomic():
                _finish(row, actor)
        except DomainError as refusal:
            GuestImport.objects.filter(pk=row.pk).update(
                state=ImportState.FAILED, error=refusal.detail[:500], claimed_at=None
            )
    return done


def forget_waiting_imports() -> int:
    """Delete lists with which nobody went on for a day; return how many."""
    before = timezone.now() - WAITS
    over = Q(updated_at__lt=before) & ~Q(state=ImportState.RUNNING)
    rows = list(GuestImport.objects.filter(over, file__isnull=False).select_related("file"))
    for row in rows:
        with transaction.atomic():
            _drop_file(row, Actor("rule"))
            if row.state == ImportState.WAITING:
                row.delete()
    return len(rows)


def _waiting(guest_import: GuestImport) -> GuestImport:
    row = (
        GuestImport.objects.select_for_update(of=("self",))
        .select_related("conference__organisation", "file")
        .get(pk=guest_import.pk)
    )
    if row.state != ImportState.WAITING:
        raise DomainError("wrong-state", "This list has been imported already.")
    return row


def _claim() -> GuestImport | None:
    now = timezone.now()
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=now - SILENCE)
    rows = GuestImport.objects.filter(free, state=ImportState.RUNNING).order_by("pk")
    for row in rows.select_related("conference__organisation", "file")[:10]:
        if GuestImport.objects.filter(free, pk=row.pk).update(claimed_at=now):
            return row
    return None


def _lines(row: GuestImport, rows: Sequence[GuestRow]) -> list[Line]:
    return match_rows(row.conference.organisation_id, rows, row.settings.get("choices"))


def _bring_in(row: GuestImport, lines: Sequence[Line], actor: Actor) -> None:
    """Make or change the people of these lines and invite them; the caller's transaction."""
    figures: Counter[str] = Counter()
    invite: dict[bool, list[int]] = {False: [], True: []}
    known = Person.objects.in_bulk([one.person.pk for one in lines if one.person])
    for one in lines:
        if one.verdict == NEW:
            person = add_person(row, one.row, actor)
            figures["added"] += 1
        elif one.verdict == KNOWN and one.person is not None and one.person.pk in known:
            person = known[one.person.pk]
            changed = bring_up_to_date(row, person, one.row, actor)
            figures["changed" if changed else "known"] += 1
        else:
            figures["left_out"] += 1
            continue
        plus_one = one.row.plus_one
        invite[bool(row.settings.get("plus_one")) if plus_one is None else plus_one].append(
            person.pk
        )
    for plus_one, ids in invite.items():
        if ids:
            added = add_invitations(
                conference=row.conference,
                person_ids=ids,
                type_slug=row.settings["registration_type"],
                wave=row.settings.get("wave", 1),
                plus_one=plus_one,
                hold=bool(row.settings.get("hold", True)),
                actor=actor,
            )
            figures["invited"] += len(added.invitations)
            figures["already"] += added.already
            figures["without_place"] += added.without_place
    for name, number in figures.items():
        setattr(row, name, getattr(row, name) + number)
    row.done += len(lines)
    row.claimed_at = timezone.now()
    row.save()


def _finish(row: GuestImport, actor: Actor) -> None:
    row.state = ImportState.DONE
    row.claimed_at = None
    row.save()
    _drop_file(row, actor)


def _drop_file(row: GuestImport, actor: Actor) -> None:
    if row.file is not None:
        file, row.file = row.file, None
        row.save(update_fields=["file", "updated_at"])
        delete_file(file=file, actor=actor)
