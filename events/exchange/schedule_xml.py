"""schedule.xml, as pentabarf, frab, pretalx and the c3voc write it, and what stands under its name.

Of the shapes that there are: a `<date>` with an offset on each event, or none, and then the day's
date and `day_change`; a guid on each event, or none; the room around events, or in them.
"""

from __future__ import annotations

import datetime as dt

from core.errors import DomainError
from events.exchange.building import Builder
from events.exchange.found import Item, Someone
from events.exchange.instants import day_of, length_of, time_of
from events.exchange.own_schedules import beyond_xml, with_beyond
from events.exchange.safe_xml import Node, read_xml
from events.exchange.schedule_days import Day, begin, slug_of
from events.exchange.schedule_xml_out import PERSON
from events.incoming import IncomingProgramme, ReadingOptions


def read(content: bytes, options: ReadingOptions) -> IncomingProgramme:
    """Read a schedule.xml.

    Raises:
        DomainError: ``validation-failed`` or ``too-large``.
    """
    root = read_xml(content)
    if root.name != "schedule":
        raise DomainError(
            "validation-failed",
            f"This XML is no schedule: it begins with “{root.name[:40]}”, not with “schedule”.",
        )
    builder = Builder(options)
    conference = root.first("conference") or Node("conference", {}, root.line)
    _read_conference(builder, conference)
    first_day = day_of(conference.say("start")) or options.first_day
    change = time_of(conference.say("day_change"))
    days = list(root.all("day"))
    _check_days(builder, conference, len(days))
    for number, node in enumerate(days):
        day = _day(builder, node, first_day + dt.timedelta(days=number), change)
        for room in node.all("room"):
            name = room.get("name")
            builder.room(name)
            for event in room.all("event"):
                _read_event(builder, event, day, name)
        for event in node.all("event"):
            _read_event(builder, event, day, "")
    return with_beyond(builder.programme(), beyond_xml(root))


def _read_conference(builder: Builder, conference: Node) -> None:
    builder.title = builder.plain(conference.say("title"))
    builder.source = conference.say("acronym") or slug_of(builder.title)
    builder.base_url = conference.say("base_url") or conference.say("url")
    builder.clock.written(conference.say("time_zone_name"))
    for track in conference.all("track"):
        builder.track(track.get("name") or track.text.strip(), shade=track.get("color"))
    for room in conference.all("room"):
        builder.room(room.get("name"))


def _check_days(builder: Builder, conference: Node, found: int) -> None:
    said = conference.say("days")
    if said.isascii() and said.isdigit() and len(said) < 5 and int(said) != found:  # noqa: PLR2004 - no more digits
        builder.mark("unsure", f"The file says that there are {said} days and holds {found}.")


def _day(builder: Builder, node: Node, guess: dt.date, change: dt.time | None) -> Day:
    date = day_of(node.get("date")) or day_of(node.get("start"))
    if date is None:
        builder.mark(
            "unsure", f"A day has no date; {guess.isoformat()} was taken.", about="time",
            line=node.line,
        )  # fmt: skip
    return Day(date or guess, builder.clock.read(node.get("start")), change)


def _read_event(builder: Builder, event: Node, day: Day, around: str) -> None:
    room = event.say("room") or around
    start = begin(builder, day, date=event.say("date"), start=event.say("start"), line=event.line)
    length = length_of(event.say("duration"))
    recording = event.first("recording")
    builder.add(
        Item(
            ref=event.get("guid") or event.get("id") or event.get("code"),
            title=event.say("title"),
            type=event.say("type"),
            subtitle=event.say("subtitle"),
            abstract=event.say("abstract"),
            description=event.say("description"),
            start=start,
            end=start + length if start and length else None,
            room=builder.room(room),
            track=builder.track(event.say("track")),
            language=event.say("language"),
            speakers=_speakers(builder, event),
            links=_links(event),
            recorded=bool(recording) and _is_no(recording.say("optout") if recording else ""),
            cancelled=event.say("status").lower() in {"cancelled", "canceled"},
            line=event.line,
        )
    )


def _speakers(builder: Builder, event: Node) -> list[tuple[str, str]]:
    found = []
    for persons in event.all("persons"):
        for person in persons.all("person"):
            ref = person.get("guid") or person.get("code") or person.get("id")
            someone = Someone(
                ref, person.text or person.get("name") or person.say("name"),
                bio=person.say("biography"), line=person.line,
            )  # fmt: skip
            found.append(builder.person(someone, person.get("role")))
    return [pair for pair in found if pair[0]]


def _links(event: Node) -> list[tuple[str, str]]:
    found = []
    for parent, child in (("attachments", "attachment"), ("links", "link")):
        for group in event.all(parent):
            for link in group.all(child):
                if link.get("type") == PERSON:  # one of ours: who speaks is read elsewhere
                    continue
                title = link.text.strip() or link.get("title") or link.get("type").capitalize()
                found.append((title, link.get("href")))
    return found


def _is_no(word: str) -> bool:
    return word.lower() in {"false", "0", "no"}
