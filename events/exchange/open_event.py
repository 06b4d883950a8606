"""Open Event, as eventyay exports it: a ZIP of the lists event, sessions, speakers, tracks,
microlocations. Names of fields are written with hyphens in one version and underscores in another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.errors import DomainError
from events.exchange.archives import read_archive
from events.exchange.building import Builder
from events.exchange.found import Item, Someone
from events.exchange.safe_json import as_map, as_maps, as_text, pick, read_json
from events.incoming import IncomingProgramme, ReadingOptions

NAMES: Final = ("event", "sessions", "speakers", "tracks", "microlocations")
_TAKEN: Final = frozenset({"accepted", "confirmed", ""})
_LINKS: Final = (("slides", "Slides"), ("video", "Recording"), ("audio", "Audio"))


def read(content: bytes, options: ReadingOptions) -> IncomingProgramme:
    """Read a ZIP of Open Event's lists.

    Raises:
        DomainError: ``validation-failed`` or ``too-large``.
    """
    lists = {name: read_json(part) for name, part in read_archive(content, NAMES).items()}
    if "sessions" not in lists:
        raise DomainError(
            "validation-failed", "This ZIP holds no “sessions”, so it is none of Open Event."
        )
    builder = Builder(options)
    event = _plain(as_map(lists.get("event")))
    builder.title = builder.plain(event.get("name"))
    builder.source = as_text(pick(event, "event_url", "identifier", "name", "id"))
    builder.start = builder.clock.read(as_text(pick(event, "start_time", "starts_at")))
    builder.end = builder.clock.read(as_text(pick(event, "end_time", "ends_at")))
    builder.clock.written(as_text(event.get("timezone")))
    for room in as_maps(lists.get("microlocations")):
        builder.room(as_text(room.get("id")), room.get("name"))
    for track in as_maps(lists.get("tracks")):
        builder.track(as_text(track.get("id")), track.get("name"), as_text(track.get("color")))
    for speaker in as_maps(lists.get("speakers")):
        _person(builder, _plain(speaker))
    for session in as_maps(lists["sessions"]):
        _session(builder, _plain(session))
    return builder.programme()


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("-", "_"): value for name, value in record.items()}


def _person(builder: Builder, record: Mapping[str, Any]) -> tuple[str, str]:
    return builder.person(
        Someone(
            as_text(record.get("id")),
            record.get("name"),
            position=as_text(record.get("position")),
            affiliation=as_text(record.get("organisation")),
            email=as_text(record.get("email")),
            bio=pick(record, "long_biography", "short_biography"),
        )
    )


def _session(builder: Builder, record: Mapping[str, Any]) -> None:
    state = as_text(record.get("state")).lower()
    if as_text(record.get("deleted_at")) or state not in _TAKEN:
        builder.count("sessions that were deleted or not accepted")
        return
    room, track = as_map(record.get("microlocation")), as_map(record.get("track"))
    speakers = [_person(builder, _plain(one)) for one in as_maps(record.get("speakers"))]
    builder.add(
        Item(
            ref=as_text(record.get("id")),
            title=record.get("title"),
            type=as_text(as_map(record.get("session_type")).get("name"))
            or as_text(track.get("name")),
            subtitle=record.get("subtitle"),
            abstract=record.get("short_abstract"),
            description=record.get("long_abstract"),
            start=builder.clock.read(as_text(pick(record, "start_time", "starts_at"))),
            end=builder.clock.read(as_text(pick(record, "end_time", "ends_at"))),
            room=builder.room(as_text(room.get("id")), room.get("name")),
            track=builder.track(
                as_text(track.get("id")), track.get("name"), as_text(track.get("color"))
            ),
            language=as_text(record.get("language")),
            speakers=[pair for pair in speakers if pair[0]],
            links=[(title, as_text(pick(record, f"{name}_url", name))) for name, title in _LINKS],
        )
    )
