"""schedule.xml and schedule.json: what is in them, for whom, and how they are served."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client

from core.actors import SYSTEM
from core.clock import resolve_local
from events.services import keeping
from events.services.panels import change_participation
from events.services.schedules import publish_schedule
from events.services.sessions import change_session
from tests.events.views.reading import HOSTILE, PAGE, get
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    MaterialFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
    VenueFactory,
)

XML, JSON = f"{PAGE}schedule.xml", f"{PAGE}schedule.json"
both = pytest.mark.parametrize("path", [XML, JSON])


def at(text):
    return dt.datetime.fromisoformat(text)


def read_xml(client_as, query=""):
    return ET.fromstring(get(client_as, XML + query).content)  # noqa: S314 - it is our own


def read_json(client_as, query=""):
    return json.loads(get(client_as, JSON + query).content)["schedule"]


def beside(client_as):
    """Return what the JSON says beyond its format."""
    return json.loads(get(client_as, JSON).content)["generator"]["lectern"]


def titles(client_as):
    """Return what is announced, as both files say it."""
    root, body = read_xml(client_as), read_json(client_as)
    said = [event.findtext("title") for event in root.iter("event")]
    days = body["conference"]["days"]
    found = [e["title"] for day in days for room in day["rooms"].values() for e in room]
    assert said == found
    return said


def publish(conference):
    publish_schedule(conference=conference, name="", actor=SYSTEM)


def move(session, start, end, **fields):
    """Give a session another time, as it stands in the draft."""
    zone = session.conference.time_zone
    session.start_local, session.end_local = at(start), at(end)
    session.starts_at = resolve_local(session.start_local, zone)
    session.ends_at = resolve_local(session.end_local, zone)
    for name, value in fields.items():
        setattr(session, name, value)
    session.save()


def test_an_event_says_all_that_the_format_has_a_word_for(stage, client_as):
    track = TrackFactory(conference=stage.conference, slug="water", name={"en": "Water"})
    stage.panel.track, stage.panel.language, stage.panel.recorded = track, "en", True
    stage.panel.abstract = {"en": "First.\r\n\r\nSecond <b>&."}
    stage.panel.save()
    stage.moderator.position, stage.moderator.affiliation = "Director", "Institute"
    stage.moderator.save()
    MaterialFactory(conference=stage.conference, session=stage.panel, title={"en": "Paper"})
    publish(stage.conference)
    root = read_xml(client_as)
    (event,) = (e for e in root.iter("event") if e.get("code") == "PANEL2")
    assert event.get("guid") == str(stage.panel.uid)
    assert {e.tag: e.text for e in event if len(e) == 0} == {
        "date": "2027-03-18T11:00:00+01:00",
        "start": "11:00",
        "duration": "01:30",
        "room": "Great hall",
        "slug": "open_forum-panel2",
        "url": "http://testserver/institute/open-forum/sessions/PANEL2/",
        "title": "Who drinks first",
        "subtitle": None,
        "track": "Water",
        "type": "panel",
        "language": "en",
        "abstract": "First.\n\nSecond <b>&.",
        "description": None,
        "attachments": None,
    }
    assert event.findtext("recording/optout") == "false"
    assert [p.text for p in event.iter("person")] == ["Petar Ilić", "Prof. Dr. Mila Đorđević"]
    links = [(e.get("type"), e.get("service"), e.text) for e in event.iter("link")]
    assert links == [
        ("web", None, "Paper"),
        ("person", "panellist", "Panellist: Petar Ilić | Researcher | Institute for Testing"),
        ("person", "moderator", "Moderator: Prof. Dr. Mila Đorđević | Director | Institute"),
    ]
    assert root.findtext("conference/acronym") == "open_forum"
    assert root.findtext("conference/start") == "2027-03-18T10:00:00+01:00"
    assert root.findtext("version") == "Version 2"


def test_json_keeps_roles_posts_and_all_languages(stage, client_as):
    stage.moderator.position, stage.moderator.affiliation = "Director", "Institute"
    stage.moderator.minutes = 10
    stage.moderator.save()
    publish(stage.conference)
    body = read_json(client_as)
    day = body["conference"]["days"][0]
    (event,) = (e for e in day["rooms"]["Great hall"] if e["code"] == "PANEL2")
    person = event["persons"][1]
    assert {key: person[key] for key in ("name", "role", "honorific", "position", "minutes")} == {
        "name": "Mila Đorđević",
        "role": "moderator",
        "honorific": "Prof. Dr.",
        "position": "Director",
        "minutes": 10,
    }
    assert (event["date"], event["start"], event["duration"]) == (
        *("2027-03-18T11:00:00+01:00", "11:00", "01:30"),
    )
    assert (event["track"], event["language"], event["do_not_record"]) == (None, None, True)
    more = beside(client_as)["sessions"][str(stage.panel.uid)]
    assert more == {
        "kind": "panel",
        "attribution": "on_the_record",
        "title": {"en": "Who drinks first", "sr-Latn": "Ko prvi pije"},
    }
    serbian = read_json(client_as, "?lang=sr-Latn")
    assert serbian["conference"]["title"] == "Otvoreni forum"
    assert [room["name"] for room in serbian["conference"]["rooms"]] == ["Great hall"]


def test_numbers_are_for_ever_and_fit_into_32_bits(stage, client_as):
    session = SessionFactory(conference=stage.conference, code="ZZZZZZ", title={"en": "Last"})
    move(session, "2027-03-18T13:00", "2027-03-18T13:30")
    publish(stage.conference)
    root = read_xml(client_as)
    numbers = {e.get("code"): int(e.get("id")) for e in root.iter("event")}
    assert len(set(numbers.values())) == len(numbers)
    assert all(0 < number < 2**31 for number in numbers.values())
    assert numbers["PANEL2"] == int("PANEL2", 36) + 1


def test_only_what_is_published_and_only_whom_readers_may_see(stage, client_as):
    change_session(
        session=stage.panel, changes={"title": {"en": "Not yet"}}, expected=None, actor=SYSTEM
    )
    assert titles(client_as) == ["The long river", "Who drinks first", "Coffee"]
    change_participation(
        participation=stage.panellist, changes={"state": "declined"}, expected=None, actor=SYSTEM
    )
    for path in (XML, JSON):
        assert "Ilić" not in get(client_as, path).content.decode()
        assert "Mila" in get(client_as, path).content.decode()


def test_a_closed_session_keeps_its_abstract_and_its_files(stage, client_as):
    stage.panel.attribution = "closed"
    stage.panel.save()
    MaterialFactory(conference=stage.conference, session=stage.panel, title={"en": "Inside"})
    publish(stage.conference)
    for path in (XML, JSON):
        text = get(client_as, path).content.decode()
        assert "Who drinks first" in text
        assert "Four views" not in text
        assert "Inside" not in text


def test_what_is_cancelled_is_no_event(stage, client_as):
    stage.keynote.state = "cancelled"
    stage.keynote.save()
    publish(stage.conference)
    assert titles(client_as) == ["Who drinks first", "Coffee"]
    gone = beside(client_as)["cancelled"]
    assert [event["title"] for event in gone] == ["The long river"]


@pytest.mark.parametrize("state", ["cancelled", "postponed"])
def test_a_conference_without_a_date_has_days_without_events(stage, client_as, state):
    type(stage.conference).objects.update(state=state)
    assert titles(client_as) == []
    assert [day.get("date") for day in read_xml(client_as).iter("day")] == ["2027-03-18"]


def test_before_the_first_version_it_is_valid_and_empty(organisation, client_as):
    ConferenceFactory(
        organisation=organisation, slug="open-forum", end_local=at("2027-03-20T12:00")
    )
    root = read_xml(client_as)
    assert root.findtext("version") == "0"
    assert [day.get("date") for day in root.iter("day")] == [
        *("2027-03-18", "2027-03-19", "2027-03-20"),
    ]
    assert read_json(client_as)["conference"]["daysCount"] == 3


def test_a_night_belongs_to_the_evening_before_it(stage, client_as):
    move(stage.keynote, "2027-03-18T23:30", "2027-03-19T00:30")
    move(stage.panel, "2027-03-19T01:00", "2027-03-19T06:00")
    publish(stage.conference)
    (day,) = read_xml(client_as).iter("day")
    assert (day.get("date"), day.get("start"), day.get("end")) == (
        "2027-03-18",
        "2027-03-18T05:00:00+01:00",
        "2027-03-19T06:00:00+01:00",
    )
    dates = [event.findtext("date") for event in day.iter("event")]
    assert dates[:2] == ["2027-03-18T23:30:00+01:00", "2027-03-19T01:00:00+01:00"]


def test_offsets_and_lengths_are_those_of_the_day_on_which_clocks_change(stage, client_as):
    move(stage.panel, "2027-03-28T01:30", "2027-03-28T04:00")
    move(stage.keynote, "2027-03-28T02:30", "2027-03-28T05:30")
    publish(stage.conference)
    events = {e.get("code"): e for e in read_xml(client_as).iter("event")}
    panel, keynote = events["PANEL2"], events["KEYN22"]
    assert (panel.findtext("date"), panel.findtext("duration")) == (
        *("2027-03-28T01:30:00+01:00", "01:30"),
    )
    # 02:30 is not there on that day.
    assert (keynote.findtext("date"), keynote.findtext("start")) == (
        *("2027-03-28T03:30:00+02:00", "03:30"),
    )


def test_rooms_of_one_name_are_told_apart_by_their_houses(stage, client_as):
    other = VenueFactory(organisation=stage.conference.organisation, name={"en": "Old mill"})
    ConferenceVenueFactory(conference=stage.conference, venue=other, order=1)
    room = RoomFactory(venue=other, name={"en": "Great hall"})
    move(stage.panel, "2027-03-18T11:00", "2027-03-18T12:30", room=room)
    publish(stage.conference)
    names = {e.get("code"): e.findtext("room") for e in read_xml(client_as).iter("event")}
    assert names == {
        "KEYN22": "Great hall (River House)",
        "PANEL2": "Great hall (Old mill)",
        "COFFEE": "",
    }


def test_hostile_texts_are_texts(stage, client_as):
    stage.panel.title = {"en": f"]]>{HOSTILE}"}
    stage.panel.abstract = {"en": "&xxe; <!DOCTYPE x>"}
    stage.panel.save()
    type(stage.people["Mila"]).objects.update(given_name='Mila\x0b"><x>')
    publish(stage.conference)
    root = read_xml(client_as)
    (event,) = (e for e in root.iter("event") if e.get("code") == "PANEL2")
    assert event.findtext("title") == f"]]>{HOSTILE}"
    assert event.findtext("abstract") == "&xxe; <!DOCTYPE x>"
    assert event.findall("persons/person")[1].text == 'Prof. Dr. Mila"><x> Đorđević'
    assert f"]]>{HOSTILE}" in titles(client_as)


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        (XML, "application/vnd.c3voc.schedule+xml; charset=utf-8", "open-forum-schedule.xml"),
        (JSON, "application/json", "open-forum-schedule.json"),
    ],
)
def test_it_says_what_it_is(stage, client_as, path, kind, name):
    response = get(client_as, path, accept_encoding="gzip")
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f'inline; filename="{name}"'
    assert response["Vary"] == "Accept-Language, Accept-Encoding"
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == get(client_as, path).content
    assert "X-Robots-Tag" not in response
    assert not response.cookies
    head = client_as().head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert client_as().post(path).status_code == 405


@both
def test_who_has_it_already_gets_304_until_its_bytes_change(stage, client_as, path):
    tag = get(client_as, path)["ETag"]
    assert get(client_as, path, if_none_match=tag).status_code == 304
    # The draft is nobody's business yet.
    change_session(
        session=stage.panel, changes={"title": {"en": "Not yet"}}, expected=None, actor=SYSTEM
    )
    assert get(client_as, path, if_none_match=tag).status_code == 304
    publish(stage.conference)
    answer = get(client_as, path, if_none_match=tag)
    assert (answer.status_code, answer["ETag"] != tag) == (200, True)


@both
def test_strangers_meet_neither_drafts_nor_private_conferences(stage, client_as, path):
    rows = type(stage.conference).objects
    rows.update(visibility="unlisted")
    assert get(client_as, path)["X-Robots-Tag"] == "noindex"
    rows.update(visibility="private")
    assert get(client_as, path).status_code == 404
    rows.update(visibility="public", state="draft")
    assert get(client_as, path).status_code == 404


@both
def test_a_former_slug_leads_here(stage, client_as, path):
    stage.conference.slug_history.create(slug="old-forum")
    answer = get(client_as, path.replace("open-forum", "old-forum") + "?lang=en")
    assert (answer.status_code, answer["Location"]) == (301, f"{path}?lang=en")


@both
def test_a_minute_of_the_conference_makes_nothing_anew(stage, client_as, path, frozen):
    frozen("2027-03-18T09:10")
    first = get(client_as, path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("events.views.public.exports.schedule_of", None)
        frozen("2027-03-18T09:12")
        assert get(client_as, path)["ETag"] == first["ETag"]


@both
def test_warm_it_asks_the_database_nothing(stage, settings, path, django_assert_num_queries):
    settings.PUBLIC_KEPT_SECONDS = 5
    cache.clear()
    keeping.forget()
    cold = Client().get(path)
    with django_assert_num_queries(0):
        warm = Client().get(path)
        unchanged = Client().get(path, headers={"If-None-Match": cold["ETag"]})
    keeping.forget()
    assert (warm.content, unchanged.status_code) == (cold.content, 304)


def test_somebody_on_it_under_two_roles_stands_there_twice(stage, client_as):
    ParticipationFactory(session=stage.panel, person=stage.people["Petar"], role="rapporteur")
    publish(stage.conference)
    (event,) = (e for e in read_xml(client_as).iter("event") if e.get("code") == "PANEL2")
    roles = sorted(e.get("service") for e in event.iter("link"))
    assert roles == ["moderator", "panellist", "rapporteur"]
