"""The programme by day, track, room and words, on other clocks; what is on now; who speaks."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from config.styles import SOURCE
from core.actors import SYSTEM
from core.text import _LETTERS
from events.programme import Day
from events.services import keeping
from events.services.schedules import publish_schedule
from events.views.public import choosing
from events.views.public.timetable import _alone
from events.zones import OFFERED, is_zone
from tests.events.views.conftest import at
from tests.events.views.reading import PAGE, get, html_of, text_of
from tests.factories.events import (
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
)

PROGRAMME = f"{PAGE}programme/"
SCRIPT = SOURCE.parent / "static" / "lectern" / "js" / "programme.js"


@pytest.fixture
def wide(stage):
    """Return the stage with a second day, a second room and two tracks, published."""
    conference = stage.conference
    stage.small = RoomFactory(venue=stage.venue, name={"en": "Small hall"}, code="SMALL2")
    stage.water = TrackFactory(conference=conference, slug="water", name={"en": "Water"})
    stage.law = TrackFactory(conference=conference, slug="law", name={"en": "Law"})
    stage.panel.track = stage.water
    stage.panel.save()
    stage.workshop = SessionFactory(
        conference=conference,
        code="WORKS2",
        kind="workshop",
        title={"en": "Reading maps", "sr-Latn": "Čitanje karata"},
        start_local=at("11:00"),
        end_local=at("12:00"),
        room=stage.small,
        track=stage.law,
    )
    stage.second = SessionFactory(
        conference=conference,
        code="SECND2",
        title={"en": "The day after"},
        start_local=at("10:00", 19),
        end_local=at("11:00", 19),
        room=stage.room,
        track=stage.law,
    )
    person = PersonFactory(
        organisation=conference.organisation, given_name="Јован", family_name="Цвијић"
    )
    ParticipationFactory(session=stage.second, person=person)
    publish_schedule(conference=conference, name="", actor=SYSTEM)
    conference.refresh_from_db()
    return stage


def titles(response):
    """Return the titles in a timetable, in order."""
    found = re.findall(r"<h3>(.*?)</h3>", html_of(response))
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


def test_without_a_question_the_whole_of_a_small_programme_is_there(wide, client_as):
    page = get(client_as, PROGRAMME)
    assert titles(page) == [
        *("The long river", "Coffee", "Who drinks first", "Reading maps", "The day after"),
    ]
    assert "?day=2027-03-19" in html_of(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("day=2027-03-19", ["The day after"]),
        ("track=law", ["Reading maps", "The day after"]),
        ("track=law&day=2027-03-18", ["Reading maps"]),
        ("room=SMALL2", ["Reading maps"]),
        ("q=cvijic", ["The long river", "The day after"]),
        ("q=Цвијић", ["The long river", "The day after"]),
        ("q=čitanje", ["Reading maps"]),
        ("q=water+hall", ["Who drinks first"]),
        ("q=four+views", ["Who drinks first"]),
        ("q=nothing+of+it", []),
    ],
)
def test_a_question_shows_what_it_asks_for(wide, client_as, query, found):
    page = get(client_as, f"{PROGRAMME}?{query}")
    assert titles(page) == found
    if "day" not in query or "&" in query:
        assert f"{len(found)} found" in text_of(page)


@pytest.mark.parametrize(
    "query",
    [
        "day=2027-03-20",
        "day=x",
        "track=none",
        "room=NONE22",
        "zone=Mars/Olympus",
        "zone=../etc/passwd",
        f"track={'a' * 200}",
    ],
)
def test_what_there_is_not_is_not_found(wide, client_as, query):
    assert get(client_as, f"{PROGRAMME}?{query}").status_code == 404


def test_what_has_no_time_yet_is_found_too(wide, client_as):
    SessionFactory(
        conference=wide.conference, title={"en": "Rivers to come"}, track=wide.law, code="LATER2"
    )
    publish_schedule(conference=wide.conference, name="", actor=SYSTEM)
    assert "Rivers to come" not in text_of(get(client_as, PROGRAMME))
    for query, number in (("q=rivers+to+come", 1), ("track=law", 3)):
        page = text_of(get(client_as, f"{PROGRAMME}?{query}"))
        assert ("Rivers to come" in page, f"{number} found" in page) == (True, True)
    assert "Rivers" not in text_of(get(client_as, f"{PROGRAMME}?track=law&day=2027-03-18"))


def test_a_room_has_a_calendar_to_subscribe_to(wide, client_as):
    page = html_of(get(client_as, f"{PROGRAMME}?room=SMALL2"))
    assert "webcal://testserver/institute/open-forum/rooms/SMALL2/calendar.ics" in page
    assert "webcal://testserver/institute/open-forum/calendar.ics" in html_of(
        get(client_as, PROGRAMME)
    )


def test_one_letter_searches_for_nothing(wide, client_as):
    assert len(titles(get(client_as, f"{PROGRAMME}?q=a"))) == 5


def test_a_searched_for_word_is_shown_as_it_was_typed(wide, client_as):
    page = get(client_as, f"{PROGRAMME}?q=%3Cscript%3Ealert(1)")
    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert(1)" in page.content.decode()
    assert 'name="robots" content="noindex"' in html_of(page)


def test_a_large_programme_shows_one_day(wide, client_as, monkeypatch):
    monkeypatch.setattr(choosing, "MOST_AT_ONCE", 3)
    with time_machine.travel("2027-03-01T10:00Z", tick=False):
        assert len(titles(get(client_as, PROGRAMME))) == 4
        assert len(titles(get(client_as, f"{PROGRAMME}?day=all"))) == 5
        assert titles(get(client_as, f"{PROGRAMME}?track=law")) == ["Reading maps", "The day after"]
    cache.clear()
    with time_machine.travel("2027-03-19T08:00Z", tick=False):
        assert titles(get(client_as, PROGRAMME)) == ["The day after"]


def test_only_so_much_of_what_was_found_is_shown(wide, client_as, monkeypatch):
    monkeypatch.setattr(choosing, "MOST_FOUND", 1)
    page = get(client_as, f"{PROGRAMME}?q=cvijic")
    assert titles(page) == ["The long river"]
    assert "2 found, of which 1 are shown" in text_of(page)


def test_links_keep_the_language_and_the_canonical_address_says_what_is_shown(wide, client_as):
    page = html_of(get(client_as, f"{PROGRAMME}?day=2027-03-19&lang=en"))
    assert 'href="/institute/open-forum/programme/?day=2027-03-18&amp;lang=en"' in page
    assert 'rel="canonical" href="http://testserver/institute/open-forum/programme/' in page
    assert "programme/?day=2027-03-19&amp;lang=sr-Latn" in page


def test_times_move_to_another_clock_and_over_midnight(wide, client_as):
    wide.conference.mode = "hybrid"
    wide.conference.save()
    here = get(client_as, PROGRAMME)
    assert "All times are those of Belgrade" in text_of(here)
    assert "Tokyo (UTC+9)" in text_of(here)
    tokyo = text_of(get(client_as, f"{PROGRAMME}?zone=Asia/Tokyo"))
    assert "All times are those of Tokyo" in tokyo
    assert "18:00" in tokyo
    far = get(client_as, f"{PROGRAMME}?zone=Pacific/Kiritimati")
    assert "All times are those of Kiritimati" in text_of(far)
    # The first session begins at 23:00 there, what follows on the next day.
    assert re.findall(r'<h2 id="day-(.*?)"', html_of(far)) == ["2027-03-18", "2027-03-19"]
    assert re.findall(r'<p class="slot-time"> <time datetime="(.*?)"', html_of(far)) == [
        *("2027-03-18T23:00", "2027-03-18T23:30", "2027-03-19T00:00", "2027-03-19T23:00"),
    ]


def test_nobody_is_offered_other_clocks_where_all_come_to_one_place(wide, client_as):
    assert 'name="zone"' not in html_of(get(client_as, PROGRAMME))


def test_every_offered_zone_is_one():
    assert [name for name in OFFERED if not is_zone(name)] == []
    assert len(set(OFFERED)) == len(OFFERED)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2027-03-18T08:00Z", ["The long river"]),
        ("2027-03-18T09:10Z", ["The long river", "Coffee"]),
        ("2027-03-18T09:40Z", ["Coffee", "Who drinks first", "Reading maps"]),
        ("2027-03-18T11:10Z", ["Who drinks first", "The day after"]),
        ("2027-03-19T09:20Z", ["The day after"]),
    ],
)
def test_now_and_next_follow_the_clock(wide, client_as, now, said):
    wide.conference.end_local = at("18:00", 19)
    wide.conference.ends_at = dt.datetime(2027, 3, 19, 17, tzinfo=dt.UTC)
    wide.conference.save()
    with time_machine.travel(now, tick=False):
        assert titles(get(client_as, f"{PAGE}now/")) == said


def test_after_the_end_nothing_is_on(wide, client_as):
    with time_machine.travel("2027-05-01T10:00Z", tick=False):
        assert "It is over." in text_of(get(client_as, f"{PAGE}now/"))


def test_now_is_at_most_a_minute_old_although_it_is_kept(wide, client_as, settings):
    settings.PUBLIC_KEPT_SECONDS = 5
    keeping.forget()
    with time_machine.travel("2027-03-18T09:29:50Z", tick=False):
        assert titles(get(client_as, f"{PAGE}now/"))[0] == "The long river"
    keeping.forget()
    with time_machine.travel("2027-03-18T09:30:50Z", tick=False):
        assert titles(get(client_as, f"{PAGE}now/"))[0] == "Coffee"
    keeping.forget()


def test_speakers_stand_by_family_name_and_are_found_in_either_script(wide, client_as):
    page = html_of(get(client_as, f"{PAGE}speakers/"))
    names = re.findall(r"<b>(.*?)</b>", page)
    assert names == ["Цвијић", "Cvijić", "Đorđević", "Ilić"]
    found = html_of(get(client_as, f"{PAGE}speakers/?q=CVIJIĆ"))
    assert re.findall(r"<b>(.*?)</b>", found) == ["Цвијић", "Cvijić"]


def test_a_conference_without_a_programme_says_so(stage, client_as):
    stage.conference.schedule_versions.all().delete()
    for part in ("programme", "speakers", "now", "selection"):
        assert get(client_as, f"{PAGE}{part}/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *(f"{PROGRAMME}?day=2027-03-19", f"{PROGRAMME}?track=law", f"{PROGRAMME}?room=SMALL2"),
        *(f"{PROGRAMME}?track=law&lang=en", f"{PAGE}now/", f"{PAGE}speakers/", f"{PAGE}selection/"),
    ],
)
def test_what_is_asked_for_is_kept(wide, settings, path, django_assert_num_queries):
    settings.PUBLIC_KEPT_SECONDS = 5
    keeping.forget()
    cold = Client().get(path)
    with django_assert_num_queries(0):
        warm = Client().get(path)
        unchanged = Client().get(path, headers={"If-None-Match": cold["ETag"]})
    assert (warm.content, unchanged.status_code) == (cold.content, 304)
    keeping.forget()


def test_what_nobody_can_count_is_not_kept(wide, settings):
    settings.PUBLIC_KEPT_SECONDS = 5
    keeping.forget()
    for n in range(20):
        for query in (f"q=word{n}", f"x={n}", f"day=2027-04-{n:02}", f"lang=en&day={n}"):
            Client().get(f"{PROGRAMME}?{query}")
            Client().get(f"{PAGE}?{query}")
    (kept,) = keeping._kept.values()
    assert len(keeping._answers) == 0
    # The conference's page, in one language as the first and as the chosen one; the programme.
    assert len(kept.made) <= 4
    keeping.forget()


def test_what_stands_alone_in_time_is_found_in_one_pass():
    class Told:
        def __init__(self, code, start, end):
            self.code = code
            self.starts_at, self.ends_at = at(start), at(end)

    day = [
        Told("a", "09:00", "12:00"),
        Told("b", "10:00", "10:30"),
        Told("c", "11:30", "12:30"),
        Told("d", "12:30", "13:00"),
        Told("e", "13:00", "14:00"),
        Told("f", "13:30", "13:45"),
    ]
    assert _alone(day) == {"d"}
    assert _alone([]) == set()
    assert Day(dt.date(2027, 3, 18), ()).sessions == ()


def test_the_scripts_letters_are_those_of_the_server():
    assert " ".join(_LETTERS.split()) in SCRIPT.read_text(encoding="utf-8")
