"""Writing down what was done in the draft, so that it can be told and undone (undoing.py)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils import timezone

from accounts.models import Account, ApiToken
from core.actors import Actor
from events.models import Conference, DraftEdit, Participation, Session

# A session's own fields; what is derived from them is left out.
_PLAIN: Final = (
    "kind",
    "state",
    "title",
    "abstract",
    "language",
    "attribution",
    "interpretation",
    "recorded",
    "planned_minutes",
    "order",
)
KEPT: Final = dt.timedelta(days=30)
_CHUNK: Final = 1000


def snapshot(session: Session) -> dict[str, Any]:
    """Return a session's own fields as JSON can hold them: rooms and tracks by code and slug."""
    start, end = session.start_local, session.end_local
    return {
        "code": session.code,
        **{name: getattr(session, name) for name in _PLAIN},
        "start_local": start.isoformat() if start else None,
        "end_local": end.isoformat() if end else None,
        "room": session.room.code if session.room else None,
        "track": session.track.slug if session.track else None,
    }


def whole(session: Session) -> dict[str, Any]:
    """Return all that brings a session back when it is deleted: also who sat on it, by id."""
    return whole_of(
        snapshot(session),
        session,
        session.participations.order_by("order", "pk"),
        first=list(session.comes_before.values_list("then__code", flat=True)),
        then=list(session.comes_after.values_list("first__code", flat=True)),
        edits=list(session.edits.values_list("pk", flat=True)),
    )


def whole_of(
    fields: Mapping[str, Any],
    session: Session,
    people: Iterable[Participation],
    *,
    first: list[str],
    then: list[str],
    edits: list[int],
) -> dict[str, Any]:
    """Return `whole` of a session of which all is read already."""
    return {
        **fields,
        "uid": str(session.uid),
        "version": session.version,
        "participations": [
            {
                "person": part.person_id,
                "code": part.code,
                "role": part.role,
                "minutes": part.minutes,
                "confirmed": part.state == "confirmed",
            }
            for part in people
        ],
        "first": first,
        "then": then,
        "edits": edits,
    }


def edit_of(
    *,
    conference: Conference,
    session: Session | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    verb: str,
    actor: Actor,
    version: int | None = None,
    deed: uuid.UUID | None = None,
) -> DraftEdit:
    """Return one session's change in the draft as a row that is not saved yet, nor knows the
    actor's name.

    Arguments:
        session: as it is now; None when it is deleted, and then `version` is the next one.
        before, after: `snapshot` of it; {} where there was none. Only what differs is kept.
        deed: the same for all sessions of one verb; without one, this change stands alone.
    """
    if before and after:
        differing = [name for name in after if before.get(name) != after[name]]
        before = {name: before.get(name) for name in differing}
        after = {name: after[name] for name in differing}
    return DraftEdit(
        conference=conference,
        session=session,
        deed=deed or uuid.uuid4(),
        verb=verb,
        before=dict(before),
        after=dict(after),
        version=version if version is not None else session.version if session else 1,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )


def note_edit(
    *,
    conference: Conference,
    session: Session | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    verb: str,
    actor: Actor,
    version: int | None = None,
    deed: uuid.UUID | None = None,
) -> DraftEdit:
    """Write down one session's change in the draft, in the transaction of the change itself.

    Arguments are those of `edit_of`.
    """
    edit = edit_of(
        conference=conference,
        session=session,
        before=before,
        after=after,
        verb=verb,
        actor=actor,
        version=version,
        deed=deed,
    )
    edit.actor_name = name_of(actor)
    edit.save(force_insert=True)
    return edit


def edits_since(session: Session, version: int) -> list[DraftEdit]:
    """Return what was done to a session after it had this version, the last one first."""
    return list(session.edits.filter(version__gt=version).order_by("-at", "-id"))


def last_deed(conference: Conference) -> DraftEdit | None:
    """Return the last thing done in the draft that is not undone, or nothing."""
    return conference.draft_edits.filter(undone_at=None).order_by("-at", "-id").first()


def forget_old_edits() -> int:
    """Delete what was written down more than 30 days ago; return how many rows."""
    before = timezone.now() - KEPT
    gone = 0
    while True:
        keys = list(DraftEdit.objects.filter(at__lt=before).values_list("pk", flat=True)[:_CHUNK])
        gone += DraftEdit.objects.filter(pk__in=keys).delete()[0]
        if len(keys) < _CHUNK:
            return gone


def name_of(actor: Actor) -> str:
    """Return what people call who did it; "" where nobody knows."""
    if not actor.id.isdecimal():
        return ""
    if actor.kind == "account":
        account = Account.objects.filter(pk=actor.id).only("name", "email").first()
        return account.get_full_name()[:200] if account else ""
    if actor.kind == "token":
        name = ApiToken.objects.filter(pk=actor.id).values_list("name", flat=True).first()
        return f"The program “{name}”"[:200] if name else ""
    return ""
