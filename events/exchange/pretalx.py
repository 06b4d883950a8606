"""pretalx: lists of submissions as its API gives them, and such lists laid out by day and minute.

Of each submission the programme takes what is public; answers to questions, notes and addresses of
speakers stay where they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

from core.errors import DomainError
from events.exchange.building import Builder
from events.exchange.found import Item, Someone
from events.exchange.instants import day_of
from events.exchange.safe_json import as_list, as_map, as_maps, as_number, as_text, pick, read_json
from events.incoming import IncomingProgramme, ReadingOptions

_GONE: Final = frozenset({"canceled", "cancelled", "withdrawn"})
_NOT_TAKEN: Final = frozenset({"rejected", "submitted", "draft", "deleted"})
_MOST_MINUTES: Final = 2 * 24 * 60
_LONGEST_BREAK: Final = 180


def read(content: bytes, options: ReadingOptions) -> IncomingProgramme:
    """Read submissions of pretalx.

    Raises:
        DomainError: ``validation-failed`` or ``too-large``.
    """
    record = read_json(content)
    submissions = list(submissions_of(record))
    if not submissions:
        raise DomainError(
            "validation-failed", "This JSON is none of pretalx: there are no submissions in it."
        )
    whole = as_map(record)
    builder = Builder(options)
    for room in as_maps(whole.get("rooms")):
        builder.room(_room_ref(room), room.get("name"), as_number(room.get("capacity")))
    speakers = whole.get("speakers")
    for speaker in speakers.values() if isinstance(speakers, Mapping) else as_list(speakers):
        _person(builder, as_map(speaker))
    for submission in submissions:
        _submission(builder, submission)
    _breaks(builder, whole)
    return builder.programme()


def submissions_of(record: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the submissions of a list, of an API's page, or of days and minutes."""
    if isinstance(record, Mapping) and not _is_submission(record):
        for name, value in record.items():
            if name not in {"speakers", "rooms", "extra"}:
                yield from submissions_of(value)
    elif isinstance(record, list):
        for value in record:
            yield from submissions_of(value)
    elif isinstance(record, Mapping):
        yield record


def _is_submission(record: Mapping[str, Any]) -> bool:
    return "code" in record and "title" in record


def _submission(builder: Builder, record: Mapping[str, Any]) -> None:
    state = as_text(record.get("state")).lower()
    if state in _NOT_TAKEN:
        builder.count("submissions that were not accepted")
        return
    slots = as_maps(record.get("slots"))
    slot = as_map(record.get("slot")) or (slots[0] if slots else {})
    if len(slots) > 1:
        builder.mark(
            "unsure", f"“{builder.plain(record.get('title'))[:80]}” takes place {len(slots)} "
            "times; only the first one comes in.", about="time",
        )  # fmt: skip
    start = builder.clock.read(as_text(slot.get("start")))
    end = builder.clock.read(as_text(slot.get("end")))
    minutes = as_number(pick(record, "duration"))
    if start and not end and minutes and minutes <= _MOST_MINUTES:
        end = start + dt.timedelta(minutes=minutes)
    track = record.get("track")
    track_name = as_map(track).get("name") or track
    builder.add(
        Item(
            ref=as_text(record.get("code")),
            title=record.get("title"),
            type=_type(builder, record),
            abstract=record.get("abstract"),
            description=record.get("description"),
            start=start,
            end=end,
            room=_room(builder, slot),
            track=builder.track(
                as_text(record.get("track_id")) or builder.plain(track_name), track_name
            ),
            language=as_text(record.get("content_locale")),
            speakers=[
                pair
                for pair in (_speaker(builder, one) for one in as_list(record.get("speakers")))
                if pair[0]
            ],
            links=_links(builder, record),
            cancelled=state in _GONE,
            confirmed=state != "accepted",
        )
    )


def _type(builder: Builder, record: Mapping[str, Any]) -> str:
    kind = record.get("submission_type")
    name = as_map(kind).get("name") or kind
    english = as_text(as_map(name).get("en"))
    return english or builder.plain(name)


def _room(builder: Builder, slot: Mapping[str, Any]) -> str:
    room = slot.get("room")
    record = as_map(room)
    name = record.get("name") or room
    ref = as_text(slot.get("room_id")) or _room_ref(record) or builder.plain(name)
    return builder.room(ref, name)


def _room_ref(room: Mapping[str, Any]) -> str:
    """Return its number: guids of rooms change from one answer of pretalx to the next."""
    return as_text(pick(room, "id", "guid"))


def _speaker(builder: Builder, speaker: Any) -> tuple[str, str]:
    if isinstance(speaker, Mapping):
        return _person(builder, speaker)
    if builder.has_person(as_text(speaker)):
        return as_text(speaker), ""
    builder.count("speakers of whom there is no more than an identifier")
    return "", ""


def _person(builder: Builder, record: Mapping[str, Any]) -> tuple[str, str]:
    return builder.person(
        Someone(
            as_text(pick(record, "code", "id")),
            record.get("name"),
            bio=record.get("biography"),
            affiliation=as_text(pick(record, "affiliation", "organisation", "company")),
        )
    )


def _links(builder: Builder, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (builder.plain(one.get("description")), as_text(pick(one, "resource", "link", "url")))
        for one in as_maps(record.get("resources"))
    ]


# What such a layout holds beside submissions: meals, by day and minute, without a length.


def _breaks(builder: Builder, whole: Mapping[str, Any]) -> None:
    plan = as_map(whole.get("schedule"))
    for date, breaks in as_map(whole.get("extra")).items():
        day = day_of(date)
        if day is None:
            continue
        there = as_map(plan.get(date)).items()
        taken = sorted({int(minute) for minute, rooms in there if _minute(minute) and rooms})
        for minute, record in as_map(breaks).items():
            if not _minute(minute) or not as_map(record):
                continue
            begins = int(minute)
            ends = next((later for later in taken if later > begins), begins + 60)
            _break(builder, as_map(record), day, begins, min(ends, begins + _LONGEST_BREAK))


def _break(
    builder: Builder, record: Mapping[str, Any], day: dt.date, begins: int, ends: int
) -> None:
    midnight = dt.datetime.combine(day, dt.time())
    builder.mark(
        "unsure", f"“{builder.plain(record.get('title'))[:80]}” has no end; it was set to when "
        "sessions begin again.", about="time",
    )  # fmt: skip
    builder.add(
        Item(
            ref=as_text(record.get("id")),
            title=record.get("title"),
            type="break",
            start=builder.clock.local(midnight + dt.timedelta(minutes=begins)),
            end=builder.clock.local(midnight + dt.timedelta(minutes=ends)),
        )
    )


def _minute(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= _MOST_MINUTES  # noqa: PLR2004 - no more digits
