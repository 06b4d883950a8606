from __future__ import annotations

import pytest

from core.actors import SYSTEM
from events.models import Conference, ConferenceSlugHistory, Participation
from events.services.conferences import change_conference
from events.services.people import change_person
from events.services.schedules import publish_schedule
from tests.factories.events import (
    ConferenceVenueFactory,
    ParticipationFactory,
    PartnerFactory,
    SessionFactory,
    TrackFactory,
)

PUBLIC = "/api/v1/public/institute/open-forum/"


def read(api, path=PUBLIC, **headers):
    return api.anonymous.get(path, **headers)


def test_anybody_reads_a_conference_in_one_language(api, conference):
    link = ConferenceVenueFactory(conference=conference)
    PartnerFactory(conference=conference, name={"en": "A foundation", "sr-Latn": "Fondacija"})
    Conference.objects.update(title={"en": "Forum", "sr-Latn": "Otvoreni forum"})
    answer = read(api, f"{PUBLIC}?lang=sr")

    assert answer.status_code == 200
    assert answer["Content-Language"] == "sr-Latn"
    assert "Accept-Language" in answer["Vary"]
    assert answer.json() == {
        "organisation": {"slug": "institute", "name": "Institute for Testing"},
        "uid": str(conference.uid),
        "slug": "open-forum",
        "kind": "conference",
        "title": "Otvoreni forum",
        "subtitle": "",
        "description": "",
        "start": "2027-03-18T10:00",
        "end": "2027-03-18T13:30",
        "doors": None,
        "time_zone": "Europe/Belgrade",
        "starts_at": "2027-03-18T09:00:00Z",
        "ends_at": "2027-03-18T12:30:00Z",
        "doors_at": None,
        "mode": "in_person",
        "languages": ["en", "sr-Latn"],
        "visibility": "public",
        "state": "published",
        "venues": [
            {
                "code": link.venue.code,
                "name": link.venue.name["en"],
                "street": "Knez Mihailova 1",
                "postal_code": "",
                "city": "Belgrade",
                "country": "RS",
                "directions": "",
                "entrance": "",
                "access": "",
            }
        ],
        "partners": [{"kind": "supporter", "name": "Fondacija", "url": ""}],
    }


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "sr-Latn-RS,sr;q=0.9", "sr-Latn"),
        ("", "sr", "sr-Latn"),
        ("", "fr, de;q=0.5", "en"),
        ("?lang=sr-Latn", "en", "sr-Latn"),
        ("?lang=ru", "", "en"),
    ],
)
def test_the_language_comes_from_the_address_then_the_reader_then_the_conference(
    api, conference, query, accepted, language
):
    answer = read(api, PUBLIC + query, **({"Accept-Language": accepted} if accepted else {}))
    assert answer["Content-Language"] == language


@pytest.mark.parametrize("lang", ["../x", "english language", "%00"])
def test_what_is_no_language_is_refused(api, conference, lang):
    assert read(api, f"{PUBLIC}?lang={lang}").status_code == 400


def test_drafts_private_and_unknown_conferences_are_not_there(api, conference):
    assert read(api, "/api/v1/public/institute/no-such/").status_code == 404
    assert read(api, "/api/v1/public/no-such/open-forum/").status_code == 404
    Conference.objects.update(visibility="private")
    assert read(api).status_code == 404
    Conference.objects.update(visibility="unlisted")
    assert read(api).status_code == 200
    Conference.objects.update(state="draft")
    assert read(api).status_code == 404
    assert read(api, f"{PUBLIC}programme/").status_code == 404


def test_a_former_address_leads_to_the_conference(api, conference):
    change_conference(
        conference=conference, changes={"slug": "new-forum"}, expected=None, actor=SYSTEM
    )
    assert ConferenceSlugHistory.objects.count() == 1
    assert read(api).json()["slug"] == "new-forum"
    assert read(api, "/api/v1/public/institute/new-forum/").status_code == 200


def test_who_has_it_already_gets_304(api, conference):
    first = read(api)
    again = read(api, If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["Content-Language"] == "en"
    assert read(api, f"{PUBLIC}?lang=sr", If_None_Match=first["ETag"]).status_code == 304
    Conference.objects.update(title={"en": "Other"})
    assert read(api, If_None_Match=first["ETag"]).status_code == 200


def test_without_a_version_the_programme_is_empty(api, conference):
    SessionFactory(conference=conference)
    assert read(api, f"{PUBLIC}programme/").json() == {
        "version": 0,
        "name": "",
        "published_at": None,
        "time_zone": "Europe/Belgrade",
        "days": [],
        "unscheduled": [],
        "rooms": [],
        "tracks": [],
    }


def test_the_published_programme_is_read_with_the_people_of_now(api, conference, room):
    track = TrackFactory(conference=conference, slug="media", name={"en": "Media"})
    session = SessionFactory(
        conference=conference,
        title={"en": "Panel", "sr-Latn": "Razgovor"},
        track=track,
        room=room,
        start_local=conference.start_local,
        end_local=conference.end_local,
    )
    part = ParticipationFactory(session=session, role="moderator", minutes=10)
    ParticipationFactory(session=session, state="invited", order=1)
    version = publish_schedule(conference=conference, name="Final", actor=SYSTEM)
    change_person(
        person=part.person,
        changes={"family_name": "Jovanović", "affiliation": "Elsewhere"},
        expected=None,
        actor=SYSTEM,
    )
    answer = read(api, f"{PUBLIC}programme/?lang=sr-Latn")
    published_at = version.created_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    assert answer.json() == {
        "version": 1,
        "name": "Final",
        "published_at": published_at,
        "time_zone": "Europe/Belgrade",
        "days": [
            {
                "date": "2027-03-18",
                "sessions": [
                    {
                        "code": session.code,
                        "uid": str(session.uid),
                        "kind": "panel",
                        "state": "planned",
                        "title": "Razgovor",
                        "abstract": "",
                        "track": "media",
                        "slot": {
                            "start": "2027-03-18T10:00",
                            "end": "2027-03-18T13:30",
                            "room": room.code,
                        },
                        "starts_at": "2027-03-18T09:00:00Z",
                        "ends_at": "2027-03-18T12:30:00Z",
                        "language": "",
                        "attribution": "on_the_record",
                        "interpretation": [],
                        "recorded": False,
                        "participations": [
                            {
                                "code": part.code,
                                "role": "moderator",
                                "order": 0,
                                "minutes": 10,
                                "affiliation": "Institute for Testing",
                                "position": "Researcher",
                                "person": {
                                    "code": part.person.code,
                                    "honorific": "",
                                    "given_name": "Ana",
                                    "family_name": "Jovanović",
                                    "bio": "",
                                },
                            }
                        ],
                    }
                ],
            }
        ],
        "unscheduled": [],
        "rooms": [
            {
                "code": room.code,
                "name": "Red room",
                "venue": room.venue.code,
                "venue_name": room.venue.name["en"],
            }
        ],
        "tracks": [{"slug": "media", "name": "Media", "colour": ""}],
    }
    Participation.objects.filter(pk=part.pk).update(state="declined")
    session.version += 1
    session.save()
    declined = read(api, f"{PUBLIC}programme/", If_None_Match=answer["ETag"])
    assert declined.status_code == 200
    assert declined.json()["days"][0]["sessions"][0]["participations"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_public_api_asks_as_often_for_many_as_for_one(
    api, conference, count, django_assert_num_queries
):
    ConferenceVenueFactory.create_batch(count, conference=conference)
    PartnerFactory.create_batch(count, conference=conference)
    for _ in range(count):
        ParticipationFactory(session=SessionFactory(conference=conference))
    publish_schedule(conference=conference, name="", actor=SYSTEM)
    with django_assert_num_queries(4):
        assert len(read(api).json()["venues"]) == count
    with django_assert_num_queries(8):
        assert len(read(api, f"{PUBLIC}programme/").json()["unscheduled"]) == count
    with django_assert_num_queries(5):  # from the cache: its stamp only
        read(api, f"{PUBLIC}programme/")
