"""OPass JSON, as conferences of Taiwan keep it: each text in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from core.errors import DomainError
from events.exchange.building import Builder
from events.exchange.found import Item, Someone
from events.exchange.safe_json import as_list, as_map, as_maps, as_text, pick, read_json
from events.incoming import IncomingProgramme, ReadingOptions

_LANGUAGE: Final = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
_HOME: Final = re.compile(r"https?://([^/\s]+(?:/\d{4})?)")
# What is called a type is a track; only a short name such as “Workshop” says what a session is.
_SHORT: Final = 2
_LINKS: Final = (
    ("slide", "Slides"), ("record", "Recording"), ("live", "Stream"), ("co_write", "Notes"),
    ("qa", "Questions"),
)  # fmt: skip


def read(content: bytes, options: ReadingOptions) -> IncomingProgramme:
    """Read an OPass session.json.

    Raises:
        DomainError: ``validation-failed`` or ``too-large``.
    """
    record = as_map(read_json(content))
    sessions = as_maps(record.get("sessions"))
    if not sessions:
        raise DomainError(
            "validation-failed", "This JSON is none of OPass: there are no “sessions” in it."
        )
    builder = Builder(options)
    home = next(filter(None, (_HOME.match(as_text(s.get("uri"))) for s in sessions)), None)
    builder.source = home[1] if home else ""
    for room in as_maps(record.get("rooms")):
        builder.room(as_text(room.get("id")), _by_language(room, "name") or room.get("id"))
    types = {
        as_text(kind.get("id")): _by_language(kind, "name")
        for kind in as_maps(record.get("session_types"))
    }
    for speaker in as_maps(record.get("speakers")):
        builder.person(
            Someone(
                as_text(speaker.get("id")),
                _by_language(speaker, "name") or speaker.get("name"),
                bio=_by_language(speaker, "bio"),
            )
        )
    for session in sessions:
        _session(builder, session, types)
    return builder.programme()


def _by_language(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what stands under a name in each language's part."""
    return {
        tag: part[name]
        for tag, part in record.items()
        if isinstance(part, Mapping) and _LANGUAGE.fullmatch(tag) and name in part
    }


def _session(builder: Builder, record: Mapping[str, Any], types: Mapping[str, Any]) -> None:
    kind = as_text(record.get("type"))
    room = as_text(record.get("room"))
    name = builder.plain(types.get(kind, ""))
    speakers = []
    for speaker in map(as_text, as_list(record.get("speakers"))):
        if builder.has_person(speaker):
            speakers.append((speaker, ""))
        else:
            builder.count("speakers of whom there is no more than an identifier")
    builder.add(
        Item(
            ref=as_text(record.get("id")),
            title=_by_language(record, "title") or record.get("title"),
            type=name if len(name.split()) <= _SHORT else "",
            description=_by_language(record, "description"),
            start=builder.clock.read(as_text(record.get("start"))),
            end=builder.clock.read(as_text(record.get("end"))),
            room=builder.room(room),
            track=builder.track(kind, types.get(kind) or kind),
            language=as_text(record.get("language")),
            speakers=speakers,
            links=[(title, as_text(pick(record, name))) for name, title in _LINKS],
        )
    )
