"""schedule.json as c3voc's schema describes it, with what the format has no word for beside it.

Persons say their role, post and affiliation in keys of their own, which the schema allows. All
else that the format can not say stands with the generator under `lectern`: texts in all languages,
what may be said outside, what was cancelled. There it is in nobody's way: programs that turn such a
file into XML make elements of whatever they find in the schedule itself.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from events.exchange.schedule_parts import Event, EventDay, Schedule, ScheduleLink, Speaker

MEDIA_TYPE: Final = "application/json"
SCHEMA: Final = "https://c3voc.de/schedule/schema.json"
# Raised when what stands under `lectern` changes its shape.
FORMAT: Final = 1
_ZONE: Final = re.compile(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")
_SLUG: Final = re.compile(r"[a-z0-9_-]+[a-z0-9]")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_LONE: Final = re.compile("[\ud800-\udfff]")


def schedule_json(schedule: Schedule) -> bytes:
    """Return the schedule as JSON."""
    text = json.dumps(
        {
            "$schema": SCHEMA,
            "generator": {"name": "Lectern", "lectern": _beside(schedule)},
            "schedule": {
                "version": schedule.version,
                "base_url": schedule.url,
                "conference": _conference(schedule),
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return _LONE.sub("", text).encode()


def _conference(schedule: Schedule) -> dict[str, Any]:
    found: dict[str, Any] = {
        "acronym": schedule.acronym,
        "title": schedule.title,
        "start": schedule.start,
        "end": schedule.end,
        "daysCount": len(schedule.days),
        "timeslot_duration": "00:05",
        "url": schedule.url,
        "rooms": [{"name": name, "guid": uid} for name, uid in schedule.rooms.items()],
        "tracks": [
            {
                "name": track.name,
                **({"slug": track.slug} if _SLUG.fullmatch(track.slug) else {}),
                **({"color": track.colour} if _COLOUR.fullmatch(track.colour) else {}),
            }
            for track in schedule.tracks
        ],
        "days": [_day(day) for day in schedule.days],
    }
    if _ZONE.search(schedule.time_zone):
        found["time_zone_name"] = schedule.time_zone
    if schedule.logo_url:
        found["logo"] = schedule.logo_url
    if _COLOUR.fullmatch(schedule.colour):
        found["colors"] = {"primary": schedule.colour}
    return found


def _day(day: EventDay) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.start,
        "day_end": day.end,
        "rooms": {name: [_event(event) for event in events] for name, events in day.rooms.items()},
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.number,
        "guid": event.session.uid,
        "code": event.session.code,
        "logo": "",
        "date": event.date,
        "start": event.start,
        # No `end`: c3voc's own converter makes an element of it that the XML does not know.
        "duration": event.duration,
        "room": event.room,
        "slug": event.slug,
        "url": event.url,
        "title": event.title,
        "subtitle": "",
        "track": event.track or None,
        "type": event.kind,
        "language": event.session.language or None,
        "abstract": event.abstract,
        "description": "",
        "do_not_record": not event.session.recorded,
        "persons": [_person(speaker) for speaker in event.speakers],
        "links": [_link(link) for link in event.links if not link.is_file],
        "attachments": [_link(link) for link in event.links if link.is_file],
    }


def _person(speaker: Speaker) -> dict[str, Any]:
    part = speaker.part
    found = {
        "guid": speaker.guid,
        "code": part.person_code,
        "name": speaker.name,
        "public_name": speaker.name,
        "url": speaker.url,
        "avatar": speaker.photo_url or None,
        "biography": speaker.biography or None,
        # The format's own keys end here.
        "role": part.role,
        "honorific": part.honorific,
        "given_name": part.given_name,
        "family_name": part.family_name,
        "position": part.position,
        "affiliation": part.affiliation,
    }
    return found if part.minutes is None else {**found, "minutes": part.minutes}


def _link(link: ScheduleLink) -> dict[str, Any]:
    return {"url": link.url, "title": link.title, "type": link.kind}


def _beside(schedule: Schedule) -> dict[str, Any]:
    events = [e for day in schedule.days for room in day.rooms.values() for e in room]
    return {
        "format": FORMAT,
        "language": schedule.language,
        "time_zone": schedule.time_zone,
        "sessions": {
            e.session.uid: _more(e, schedule.language) for e in (*events, *schedule.cancelled)
        },
        "cancelled": [_event(event) for event in schedule.cancelled],
    }


def _more(event: Event, language: str) -> dict[str, Any]:
    session = event.session
    found: dict[str, Any] = {"kind": session.kind, "attribution": session.attribution}
    if session.interpretation:
        found["interpretation"] = list(session.interpretation)
    for name, texts in (("title", session.title), ("abstract", session.abstract)):
        if texts and set(texts) != {language}:
            found[name] = dict(texts)
    return found
