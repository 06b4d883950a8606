"""How a draft differs from what is published, in sentences for organisers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from core.text import pick_text
from events.programme import Change
from events.services.documents import Document, in_present_form

_TEXTS = (
    *("title", "abstract", "kind", "track", "language", "interpretation", "recorded"),
    *("attribution", "order"),
)


def compare(
    before: Document, after: Document, *, language: str, names: Mapping[str, str]
) -> list[Change]:
    """Return the changes from one document to another, in the order of the programme.

    Arguments:
        language: in which titles are said.
        names: people's names by code.
    """
    before = in_present_form(before)
    old = {row["code"]: row for row in before["sessions"]}
    new = {row["code"]: row for row in after["sessions"]}
    found: list[Change] = []
    for code, row in new.items():
        title = _title(row, language)
        if code not in old:
            found.append(Change("added", code, f"“{title}” is new{_at(row['slot'])}."))
        else:
            found += _session_changes(old[code], row, title, names, after, language)
    found += [
        Change("removed", code, f"“{_title(row, language)}” is no longer in the programme.")
        for code, row in old.items()
        if code not in new
    ]
    if before["tracks"] != after["tracks"]:
        found.append(Change("changed", "", "The tracks have changed."))
    if before["rooms"] != after["rooms"]:
        found.append(Change("changed", "", "The rooms have changed."))
    if before["time_zone"] != after["time_zone"]:
        found.append(Change("changed", "", f"Times are now those of {after['time_zone']}."))
    return found


def _title(row: Document, language: str) -> str:
    return pick_text(row["title"], language)


def _at(slot: Document | None) -> str:
    return f", at {_clock(slot['start'])}" if slot else ""


def _clock(local: str) -> str:
    moment = dt.datetime.fromisoformat(local)
    return f"{moment:%H:%M} on {moment.day} {moment:%B}"


def _session_changes(
    old: Document,
    new: Document,
    title: str,
    names: Mapping[str, str],
    document: Document,
    language: str,
) -> list[Change]:
    code = new["code"]
    found: list[Change] = []
    if old["state"] != new["state"]:
        words = "is cancelled" if new["state"] == "cancelled" else "takes place after all"
        found.append(Change("cancelled", code, f"“{title}” {words}."))
    if old["slot"] != new["slot"]:
        rooms = {r["code"]: pick_text(r["name"], language) for r in document["rooms"]}
        found.append(Change("moved", code, _move(old["slot"], new["slot"], title, rooms)))
    if sentence := _people(old["participations"], new["participations"], title, names):
        found.append(Change("people", code, sentence))
    changed = [name for name in _TEXTS if old[name] != new[name]]
    if changed:
        what = " and ".join(", ".join(changed).rsplit(", ", 1))
        found.append(Change("changed", code, f"“{title}” has another {what}."))
    return found


def _move(old: Document | None, new: Document | None, title: str, rooms: Mapping[str, str]) -> str:
    if new is None:
        return f"“{title}” has no time any more."
    if old is None:
        return f"“{title}” now starts at {_clock(new['start'])}."
    parts = []
    if old["start"] != new["start"]:
        parts.append(f"starts at {_clock(new['start'])} instead of {_clock(old['start'])}")
    elif old["end"] != new["end"]:
        parts.append(f"ends at {_clock(new['end'])} instead of {_clock(old['end'])}")
    if old["room"] != new["room"]:
        room = rooms.get(new["room"] or "", "")
        parts.append(f"is in {room}" if room else "has no room any more")
    return f"“{title}” {' and '.join(parts)}."


def _people(
    old: list[dict[str, Any]],
    new: list[dict[str, Any]],
    title: str,
    names: Mapping[str, str],
) -> str:
    if old == new:
        return ""
    before = {(p["person"], p["role"]) for p in old}
    after = {(p["person"], p["role"]) for p in new}
    joined = [_name(p, names) for p in new if (p["person"], p["role"]) not in before]
    left = [_name(p, names) for p in old if (p["person"], p["role"]) not in after]
    parts = []
    if joined:
        parts.append(f"{', '.join(joined)} joined")
    if left:
        parts.append(f"{', '.join(left)} left")
    return f"“{title}”: {' and '.join(parts) or 'order, minutes or posts have changed'}."


def _name(part: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return names.get(part["person"], "somebody")
