"""Sessionize: the views “All”, “Sessions” and “Grid”, and the flat form that conference apps keep.

Times are local and carry no zone; they are taken for the conference's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.errors import DomainError
from core.text import search_key
from events.exchange.building import Builder
from events.exchange.found import Item, Someone
from events.exchange.names import part_position
from events.exchange.safe_json import as_list, as_map, as_maps, as_text, pick, read_json
from events.incoming import IncomingProgramme, ReadingOptions

_TRACKS: Final = frozenset({"track", "tracks", "topic", "theme", "tema"})
_TYPES: Final = frozenset({"session format", "format", "session type", "type", "session formats"})
_LANGUAGES: Final = frozenset({"language", "languages", "jezik"})
# The title of a category, and what was chosen of it.
_Choice = tuple[str, str]


def read(content: bytes, options: ReadingOptions) -> IncomingProgramme:
    """Read what Sessionize answers.

    Raises:
        DomainError: ``validation-failed`` or ``too-large``.
    """
    record = read_json(content)
    sessions = sessions_of(record)
    if not sessions:
        raise DomainError(
            "validation-failed", "This JSON is none of Sessionize: there are no “sessions” in it."
        )
    whole = as_map(record)
    builder = Builder(options)
    for room in as_maps(whole.get("rooms")):
        builder.room(as_text(room.get("id")), room.get("name"))
    for speaker in as_maps(whole.get("speakers")):
        _person(builder, speaker)
    choices = _choices(whole)
    for session in sessions:
        _session(builder, session, choices)
    return builder.programme()


def sessions_of(record: Any) -> list[Mapping[str, Any]]:
    """Return the sessions of whichever view it is."""
    if isinstance(record, Mapping):
        return as_maps(record.get("sessions"))
    found: list[Mapping[str, Any]] = []
    for group in as_maps(record):
        found += as_maps(group.get("sessions"))
        for room in as_maps(group.get("rooms")):
            found += as_maps(room.get("sessions"))
    return found


def _choices(whole: Mapping[str, Any]) -> dict[str, _Choice]:
    """Return for each item of a category the category's title and its own name."""
    found: dict[str, _Choice] = {}
    for category in as_maps(whole.get("categories")):
        title = search_key(as_text(category.get("title"))[:80])
        for item in as_maps(category.get("items")):
            found[as_text(item.get("id"))] = (title, as_text(item.get("name")))
    return found


def _person(builder: Builder, record: Mapping[str, Any]) -> tuple[str, str]:
    line = as_text(pick(record, "tagLine", "position", "tagline"))
    position, affiliation = part_position(line)
    return builder.person(
        Someone(
            as_text(record.get("id")),
            pick(record, "fullName", "name"),
            given_name=as_text(record.get("firstName")),
            family_name=as_text(record.get("lastName")),
            position=position,
            affiliation=as_text(pick(record, "company", "affiliation")) or affiliation,
            email=as_text(record.get("email")),
            bio=pick(record, "bio", "description"),
        )
    )


def _session(builder: Builder, record: Mapping[str, Any], choices: Mapping[str, _Choice]) -> None:
    chosen = _chosen(record, choices)
    track = next((name for title, name in chosen if title in _TRACKS), "")
    kinds = [name for title, name in chosen if title in _TYPES]
    kinds += [as_text(tag) for tag in as_list(record.get("tags"))]
    room = as_text(pick(record, "roomId", "location", "room"))
    if record.get("isServiceSession") is True:
        kinds.append("service")
    status = as_text(record.get("status")).lower()
    if status in {"declined", "rejected", "decline queue", "nominated", "in evaluation"}:
        builder.count("sessions that were not accepted")
        return
    links = [
        ("Recording", as_text(pick(record, "recordingUrl", "videoUrl"))),
        ("Stream", as_text(record.get("liveUrl"))),
    ]
    builder.add(
        Item(
            ref=as_text(record.get("id")),
            title=record.get("title"),
            type=" ".join(kinds),
            description=record.get("description"),
            start=builder.clock.read(as_text(record.get("startsAt"))),
            end=builder.clock.read(as_text(record.get("endsAt"))),
            room=builder.room(room, pick(record, "room", "location")),
            track=builder.track(track),
            language=next((name for title, name in chosen if title in _LANGUAGES), ""),
            speakers=_speakers(builder, record),
            links=links,
            cancelled=status in {"cancelled", "canceled", "withdrawn"},
            confirmed=record.get("isConfirmed") is not False,
        )
    )


def _chosen(record: Mapping[str, Any], choices: Mapping[str, _Choice]) -> list[_Choice]:
    chosen = [choices.get(as_text(item), ("", "")) for item in as_list(record.get("categoryItems"))]
    for category in as_maps(record.get("categories")):
        title = search_key(as_text(category.get("name"))[:80])
        chosen += [
            (title, as_text(item.get("name"))) for item in as_maps(category.get("categoryItems"))
        ]
    return chosen


def _speakers(builder: Builder, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for speaker in as_list(pick(record, "speakers", "speakerIds")):
        if isinstance(speaker, Mapping):
            found.append(_person(builder, speaker))
        elif builder.has_person(as_text(speaker)):
            found.append((as_text(speaker), ""))
        else:
            builder.count("speakers of whom there is no more than an identifier")
    return [pair for pair in found if pair[0]]
