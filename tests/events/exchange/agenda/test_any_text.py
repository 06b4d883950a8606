"""Any text is read, in a time that grows with its length."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from events.enums import Attribution, ParticipationRole, SessionKind
from events.exchange.agenda import read
from events.incoming import ReadingOptions
from tests.events.exchange.agenda.telling import programme

PIECES = st.sampled_from(
    [
        "10:00",
        "10.00",
        "10h",
        "9 am",
        "10:00–11:30",
        "10-11.30",
        "od 10 do 11 časova",
        "24:00",
        "23:30",
        "0:10",
        "Panel",
        "Panel 1:",
        "\n    Keynote",
        "Uvodna reč:",
        "Pauza za kafu",
        "Moderator:",
        "Panellists",
        "Učesnici:",
        "- ",
        "• ",
        "1. ",
        "# ",
        "** ",
        "\t",
        "   ",
        "„",
        "“",
        '"',
        "\n    H.E. ",
        "Prof. Dr. ",
        "Nj. E. ",
        "Ana Anić",
        "OKI Shoichi",
        "van der ",
        "BCSP",
        ", ",
        "; ",
        " and ",
        " i ",
        "(tbc)",
        "(",
        ")",
        "TBA",
        "–",
        ":",
        "\n    Thursday, 20 February 2025",
        "20.02.2025.",
        "четвртак",
        "Day 2",
        "31 December 9999",
        "29.2.2025.",
        "Room: ",
        "Sala 1",
        "\n    Chatham House",
        "closed session",
        "",
        " a ",
        " b ",
        "",
        "---",
        "",
        "Director",
        "University of Belgrade",
        "Tema:",
        "Jezik: srpski",
        "\n    https://example.org/a",
        "90 min",
        "(15 min)",
        "Љиљана Њ.",
        "<b>",
        "</td><td>",
        "{{ x }}",
        "&amp;",
        "†",
        "Session #3",
        "Time",
        "\n    Title",
        "Speakers",
        "Opis:",
        "\n",
        "\n",
        "\n",
        "\n\n",
        "  ",
        ". ",
        ", ",
    ]
)
PAGES = st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400) | PAGES)
@example("10:00 Panel\nChair: Dr, :\nChair: –\nPanellists: (PCB), *, ( )\n- Dr.\n- (PCB) .\n")
def test_any_text_is_read(text):
    whole = programme(text)
    people = {person.ref for person in whole.people}
    rooms = {room.ref for room in whole.rooms}
    tracks = {track.ref for track in whole.tracks}
    lines = len(text.splitlines()) + 1
    assert len(people) == len(whole.people)
    assert len({session.ref for session in whole.sessions}) == len(whole.sessions)
    assert all(person.given_name.strip() for person in whole.people)
    assert all(len(person.given_name) <= 120 for person in whole.people)
    assert all(0 < mark.line <= lines and mark.sentence for mark in whole.marks)
    assert {mark.level for mark in whole.marks} <= {"unsure", "skipped", "broken"}
    for session in whole.sessions:
        assert session.kind in SessionKind.values
        assert session.attribution in {"", *Attribution.values}
        assert all(0 < len(title) <= 300 for title in session.title.values())
        assert (session.start is None) == (session.end is None)
        assert session.start is None or session.start < session.end
        assert session.room in {"", *rooms}
        assert session.track in {"", *tracks}
        for part in session.parts:
            assert part.person in people
            assert part.role in ParticipationRole.values
    assert programme(text) == whole


@pytest.mark.parametrize(
    "line",
    [
        "10:00 Panel: Who speaks – Ana Anić (BCSP), Petar Perić and Ivan Ivić",
        "- Ana Anić, Director, Centre for Peace (tbc)",
        "a" * 300,
        "(" * 300,
        '"“„' * 100,
        " - – — : " * 30,
        "A. B. " * 50,
        "10:00 – " * 40,
        "| a " * 80,
        "20 20 20 February " * 15,
        "Ana Anić and " * 25,
        "**__*_" * 50,
        "<a<a<a" * 50,
        "1h 1 min " * 30,
    ],
)
def test_a_long_text_takes_a_short_time(line):
    short, long = "\n".join([line] * 100), "\n".join([line] * 900)
    programme(short)
    started = time.process_time()
    programme(long)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "letter", ["a", "A ", "(", "- ", ", ", ": ", "„", "1", "\t", "* ", "A, ", "H.E. "]
)
def test_one_endless_line_takes_a_short_time(letter):
    started = time.process_time()
    programme(f"10:00 {letter * (290_000 // len(letter))}")
    assert time.process_time() - started < 3


@pytest.mark.parametrize("text", ["a" * 300_001, "\n" * 6_000])
def test_a_text_beyond_all_measure_is_refused(text):
    with pytest.raises(DomainError) as refused:
        programme(text)
    assert refused.value.kind == "too-large"


@pytest.mark.parametrize("first_day", [dt.date(1, 1, 1), dt.date(9999, 12, 31)])
def test_days_at_the_ends_of_time_are_read(first_day):
    options = ReadingOptions(first_day, "Europe/Belgrade")
    read("Day 7\n23:00 Panel\n0:30 Drinks\nSunday\n10:00 Panel", options)
