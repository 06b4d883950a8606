"""Calendars that one subscribes to: what is in them, what stays in them, how they are served."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from django.db import connection
from icalendar import Calendar

from core.actors import SYSTEM
from events.enums import ConferenceState
from events.models import Conference, ScheduleVersion
from events.services.conferences import change_conference
from events.services.keeping import forget
from events.services.lifecycle import cancel_conference, postpone_conference
from events.services.merging import merge_people
from events.services.panels import change_participation, remove_participation
from events.services.schedules import publish_schedule
from events.services.sessions import cancel_session, place_session, unschedule_session
from tests.events.views.reading import HOSTILE, PAGE, get, html_of
from tests.factories.events import ConferenceFactory, PersonFactory, RoomFactory

FEED = f"{PAGE}calendar.ics"
LATER = dt.timedelta(days=40)


@pytest.fixture(autouse=True)
def _nothing_kept():
    forget()
    yield
    forget()


def read(client_as, path=FEED, **headers):
    response = get(client_as, path, **headers)
    assert response.status_code == 200, path
    return Calendar.from_ical(response.content)


def entries(client_as, path=FEED, **headers):
    """Return the entries of a calendar by the title of each."""
    return {str(entry["SUMMARY"]): entry for entry in read(client_as, path, **headers).events}


def states(client_as, path=FEED, **headers):
    return {name: str(e["STATUS"]) for name, e in entries(client_as, path, **headers).items()}


def again(stage, name="Second"):
    stage.conference.refresh_from_db()
    return publish_schedule(conference=stage.conference, name=name, actor=SYSTEM)


def test_the_conference_and_its_sessions_stand_in_its_calendar(stage, client_as):
    whole = read(client_as)
    assert {
        name: str(whole[name])
        for name in ("METHOD", "NAME", "X-WR-CALNAME", "X-WR-TIMEZONE", "DESCRIPTION", "URL")
    } == {
        "METHOD": "PUBLISH",
        "NAME": "Open Forum",
        "X-WR-CALNAME": "Open Forum",
        "X-WR-TIMEZONE": "Europe/Belgrade",
        "DESCRIPTION": "Two hours on rivers",
        "URL": "http://testserver/institute/open-forum/?lang=en",
    }
    assert str(whole["SOURCE"]) == "http://testserver/institute/open-forum/calendar.ics?lang=en"
    assert [part.name for part in whole.subcomponents] == ["VTIMEZONE", *["VEVENT"] * 4]
    found = entries(client_as)
    assert list(found) == ["Open Forum", "The long river", "Coffee", "Who drinks first"]
    panel = found["Who drinks first"]
    updated = stage.panel.updated_at.replace(microsecond=0)
    assert (panel.start.isoformat(), panel.end.isoformat()) == (
        "2027-03-18T11:00:00+01:00",
        "2027-03-18T12:30:00+01:00",
    )
    assert str(panel["UID"]) == str(stage.panel.uid)
    assert panel["LAST-MODIFIED"].dt >= updated
    assert panel["DTSTAMP"].dt == panel["LAST-MODIFIED"].dt
    assert str(panel["LOCATION"]) == (
        "Great hall, River House, Gospodar Jevremova 47, 11000 Belgrade"
    )
    assert str(panel["DESCRIPTION"]) == (
        "Panellist: Petar Ilić, Researcher, Institute for Testing\n"
        "Moderator: Prof. Dr. Mila Đorđević, Researcher, Institute for Testing\n\n"
        "Four views.\n\n"
        "http://testserver/institute/open-forum/sessions/PANEL2/"
    )
    assert str(panel["URL"]) == "http://testserver/institute/open-forum/sessions/PANEL2/"
    assert str(panel["RELATED-TO"]) == str(stage.conference.uid) == str(found["Open Forum"]["UID"])
    assert str(panel["ORGANIZER"]) == "mailto:forum@example.org"
    assert panel["ORGANIZER"].params["CN"] == "Institute for Testing"
    assert (str(found["Open Forum"]["TRANSP"]), str(panel["TRANSP"])) == ("TRANSPARENT", "OPAQUE")
    assert str(found["Coffee"]["TRANSP"]) == "TRANSPARENT"
    assert {str(entry["STATUS"]) for entry in found.values()} == {"CONFIRMED"}


def test_it_answers_in_the_language_that_is_asked_for(stage, client_as):
    found = entries(client_as, f"{FEED}?lang=sr-Latn")
    assert "Ko prvi pije" in found
    assert str(found["Ko prvi pije"]["URL"]).endswith("/sessions/PANEL2/?lang=sr-Latn")
    assert "Panelista: Petar Ilić" in str(found["Ko prvi pije"]["DESCRIPTION"])
    assert get(client_as, FEED, accept_language="sr")["Content-Language"] == "sr-Latn"


def test_a_session_a_room_and_a_person_have_their_own(stage, client_as):
    hall = stage.room.code
    assert list(entries(client_as, f"{PAGE}sessions/PANEL2/calendar.ics")) == ["Who drinks first"]
    assert list(entries(client_as, f"{PAGE}rooms/{hall}/calendar.ics")) == [
        "The long river",
        "Who drinks first",
    ]
    mila = read(client_as, f"{PAGE}speakers/MILA22/calendar.ics")
    assert [str(entry["SUMMARY"]) for entry in mila.events] == ["Who drinks first"]
    assert str(mila["NAME"]) == "Mila Đorđević · Open Forum"
    uids = {
        str(read(client_as, path)["UID"])
        for path in (
            FEED,
            f"{PAGE}sessions/PANEL2/calendar.ics",
            f"{PAGE}rooms/{hall}/calendar.ics",
            f"{PAGE}speakers/MILA22/calendar.ics",
            "/institute/calendar.ics",
        )
    }
    assert len(uids) == 5


def test_the_host_has_one_of_its_public_conferences(stage, client_as, organisation):
    for slug, change in {
        "hidden": {"visibility": "unlisted"},
        "invited": {"visibility": "private"},
        "draft": {"state": ConferenceState.DRAFT},
        "called-off": {"state": ConferenceState.CANCELLED},
        "far-away": {
            "time_zone": "America/New_York",
            "start_local": dt.datetime.fromisoformat("2031-05-01T10:00"),
            "end_local": dt.datetime.fromisoformat("2031-05-01T18:00"),
        },
    }.items():
        ConferenceFactory(organisation=organisation, slug=slug, **change)
    whole = read(client_as, "/institute/calendar.ics")
    assert states(client_as, "/institute/calendar.ics") == {
        "Open Forum": "CONFIRMED",
        "Cancelled: Called off": "CANCELLED",
        "Far away": "CONFIRMED",
    }
    assert {str(zone["TZID"]) for zone in whole.timezones} == {
        "Europe/Belgrade",
        "America/New_York",
    }
    assert str(whole["NAME"]) == "Institute for Testing"
    # Only the conference itself: sessions stand in its own calendar.
    assert [str(e["TRANSP"]) for e in whole.events] == ["OPAQUE"] * 3


def test_a_host_without_conferences_has_an_empty_one(client_as, organisation):
    organisation.time_zone = "UTC"
    organisation.save()
    whole = read(client_as, "/institute/calendar.ics")
    assert [part.name for part in whole.subcomponents] == ["VTIMEZONE"]


@pytest.mark.parametrize(
    ("verb", "word"), [(cancel_conference, "Cancelled"), (postpone_conference, "Postponed")]
)
def test_what_does_not_take_place_says_so(stage, client_as, verb, word):
    before = entries(client_as)
    verb(conference=stage.conference, expected=None, actor=SYSTEM)
    after = entries(client_as)
    assert {name: str(e["STATUS"]) for name, e in after.items()} == {
        f"{word}: {name}": "CANCELLED" for name in before
    }
    for name, entry in before.items():
        now = after[f"{word}: {name}"]
        assert str(now["UID"]) == str(entry["UID"])
        assert int(now["SEQUENCE"]) > int(entry["SEQUENCE"])


def test_a_move_keeps_the_uid_and_raises_the_sequence(stage, client_as):
    before = entries(client_as)
    change_conference(
        conference=stage.conference,
        changes={
            "start_local": dt.datetime.fromisoformat("2027-03-25T10:00"),
            "end_local": dt.datetime.fromisoformat("2027-03-25T13:30"),
        },
        expected=None,
        actor=SYSTEM,
    )
    after = entries(client_as)
    for name, entry in before.items():
        assert str(after[name]["UID"]) == str(entry["UID"])
        assert after[name].start == entry.start + dt.timedelta(days=7)
        assert int(after[name]["SEQUENCE"]) > int(entry["SEQUENCE"])


def test_a_cancelled_session_stays_as_cancelled(stage, client_as):
    cancel_session(session=stage.panel, expected=None, actor=SYSTEM)
    assert "Who drinks first" in entries(client_as)  # only the draft so far
    again(stage)
    assert states(client_as)["Cancelled: Who drinks first"] == "CANCELLED"


def test_what_left_the_programme_is_told_for_thirty_days(stage, client_as, frozen):
    clock = frozen("2026-12-01T09:00:00")
    ScheduleVersion.objects.update(created_at="2026-11-01T09:00:00Z")
    unschedule_session(session=stage.panel, expected=None, actor=SYSTEM)
    again(stage)
    gone = entries(client_as)["Cancelled: Who drinks first"]
    assert str(gone["STATUS"]) == "CANCELLED"
    assert str(gone["UID"]) == str(stage.panel.uid)
    assert gone.start.isoformat() == "2027-03-18T11:00:00+01:00"
    assert states(client_as, f"{PAGE}sessions/PANEL2/calendar.ics") == {
        "Cancelled: Who drinks first": "CANCELLED"
    }
    assert states(client_as, f"{PAGE}speakers/MILA22/calendar.ics") == {
        "Cancelled: Who drinks first": "CANCELLED"
    }
    clock.shift(dt.timedelta(days=31))
    assert "Cancelled: Who drinks first" in entries(client_as, accept_language="en")
    clock.shift(dt.timedelta(days=29))
    stage.conference.save()
    assert "Cancelled: Who drinks first" not in entries(client_as)


def test_a_session_that_comes_back_is_cancelled_no_more(stage, client_as):
    unschedule_session(session=stage.panel, expected=None, actor=SYSTEM)
    again(stage)
    stage.panel.refresh_from_db()
    start = dt.datetime.fromisoformat("2027-03-18T11:30")
    place_session(
        session=stage.panel,
        start_local=start,
        end_local=start + dt.timedelta(hours=1),
        room=stage.room,
        expected=None,
        actor=SYSTEM,
    )
    again(stage, "Third")
    assert states(client_as)["Who drinks first"] == "CONFIRMED"
    assert len(entries(client_as)) == 4


def test_what_left_moves_along_with_the_conference(stage, client_as):
    unschedule_session(session=stage.panel, expected=None, actor=SYSTEM)
    again(stage)
    stage.conference.refresh_from_db()
    change_conference(
        conference=stage.conference,
        changes={
            "start_local": stage.conference.start_local + dt.timedelta(days=14),
            "end_local": stage.conference.end_local + dt.timedelta(days=14),
        },
        expected=None,
        actor=SYSTEM,
    )
    gone = entries(client_as)["Cancelled: Who drinks first"]
    assert gone.start.isoformat() == "2027-04-01T11:00:00+02:00"


def test_a_session_that_left_long_before_others_is_not_told_again(stage, client_as, frozen):
    clock = frozen("2026-12-01T09:00:00")
    ScheduleVersion.objects.update(created_at="2026-06-01T09:00:00Z")
    unschedule_session(session=stage.panel, expected=None, actor=SYSTEM)
    again(stage)
    clock.shift(dt.timedelta(days=60))
    unschedule_session(session=stage.keynote, expected=None, actor=SYSTEM)
    again(stage, "Third")
    assert [name for name in entries(client_as) if name.startswith("Cancelled")] == [
        "Cancelled: The long river"
    ]


def test_another_room_takes_it_out_of_the_first_ones_calendar(stage, client_as):
    other = RoomFactory(venue=stage.venue, name={"en": "Library"})
    place_session(
        session=stage.panel,
        start_local=stage.panel.start_local,
        end_local=stage.panel.end_local,
        room=other,
        expected=None,
        actor=SYSTEM,
    )
    again(stage)
    assert states(client_as, f"{PAGE}rooms/{stage.room.code}/calendar.ics") == {
        "The long river": "CONFIRMED",
        "Cancelled: Who drinks first": "CANCELLED",
    }
    assert states(client_as, f"{PAGE}rooms/{other.code}/calendar.ics") == {
        "Who drinks first": "CONFIRMED"
    }
    assert states(client_as)["Who drinks first"] == "CONFIRMED"


def test_who_declines_is_named_no_more_and_their_entry_is_cancelled(stage, client_as):
    change_participation(
        participation=stage.panellist, changes={"state": "declined"}, expected=None, actor=SYSTEM
    )
    path = f"{PAGE}speakers/PETAR2/calendar.ics"
    for _version in range(2):
        assert states(client_as, path) == {"Cancelled: Who drinks first": "CANCELLED"}
        assert b"Petar" not in get(client_as, path).content
        again(stage, f"Next {_version}")
    assert states(client_as)["Who drinks first"] == "CONFIRMED"


def test_who_was_only_asked_is_in_no_calendar(stage, client_as):
    stage.panellist.state = "invited"
    stage.panellist.save()
    again(stage)
    stage.panellist.refresh_from_db()
    remove_participation(participation=stage.panellist, expected=None, actor=SYSTEM)
    again(stage, "Third")
    # The first version named him; now that it is long ago, nothing does.
    ScheduleVersion.objects.filter(number__lte=2).update(created_at="2026-01-01T00:00:00Z")
    assert get(client_as, f"{PAGE}speakers/PETAR2/calendar.ics").status_code == 404


def test_who_turned_out_to_be_another_one_leads_there(stage, client_as, organisation):
    kept = PersonFactory(organisation=organisation, given_name="Petar", code="PETAR9")
    merge_people(kept=kept, gone=stage.people["Petar"], actor=SYSTEM)
    response = get(client_as, f"{PAGE}speakers/PETAR2/calendar.ics?lang=en")
    assert (response.status_code, response["Location"]) == (
        301,
        f"{PAGE}speakers/PETAR9/calendar.ics?lang=en",
    )


@pytest.mark.parametrize(
    "part", ["sessions/NOBODY", "rooms/NOBODY", "speakers/NOBODY", "sessions/MILA22"]
)
def test_what_is_not_there_is_not_found(stage, client_as, part):
    assert get(client_as, f"{PAGE}{part}/calendar.ics").status_code == 404


@pytest.mark.parametrize("change", [{"state": "draft"}, {"visibility": "private"}])
def test_a_draft_and_a_private_one_have_none(stage, client_as, change):
    Conference.objects.update(**change)
    for part in ("", "sessions/PANEL2/", "speakers/MILA22/", f"rooms/{stage.room.code}/"):
        assert get(client_as, f"{PAGE}{part}calendar.ics").status_code == 404


def test_search_engines_keep_away_from_an_unlisted_one(stage, client_as):
    assert "X-Robots-Tag" not in get(client_as, FEED)
    stage.conference.visibility = "unlisted"
    stage.conference.save()
    assert get(client_as, FEED)["X-Robots-Tag"] == "noindex"


def test_it_is_served_like_a_page_and_costs_one_query_then(
    stage, client_as, django_assert_num_queries, settings
):
    client = client_as()
    first = client.get(FEED)
    with django_assert_num_queries(1):
        second = client.get(FEED)
    assert first.content == second.content
    assert first.cookies == {}
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Content-Disposition"] == 'inline; filename="open-forum.ics"'
    assert first["Vary"] == "Accept-Language, Accept-Encoding"
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    packed = client.get(FEED, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == first.content
    settings.PUBLIC_KEPT_SECONDS = 5
    client.get(FEED)
    with django_assert_num_queries(0):
        assert client.get(FEED).content == first.content


@pytest.mark.parametrize("seconds", [0, 5])
def test_who_has_it_already_gets_304(
    stage, client_as, settings, frozen, seconds, django_capture_on_commit_callbacks
):
    settings.PUBLIC_KEPT_SECONDS = seconds
    clock = frozen("2027-01-01T09:00:00")
    client = client_as()
    first = client.get(FEED)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
        {"If-None-Match": first["ETag"], "If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):
        answer = client.get(FEED, headers=headers)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", first["ETag"])
    clock.shift(60)
    connection.run_on_commit.clear()  # what the stage left to do has been done
    with django_capture_on_commit_callbacks(execute=True):
        cancel_conference(conference=stage.conference, expected=None, actor=SYSTEM)
    clock.shift(1)
    for headers in (
        {"If-None-Match": first["ETag"]},
        {"If-Modified-Since": first["Last-Modified"]},
    ):
        answer = client.get(FEED, headers=headers)
        assert answer.status_code == 200
        assert "Last-Modified" not in answer  # another change in this second would have the same
    clock.shift(10)
    forget()
    assert client.get(FEED)["Last-Modified"] == "Fri, 01 Jan 2027 09:01:00 GMT"


def test_the_time_of_day_and_what_it_does_not_show_leave_it_as_it_is(stage, client_as, frozen):
    clock = frozen("2027-03-18T09:40:00")
    tag = get(client_as, FEED)["ETag"]
    clock.shift(dt.timedelta(minutes=30))
    stage.conference.tracks.create(slug="unused", name={"en": "Unused"})
    assert get(client_as, FEED)["ETag"] == tag


def test_an_old_address_leads_to_the_new_one(stage, client_as):
    stage.conference.slug_history.create(slug="old-forum")
    moved = get(client_as, "/institute/old-forum/sessions/PANEL2/calendar.ics?lang=en")
    assert (moved.status_code, moved["Location"]) == (
        301,
        f"{PAGE}sessions/PANEL2/calendar.ics?lang=en",
    )


def test_what_people_wrote_breaks_no_line(stage, client_as):
    bad = "Rivers\r\nATTENDEE:mailto:x@example.org\u2028END:VEVENT; a,b\\c"
    stage.panel.title = {"en": bad}
    stage.panel.abstract = {"en": HOSTILE + bad}
    stage.panel.save()
    organisation = stage.conference.organisation
    organisation.name = 'Evil":mailto:x@example.org\\n'
    organisation.save()
    again(stage)
    raw = get(client_as, FEED).content
    assert raw.count(b"\r\nBEGIN:VEVENT") == raw.count(b"\r\nEND:VEVENT") == 4
    assert b"\r\nATTENDEE" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert "Rivers\nATTENDEE" in "".join(entries(client_as))


def test_without_a_programme_the_conference_stands_alone(client_as, organisation):
    ConferenceFactory(organisation=organisation, slug="bare", time_zone="UTC")
    (entry,) = read(client_as, "/institute/bare/calendar.ics").events
    assert (str(entry["SUMMARY"]), str(entry["TRANSP"])) == ("Bare", "OPAQUE")
    assert "LOCATION" not in entry
    assert html_of(get(client_as, "/institute/bare/"))
