"""schedule.json: the classic one of frab, pretalx and the c3voc, and the hub's second version.

The classic one holds days, in them rooms, in them events. The second one lists events beside the
conference, with guids of rooms, slugs of tracks and people with roles.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from core.errors import DomainError
from events.exchange.building import Builder
from events.exchange.found import Item, Someone
from events.exchange.instants import day_of, length_of
from events.exchange.own_schedules import beyond_json, unfolded, with_beyond
from events.exchange.safe_json import (
    as_list,
    as_map,
    as_maps,
    as_number,
    as_text,
    pick,
    read_json,
)
from events.exchange.schedule_days import Day, begin, slug_of
from events.incoming import IncomingProgramme, ReadingOptions

_CODE: Final = re.compile(r"[A-Z0-9]{6,}")


def read(content: bytes, options: ReadingOptions) -> IncomingProgramme:
    """Read a schedule.json of either version.

    Raises:
        DomainError: ``validation-failed`` or ``too-large``.
    """
    schedule = unfolded(as_map(read_json(content)))
    conference = as_map(schedule.get("conference"))
    if not conference:
        raise DomainError(
            "validation-failed",
            "This JSON is no schedule: it has no “schedule” with a “conference” in it.",
        )
    builder = Builder(options)
    _read_conference(builder, schedule, conference)
    if as_list(schedule.get("events")):
        _read_hub(builder, schedule)
    else:
        _read_days(builder, conference, options)
    return with_beyond(builder.programme(), beyond_json(schedule))


def _read_conference(
    builder: Builder, schedule: Mapping[str, Any], conference: Mapping[str, Any]
) -> None:
    builder.title = builder.plain(conference.get("title"))
    builder.source = as_text(conference.get("acronym")) or slug_of(builder.title)
    builder.base_url = as_text(schedule.get("base_url"))
    builder.clock.written(as_text(conference.get("time_zone_name")))
    is_hub = bool(as_list(schedule.get("events")))
    for track in as_maps(conference.get("tracks")):
        colours = as_map(track.get("colors"))
        shade = as_text(track.get("color")) or as_text(colours.get("light"))
        slug = as_text(track.get("slug")) if is_hub else ""
        builder.track(slug or builder.plain(track.get("name")), track.get("name"), shade)
    if as_list(schedule.get("rooms")):
        builder.mark("unsure", "The list of rooms stands beside the conference, not in it.")
    for room in as_maps(conference.get("rooms")) + as_maps(schedule.get("rooms")):
        ref = as_text(room.get("guid")) if is_hub else ""
        name = room.get("name")
        builder.room(ref or builder.plain(name), name, as_number(room.get("capacity")))


# The classic version


def _read_days(builder: Builder, conference: Mapping[str, Any], options: ReadingOptions) -> None:
    days = as_maps(conference.get("days"))
    said = conference.get("daysCount")
    if isinstance(said, int) and said != len(days):
        builder.mark("unsure", f"The file says that there are {said:,} days and holds {len(days)}.")
    first_day = day_of(as_text(conference.get("start"))) or options.first_day
    for number, record in enumerate(days):
        day = _day(builder, record, first_day + dt.timedelta(days=number))
        for name, events in as_map(record.get("rooms")).items():
            builder.room(name)
            for event in as_maps(events):
                _read_event(builder, event, day, name)


def _day(builder: Builder, record: Mapping[str, Any], guess: dt.date) -> Day:
    date = day_of(as_text(record.get("date"))) or day_of(as_text(record.get("day_start")))
    if date is None:
        sentence = f"A day has no date; {guess.isoformat()} was taken."
        builder.mark("unsure", sentence, about="time")
    return Day(date or guess, builder.clock.read(as_text(record.get("day_start"))))


def _read_event(builder: Builder, event: Mapping[str, Any], day: Day, around: str) -> None:
    start = begin(
        builder, day, date=as_text(event.get("date")), start=as_text(event.get("start")), line=0
    )
    length = length_of(as_text(event.get("duration")))
    track = event.get("track")
    if isinstance(event.get("id"), str) and not event["id"].isdigit():
        builder.count("identifiers that are no numbers, though the format wants them")
    builder.add(
        _item(
            builder, event, start,
            start + length if start and length else None,
            builder.room(builder.plain(event.get("room")) or around),
            builder.track(builder.plain(track), track),
            [_speaker(builder, person) for person in as_maps(event.get("persons"))],
        )
    )  # fmt: skip


def _speaker(builder: Builder, person: Mapping[str, Any]) -> tuple[str, str]:
    code = as_text(person.get("code"))
    name = pick(person, "public_name", "name", "full_public_name")
    if code and not _CODE.fullmatch(code):
        builder.mark(
            "unsure", f"“{builder.plain(name)}” has the code “{code[:20]}”, which is none: six "
            "capital letters and digits would be one.", about="name",
        )  # fmt: skip
    ref = as_text(person.get("guid")) or code or as_text(person.get("id"))
    someone = Someone(ref, name, bio=pick(person, "biography", "description"))
    return builder.person(someone, as_text(person.get("role")))


# The second version


def _read_hub(builder: Builder, schedule: Mapping[str, Any]) -> None:
    for person in as_maps(schedule.get("persons")):
        builder.person(_hub_person(person))
    for event in as_maps(schedule["events"]):
        room = event.get("room")
        track = event.get("track")
        start = builder.clock.read(as_text(event.get("start")))
        end = builder.clock.read(as_text(event.get("end")))
        length = length_of(as_text(event.get("duration")))
        if start and not end and length:
            end = start + length
        builder.add(
            _item(
                builder, event, start, end,
                builder.room(_hub_ref(builder, room, "guid"), as_map(room).get("name") or room),
                builder.track(_hub_ref(builder, track, "slug"), as_map(track).get("name") or track),
                [
                    builder.person(_hub_person(person), as_text(person.get("role")))
                    for person in as_maps(event.get("participants"))
                    + as_maps(event.get("persons"))
                ],
            )
        )  # fmt: skip


def _hub_ref(builder: Builder, thing: Any, *names: str) -> str:
    """Return by what the second version calls a room or a track."""
    record = as_map(thing)
    return as_text(pick(record, *names, "guid", "slug", "name")) or builder.plain(thing)


def _hub_person(person: Mapping[str, Any]) -> Someone:
    ref = as_text(pick(person, "guid", "code", "id"))
    return Someone(ref, pick(person, "name", "public_name"), bio=person.get("biography"))


# Both


def _item(
    builder: Builder,
    event: Mapping[str, Any],
    start: dt.datetime | None,
    end: dt.datetime | None,
    room: str,
    track: str,
    speakers: list[tuple[str, str]],
) -> Item:
    refusal = event.get("do_not_record")
    status = as_text(event.get("status")) or as_text(event.get("state"))
    return Item(
        ref=as_text(pick(event, "guid", "id", "code", "slug")),
        title=event.get("title"),
        type=builder.plain(event.get("type")),
        subtitle=event.get("subtitle"),
        abstract=event.get("abstract"),
        description=event.get("description"),
        start=start,
        end=end,
        room=room,
        track=track,
        language=as_text(event.get("language")),
        speakers=[pair for pair in speakers if pair[0]],
        links=_links(builder, event),
        recorded=refusal is False,
        cancelled=status.lower() in {"cancelled", "canceled"},
    )


def _links(builder: Builder, event: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for record in as_maps(event.get("attachments")) + as_maps(event.get("links")):
        kind = as_text(record.get("type"))
        if kind.upper() in {"FEEDBACK", "ORIGIN"}:
            continue
        title = builder.plain(record.get("title")) or kind.capitalize()
        found.append((title, as_text(record.get("url")) or as_text(record.get("href"))))
    return found
