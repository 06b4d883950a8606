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
from typing import TYPE_CHECKING, Final

from benchmarks.made_up import FAMILY, GIVEN, HOUSES, POSITIONS
from benchmarks.programme_plan import TIMES, Cast, clash, fill

if TYPE_CHECKING:
    from accounts.models import Organisation
    from events.models import Conference, Person, Room

ZONE: Final = "Europe/Belgrade"
FIRST_DAY: Final = dt.date(2027, 5, 10)
HOUSE: Final = {"en": "Sava Congress Centre", "sr-Latn": "Kongresni centar Sava"}
TRACKS: Final = ("Security", "Economy", "Media", "Climate", "Rule of law", "Technology")
CHUNK: Final = 500


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
        found = Cast(
            conference, chance, _rooms(conference, rooms), _people(organisation, people, chance)
        )
        fill(found, sessions, days)
        clash(found, clashes)
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


def _save(found: Cast) -> None:
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


def _give_places(found: Cast) -> None:
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
