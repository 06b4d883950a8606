"""Times, days, names and standings, one by one."""

from __future__ import annotations

import datetime as dt

import pytest

from events.exchange.agenda.clock import time_at_head
from events.exchange.agenda.days import read_day
from events.exchange.agenda.names import part_name
from events.exchange.agenda.people import person_of

THURSDAY = dt.date(2025, 2, 20)


@pytest.mark.parametrize(
    ("text", "start", "end", "rest"),
    [
        ("10:00 Panel", 600, None, "Panel"),
        ("10.00 – Panel", 600, None, "Panel"),
        ("10h Panel", 600, None, "Panel"),
        ("10h30: Panel", 630, None, "Panel"),
        ("10:00 h Panel", 600, None, "Panel"),
        ("u 13 časova ručak", 780, None, "ručak"),
        ("10:00–11:30 Panel", 600, 690, "Panel"),
        ("10.00. – 11.30. Panel", 600, 690, "Panel"),
        ("10-11.30 Panel", 600, 690, "Panel"),
        ("10-11 Panel", 600, 660, "Panel"),
        ("od 10 do 11 časova", 600, 660, ""),
        ("од 10 до 11.30 часова Панел", 600, 690, "Панел"),
        ("8.30 - 9.00 sati | Panel", 510, 540, "Panel"),
        ("9 am Panel", 540, None, "Panel"),
        ("9 – 10:30 A.M. Panel", 540, 630, "Panel"),
        ("11-1 pm Panel", 660, 780, "Panel"),
        ("12:30-12:45pm Panel", 750, 765, "Panel"),
        ("0900-1030 Panel", 540, 630, "Panel"),
        ("1400h Panel", 840, None, "Panel"),
        ("(10:00–10:30) Panel", 600, 630, "Panel"),
        ("23:00–24:00 Panel", 1380, 1440, "Panel"),
    ],
)
def test_a_line_begins_with_a_time(text, start, end, rest):
    clock, after = time_at_head(text)
    assert (clock.start, clock.end, after) == (start, end, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10 reasons to stay",
        "1. Opening",
        "1.1 Opening",
        "10-15 participants",
        "2014-2020 in review",
        "20.02.2025 Thursday",
        "10:75 Panel",
        "24:00 Panel",
        "10:00:00 Panel",
        "10% of all",
        "10.50€ a head",
        "13 pm Panel",
        "I and my friends",
        "od početka do kraja",
    ],
)
def test_a_line_begins_with_no_time(text):
    assert time_at_head(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Thursday, 20 February 2025",
        "Thursday 20 February",
        "20th of February 2025",
        "February 20, 2025",
        "Feb 20",
        "četvrtak, 20. februar 2025.",
        "Četvrtak, 20. februara 2025. godine",
        "четвртак 20. фебруар",
        "20.02.2025.",
        "20. 2. 2025.",
        "20.2. (četvrtak)",
        "20/02/2025",
        "2025-02-20",
        "Day 1 – Thursday, 20 February",
        "Први дан, четвртак 20. фебруар 2025.",
        "20–21 February 2025",
        "20. i 21. februar 2025.",
        "Belgrade, 20 February 2025",
    ],
)
def test_a_line_says_a_date(text):
    assert read_day(text, THURSDAY).date == THURSDAY


@pytest.mark.parametrize(
    ("text", "order", "weekday"),
    [("Day 2", 2, None), ("Drugi dan", 2, None), ("DAN II – petak", 2, 4), ("Friday", None, 4)],
)
def test_a_line_says_a_day_by_its_name(text, order, weekday):
    day = read_day(text, THURSDAY)
    assert (day.date, day.order, day.weekday) == (None, order, weekday)


@pytest.mark.parametrize(
    "text",
    ["", "Sat on a fence", "Day one of the war", "30 February 2025", "Monday blues"],
)
def test_a_line_says_no_day(text):
    assert read_day(text, THURSDAY) is None


@pytest.mark.parametrize(
    ("text", "honorific", "given", "family", "sure"),
    [
        ("Ana Anić", "", "Ana", "Anić", True),
        ("Prof. Dr. Ana Anić", "Prof. Dr.", "Ana", "Anić", True),
        ("H.E. Mr. Ivan IVIĆ", "H.E. Mr.", "Ivan", "IVIĆ", True),
        ("Nj. E. Ivan Ivić", "Nj. E.", "Ivan", "Ivić", True),
        ("Њ.Е. Иван Ивић", "Њ.Е.", "Иван", "Ивић", True),
        ("mr Ivan Ivić", "mr", "Ivan", "Ivić", True),
        ("Associate Professor Ana Anić", "Associate Professor", "Ana", "Anić", True),
        ("the Hon. John Smith MP", "the Hon.", "John", "Smith", True),
        ("SATO Kenji", "", "Kenji", "SATO", True),
        ("Clara van der Berg", "", "Clara", "van der Berg", True),
        ("Ana Anić-Perić", "", "Ana", "Anić-Perić", True),
        ("Ana Anić Perić", "", "Ana", "Anić Perić", True),
        ("Ivan J. Ivić", "", "Ivan J.", "Ivić", True),
        ("María García y López", "", "María", "García y López", True),
        ("Anna Maria Rossi", "", "Anna Maria", "Rossi", False),
        ("Amb. Rossi", "Amb.", "Rossi", "", False),
        ("Paul Smith AO", "", "Paul", "Smith AO", True),
        ("Ana Anić, PhD", "Dr", "Ana", "Anić", True),
    ],
)
def test_a_name_is_parted(text, honorific, given, family, sure):
    name = part_name(text)
    assert (name.honorific, name.given, name.family, name.sure) == (honorific, given, family, sure)


@pytest.mark.parametrize(
    ("text", "position", "affiliation", "doubts"),
    [
        ("Ana Anić, Director, PCB", "Director", "PCB", ()),
        ("Ana Anić – Director – PCB", "Director", "PCB", ()),
        ("Ana Anić | Director | PCB", "Director", "PCB", ()),
        ("Ana Anić (Director, PCB)", "Director", "PCB", ()),
        ("Ana Anić (PCB)", "", "PCB", ()),
        ("Ana Anić, PCB, Director", "Director", "PCB", ()),
        ("Ana Anić, Director of Research", "Director of Research", "", ()),
        (
            "Ana Anić, Researcher at the Institute for Peace",
            "Researcher",
            "Institute for Peace",
            (),
        ),
        ("Ana Anić, Peace Institute (PI)", "", "Peace Institute (PI)", ()),
        (
            "Ana Anić, Professor, Faculty of Law, University of Niš",
            "Professor",
            "Faculty of Law, University of Niš",
            (),
        ),
        (
            "Ana Anić, ministarka za rad, zapošljavanje i socijalna pitanja, Vlada Srbije",
            "ministarka za rad, zapošljavanje i socijalna pitanja",
            "Vlada Srbije",
            (),
        ),
        ("Ana Anić Chief Prosecutor of the Court", "Chief Prosecutor of the Court", "", ()),
        ("Ana Anić iz Fonda za mir", "", "Fonda za mir", ()),
        ("Ana Anić, Vreme", "", "Vreme", ("affiliation",)),
        ("Ana Anić, Vreme, Beograd", "Vreme", "Beograd", ("affiliation",)),
    ],
)
def test_position_and_affiliation_are_told_apart(text, position, affiliation, doubts):
    found = person_of(text)
    assert (found.name.given, found.name.family) == ("Ana", "Anić")
    assert (found.standing.position, found.standing.affiliation) == (position, affiliation)
    assert tuple(where for where, _ in found.doubts) == doubts


@pytest.mark.parametrize(
    ("text", "confirmed"),
    [
        ("Ana Anić (tbc)", False),
        ("Ana Anić (TBC), PCB", False),
        ("Ana Anić, PCB [to be confirmed]", False),
        ("Ana Anić, PCB – tbc", False),
        ("Ana Anić (bpv)", False),
        ("Ана Анић (у најави)", False),
        ("Ana Anić (čeka se potvrda)", False),
        ("Ana Anić (confirmed)", True),
        ("Ana Anić", None),
    ],
)
def test_a_line_says_whether_somebody_is_confirmed(text, confirmed):
    assert person_of(text).confirmed is confirmed


@pytest.mark.parametrize("text", ["TBA", "(tba)", "tbc", "To be announced", "N. N.", "Speaker TBC"])
def test_who_is_not_named_yet_is_nobody(text):
    assert person_of(text).unknown
