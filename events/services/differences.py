"""How two documents of a programme differ, session by session. Pure: nothing here is read anew.

Organisers' sentences (`changes`), the mails to those concerned (notifications) and the page that
compares two versions are all made of these.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from events.enums import SessionState
from events.services.documents import Document, in_present_form

# What a session says besides its title, its slot and its people.
TEXTS: Final = (
    *("abstract", "kind", "track", "language", "interpretation", "recorded", "attribution"),
    "order",
)
_OF_THE_DAY: Final = ("honorific", "affiliation", "position")


@dataclass(frozen=True, slots=True)
class PartDifference:
    """What became of somebody's part in a session.

    Arguments:
        verb: ``joined``, ``left``, ``role``, ``minutes``, ``post`` (of the day), ``order``.
        before, after: the rows of the two documents; None where there is none.
    """

    verb: str
    before: Document | None
    after: Document | None

    @property
    def person(self) -> str:
        """Return the person's code."""
        row = self.after or self.before or {}
        return str(row.get("person", ""))


@dataclass(frozen=True, slots=True)
class SessionDifference:
    """What became of a session.

    Arguments:
        kinds: ``added``, ``removed``; or some of ``cancelled``, ``restored``, ``moved`` (another
            time), ``roomed`` (another room), ``renamed``, ``people``, ``changed``.
        texts: names of the other fields that differ.
    """

    code: str
    kinds: tuple[str, ...]
    before: Document | None
    after: Document | None
    parts: tuple[PartDifference, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def row(self) -> Document:
        """Return the session as it is now, or as it was."""
        return self.after or self.before or {}

    @property
    def is_off(self) -> bool:
        """Tell whether it does not take place now."""
        return self.after is None or self.after["state"] == SessionState.CANCELLED


def differences(before: Document, after: Document) -> list[SessionDifference]:
    """Return the sessions that differ: those of `after` in its order, then those that are gone."""
    old = {row["code"]: row for row in in_present_form(before)["sessions"]}
    new = {row["code"]: row for row in in_present_form(after)["sessions"]}
    found = []
    for code, row in new.items():
        if code not in old:
            found.append(SessionDifference(code, ("added",), None, row, _parts([], _people(row))))
        elif old[code] != row:
            difference = _session(old[code], row)
            if difference.kinds:
                found.append(difference)
    found += [
        SessionDifference(code, ("removed",), row, None, _parts(_people(row), []))
        for code, row in old.items()
        if code not in new
    ]
    return found


def slot_times(row: Document | None) -> tuple[dt.datetime, dt.datetime] | None:
    """Return local start and end of a session's row; None without a slot."""
    slot = row["slot"] if row else None
    if not slot:
        return None
    return dt.datetime.fromisoformat(slot["start"]), dt.datetime.fromisoformat(slot["end"])


def rooms_in(*documents: Document) -> dict[str, Mapping[str, str]]:
    """Return the names of rooms by code; of several documents the last one counts."""
    return {row["code"]: row["name"] for document in documents for row in document["rooms"]}


def _people(row: Document) -> Sequence[Document]:
    people: Sequence[Document] = row["participations"]
    return people


def _session(old: Document, new: Document) -> SessionDifference:
    kinds = []
    if old["state"] != new["state"]:
        kinds.append("cancelled" if new["state"] == SessionState.CANCELLED else "restored")
    before, after = old["slot"] or {}, new["slot"] or {}
    if [before.get("start"), before.get("end")] != [after.get("start"), after.get("end")]:
        kinds.append("moved")
    if before.get("room") != after.get("room"):
        kinds.append("roomed")
    if old["title"] != new["title"]:
        kinds.append("renamed")
    parts = _parts(_people(old), _people(new))
    if parts:
        kinds.append("people")
    texts = tuple(name for name in TEXTS if old[name] != new[name])
    if texts:
        kinds.append("changed")
    return SessionDifference(new["code"], tuple(kinds), old, new, parts, texts)


def _parts(old: Sequence[Document], new: Sequence[Document]) -> tuple[PartDifference, ...]:
    """Return what differs of people; an answer is none, since states act at once."""
    before = {(p["person"], p["role"]): p for p in old}
    after = {(p["person"], p["role"]): p for p in new}
    gone = {key: row for key, row in before.items() if key not in after}
    found: list[PartDifference] = []
    for key, row in after.items():
        was = before.get(key)
        if was is not None:
            found += _same_role(was, row)
            continue
        former = next((other for other in gone if other[0] == key[0]), None)
        if former is None:
            found.append(PartDifference("joined", None, row))
        else:
            found.append(PartDifference("role", gone.pop(former), row))
    found += [PartDifference("left", row, None) for row in gone.values()]
    if not found and _order(old) != _order(new):
        found += [PartDifference("order", before[key], row) for key, row in after.items()]
    return tuple(found)


def _same_role(old: Document, new: Document) -> Iterable[PartDifference]:
    if old["minutes"] != new["minutes"]:
        yield PartDifference("minutes", old, new)
    if any(old[name] != new[name] for name in _OF_THE_DAY):
        yield PartDifference("post", old, new)


def _order(rows: Sequence[Document]) -> list[tuple[str, str]]:
    return [(p["person"], p["role"]) for p in sorted(rows, key=lambda p: p["order"])]
