"""Sessions: the draft of the programme. Readers see the published version (schedules)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError, FieldError, invalid
from core.services import audit
from core.text import search_key, search_key_of
from events import validators as v
from events.enums import OFF_THE_PANEL, Attribution, SessionKind, SessionState
from events.models import Conference, Participation, Room, Session, Track
from events.services.edits import note_edit, snapshot, whole
from events.services.instants import resolve_session
from events.services.published import refuse_if_published
from events.services.venues import load_room
from events.services.writing import (
    assign,
    load,
    load_root,
    missing_text,
    refuse_if_used,
    save_root,
    taken_as,
)
from events.signals import ParticipationChanged, participation_changed

MOST_MINUTES: Final = 24 * 60
CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "kind": v.choice(SessionKind),
    "title": v.texts(v.MAX_TITLE),
    "abstract": v.texts(v.MAX_TEXT, lines=True),
    "track": v.anything,
    "start_local": v.local_time(required=False),
    "end_local": v.local_time(required=False),
    "room": v.anything,
    "language": v.optional_language,
    "attribution": v.choice(Attribution),
    "interpretation": v.other_languages,
    "recorded": v.flag,
    "planned_minutes": v.whole_number(1, MOST_MINUTES, required=False),
    "order": v.whole_number(0, 10_000),
}
# What goes with a session that is deleted.
OWNED: Final = frozenset(
    {
        "events.participation",
        "events.candidate",
        "events.draftedit",
        "events.externalref",
        "events.sessionprecedence",
    }
)
LONGEST: Final = dt.timedelta(days=7)
_SORT_LENGTH: Final = 300


class SessionFields(TypedDict, total=False):
    """What a session may be given besides what it must have."""

    abstract: Mapping[str, str]
    track: Track | None
    start_local: dt.datetime | str | None
    end_local: dt.datetime | str | None
    room: Room | None
    language: str
    attribution: str
    interpretation: Sequence[str]
    recorded: bool
    planned_minutes: int | None
    order: int


@transaction.atomic
def create_session(
    *,
    conference: Conference,
    kind: str,
    title: Mapping[str, str],
    actor: Actor,
    deed: uuid.UUID | None = None,
    **fields: Unpack[SessionFields],
) -> Session:
    """Add a session to the draft of the programme.

    Arguments:
        deed: of which this is a part, for undoing the whole of it.
        fields: start and end are given together or not at all; a room only with them.

    Raises:
        DomainError: ``validation-failed``.
    """
    values = v.clean({"kind": kind, "title": title, **fields}, CLEANERS)
    root = load(conference)
    row = Session(conference=root, **values)
    check_session(row, values)
    finish_session(row)
    with taken_as("", "Two sessions were given the same code. Try again."):
        row.save(force_insert=True)
    audit.record(verb="create_session", obj=row, organisation_id=root.organisation_id, actor=actor)
    note_edit(
        conference=root, session=row, before={}, after=snapshot(row), verb="create_session",
        actor=actor, deed=deed,
    )  # fmt: skip
    return row


@transaction.atomic
def change_session(
    *,
    session: Session,
    changes: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
    deed: uuid.UUID | None = None,
) -> Session:
    """Change a session in the draft and return it as it is now.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    return _change("change_session", session, changes, expected, actor, deed)


@transaction.atomic
def place_session(
    *,
    session: Session,
    start_local: dt.datetime | str,
    end_local: dt.datetime | str,
    room: Room | None,
    expected: int | None,
    actor: Actor,
    deed: uuid.UUID | None = None,
) -> Session:
    """Give a session its slot: start, end and room (None where it has none yet).

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    slot = {"start_local": start_local, "end_local": end_local, "room": room}
    return _change("place_session", session, slot, expected, actor, deed)


@transaction.atomic
def unschedule_session(*, session: Session, expected: int | None, actor: Actor) -> Session:
    """Take a session's slot away; everything else of it stays, and how long it was is planned.

    Raises:
        DomainError: ``stale``.
    """
    slot: dict[str, Any] = {"start_local": None, "end_local": None, "room": None}
    if session.start_local is not None and session.end_local is not None:
        minutes = (session.end_local - session.start_local) // dt.timedelta(minutes=1)
        if session.planned_minutes is None and 1 <= minutes <= MOST_MINUTES:
            slot["planned_minutes"] = minutes
    return _change("unschedule_session", session, slot, expected, actor)


@transaction.atomic
def cancel_session(
    *, session: Session, expected: int | None, actor: Actor, deed: uuid.UUID | None = None
) -> Session:
    """Call a session off. The programme shows it as cancelled from its next version on.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when it is cancelled already.
    """
    return _set_state("cancel_session", session, SessionState.CANCELLED, expected, actor, deed)


@transaction.atomic
def restore_session(*, session: Session, expected: int | None, actor: Actor) -> Session:
    """Take a cancelled session back into the programme.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when it is not cancelled.
    """
    return _set_state("restore_session", session, SessionState.PLANNED, expected, actor)


@transaction.atomic
def delete_session(
    *, session: Session, expected: int | None, actor: Actor, deed: uuid.UUID | None = None
) -> None:
    """Delete a session that was never published, with its panel.

    Raises:
        DomainError: ``stale``; ``in-use`` when it stands in a published version, or something else
            (a reminder rule, a material) is about it.
    """
    root = load(session.conference)
    row = load_root(session, expected, "track", "room")
    before = remove_session(session=row, root=root, actor=actor)
    note_edit(
        conference=root, session=None, before=before, after={}, verb="delete_session",
        actor=actor, version=before["version"] + 1, deed=deed,
    )  # fmt: skip


def remove_session(*, session: Session, root: Conference, actor: Actor) -> dict[str, Any]:
    """Take a locked session out of the database; return all that brings it back.

    Raises:
        DomainError: ``in-use``, as `delete_session` says.
    """
    refuse_if_published(
        organisation_id=root.organisation_id,
        conference_id=root.pk,
        part="sessions",
        code=session.code,
        detail="This session stands in a published programme. Cancel it instead.",
    )
    refuse_if_used(
        session,
        owned=OWNED,
        detail="A material or a reminder rule is about this session. It was not deleted.",
    )
    # Whoever was asked would find a dead link, and nobody would have told them.
    asked = session.participations.filter(asked_at__isnull=False).exclude(state__in=OFF_THE_PANEL)
    if asked.exists():
        raise DomainError(
            "in-use",
            "Somebody was asked to speak on this session. Cancel it instead, or let them go first.",
        )
    before = whole(session)
    removed = tuple(session.participations.values_list("person_id", "session_id"))
    audit.record(
        verb="delete_session", obj=session, organisation_id=root.organisation_id, actor=actor
    )
    session.delete()
    if removed:
        participation_changed.send(
            sender=Participation,
            event=ParticipationChanged(
                conference_id=root.pk, participation_ids=(), removed=removed
            ),
        )
    return before


def _change(
    verb: str,
    session: Session,
    changes: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
    deed: uuid.UUID | None = None,
) -> Session:
    root = load(session.conference)
    row = load_root(session, expected, "track", "room")
    row.conference = root
    before = snapshot(row)
    values = v.clean(changes, CLEANERS)
    changed = assign(row, values)
    if not changed:
        return row
    check_session(row, values)
    derived = finish_session(row)
    save_root(row, [*changed, *derived], expected)
    audit.record(
        verb=verb, obj=row, organisation_id=root.organisation_id, actor=actor, changed=changed
    )
    note_edit(
        conference=root, session=row, before=before, after=snapshot(row), verb=verb, actor=actor,
        deed=deed,
    )  # fmt: skip
    return row


def _set_state(
    verb: str,
    session: Session,
    state: SessionState,
    expected: int | None,
    actor: Actor,
    deed: uuid.UUID | None = None,
) -> Session:
    root = load(session.conference)
    row = load_root(session, expected, "track", "room")
    row.conference = root
    before = snapshot(row)
    if row.state == state:
        raise DomainError("wrong-state", f"This session is {state.label.lower()} already.")
    row.state = state
    save_root(row, ["state"], expected)
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=["state"],
        facts={"to": state.value},
    )
    note_edit(
        conference=root, session=row, before=before, after=snapshot(row), verb=verb, actor=actor,
        deed=deed,
    )  # fmt: skip
    return row


def check_session(row: Session, values: Mapping[str, Any]) -> None:
    errors = missing_text("title", row.title, row.conference.first_language)
    if (row.start_local is None) != (row.end_local is None):
        lacking = "start_local" if row.start_local is None else "end_local"
        errors.append(
            FieldError(f"/{lacking}", "required", "Give start and end together, or neither.")
        )
    elif row.start_local is not None and row.end_local is not None:
        if row.end_local <= row.start_local:
            errors.append(FieldError("/end_local", "order", "The end comes after the start."))
        elif row.end_local - row.start_local > LONGEST:
            errors.append(
                FieldError("/end_local", "range", "A session lasts seven days at the most.")
            )
    elif row.room is not None:
        errors.append(FieldError("/room", "time", "A room needs a start and an end."))
    if row.track is not None and row.track.conference_id != row.conference_id:
        errors.append(FieldError("/track", "unknown", "The conference has no such track."))
    v.refuse(errors)
    if row.room is not None and "room" in values:
        row.room = load_room(row.conference, row.room)


def finish_session(row: Session) -> list[str]:
    """Set what follows from the rest; return the names of those fields."""
    changed = resolve_session(row, row.conference.time_zone)
    if row.starts_at is not None and row.ends_at is not None and row.ends_at <= row.starts_at:
        raise invalid("/end_local", "order", "The end comes after the start.")
    keys = {
        "search_key": search_key_of([*row.title.values(), row.code]),
        "sort_key": search_key(row.title.get(row.conference.first_language, ""))[:_SORT_LENGTH],
    }
    return [*changed, *assign(row, keys)]
