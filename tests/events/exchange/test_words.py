"""Names, kinds, roles, times and texts by themselves."""

import datetime as dt

import pytest

from core.text import full_name
from events.exchange.instants import Clock, day_of, instant_of, length_of, time_of
from events.exchange.kinds import kind_of, language_of, role_of, split_role
from events.exchange.names import part_name, part_position
from events.exchange.texts import join, one_line, paragraphs

NAMES = [
    ("Ana Kovač", "", "Ana", "Kovač"),
    ("Prof. Dr. Ana Kovač", "Prof. Dr.", "Ana", "Kovač"),
    ("др Јован Јовановић", "др", "Јован", "Јовановић"),
    ("H.E. Amb. Petar Petrović", "H.E. Amb.", "Petar", "Petrović"),
    ("Bradley M. Kuhn", "", "Bradley M.", "Kuhn"),
    ("Luis C. Busquets Pérez", "", "Luis C.", "Busquets Pérez"),
    ("Peter van der Berg", "", "Peter", "van der Berg"),
    ("Michael Schloh von Bennewitz", "", "Michael Schloh", "von Bennewitz"),
    ("Jo Van Bulck", "", "Jo", "Van Bulck"),
    ("Jean DUPONT", "", "Jean", "DUPONT"),
    ("DUPONT Jean", "", "Jean", "DUPONT"),
    ("Kuhn, Bradley M.", "", "Bradley M.", "Kuhn"),
    ("Ana Kovač, PhD", "", "Ana", "Kovač, PhD"),
    ("John Smith Jr.", "", "John", "Smith Jr."),
    ("Alexis Sellier (cloudhead)", "", "Alexis", "Sellier (cloudhead)"),
    ("erdgeist", "", "erdgeist", ""),
    ("FOSDEM Staff", "", "FOSDEM Staff", ""),
    ("The Example Team of Belgrade", "", "The Example Team of Belgrade", ""),
    ("王小明", "", "王小明", ""),
    ("Florence T.M. Ko 葛冬梅", "", "Florence T.M.", "Ko 葛冬梅"),
    ("Dr", "", "Dr", ""),
    ("", "", "", ""),
]


@pytest.mark.parametrize(("text", "honorific", "given", "family"), NAMES)
def test_a_name_is_parted(text, honorific, given, family):
    found = part_name(text)
    assert (found.honorific, found.given_name, found.family_name) == (honorific, given, family)


@pytest.mark.parametrize("text", [name[0] for name in NAMES])
def test_nothing_of_a_name_is_lost(text):
    found = part_name(text)
    parts = full_name(found.honorific, full_name(found.given_name, found.family_name))
    assert sorted(parts.replace(",", "").split()) == sorted(text.replace(",", "").split())


@pytest.mark.parametrize(
    ("text", "position", "affiliation"),
    [
        ("Researcher at Example Institute", "Researcher", "Example Institute"),
        ("Researcher @ Example", "Researcher", "Example"),
        ("Developer @Example", "Developer", "Example"),
        ("Journalist", "Journalist", ""),
        ("ana@example.org", "ana@example.org", ""),
    ],
)
def test_a_position_is_parted_from_the_affiliation(text, position, affiliation):
    assert part_position(text) == (position, affiliation)


@pytest.mark.parametrize(
    ("kind", "title", "people", "wanted"),
    [
        ("Panel discussion", "Of states", 3, "panel"),
        ("podium", "Of states", 3, "panel"),
        ("Keynote (45 min)", "Of states", 1, "keynote"),
        ("Workshop", "Keynote", 1, "workshop"),
        ("lecture", "31C3 Keynote", 1, "keynote"),
        ("lecture", "Keynotes of the year", 1, "presentation"),
        ("", "Coffee Break", 0, "break"),
        ("", "Lunch", 0, "break"),
        ("", "Lunch", 1, "presentation"),
        ("service", "Registration", 0, "break"),
        ("", "Welcome reception", 0, "reception"),
        ("", "Opening remarks", 2, "opening_remarks"),
        ("Opening Speech", "Of all", 2, "opening_remarks"),
        ("", "Panel: Of states", 2, "panel"),
        ("opening_remarks", "Of all", 0, "opening_remarks"),
        ("BoF", "Of all", 1, "discussion"),
        ("Радионица", "О свему", 1, "workshop"),
        ("", "", 0, "presentation"),
    ],
)
def test_a_kind_is_told(kind, title, people, wanted):
    assert kind_of(kind, title, people=people) == wanted


@pytest.mark.parametrize(
    ("word", "kind", "wanted"),
    [
        ("MODERATOR", "panel", "moderator"),
        ("Session chair", "panel", "moderator"),
        ("модератор", "panel", "moderator"),
        ("speaker", "panel", "panellist"),
        ("", "keynote", "keynote"),
        ("", "presentation", "presenter"),
        ("Keynote speaker", "panel", "keynote"),
        ("opening_remarks", "panel", "opening_remarks"),
    ],
)
def test_a_role_is_told(word, kind, wanted):
    assert role_of(word, kind) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Ana Kovač (moderator)", ("Ana Kovač", "moderator")),
        ("Ana Kovač [Chair]", ("Ana Kovač", "Chair")),
        ("Moderator: Ana Kovač", ("Ana Kovač", "Moderator")),
        ("Ana Kovač (cloudhead)", ("Ana Kovač (cloudhead)", "")),
        ("Ana Kovač", ("Ana Kovač", "")),
    ],
)
def test_a_role_is_parted_from_a_name(name, wanted):
    assert split_role(name) == wanted


@pytest.mark.parametrize(
    ("text", "tag"),
    [("en", "en"), ("English", "en"), ("en_US", "en"), ("sr", "sr-Latn"), ("sr-Cyrl", "sr-Cyrl"),
     ("srpski", "sr-Latn"), ("Deutsch", "de"), ("中文", "zh"), ("", ""), ("of the people", "")],
)  # fmt: skip
def test_a_language_is_told(text, tag):
    assert language_of(text) == tag


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("00:45", 45), ("1:30", 90), ("01:30:00", 90), ("90", 90), ("PT1H30M", 90), ("P1D", 1440),
     ("P1W", 10_080), ("00.30", 30), ("00:00", None), ("0", None), ("", None), ("P", None),
     ("99999", None), ("-5", None)],
)  # fmt: skip
def test_a_length_is_read(text, minutes):
    assert length_of(text) == (dt.timedelta(minutes=minutes) if minutes else None)


def test_days_times_and_instants_are_read():
    assert day_of("2027-03-28T10:00") == dt.date(2027, 3, 28)
    assert day_of("0001-01-01") is day_of("2027-02-30") is day_of("") is None
    assert time_of("9:05") == dt.time(9, 5)
    assert time_of("24:00") is time_of("nine") is None
    assert instant_of("2027-03-28T10:00:30.5Z") == dt.datetime(2027, 3, 28, 10, tzinfo=dt.UTC)
    assert instant_of("2027-03-28 10:00") == dt.datetime(2027, 3, 28, 10)
    assert instant_of("2027-03-28") is instant_of("2027-13-28T10:00") is None


def test_a_clock_turns_what_is_written_elsewhere():
    clock = Clock("Europe/Belgrade")
    clock.written("Asia/Singapore")
    assert clock.read("2027-07-01T10:00") == dt.datetime(2027, 7, 1, 4)
    assert clock.read("2027-07-01T10:00+02:00") == dt.datetime(2027, 7, 1, 10)
    assert clock.read("9999-12-31T23:00-12:00") is clock.read("0001-01-01T00:00+14:00") is None
    assert clock.moved == 1


def test_html_becomes_markdown():
    text = (
        "<p>One&nbsp;&amp; <strong>two</strong>,\n <em>three</em></p><!-- no --><ul><li>a</li><li>"
        '<a href="https://example.org/x">b</a></li></ul><p><b></b></p><script>x</script>'
    )
    assert paragraphs(text, 1000) == (
        "One & **two**, *three*\n\n- a\n\n- [b](https://example.org/x)\n\n<script>x</script>",
        False,
    )


def test_an_address_that_does_something_is_no_link():
    assert paragraphs('<a href="javascript:alert(1)">b</a>', 100) == ("b", False)


def test_plain_text_stays_as_it_is():
    assert paragraphs("1 < 2\r\nand 3 > 2", 100) == ("1 < 2\nand 3 > 2", False)
    assert one_line(" A &amp;\n B ", 100) == ("A & B", False)
    assert one_line("a" * 400, 300) == ("a" * 300, True)


def test_texts_that_say_the_same_are_joined_once():
    assert join("Sub", "One", "One and two", "Sub", "") == "Sub\n\nOne and two"
