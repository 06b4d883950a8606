"""schedule.xml as different programs write it."""

import datetime as dt

import pytest

from core.errors import DomainError
from events.exchange.schedule_xml import read
from events.incoming import IncomingLink, IncomingPart

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<schedule>
  <version>3</version>
  <conference>
    <acronym>forum27</acronym>
    <title>Open Forum 2027</title>
    <start>2027-03-28</start>
    <days>1</days>
    <time_zone_name>Europe/Belgrade</time_zone_name>
    <track name="Security" color="#0B5D5E"/>
  </conference>
  <day index="1" date="2027-03-28" start="2027-03-28T09:00:00+02:00">
    <room name="Great hall">
      <event guid="0f7e54a6-6f7c-4f0e-9d32-0d9a3a3b6a11" id="12">
        <date>2027-03-28T10:00:00+02:00</date>
        <start>10:00</start>
        <duration>01:30</duration>
        <room>Great hall</room>
        <title>Small states &amp; large neighbours</title>
        <subtitle>A panel</subtitle>
        <track>Security</track>
        <type>podium</type>
        <language>en</language>
        <abstract>&lt;p&gt;What can &lt;b&gt;small&lt;/b&gt; states do?&lt;/p&gt;</abstract>
        <description>More of it.</description>
        <recording><license>CC BY</license><optout>false</optout></recording>
        <persons>
          <person id="1">Dr. Ana Kovač</person>
          <person id="2" role="moderator">Jo van der Berg</person>
        </persons>
        <links><link href="https://example.org/paper">Paper</link>
               <link href="https://example.org/f">Submit feedback</link></links>
        <attachments><attachment type="slides" href="https://example.org/a.pdf"/></attachments>
      </event>
    </room>
  </day>
</schedule>
"""


def schedule(days, conference="<title>Forum</title>"):
    zone = "<time_zone_name>Europe/Belgrade</time_zone_name>"
    return f"<schedule><conference>{conference}{zone}</conference>{days}</schedule>".encode()


def event(start, title="Late", more="", **attributes):
    said = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return (
        f"<room name='Hall'><event{said}><start>{start}</start><duration>00:30</duration>"
        f"<title>{title}</title>{more}</event></room>"
    )


def test_a_whole_event_comes_in(options):
    found = read(WHOLE.encode(), options)
    assert (found.source, found.title, found.time_zone) == (
        "forum27",
        "Open Forum 2027",
        "Europe/Belgrade",
    )
    [session] = found.sessions
    assert session.ref == "0f7e54a6-6f7c-4f0e-9d32-0d9a3a3b6a11"
    assert session.title == {"en": "Small states & large neighbours"}
    assert session.abstract == {"en": "A panel\n\nWhat can **small** states do?\n\nMore of it."}
    assert (session.start, session.end) == (
        dt.datetime(2027, 3, 28, 10),
        dt.datetime(2027, 3, 28, 11, 30),
    )
    assert (session.kind, session.room, session.track) == ("panel", "Great hall", "Security")
    assert session.parts == (IncomingPart("1", "panellist"), IncomingPart("2", "moderator"))
    assert session.links == (
        IncomingLink("Slides", "https://example.org/a.pdf"),
        IncomingLink("Paper", "https://example.org/paper"),
    )
    assert (session.line, session.language, session.recorded) == (14, "en", True)
    assert [(p.honorific, p.given_name, p.family_name) for p in found.people] == [
        ("Dr.", "Ana", "Kovač"),
        ("", "Jo", "van der Berg"),
    ]
    assert [(t.ref, t.colour) for t in found.tracks] == [("Security", "#0b5d5e")]


def test_the_same_file_gives_the_same_programme(options):
    assert read(WHOLE.encode(), options) == read(WHOLE.encode(), options)


def test_without_a_date_on_events_the_day_and_its_change_count(options):
    days = (
        "<day date='2027-03-28'>"
        + event("09:30", id="1")
        + event("00:15", "Night", id="2")
        + "</day>"
    )
    found = read(schedule(days, "<title>F</title><day_change>09:00:00</day_change>"), options)
    assert [s.start for s in found.sessions] == [
        dt.datetime(2027, 3, 28, 9, 30),
        dt.datetime(2027, 3, 29, 0, 15),
    ]
    assert [s.ref for s in found.sessions] == ["1", "2"]
    assert found.source == "f"


def test_a_session_after_midnight_keeps_its_own_date(options):
    late = event("00:30", more="<date>2027-03-29T00:30:00+02:00</date>", id="1")
    [session] = read(schedule(f"<day date='2027-03-28'>{late}</day>"), options).sessions
    assert session.start == dt.datetime(2027, 3, 29, 0, 30)


def test_a_day_without_a_date_is_counted_from_the_first(options):
    days = f"<day>{event('10:00', id='1')}</day><day>{event('10:00', 'B', id='2')}</day>"
    found = read(schedule(days), options)
    assert [s.start.date() for s in found.sessions] == [dt.date(2027, 3, 28), dt.date(2027, 3, 29)]
    assert [m.field for m in found.marks] == ["time", "time"]


def test_an_identifier_that_stands_twice_is_said_and_both_come_in(options):
    days = f"<day date='2027-03-28'>{event('10:00', id='1')}{event('12:00', 'B', id='1')}</day>"
    found = read(schedule(days), options)
    assert [s.ref for s in found.sessions] == ["1", "1#2"]
    assert [m.level for m in found.marks] == ["unsure"]


def test_a_session_that_stands_twice_comes_in_once(options):
    days = f"<day date='2027-03-28'>{event('10:00', id='1')}{event('10:00', id='1')}</day>"
    found = read(schedule(days), options)
    assert [s.ref for s in found.sessions] == ["1"]
    assert [m.level for m in found.marks] == ["skipped"]


def test_times_of_another_zone_become_local_and_are_said(options):
    day = event("10:00", more="<date>2027-07-01T10:00:00+08:00</date>", id="1")
    found = read(schedule(f"<day date='2027-07-01'>{day}</day>"), options)
    assert found.sessions[0].start == dt.datetime(2027, 7, 1, 4)
    assert [m.field for m in found.marks] == ["time"]


def test_times_without_any_zone_are_said(options):
    day = f"<day date='2027-03-28'>{event('10:00', id='1')}</day>"
    found = read(schedule(day).replace(b"time_zone_name", b"other"), options)
    assert found.sessions[0].start == dt.datetime(2027, 3, 28, 10)
    assert [m.sentence for m in found.marks] == [
        "The file does not say in which zone its times are; they were taken for those of "
        + options.time_zone
        + "."
    ]


def test_an_event_without_a_title_or_a_time_is_marked(options):
    days = f"<day date='2027-03-28'>{event('10:00', '', id='1')}{event('x', 'B', id='2')}</day>"
    found = read(schedule(days), options)
    assert [(s.ref, s.start, s.room) for s in found.sessions] == [("2", None, "")]
    assert [m.level for m in found.marks] == ["broken", "unsure"]


@pytest.mark.parametrize(
    "content",
    [b"", b"<schedule/>", b"<rss/>", b"<schedule>", b"\x00\x01\x02", b"title;room\n1;2"],
)
def test_what_is_no_schedule_is_refused(options, content):
    with pytest.raises(DomainError) as refusal:
        read(content, options)
    assert refusal.value.kind == "validation-failed"
