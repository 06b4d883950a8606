"""schedule.xml as c3voc's schema describes it (frab and pretalx write it, many apps read it)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from events import words
from events.enums import ParticipationRole
from events.exchange.schedule_parts import Event, EventDay, Schedule, Speaker

MEDIA_TYPE: Final = "application/vnd.c3voc.schedule+xml"
# The longest that the format can say, two digits of hours.
_LONGEST: Final = 99 * 60 + 59
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_SLUG: Final = re.compile(r"[a-z][a-z0-9-]+")
_CODE: Final = re.compile(r"[0-9A-Z]{6}")
# What XML can not hold.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The type of a link to who speaks.
PERSON: Final = "person"
# Between what somebody is called, does and belongs to; it stands in none of them.
PARTED: Final = " | "


def schedule_xml(schedule: Schedule, url: str) -> bytes:
    """Return the schedule as XML.

    Arguments:
        url: where it is read, absolute.
    """
    root = ET.Element("schedule")
    _add(root, "generator", name="Lectern", system=urlsplit(url).netloc)
    _add(root, "url", url)
    _add(root, "version", schedule.version)
    root.append(_conference(schedule))
    for day in schedule.days:
        root.append(_day(day, schedule.rooms))
    ET.indent(root, " ")
    body: bytes = ET.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _conference(schedule: Schedule) -> ET.Element:
    found = ET.Element("conference")
    _add(found, "acronym", schedule.acronym)
    _add(found, "title", schedule.title)
    _add(found, "start", schedule.start)
    _add(found, "end", schedule.end)
    _add(found, "days", str(len(schedule.days)))
    _add(found, "timeslot_duration", "00:05")
    _add(found, "base_url", schedule.url)
    if schedule.logo_url:
        _add(found, "logo", schedule.logo_url)
    _add(found, "url", schedule.url)
    _add(found, "time_zone_name", schedule.time_zone)
    if _COLOUR.fullmatch(schedule.colour):
        _add(found, "color", primary=schedule.colour)
    for track in schedule.tracks:
        said = {"name": track.name}
        if _COLOUR.fullmatch(track.colour):
            said["color"] = track.colour
        if _SLUG.fullmatch(track.slug):
            said["slug"] = track.slug
        _add(found, "track", **said)
    return found


def _day(day: EventDay, rooms: Mapping[str, str]) -> ET.Element:
    found = ET.Element(
        "day", index=str(day.index), date=day.date.isoformat(), start=day.start, end=day.end
    )
    for name, events in day.rooms.items():
        said = {"name": _clean(name)}
        if name in rooms:
            said["guid"] = rooms[name]
        room = ET.SubElement(found, "room", said)
        for event in events:
            room.append(_event(event))
    return found


def _event(event: Event) -> ET.Element:
    said = {"guid": event.session.uid, "id": str(event.number)}
    if _CODE.fullmatch(event.session.code):
        said["code"] = event.session.code
    found = ET.Element("event", said)
    minutes = min(event.minutes, _LONGEST)
    _add(found, "date", event.date)
    _add(found, "start", event.start)
    _add(found, "duration", f"{minutes // 60:02}:{minutes % 60:02}")
    _add(found, "room", event.room)
    _add(found, "slug", event.slug)
    _add(found, "url", event.url)
    _add(found, "title", event.title)
    # Readers look for a subtitle and a description wherever they have once seen one.
    _add(found, "subtitle")
    _add(found, "track", event.track)
    _add(found, "type", event.kind)
    _add(found, "language", event.session.language)
    _add(found, "abstract", event.abstract)
    _add(found, "description")
    recording = _add(found, "recording")
    _add(recording, "license")
    _add(recording, "optout", "false" if event.session.recorded else "true")
    persons = _add(found, "persons")
    for speaker in event.speakers:
        _add(persons, "person", called(speaker), id=str(speaker.number), guid=speaker.guid)
    _links(found, event)
    return found


def _links(found: ET.Element, event: Event) -> None:
    links = _add(found, "links")
    for link in event.links:
        if not link.is_file:
            _add(links, "link", link.title, href=link.url, type=link.kind)
    for speaker in event.speakers:
        # The format has no roles and no posts: a link to who speaks says them.
        part = speaker.part
        _add(links, "link", _post(speaker), href=speaker.url, type=PERSON, service=part.role)
    attachments = _add(found, "attachments")
    for link in event.links:
        if link.is_file:
            _add(attachments, "attachment", link.title, href=link.url, type=link.kind)


def called(speaker: Speaker) -> str:
    """Return how a programme names somebody, with the honorific of that day."""
    return " ".join(part for part in (speaker.part.honorific, speaker.name) if part)


def _post(speaker: Speaker) -> str:
    """Return "Moderator: Dr. Mila Simić | Director | Institute of Rivers"."""
    part = speaker.part
    role = words.ROLES[ParticipationRole(part.role)]
    parts = (f"{role}: {called(speaker)}", part.position, part.affiliation)
    return PARTED.join(text.replace("|", "/") for text in parts).rstrip(" |")


def _add(parent: ET.Element, tag: str, text: str = "", /, **said: str) -> ET.Element:
    found = ET.SubElement(parent, tag, {key: _clean(value) for key, value in said.items()})
    if text:
        found.text = _clean(text)
    return found


def _clean(text: str) -> str:
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
