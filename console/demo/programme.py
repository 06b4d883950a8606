"""The demo's venues, people, conferences and programmes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Organisation
from console.demo.reading import on
from core.actors import SYSTEM
from events.enums import ParticipationState
from events.models import Conference, Person, Room, Venue
from events.services.conferences import create_conference, publish_conference
from events.services.materials import create_material
from events.services.outcome_publishing import publish_outcome
from events.services.outcomes import save_outcome
from events.services.panels import add_participation
from events.services.partners import add_partner
from events.services.people import create_person
from events.services.schedules import publish_schedule
from events.services.sessions import change_session, create_session
from events.services.tracks import create_track
from events.services.venues import create_room, create_venue

Facts = Mapping[str, Any]
_VENUE_FACTS = {"street", "postal_code", "country", "directions", "entrance", "access"}


@dataclass
class World:
    """What has been made so far, by the keys of the data."""

    organisation: Organisation
    venues: dict[str, Venue] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    conferences: dict[str, Conference] = field(default_factory=dict)


def make_venues(world: World, venues: Sequence[Facts]) -> None:
    for row in venues:
        facts = {name: row[name] for name in _VENUE_FACTS & set(row)}
        venue = create_venue(
            organisation=world.organisation,
            name=row["name"],
            city=row["city"],
            actor=SYSTEM,
            **facts,
        )
        world.venues[row["key"]] = venue
        for room in row.get("rooms", ()):
            world.rooms[room["key"]] = create_room(
                venue=venue, name=room["name"], capacity=room["capacity"], actor=SYSTEM
            )


def make_people(world: World, people: Sequence[Facts], *, source: str, basis: str) -> list[Person]:
    """Make people; those with a key can sit on sessions."""
    made = []
    for row in people:
        given, family = row["name"]
        cyrillic = row.get("cyrl")
        scripts = (
            {"Cyrl": {"given_name": cyrillic[0], "family_name": cyrillic[1]}} if cyrillic else {}
        )
        person = create_person(
            organisation=world.organisation,
            given_name=given,
            family_name=family,
            honorific=row.get("honorific", ""),
            names_by_script=scripts,
            email=row.get("email", ""),
            affiliation=row.get("affiliation", ""),
            position=row.get("position", ""),
            language=row.get("language", ""),
            phone=row.get("phone", ""),
            salutation=row.get("salutation", {}),
            tags=row.get("tags", ()),
            source=source,
            basis=basis,
            actor=SYSTEM,
        )
        made.append(person)
        if "key" in row:
            world.people[row["key"]] = person
    return made


def make_conference(world: World, row: Facts, day: dt.date, times: Sequence[str]) -> Conference:
    """Make a conference in draft with its tracks and partners."""
    optional = ("subtitle", "description", "contact_name", "contact_email", "contact_phone")
    conference = create_conference(
        organisation=world.organisation,
        slug=row["slug"],
        kind=row["kind"],
        title=row["title"],
        start_local=on(day, times[0]),
        end_local=on(day, times[1]),
        doors_local=on(day, row["doors"]) if "doors" in row else None,
        time_zone=world.organisation.time_zone,
        venues=[world.venues[row["venue"]]] if "venue" in row else [],
        series=row.get("series"),
        actor=SYSTEM,
        **{name: row[name] for name in optional if name in row},
    )
    for track in row.get("tracks", ()):
        create_track(conference=conference, actor=SYSTEM, **track)
    for partner in row.get("partners", ()):
        add_partner(conference=conference, expected=None, actor=SYSTEM, **partner)
    world.conferences[conference.slug] = conference
    return conference


def make_sessions(
    world: World, conference: Conference, sessions: Sequence[Facts], day: dt.date
) -> None:
    """Make the draft of a programme, with who sits where."""
    for row in sessions:
        _make_session(world, conference, row, day)


def _make_session(world: World, conference: Conference, row: Facts, day: dt.date) -> None:
    slot: dict[str, Any] = {}
    if "times" in row:
        slot = {"start_local": on(day, row["times"][0]), "end_local": on(day, row["times"][1])}
    session = create_session(
        conference=conference,
        kind=row["kind"],
        title=row["title"],
        abstract=row.get("abstract", {}),
        track=conference.tracks.get(slug=row["track"]) if "track" in row else None,
        room=world.rooms[row["room"]] if "room" in row else None,
        language=row.get("language", ""),
        attribution=row.get("attribution", "on_the_record"),
        actor=SYSTEM,
        **slot,
    )
    for part in row.get("people", ()):
        add_participation(
            session=session,
            person=world.people[part["person"]],
            role=part["role"],
            minutes=part.get("minutes"),
            # Of past panels it is known who sat on them.
            state=part.get("state", ParticipationState.CONFIRMED),
            actor=SYSTEM,
        )
    for material in row.get("materials", ()):
        create_material(conference=conference, session=session, actor=SYSTEM, **material)


def publish(conference: Conference, name: str) -> Conference:
    """Publish the programme and then the conference."""
    publish_schedule(conference=conference, name=name, actor=SYSTEM)
    return publish_conference(conference=conference, expected=None, actor=SYSTEM)


def change_draft(conference: Conference, row: Facts, day: dt.date) -> None:
    """Change one thing in the draft, so that there is something to publish."""
    sessions = list(conference.sessions.order_by("pk"))
    change_session(
        session=sessions[row["session"] - 1],
        changes={"start_local": on(day, row["times"][0]), "end_local": on(day, row["times"][1])},
        expected=None,
        actor=SYSTEM,
    )


def make_outcome(world: World, conference: Conference, row: Facts) -> None:
    """Write the page after the event and publish it as of the day on which the host did."""
    items = [
        {**item, **({"person": world.people[item["person"]]} if "person" in item else {})}
        for item in row.get("items", ())
    ]
    save_outcome(
        conference=conference,
        headline=row["headline"],
        summary=row["summary"],
        outlook=row.get("outlook", {}),
        items=items,
        related=[world.conferences[slug] for slug in row.get("related", ())],
        actor=SYSTEM,
        expected=None,
    )
    publish_outcome(
        conference=conference,
        expected=None,
        actor=SYSTEM,
        # Its time of day is not documented either.
        published_at=dt.datetime.combine(row["published"], dt.time(12), tzinfo=dt.UTC),
    )
