"""How a draft differs from what is published, in sentences for organisers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from core.text import pick_text
from events import words
from events.enums import ParticipationRole
from events.programme import Change
from events.services.differences import (
    PartDifference,
    SessionDifference,
    differences,
    rooms_in,
)
from events.services.documents import Document


def compare(
    before: Document, after: Document, *, language: str, names: Mapping[str, str]
) -> list[Change]:
    """Return the changes from one document to another, in the order of the programme.

    Arguments:
        language: in which titles are said.
        names: people's names by code.
    """
    rooms = {code: pick_text(name, language) for code, name in rooms_in(before, after).items()}
    sentences = _Sentences(language, names, rooms)
    found = [change for one in differences(before, after) for change in sentences.of(one)]
    if before["tracks"] != after["tracks"]:
        found.append(Change("changed", "", "The tracks have changed."))
    if before["rooms"] != after["rooms"]:
        found.append(Change("changed", "", "The rooms have changed."))
    if before["time_zone"] != after["time_zone"]:
        found.append(Change("changed", "", f"Times are now those of {after['time_zone']}."))
    return found


def _clock(local: str) -> str:
    moment = dt.datetime.fromisoformat(local)
    return f"{moment:%H:%M} on {moment.day} {moment:%B}"


class _Sentences:
    """Says what became of sessions."""

    def __init__(self, language: str, names: Mapping[str, str], rooms: Mapping[str, str]) -> None:
        self.language = language
        self.names = names
        self.rooms = rooms

    def of(self, one: SessionDifference) -> list[Change]:
        title = pick_text(one.row["title"], self.language)
        if one.after is None or one.before is None:
            return [Change(one.kinds[0], one.code, self._whole(one, title))]
        found = []
        if "cancelled" in one.kinds:
            found.append(Change("cancelled", one.code, f"“{title}” is cancelled."))
        if "restored" in one.kinds:
            found.append(Change("restored", one.code, f"“{title}” takes place after all."))
        if "moved" in one.kinds or "roomed" in one.kinds:
            kind = "moved" if "moved" in one.kinds else "roomed"
            found.append(Change(kind, one.code, self._move(one, title)))
        if "renamed" in one.kinds:
            found.append(Change("renamed", one.code, self._rename(one, title)))
        if one.parts:
            found.append(Change("people", one.code, f"“{title}”: {self._people(one.parts)}."))
        if one.texts:
            what = " and ".join(", ".join(one.texts).rsplit(", ", 1))
            found.append(Change("changed", one.code, f"“{title}” has another {what}."))
        return found

    @staticmethod
    def _whole(one: SessionDifference, title: str) -> str:
        if one.after is None:
            return f"“{title}” is no longer in the programme."
        slot = one.after["slot"]
        return f"“{title}” is new{', at ' + _clock(slot['start']) if slot else ''}."

    def _rename(self, one: SessionDifference, title: str) -> str:
        former = pick_text((one.before or {})["title"], self.language)
        if former == title:
            return f"“{title}” has another title in another language."
        return f"“{former}” is called “{title}” now."

    def _move(self, one: SessionDifference, title: str) -> str:
        old, new = ((row or {})["slot"] for row in (one.before, one.after))
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
            room = self.rooms.get(new["room"] or "", "")
            parts.append(f"is in {room}" if room else "has no room any more")
        return f"“{title}” {' and '.join(parts)}."

    def _people(self, parts: tuple[PartDifference, ...]) -> str:
        said = []
        for verb, words_ in (("joined", "joined"), ("left", "left")):
            who = [self._name(part) for part in parts if part.verb == verb]
            if who:
                said.append(f"{', '.join(who)} {words_}")
        said += [
            f"{self._name(part)} is {self._role(part)} now" for part in parts if part.verb == "role"
        ]
        return " and ".join(said) or "order, minutes or posts have changed"

    def _name(self, part: PartDifference) -> str:
        return self.names.get(part.person, "somebody")

    @staticmethod
    def _role(part: PartDifference) -> str:
        return str(words.ROLES[ParticipationRole((part.after or {})["role"])]).lower()
