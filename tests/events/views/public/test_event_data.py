"""JSON-LD of conferences, checked against a schema of what search engines require and recommend."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from core.actors import SYSTEM
from events.services.conferences import change_conference
from events.services.lifecycle import cancel_conference, postpone_conference
from events.services.schedules import publish_schedule
from events.services.sessions import cancel_session
from tests.events.views.reading import HOSTILE, PAGE, data_of, get
from tests.factories.events import ConferenceFactory, PartnerFactory

SCHEMA = json.loads((Path(__file__).parent / "google_event.json").read_text())


def complaints(data):
    """Return what the schema objects to, by where it stands."""
    found = Draft202012Validator(SCHEMA).iter_errors(data)
    return ["/".join(map(str, error.absolute_path)) or error.message for error in found]


def valid(client_as, path=PAGE):
    data = data_of(get(client_as, path))
    assert complaints(data) == []
    return data


def test_a_conference_and_each_of_its_sessions_is_a_valid_event(stage, client_as):
    PartnerFactory(conference=stage.conference, kind="funder", url="https://fund.example")
    PartnerFactory(conference=stage.conference, kind="project", name={"en": "Water 2030"})
    data = valid(client_as)
    assert [one["name"] for one in data["organizer"]] == [
        "Institute for Testing",
        "Faculty of Water",
    ]
    assert [one["name"] for one in data["funder"]][1:] == ["Water 2030"]
    keynote, panel = data["subEvent"]
    assert panel == {
        "@type": "Event",
        "name": "Who drinks first",
        "url": "http://testserver/institute/open-forum/sessions/PANEL2/",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": [{**data["location"][0], "name": "Great hall, River House"}],
        "organizer": data["organizer"],
        "image": data["image"],
        "isAccessibleForFree": True,
        "startDate": "2027-03-18T11:00+01:00",
        "endDate": "2027-03-18T12:30+01:00",
        "description": "Four views.",
        "performer": data["performer"][1:],
    }
    assert keynote["performer"] == data["performer"][:1]


@pytest.mark.parametrize("mode", ["in_person", "online", "hybrid"])
@pytest.mark.parametrize("language", ["en", "sr-Latn"])
def test_wherever_it_is_and_in_whatever_language(stage, client_as, mode, language):
    stage.conference.mode = mode
    stage.conference.save()
    data = valid(client_as, f"{PAGE}?lang={language}")
    assert [place["@type"] for place in data["location"]] == {
        "in_person": ["Place"],
        "online": ["VirtualLocation"],
        "hybrid": ["Place", "VirtualLocation"],
    }[mode]
    assert data["name"] == {"en": "Open Forum", "sr-Latn": "Otvoreni forum"}[language]


@pytest.mark.parametrize(
    ("verb", "status"), [(cancel_conference, "Cancelled"), (postpone_conference, "Postponed")]
)
def test_what_does_not_take_place_says_so_and_offers_nothing(stage, client_as, verb, status):
    verb(conference=stage.conference, expected=None, actor=SYSTEM)
    data = valid(client_as)
    everything = [data, *data["subEvent"]]
    assert {one["eventStatus"] for one in everything} == {f"https://schema.org/Event{status}"}
    assert "offers" not in data


def test_a_cancelled_session_says_so(stage, client_as):
    cancel_session(session=stage.panel, expected=None, actor=SYSTEM)
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    data = valid(client_as)
    assert [one["eventStatus"].rpartition("/")[2] for one in (data, *data["subEvent"])] == [
        *("EventScheduled", "EventScheduled", "EventCancelled")
    ]


def move(stage, days):
    stage.conference.refresh_from_db()
    moved = dt.timedelta(days=days)
    change_conference(
        conference=stage.conference,
        changes={
            "start_local": stage.conference.start_local + moved,
            "end_local": stage.conference.end_local + moved,
        },
        expected=None,
        actor=SYSTEM,
    )


def test_a_moved_one_says_on_which_days_it_was_to_be(stage, client_as):
    move(stage, 7)
    data = valid(client_as)
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data["previousStartDate"] == ["2027-03-18"]
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    move(stage, -3)
    data = valid(client_as)
    assert (data["startDate"], data["previousStartDate"]) == (
        *("2027-03-22T10:00+01:00", ["2027-03-25", "2027-03-18"]),
    )
    # Back on the first day: there it was before, and on the others.
    move(stage, -4)
    assert valid(client_as)["previousStartDate"] == ["2027-03-25"]


def test_nothing_is_offered_any_more_when_it_is_over(stage, client_as, frozen):
    frozen("2027-03-19T10:00")
    assert "offers" not in valid(client_as)


def test_a_house_without_a_street_is_its_own_address(stage, client_as):
    for name in ("street", "city", "postal_code", "country"):
        setattr(stage.venue, name, "")
    stage.venue.save()
    stage.conference.organisation.country = ""
    stage.conference.organisation.save()
    data = valid(client_as)
    assert data["location"] == [{"@type": "Place", "name": "River House", "address": "River House"}]
    assert data["offers"]["priceCurrency"] == "EUR"


def test_as_long_as_nobody_knows_where_there_is_none(client_as, organisation):
    ConferenceFactory(organisation=organisation, slug="nowhere")
    assert "ld+json" not in get(client_as, "/institute/nowhere/").content.decode()


@pytest.mark.parametrize(
    "change", [{"visibility": "unlisted"}, {"visibility": "private"}, {"state": "draft"}]
)
def test_only_public_ones_have_any(stage, client_as, change):
    for name, value in change.items():
        setattr(stage.conference, name, value)
    stage.conference.save()
    for path in (PAGE, f"{PAGE}programme/", f"{PAGE}sessions/PANEL2/"):
        assert "ld+json" not in get(client_as, path).content.decode()


def test_nothing_that_is_written_ends_the_script(stage, client_as):
    hostile = f"{HOSTILE}<!--<script>\u2028"
    stage.conference.title = {"en": hostile}
    stage.conference.description = stage.conference.subtitle = {"en": hostile}
    stage.conference.save()
    stage.panel.title = stage.panel.abstract = {"en": hostile}
    stage.panel.save()
    stage.venue.name = {"en": hostile}
    stage.venue.street = hostile[:200]
    stage.venue.save()
    stage.room.name = {"en": hostile}
    stage.room.save()
    organisation = stage.conference.organisation
    organisation.name = hostile[:200]
    organisation.save()
    PartnerFactory(conference=stage.conference, kind="funder", name={"en": hostile})
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    page = get(client_as).content.decode()
    script = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert not set("<>&\u2028\u2029") & set(script)
    assert valid(client_as)["name"] == hostile


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("startDate",), "2027-03-18T10:00"),  # no offset
        (("name",), " "),
        (("location",), []),
        (("location", 0, "address"), {}),
        (("eventStatus",), "https://schema.org/EventRescheduled"),  # from when?
        (("eventStatus",), "EventScheduled"),
        (("organizer", 0, "name"), ""),
        (("image",), []),
        (("subEvent", 0, "location"), None),
        (("subEvent", 1, "startDate"), "2027-03-18"),
        (("offers", "priceCurrency"), "din"),
        (("unknown",), "x"),
    ],
)
def test_the_schema_refuses_what_search_engines_would(stage, client_as, path, value):
    data = valid(client_as)
    broken = copy.deepcopy(data)
    place = broken
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert complaints(broken) != []


def test_a_large_programme_stays_a_light_page(stage, client_as, monkeypatch):
    monkeypatch.setattr("events.views.public.structured_data._MOST", 1)
    data = valid(client_as)
    assert [len(data[name]) for name in ("subEvent", "performer")] == [1, 1]
