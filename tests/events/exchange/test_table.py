"""Programmes as tables, and which format a file is taken for."""

from __future__ import annotations

import datetime as dt

import pytest

from core.errors import DomainError
from events.exchange import table
from events.exchange.programme import guess_format
from events.exchange.table_columns import guess_columns
from events.incoming import ReadingOptions

OPTIONS = ReadingOptions(dt.date(2027, 3, 18), "Europe/Belgrade", "en", ("en",))


def at(clock, day=18):
    return dt.datetime.fromisoformat(f"2027-03-{day:02}T{clock}")


def read(text, encoding="utf-8"):
    return table.read(text.encode(encoding), OPTIONS)


def read_guessed(text):
    assert guess_format(text.encode()) == "table"
    return read(text)


def people_of(programme, number):
    names = {one.ref: one.family_name for one in programme.people}
    return [(names[part.person], part.role) for part in programme.sessions[number].parts]


def test_a_row_is_a_session_with_its_people():
    found = read(
        "Datum;Vreme;Naslov;Sala;Moderator;Učesnici\n"
        "18.03.2027.;10:00–10:15;Otvaranje;Velika sala;;Prof. dr Mila Đorđević (Institut za reke)\n"
        ";10:15-11:45;Panel: Ko pije prvi;Velika sala;Ana Kovač;Petar Ilić, Vera Cvijić\n",
        "cp1250",
    )
    first, second = found.sessions
    assert (first.kind, first.start, first.end) == ("opening_remarks", at("10:00"), at("10:15"))
    assert (second.kind, second.start, second.end) == ("panel", at("10:15"), at("11:45"))
    assert {one.name["en"] for one in found.rooms} == {"Velika sala"}
    assert found.people[0].affiliation == "Institut za reke"
    assert people_of(found, 1) == [
        ("Ilić", "panellist"),
        ("Cvijić", "panellist"),
        ("Kovač", "moderator"),
    ]


def test_a_row_without_a_title_goes_on_with_the_session_above():
    found = read(
        "Start,Title,Speaker,Organisation,Role\n"
        "10:00,Rivers and people,Ana Kovač,Vreme,moderator\n"
        ",,Petar Ilić,Water Works,\n"
        "12:00,Lunch,,,\n"
    )
    assert [one.title["en"] for one in found.sessions] == ["Rivers and people", "Lunch"]
    assert people_of(found, 0) == [("Kovač", "moderator"), ("Ilić", "presenter")]
    assert found.people[1].affiliation == "Water Works"


@pytest.mark.parametrize(
    ("row", "start", "end"),
    [
        ("2027-03-19;09:00;09:30;", at("09:00", 19), at("09:30", 19)),
        ("2027-03-19T00:00:00;09:00:00;;45", at("09:00", 19), at("09:45", 19)),
        ("Day 2;9.30;10.15;", at("09:30", 19), at("10:15", 19)),
        ("19/03/2027;2:15 PM;;1:30", at("14:15", 19), at("15:45", 19)),
        (";23:30;00:15;", at("23:30"), at("00:15", 19)),
        (";2027-03-20 08:00;;PT20M", at("08:00", 20), at("08:20", 20)),
        ("31.02.2027;09:00;09:30;", at("09:00"), at("09:30")),
        (";12:00 am;12:30 am;", at("00:00"), at("00:30")),
    ],
)
def test_dates_and_times_as_people_write_them(row, start, end):
    found = read(f"Date;Start;End;Duration;Title\n{row};Talk\n;10:00;10:30;;Another\n")
    assert (found.sessions[0].start, found.sessions[0].end) == (start, end)


def test_what_is_no_time_is_marked():
    found = read("Start;Title\nafter lunch;Talk\n10:00;Another\n")
    assert found.sessions[0].start is None
    assert "“after lunch” is no time." in {mark.sentence for mark in found.marks}


def test_somebody_to_be_confirmed_is_not_confirmed():
    found = read("Start;Title;Speakers\n10:00;Talk;Ana Kovač (tbc)\n11:00;Other;Vera Cvijić\n")
    assert [part.confirmed for one in found.sessions for part in one.parts] == [False, True]
    assert found.people[0].family_name == "Kovač"


def test_columns_are_guessed_once_each():
    assert guess_columns(["Почетак", "Тема", "Title", "Predavač", "Sala", "Whatever", "Start"]) == [
        "start",
        "title",
        "",
        "speakers",
        "room",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Start;Title\n10:00;Opening\n", "table"),
        ("10:00 Opening, with coffee\n10:15 Panel, with tea\n", "agenda"),
        ("[Home](/) and more\n10:00 Opening\n", "agenda"),
        ("{tbc}\n10:00 Opening\n", "agenda"),
        ("<schedule><conference/></schedule>", "schedule_xml"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "icalendar"),
        ("", "agenda"),
    ],
)
def test_what_a_text_is_taken_for(text, expected):
    assert guess_format(text.encode()) == expected


@pytest.mark.parametrize("text", ['{"schedule": [', "[[[[", "Start;Title\n10:00;\n"])
def test_what_can_not_be_read_is_refused(text):
    with pytest.raises(DomainError):
        read_guessed(text)
