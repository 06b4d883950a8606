"""schedule.json: the classic one and the hub's."""

import datetime as dt
import json

import pytest

from core.errors import DomainError
from events.exchange.formats import FORMATS, sniff
from events.exchange.schedule_json import read
from events.incoming import IncomingPart


def classic(**event):
    whole = {
        "id": 7, "guid": "8079583e-8321-506c-95af-fd2903a5f075",
        "date": "2027-03-28T10:00:00+02:00",
        "start": "10:00", "duration": "00:45", "room": "Gray room", "title": "Opening",
        "subtitle": "Of all", "track": "Main", "type": "Panel", "language": "de",
        "abstract": "A", "description": "A\n\nand B", "do_not_record": True,
        "persons": [{"id": 3, "code": "NQTF8Y", "public_name": "Brian O. Robinson"}],
        "links": [{"title": "Site", "url": "/site"}], "attachments": [],
    } | event  # fmt: skip
    conference = {
        "acronym": "forum", "title": "Forum", "start": "2027-03-28", "daysCount": 1,
        "time_zone_name": "Europe/Belgrade",
        "rooms": [{"name": "Gray room", "guid": "b", "capacity": 40}],
        "days": [{"index": 1, "date": "2027-03-28", "rooms": {"Gray room": [whole]}}],
    }  # fmt: skip
    return {
        "schedule": {"version": "1", "base_url": "https://example.org/x/", "conference": conference}
    }


def dump(record):
    return json.dumps(record).encode()


def test_a_classic_event_comes_in(options):
    found = read(dump(classic()), options)
    [session] = found.sessions
    assert session.title == {"en": "Opening"}
    assert session.abstract == {"en": "Of all\n\nA\n\nand B"}
    assert (session.start, session.end) == (
        dt.datetime(2027, 3, 28, 10),
        dt.datetime(2027, 3, 28, 10, 45),
    )
    assert session.parts == (IncomingPart("NQTF8Y", "panellist"),)
    assert [(link.title, link.url) for link in session.links] == [
        ("Site", "https://example.org/site")
    ]
    assert [(r.ref, r.capacity) for r in found.rooms] == [("Gray room", 40)]
    assert (session.recorded, session.language) == (False, "")
    [mark] = found.marks
    assert mark.sentence.startswith("1 session is in “de”, which is no language of this")


def test_what_breaks_the_published_schema_is_read_and_marked(options):
    record = classic(persons=[{"id": "x", "code": "MÄaN0", "public_name": "Mänu"}], language="en")
    record["schedule"]["conference"]["daysCount"] = 3
    record["schedule"]["rooms"] = record["schedule"]["conference"].pop("rooms")
    found = read(dump(record), options)
    assert len(found.sessions) == 1
    assert [m.level for m in found.marks] == ["unsure"] * 3


def test_the_second_version_comes_in(options):
    guid, person = "270fa44c-821a-577f-8ca3-33e8d4a8c2a7", "0c16ffaa-709d-599f-959f-9a38b911361a"
    record = {
        "schedule": {
            "conference": {
                "acronym": "f", "title": "F",
                "tracks": [{"name": "Science", "slug": "science", "colors": {"light": "#00A356"}}],
                "rooms": [{"name": "Hall 1", "guid": "ba692ba3", "capacity": 3025}],
            },
            "persons": [{"guid": person, "name": "G. Bogk", "biography": "Writes."}],
            "events": [
                {
                    "guid": guid, "title": "Of science", "type": "PODIUM",
                    "start": "2027-03-28T10:30:00+02:00", "end": "2027-03-28T11:00:00+02:00",
                    "room": {"name": "Hall 1", "guid": "ba692ba3"}, "track": {"slug": "science"},
                    "participants": [{"guid": person, "name": "G. Bogk", "role": "MODERATOR"}],
                    "links": [{"type": "FEEDBACK", "url": "https://example.org/f"}],
                }
            ],
        }
    }  # fmt: skip
    found = read(dump(record), options)
    [session] = found.sessions
    assert (session.ref, session.room, session.track) == (guid, "ba692ba3", "science")
    assert session.parts == (IncomingPart(person, "moderator"),)
    assert (session.kind, session.links) == ("panel", ())
    assert [p.bio for p in found.people] == [{"en": "Writes."}]
    assert [t.colour for t in found.tracks] == ["#00a356"]


@pytest.mark.parametrize(
    "content", [b"{}", b"[]", b'{"schedule": 1}', b'{"schedule": {"conference"']
)
def test_what_is_no_schedule_is_refused(options, content):
    with pytest.raises(DomainError):
        read(content, options)


def test_it_is_told_by_what_it_holds(options):
    assert sniff(dump(classic())) == "schedule_json"
    assert FORMATS["schedule_json"] is read
