"""A large conference of made-up people: 1,000 sessions, 40 rooms, 900 people, five days.

`make_programme(organisation, …)` is for benchmarks and tests; `python -m benchmarks.programme_data
ORGANISATION [--sessions N] …` adds one to the organisation of that slug in the database that the
environment names, and prints `{"conference": slug, "sessions": …}`.

The conference, its venue and its tracks are made by the services. Rooms, people, sessions and
participations are inserted in bulk, as the services would leave them: codes, search and sort keys,
instants by the core clock, each panel with its moderator and panellists in order, and for everybody
who has confirmed a registration of the speakers' type with its place (no mail is planned for it).
The same seed gives the same programme but for its codes.

Nobody sits in two places and no room is used twice, unless `clashes` asks for some: so many
sessions are then put into the time and room of another one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from accounts.models import Organisation
    from events.models import Conference, Participation, Person, Room, Session

ZONE: Final = "Europe/Belgrade"
FIRST_DAY: Final = dt.date(2027, 5, 10)
HOUSE: Final = {"en": "Sava Congress Centre", "sr-Latn": "Kongresni centar Sava"}
TRACKS: Final = ("Security", "Economy", "Media", "Climate", "Rule of law", "Technology")
GIVEN: Final = (
    *("Ana", "Marko", "Željko", "Milica", "Jovana", "Ђорђе", "Ольга", "Søren", "Łukasz", "Ivana"),
    *("Dragan", "Nađa", "Elif", "Arben", "Ines", "Petra", "Tomáš", "Andreea", "Kiril", "Sára"),
)
FAMILY: Final = (
    *("Petrović", "Цвијић", "Kovačević", "Đorđević", "Иванова", "Müller", "Dvořák", "O’Neill"),
    *("Hoxha", "Çelik", "Novak", "Popescu", "Georgiev", "Szabó", "Jensen", "García", "Marković"),
)
HOUSES: Final = (
    *("Institute of European Affairs", "University of Belgrade", "Centre for Regional Security"),
    *("Ministry of Finance", "Institut za medije", "Climate Action Network", "Chamber of Commerce"),
)
POSITIONS: Final = ("Director", "Senior researcher", "Professor", "Editor", "Adviser", "Ambassador")
SUBJECTS: Final = (
    *("enlargement", "public debt", "disinformation", "air quality", "judicial reform", "AI"),
    *("energy security", "local media", "migration", "trade routes", "defence spending", "water"),
)
TURNS: Final = (
    *("What comes after", "Ten years of", "The price of", "Who decides on", "A second look at"),
    *("The region and", "Numbers and myths about", "How small states handle"),
)
# When sessions begin on each day, and for how many minutes they last.
TIMES: Final = (dt.time(9), dt.time(11), dt.time(13, 30), dt.time(15, 15), dt.time(17), dt.time(19))
MINUTES: Final = 90
PAUSES: Final = ((dt.time(10, 30), 30, "Coffee"), (dt.time(12, 30), 60, "Lunch"))
# How many of a hundred participations are in a state; the rest has confirmed.
STATES: Final = {"planned": 4, "invited": 5, "tentative": 2, "declined": 2}
CHUNK: Final = 500


@dataclass
class _Cast:
    """Whom the programme still draws on, and what is made so far."""

    conference: Conference
    chance: random.Random
    rooms: list[Room]
    people: list[Person]
    sessions: list[Session] = field(default_factory=list)
    parts: list[Participation] = field(default_factory=list)


def make_programme(  # noqa: PLR0913 - the size of what is made
    organisation: Organisation,
    *,
    sessions: int = 1000,
    rooms: int = 40,
    people: int = 900,
    days: int = 5,
    clashes: int = 0,
    seed: int = 1,
    slug: str = "large-forum",
    first_day: dt.date = FIRST_DAY,
    publish: bool = False,
) -> Conference:
    """Make a published conference with this many sessions in its draft programme.

    Arguments:
        sessions: with breaks and plenaries; at most two of a hundred have no slot yet, so there
            must be room for the others: rooms * days * 6.
        people: at least five for each room, who never sit in two places.
        clashes: how many sessions stand in the time and room of another one.
        publish: whether readers see the programme, too.

    Raises:
        ValueError: when so many sessions or panels do not fit.
    """
    from django.db import transaction

    from core.actors import SYSTEM
    from events.services.schedules import publish_schedule

    if sessions > rooms * days * len(TIMES) or people < rooms * 5:
        raise ValueError("So many sessions need more rooms, days or people.")
    chance = random.Random(seed)
    with transaction.atomic():
        conference = _conference(organisation, slug, first_day, days)
        found = _Cast(
            conference, chance, _rooms(conference, rooms), _people(organisation, people, chance)
        )
        _fill(found, sessions, days)
        _clash(found, clashes)
        _save(found)
        _give_places(found)
        if publish:
            publish_schedule(conference=conference, name="First programme", actor=SYSTEM)
    conference.refresh_from_db()
    return conference


def _conference(organisation: Organisation, slug: str, first_day: dt.date, days: int) -> Conference:
    from core.actors import SYSTEM
    from events.services.conferences import create_conference, publish_conference
    from events.services.tracks import create_track
    from events.services.venues import create_venue

    languages = organisation.languages or ["en"]
    venue = create_venue(
        organisation=organisation,
        name={language: HOUSE.get(language, HOUSE["en"]) for language in languages},
        city="Belgrade",
        country="RS",
        actor=SYSTEM,
    )
    row = create_conference(
        organisation=organisation,
        slug=slug,
        kind="conference",
        title=dict.fromkeys(languages, f"Large forum {first_day.year}"),
        start_local=dt.datetime.combine(first_day, dt.time(8, 30)),
        end_local=dt.datetime.combine(first_day + dt.timedelta(days=days - 1), dt.time(22)),
        time_zone=ZONE,
        venues=[venue],
        actor=SYSTEM,
    )
    for name in TRACKS:
        create_track(
            conference=row,
            slug=name.lower().replace(" ", "-"),
            name={languages[0]: name},
            actor=SYSTEM,
        )
    return publish_conference(conference=row, expected=None, actor=SYSTEM)


def _rooms(conference: Conference, number: int) -> list[Room]:
    from events.models import Room

    venue = conference.venues.get()
    language = conference.first_language
    return Room.objects.bulk_create(
        Room(
            venue=venue,
            name={language: "Great hall" if order == 0 else f"Room {order}"},
            capacity=1200 if order == 0 else 40 + 20 * (order % 8),
            order=order,
        )
        for order in range(number)
    )


def _people(organisation: Organisation, number: int, chance: random.Random) -> list[Person]:
    from core.text import search_key, search_key_of
    from events.models import Person

    rows = []
    for n in range(number):
        # Each pair of names comes once before any comes again with a number.
        turn, place = divmod(n, len(GIVEN) * len(FAMILY))
        given, family = GIVEN[place % len(GIVEN)], FAMILY[place // len(GIVEN)]
        family = f"{family} {turn + 1}" if turn else family
        house, position = chance.choice(HOUSES), chance.choice(POSITIONS)
        email = f"{search_key(given, 'of', 'panels').split()[0]}{n}@example.org"
        rows.append(
            Person(
                organisation=organisation,
                given_name=given,
                family_name=family,
                email=email,
                affiliation=house,
                position=position,
                search_key=search_key_of([given, family, house, position, email]),
                sort_key=search_key(family, given)[:300],
            )
        )
    return Person.objects.bulk_create(rows, batch_size=CHUNK)


def _fill(found: _Cast, number: int, days: int) -> None:
    """Plan breaks and a keynote each day, then time by time every room, then the unscheduled."""
    start = found.conference.start_local
    if start is None:
        raise ValueError("A conference has a start.")
    dates = [start.date() + dt.timedelta(days=day) for day in range(days)]
    tray = number // 50
    placed = number - tray
    slots = []
    for day, date in enumerate(dates):
        if len(found.sessions) + 3 <= placed:
            for time, minutes, title in PAUSES:
                _session(found, "break", title, (date, time, minutes), None)
            kind = "keynote" if day else "opening_remarks"
            title = f"Keynote of day {day + 1}" if day else "Opening remarks"
            _session(found, kind, title, (date, TIMES[0], MINUTES), found.rooms[0])
        slots += [(date, time) for time in TIMES[1:]]
    # The first hours belong to the keynotes until everything else is full.
    slots += [(date, TIMES[0]) for date in dates]
    free = [(slot, room) for slot in slots for room in found.rooms]
    free = [
        (slot, room) for slot, room in free if slot[1] != TIMES[0] or room is not found.rooms[0]
    ]
    rest = placed - len(found.sessions)
    left: dict[Any, list[Person]] = {}
    for session in found.sessions:
        if session.kind != "break" and session.start_local is not None:
            key = (session.start_local.date(), session.start_local.time())
            left[key] = found.chance.sample(found.people, len(found.people))
            _seat(found, session, left[key])
    for n, (slot, room) in enumerate(free[:rest]):
        if slot not in left:
            left[slot] = found.chance.sample(found.people, len(found.people))
        kind = found.chance.choices(
            ("panel", "presentation", "discussion", "workshop"), (70, 12, 10, 8)
        )[0]
        session = _session(found, kind, _title(n), (*slot, MINUTES), room)
        _seat(found, session, left[slot])
    for n in range(tray):
        session = _session(found, "panel", _title(placed + n), None, None)
        session.planned_minutes = MINUTES
        _seat(found, session, found.chance.sample(found.people, 8))


def _title(n: int) -> str:
    subject, turn = SUBJECTS[n % len(SUBJECTS)], TURNS[n // len(SUBJECTS) % len(TURNS)]
    return f"{turn} {subject} ({n + 1})"


def _session(
    found: _Cast,
    kind: str,
    title: str,
    slot: tuple[dt.date, dt.time, int] | None,
    room: Room | None,
) -> Session:
    from core.text import search_key, search_key_of
    from events.models import Session
    from events.services.instants import resolve_session

    conference = found.conference
    session = Session(
        conference=conference,
        kind=kind,
        title={conference.first_language: title},
        room=room,
        order=len(found.sessions),
        sort_key=search_key(title)[:300],
    )
    session.search_key = search_key_of([title, session.code])
    if slot is not None:
        date, time, minutes = slot
        session.start_local = dt.datetime.combine(date, time)
        session.end_local = session.start_local + dt.timedelta(minutes=minutes)
        resolve_session(session, conference.time_zone)
    found.sessions.append(session)
    return session


def _seat(found: _Cast, session: Session, free: list[Person]) -> None:
    """Put people who are free at that time on a session, as many as its kind usually has."""
    chance = found.chance
    roles = {
        "panel": ["moderator", *["panellist"] * chance.choice((3, 3, 3, 4))],
        "keynote": ["keynote", "moderator"],
        "opening_remarks": ["opening_remarks", "opening_remarks"],
        "presentation": ["presenter", "discussant"],
        "discussion": ["moderator", "discussant", "discussant"],
        "workshop": ["host"],
    }[session.kind]
    from django.utils import timezone

    from events.models import Participation

    now = timezone.now()
    states = [*STATES, "confirmed"]
    weights = [*STATES.values(), 100 - sum(STATES.values())]
    for order, role in enumerate(roles):
        person = free.pop()
        state = chance.choices(states, weights)[0]
        found.parts.append(
            Participation(
                session=session,
                person=person,
                role=role,
                order=order,
                minutes=10,
                state=state,
                asked_at=None if state == "planned" else now,
                last_asked_at=None if state == "planned" else now,
                affiliation=person.affiliation,
                position=person.position,
            )
        )


def _clash(found: _Cast, number: int) -> None:
    """Put so many sessions where another one is."""
    placed = [s for s in found.sessions if s.room is not None]
    for one, other in zip(placed[1 : 2 * number : 2], placed[2 : 2 * number + 1 : 2], strict=True):
        for name in ("start_local", "end_local", "starts_at", "ends_at", "room"):
            setattr(one, name, getattr(other, name))


def _save(found: _Cast) -> None:
    from core.codes import session_code
    from events.models import Participation, Session

    tracks = list(found.conference.tracks.all())
    codes: set[str] = set()
    for session in found.sessions:
        while session.code in codes:
            session.code = session_code()
        codes.add(session.code)
        session.track = None if session.kind == "break" else found.chance.choice(tracks)
    Session.objects.bulk_create(found.sessions, batch_size=CHUNK)
    for part in found.parts:
        part.session = part.session  # takes the key that the session has now
    Participation.objects.bulk_create(found.parts, batch_size=CHUNK)


def _give_places(found: _Cast) -> None:
    """Give everybody who has confirmed a registration with a place, as the receiver does."""
    from django.db.models import F

    from core.actors import SYSTEM
    from core.text import email_key
    from registrations.enums import RegistrationSource, RegistrationStatus
    from registrations.models import Allotment, Booking, Registration, RegistrationPlace
    from registrations.services.registration_rows import set_keys
    from registrations.services.speaking import speaker_type

    conference = found.conference
    people = {part.person_id: part.person for part in found.parts if part.state == "confirmed"}
    language = conference.first_language
    kind = speaker_type(conference, SYSTEM)
    start = conference.start_local
    rows = []
    bookings = Booking.objects.bulk_create(
        [
            Booking(
                conference=conference,
                contact_email=person.email,
                contact_email_key=email_key(person.email),
                language=language,
            )
            for person in people.values()
        ],
        batch_size=CHUNK,
    )
    for person, booking in zip(people.values(), bookings, strict=True):
        row = Registration(
            conference=conference,
            booking=booking,
            registration_type=kind,
            person=person,
            status=RegistrationStatus.CONFIRMED,
            source=RegistrationSource.PARTICIPATION,
            given_name=person.given_name,
            family_name=person.family_name,
            email=person.email,
            email_key=email_key(person.email),
            affiliation=person.affiliation,
            position=person.position,
            language=language,
            confirmed_day=start.date() if start else None,
        )
        row.confirmed_at = row.status_at
        set_keys(row)
        rows.append(row)
    Registration.objects.bulk_create(rows, batch_size=CHUNK)
    for allotment in kind.allotments.all():
        Allotment.objects.filter(pk=allotment.pk).update(taken=F("taken") + len(rows))
        RegistrationPlace.objects.bulk_create(
            [RegistrationPlace(registration=row, allotment=allotment) for row in rows],
            batch_size=CHUNK,
        )


def main() -> None:
    """Add a large conference to an organisation and print its slug."""
    parser = argparse.ArgumentParser(description="Make a conference of 1,000 sessions.")
    parser.add_argument("organisation")
    parser.add_argument("--slug", default="large-forum")
    for name, usual in {
        "sessions": 1000,
        "rooms": 40,
        "people": 900,
        "days": 5,
        "clashes": 0,
        "seed": 1,
    }.items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--publish", action="store_true")
    options = vars(parser.parse_args())

    import django

    django.setup()
    from accounts.models import Organisation

    organisation = Organisation.objects.get(slug=options.pop("organisation"))
    conference = make_programme(organisation, **options)
    print(
        json.dumps({"conference": conference.slug, "sessions": conference.sessions.count()}),
    )


if __name__ == "__main__":
    main()
