"""What our own schedule.xml and schedule.json say beyond the formats, read again.

The JSON has it with its generator and in keys of persons (schedule_json_out), the XML in links to
those who speak (schedule_xml_out). Whoever else writes such things is believed as much: whatever
is no text, no role or too long falls away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from events.enums import Attribution, ParticipationRole
from events.exchange.collecting import ref_of
from events.exchange.safe_json import as_map, as_maps, as_text
from events.exchange.safe_xml import Node
from events.exchange.schedule_xml_out import PARTED, PERSON
from events.exchange.texts import one_line
from events.incoming import IncomingPart, IncomingPerson, IncomingProgramme, IncomingSession

_NAME: Final = 120
_HONORIFIC: Final = 60
_POST: Final = 200
_MOST_MINUTES: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Post:
    """In which role somebody is on a session, and who they are that day; None says nothing."""

    person: str
    role: str
    position: str
    affiliation: str
    minutes: int | None = None
    honorific: str | None = None
    given_name: str | None = None
    family_name: str | None = None


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a file says beyond its format, by the refs of sessions."""

    posts: Mapping[str, list[Post]]
    attributions: Mapping[str, str]


# JSON


def unfolded(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schedule in a document of ours as if the format had words for all that it says.

    Texts are objects by language, and what was cancelled stands on a day of its own and says so.
    Any other schedule is returned as it is.
    """
    schedule = as_map(document.get("schedule"))
    beside = as_map(as_map(document.get("generator")).get("lectern"))
    if not beside:
        return schedule
    conference = as_map(schedule.get("conference"))
    days: list[Any] = [
        {
            **day,
            "rooms": {
                name: [_in_languages(event, beside) for event in as_maps(events)]
                for name, events in as_map(day.get("rooms")).items()
            },
        }
        for day in as_maps(conference.get("days"))
    ]
    for event in as_maps(beside.get("cancelled")):
        gone = {**_in_languages(event, beside), "status": "cancelled"}
        days.append({"date": event.get("date"), "rooms": {as_text(event.get("room")): [gone]}})
    whole = {**conference, "days": days, "daysCount": len(days)}
    return {**schedule, "conference": whole, "lectern": beside}


def _in_languages(event: Mapping[str, Any], beside: Mapping[str, Any]) -> dict[str, Any]:
    tag = as_text(beside.get("language"))
    said = as_map(as_map(beside.get("sessions")).get(as_text(event.get("guid"))))
    texts = {
        name: as_map(said.get(name)) or {tag: as_text(event.get(name))}
        for name in ("title", "abstract")
    }
    persons = [
        {**person, "biography": {tag: as_text(person.get("biography"))}}
        for person in as_maps(event.get("persons"))
    ]
    return {**event, **texts, "persons": persons}


def beyond_json(schedule: Mapping[str, Any]) -> Beyond:
    """Return what an unfolded schedule of ours says beyond the format."""
    more = as_map(as_map(schedule.get("lectern")).get("sessions"))
    if not more:
        return Beyond({}, {})
    return Beyond(
        {
            ref_of(as_text(event.get("guid"))): [
                _post_of(person) for person in as_maps(event.get("persons"))
            ]
            for event in _events(schedule)
        },
        {ref_of(guid): as_text(as_map(said).get("attribution")) for guid, said in more.items()},
    )


def _events(schedule: Mapping[str, Any]) -> Iterator[Any]:
    for day in as_maps(as_map(schedule.get("conference")).get("days")):
        for events in as_map(day.get("rooms")).values():
            yield from as_maps(events)


def _post_of(person: Mapping[str, Any]) -> Post:
    minutes = person.get("minutes")
    fits = type(minutes) is int and 0 < minutes <= _MOST_MINUTES
    given_name = _line(person.get("given_name"), _NAME)
    return Post(
        person=ref_of(as_text(person.get("guid"))),
        role=as_text(person.get("role")),
        position=_line(person.get("position"), _POST),
        affiliation=_line(person.get("affiliation"), _POST),
        minutes=minutes if fits else None,
        honorific=_line(person.get("honorific"), _HONORIFIC),
        given_name=given_name or None,
        family_name=_line(person.get("family_name"), _NAME) if given_name else None,
    )


def _line(value: Any, longest: int) -> str:
    return one_line(as_text(value), longest)[0]


# XML


def beyond_xml(root: Node) -> Beyond:
    """Return what a schedule.xml of ours says in its links to those who speak."""
    generator = root.first("generator")
    if generator is None or generator.get("name") != "Lectern":
        return Beyond({}, {})
    return Beyond(
        {
            ref_of(event.get("guid")): _posts_in(event)
            for day in root.all("day")
            for room in day.all("room")
            for event in room.all("event")
        },
        {},
    )


def _posts_in(event: Node) -> list[Post]:
    persons = [one for group in event.all("persons") for one in group.all("person")]
    links = [one for group in event.all("links") for one in group.all("link")]
    said = [link for link in links if link.get("type") == PERSON]
    if len(said) != len(persons):
        return []
    return [
        _post_in(person, link.get("service"), link.text.split(PARTED))
        for person, link in zip(persons, said, strict=True)
    ]


def _post_in(person: Node, role: str, words: list[str]) -> Post:
    position, affiliation = (*words[1:3], "", "")[:2]
    return Post(ref_of(person.get("guid")), role, _line(position, _POST), _line(affiliation, _POST))


# Both


def with_beyond(programme: IncomingProgramme, beyond: Beyond) -> IncomingProgramme:
    """Return the programme with roles, posts and attributions as the file says them."""
    if not beyond.posts and not beyond.attributions:
        return programme
    first: dict[str, Post] = {}
    for posts in beyond.posts.values():
        for post in posts:
            first.setdefault(post.person, post)
    people = tuple(_person(one, first.get(one.ref)) for one in programme.people)
    by_ref = {person.ref: person for person in people}
    return replace(
        programme,
        people=people,
        sessions=tuple(_session(one, by_ref, beyond) for one in programme.sessions),
    )


def _person(person: IncomingPerson, post: Post | None) -> IncomingPerson:
    if post is None:
        return person
    return replace(
        person,
        given_name=post.given_name or person.given_name,
        family_name=person.family_name if post.family_name is None else post.family_name,
        honorific=person.honorific if post.honorific is None else post.honorific,
        position=post.position,
        affiliation=post.affiliation,
    )


def _session(
    session: IncomingSession, people: Mapping[str, IncomingPerson], beyond: Beyond
) -> IncomingSession:
    attribution = beyond.attributions.get(session.ref, "")
    posts = beyond.posts.get(session.ref, [])
    parts: dict[tuple[str, str], IncomingPart] = {}
    for post in posts:
        if post.person not in people or post.role not in ParticipationRole.values:
            return replace(session, attribution=_attribution(attribution))
        honorific = people[post.person].honorific if post.honorific is None else post.honorific
        parts[post.person, post.role] = IncomingPart(
            person=post.person,
            role=post.role,
            honorific=honorific,
            affiliation=post.affiliation,
            position=post.position,
            minutes=post.minutes,
        )
    return replace(
        session,
        attribution=_attribution(attribution),
        parts=tuple(parts.values()) if posts else session.parts,
    )


def _attribution(text: str) -> str:
    return text if text in Attribution.values else ""
