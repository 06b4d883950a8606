"""What was done in the draft, said in a sentence: who, what and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils import timezone

from core.text import pick_text
from events.enums import SessionKind
from events.models import Conference, DraftEdit, Room, Session
from events.services.edits import edits_since

_WORDS: Final = {
    "title": "the title",
    "abstract": "the abstract",
    "track": "the track",
    "language": "the language",
    "attribution": "what may be quoted",
    "interpretation": "the interpretation",
    "recorded": "whether it is recorded",
    "planned_minutes": "the planned minutes",
    "order": "the order",
}
_SLOT: Final = {"start_local", "end_local", "room"}
_MINUTE: Final = 60
_HOUR: Final = 60
_DAY: Final = 24
_ONE_BY_ONE: Final = 3


def who(edit: DraftEdit) -> str:
    if edit.actor_name:
        return edit.actor_name
    return {"token": "A program", "system": "Lectern", "rule": "Lectern"}.get(
        edit.actor_kind, "Somebody"
    )


def ago(at: dt.datetime, now: dt.datetime | None = None) -> str:
    """Say how long ago something was: "two minutes" as "2 minutes ago"."""
    seconds = int(((now or timezone.now()) - at).total_seconds())
    minutes = seconds // _MINUTE
    if minutes < 1:
        return "just now"
    if minutes < _HOUR:
        return f"{minutes} minute{'s' if minutes > 1 else ''} ago"
    hours = minutes // _HOUR
    if hours < _DAY:
        return f"{hours} hour{'s' if hours > 1 else ''} ago"
    return f"on {at.day} {at:%B}"


def who_and_when(edit: DraftEdit) -> str:
    return f"{who(edit)}, {ago(edit.at)},"


def rooms_by_code(conference: Conference) -> dict[str, str]:
    """Return the names of the organisation's rooms, for what edits name by code."""
    rooms = Room.objects.filter(venue__organisation_id=conference.organisation_id)
    language = conference.first_language
    return {room.code: pick_text(room.name, language) for room in rooms.only("code", "name")}


def what(edit: DraftEdit, rooms: Mapping[str, str]) -> str:
    """Say what was done to one session: "moved it to 11:30 in Hall B"."""
    back = "undid that and " if edit.verb.startswith("undo_") else ""
    if not edit.before:
        return f"{back}{'brought it back' if back else 'added it'}"
    if not edit.after:
        return f"{back}{'took it out again' if back else 'deleted it'}"
    parts = []
    if edit.after.keys() & _SLOT:
        parts.append(_moved(edit, rooms))
    if "state" in edit.after:
        parts.append("cancelled it" if edit.after["state"] == "cancelled" else "took it back in")
    if "kind" in edit.after:
        parts.append(f"made it a {SessionKind(edit.after['kind']).label.lower()}")
    gone = {"planned_minutes"} if edit.after.get("start_local", "") is None else set()
    if others := [w for name, w in _WORDS.items() if name in edit.after.keys() - gone]:
        parts.append(f"changed {_listed(others)}")
    return back + (" and ".join(parts) or "changed it")


def title_of(edit: DraftEdit, language: str) -> str:
    """Return the title of the session that an edit is about, also of one that is gone."""
    texts = edit.session.title if edit.session else edit.before.get("title")
    return pick_text(texts or edit.after.get("title"), language)


def deed_sentence(edits: Sequence[DraftEdit], rooms: Mapping[str, str], language: str) -> str:
    """Say what one deed did, on however many sessions: "moved “Panel” to 11:30 and 3 more"."""
    lead = edits[0]
    title = f"“{title_of(lead, language)}”"
    said = what(lead, rooms).replace(" its time", f" the time of {title}", 1)
    if title not in said:
        said = said.replace(" it", f" {title}", 1)
    more = len({edit.session_id or edit.pk for edit in edits}) - 1
    if more <= 0:
        return said
    if said.endswith("”"):
        said = f"{said},"
    return f"{said} and changed {more} more session{'s' if more > 1 else ''} with it"


def stale_words(session: Session, version: int, rooms: Mapping[str, str]) -> str:
    """Say who changed a session after it had this version; "" when nobody wrote it down."""
    later = edits_since(session, version)
    if not later:
        return ""
    last = later[0]
    return f"{who(last)} {what(last, rooms)} {ago(last.at)}."


def _moved(edit: DraftEdit, rooms: Mapping[str, str]) -> str:
    after, before = edit.after, edit.before
    if "start_local" in after and after["start_local"] is None:
        return "took its time away"
    parts = []
    if "start_local" in after:
        start = dt.datetime.fromisoformat(after["start_local"])
        was = before.get("start_local")
        another_day = was is None or was[:10] != after["start_local"][:10]
        parts.append(f"to {start:%H:%M}" + (f" on {start.day} {start:%B}" if another_day else ""))
    elif "end_local" in after:
        parts.append(f"to end at {dt.datetime.fromisoformat(after['end_local']):%H:%M}")
    if "room" in after:
        room = rooms.get(after["room"] or "", "")
        parts.append(
            f"{'in' if 'start_local' in after else 'to'} {room}" if room else "without a room"
        )
    return f"moved it {' '.join(parts)}"


def _listed(words: Sequence[str]) -> str:
    if len(words) > _ONE_BY_ONE:
        return f"{len(words)} details"
    return " and ".join(", ".join(words).rsplit(", ", 1))
