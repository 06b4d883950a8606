"""schedule.xml and schedule.json, judged by the schemas that c3voc publishes.

The schemas are not ours to hand out, so SCHEDULE_SCHEMAS names the folder in which they lie
(docs/operations.md): `voc-schedule.xml.xsd` and `voc-schema.json`.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest
import xmlschema
from django.core.cache import cache
from django.test import Client

from core.actors import SYSTEM
from core.clock import resolve_local
from events.services.schedules import publish_schedule
from tests.conformance.schemas import SCHEMAS
from tests.events.views.reading import HOSTILE
from tests.factories.accounts import OrganisationFactory
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    MaterialFactory,
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
)

pytestmark = [pytest.mark.conformance, pytest.mark.django_db]
ZONES = (
    *("Europe/Belgrade", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"),
    *("America/Argentina/Buenos_Aires", "Etc/GMT+1"),
)
SLUGS = ("open-forum", "f", "2027", "a-b-c-d-e")
each_slug = pytest.mark.parametrize("slug", SLUGS)
each_zone = pytest.mark.parametrize("zone", ZONES)


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def programme(slug="open-forum", zone="Europe/Belgrade", *, published=True):
    """Make a conference with all that a programme may hold; return its address."""
    host = OrganisationFactory(slug=f"host-{slug}", accent="#0b5d5e")
    conference = ConferenceFactory(organisation=host, slug=slug, time_zone=zone)
    venue = ConferenceVenueFactory(conference=conference).venue
    rooms = [RoomFactory(venue=venue, name={"en": name}) for name in ("Hall", "Hall", "Сала 1")]
    track = TrackFactory(conference=conference, slug="eu-and-us", name={"en": "EU & us"})
    person = PersonFactory(organisation=host, given_name="Đorđe", family_name=HOSTILE[:40])
    kinds = ("panel", "keynote", "opening_remarks", "presentation", "workshop", "break")
    for number, kind in enumerate(kinds):
        session = SessionFactory(
            conference=conference,
            kind=kind,
            title={"en": f"{HOSTILE} {number}", "sr-Cyrl": "Ко први пије"},
            abstract={"en": "One.\n\n*Two* & \x0b<three>"},
            track=track if number % 2 else None,
            language="sr-Latn" if number % 2 else "",
            recorded=bool(number % 2),
            **slot(zone, number, None if kind == "break" else rooms[number % 3]),
        )
        for order, role in enumerate(("moderator", "panellist", "panellist")):
            someone = person if order == 0 else PersonFactory(organisation=host)
            ParticipationFactory(session=session, person=someone, role=role, order=order)
        MaterialFactory(conference=conference, session=session, url="https://example.org/a b/č?x=<")
    if published:
        publish_schedule(conference=conference, name="latest", actor=SYSTEM)
    return f"/{host.slug}/{slug}/"


def slot(zone, number, room):
    """Return a time: the first one ends after five days, the last one is past midnight."""
    start = dt.datetime.fromisoformat("2027-03-27T10:00") + dt.timedelta(hours=3 * number)
    end = start + (dt.timedelta(days=5) if number == 0 else dt.timedelta(minutes=45))
    return {
        "start_local": start,
        "end_local": end,
        "starts_at": resolve_local(start, zone),
        "ends_at": resolve_local(end, zone),
        "room": room,
    }


def complaints_of_xml(path):
    schema = xmlschema.XMLSchema10(str(SCHEMAS / "voc-schedule.xml.xsd"))
    return [error.reason for error in schema.iter_errors(Client().get(path).content.decode())]


def complaints_of_json(path, folder):
    """Return what check-jsonschema says of a file, which c3voc judges its own by."""
    file = Path(folder) / "schedule.json"
    file.write_bytes(Client().get(path).content)
    found = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema", "--color", "never"),
            *("--schemafile", str(SCHEMAS / "voc-schema.json"), str(file)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if found.returncode == 0 else found.stdout + found.stderr


@each_slug
def test_the_files_are_valid_whatever_the_conference_is_called(slug, tmp_path):
    page = programme(slug)
    assert complaints_of_xml(f"{page}schedule.xml") == []
    assert complaints_of_json(f"{page}schedule.json", tmp_path) == ""


@each_zone
def test_the_files_are_valid_in_each_zone(zone, tmp_path):
    page = programme(zone=zone)
    assert complaints_of_xml(f"{page}schedule.xml?lang=sr-Latn") == []
    assert complaints_of_json(f"{page}schedule.json?lang=sr-Latn", tmp_path) == ""


def test_the_files_are_valid_before_there_is_a_programme(tmp_path):
    page = programme(published=False)
    assert complaints_of_xml(f"{page}schedule.xml") == []
    assert complaints_of_json(f"{page}schedule.json", tmp_path) == ""


def test_the_schemas_are_no_rubber_stamp(tmp_path):
    page = programme()
    schema = xmlschema.XMLSchema10(str(SCHEMAS / "voc-schedule.xml.xsd"))
    text = Client().get(f"{page}schedule.xml").content.decode()
    assert not schema.is_valid(text.replace("<duration>", "<duration>one "))
    body = json.loads((SCHEMAS / "voc-schema.json").read_text())
    assert body["definitions"]["Event"]["additionalProperties"] is False
