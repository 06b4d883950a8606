"""The list editor: a typed line, a line's own fields, the order of a day, who was faster, undo."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import Actor
from events.models import DraftEdit, Session
from events.services.conflicts import conflicts_of, override_conflict
from events.services.sessions import place_session
from events.views.manage import session_list
from tests.events.views.reading import text_of
from tests.factories.accounts import AccountFactory
from tests.factories.events import (
    ConferenceFactory,
    RoomFactory,
    SessionFactory,
)

ACTOR = Actor("account", "1")
SESSIONS = "/manage/institute/open-forum/sessions/"
DAY = "2027-03-18"


def at(clock):
    return dt.datetime.fromisoformat(f"{DAY}T{clock}")


def times():
    return {
        s.code: f"{s.start_local:%H:%M}–{s.end_local:%H:%M}"
        for s in Session.objects.filter(start_local__isnull=False)
    }


@pytest.fixture
def client(owner, stage, client_as):
    return client_as(owner)


def save(client, code, *, follow=False, **fields):
    return client.post(f"{SESSIONS}{code}/line/", fields, follow=follow)


def test_a_typed_line_is_a_session_after_the_last_one(client, stage):
    answer = client.post(SESSIONS, {"line": "Discussion: What now", "day": DAY, "room": ""})
    assert answer["Location"] == f"{SESSIONS}?day={DAY}"
    row = Session.objects.get(kind="discussion")
    assert (row.title, row.start_local, row.end_local) == (
        {"en": "What now"},
        at("12:30"),
        at("13:15"),
    )
    page = text_of(client.get(answer["Location"]))
    assert "Added “What now”: discussion at 12:30." in page
    assert "Undo" in page


def test_a_typed_line_goes_into_the_chosen_room_which_stays_chosen(client, stage):
    code = stage.room.code
    answer = client.post(SESSIONS, {"line": "14:00 Panel", "day": DAY, "room": code})
    assert answer["Location"] == f"{SESSIONS}?day={DAY}&room={code}"
    assert client.get(answer["Location"]).context["form"]["room"].value() == code
    assert Session.objects.get(start_local=at("14:00")).room == stage.room


def test_a_line_may_have_no_time_yet(client):
    client.post(SESSIONS, {"line": "20 min Talk on dams", "day": "none"})
    row = Session.objects.get(kind="presentation")
    assert (row.start_local, row.planned_minutes) == (None, 20)
    client.get(SESSIONS)  # says what was added
    page = text_of(client.get(SESSIONS))
    assert page.index("Who drinks first") < page.index("Without a time") < page.index("on dams")
    client.post(f"{SESSIONS}{row.code}/line/", {"start": "9:00", "minutes": "20", "day": DAY})
    assert times()[row.code] == "09:00–09:20"


@pytest.mark.parametrize(
    "posted",
    [
        {"line": "", "day": DAY},
        {"line": "Talk", "day": "2027-99-99"},
        {"line": "Talk", "day": "x" * 400},
        {"line": "Talk", "day": DAY, "room": "NOROOM"},
        {"line": "x" * 351, "day": DAY},
    ],
)
def test_a_line_that_can_not_be_is_said_and_adds_nothing(client, posted):
    answer = client.post(SESSIONS, posted)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert Session.objects.count() == 3


def test_times_flow_when_a_line_changes_and_flow_back_when_it_is_undone(client, stage):
    save(client, "KEYN22", start="10.00", minutes="45", version=stage.keynote.version)
    assert times() == {"KEYN22": "10:00–10:45", "COFFEE": "10:45–11:15", "PANEL2": "11:15–12:45"}
    page = client.get(SESSIONS)
    assert "“The long river”: 10:00–10:45. 2 sessions moved with it." in text_of(page)
    [message] = page.context["messages"]
    client.post(message.extra_tags)
    assert times() == {"KEYN22": "10:00–10:30", "COFFEE": "10:30–11:00", "PANEL2": "11:00–12:30"}


@pytest.mark.parametrize(
    ("start", "minutes", "said"),
    [
        ("25:00", "10", "is no time"),
        ("", "10", "is no time"),
        ("10:00", "0", "1 at least"),
        ("10:00", "long", "1 at least"),
        ("10:00", "²", "1 at least"),
        ("10:00", "99999999999", "1 at least"),
    ],
)
def test_a_wrong_field_of_a_line_is_said_and_changes_nothing(client, start, minutes, said):
    before = times()
    page = text_of(save(client, "KEYN22", start=start, minutes=minutes, follow=True))
    assert said in page
    assert times() == before


def test_who_was_faster_is_said_with_both_ways_out(client, stage):
    ana = AccountFactory(name="Ana Marić")
    place_session(
        session=stage.panel,
        start_local=at("11:30"),
        end_local=at("13:00"),
        room=stage.room,
        expected=None,
        actor=Actor("account", str(ana.pk)),
    )
    answer = save(client, "PANEL2", start="12:00", minutes="30", version=stage.panel.version)
    assert answer.status_code == 412
    page = text_of(answer)
    assert "Ana Marić moved it to 11:30 just now. Your change was not saved." in page
    assert "Keep theirs" in page
    assert times()["PANEL2"] == "11:30–13:00"
    again = dict(answer.context["stale"].fields)
    assert again == {"start": "12:00", "minutes": "30", "version": str(stage.panel.version + 1)}
    client.post(answer.context["stale"].action, again)
    assert times()["PANEL2"] == "12:00–12:30"


def test_lines_change_places_by_buttons_and_by_dragging(client, stage):
    save(client, "COFFEE", do="earlier", version=stage.pause.version)
    assert times() == {"COFFEE": "10:00–10:30", "KEYN22": "10:30–11:00", "PANEL2": "11:00–12:30"}
    order = ",".join(f"{s.code}:{s.version}" for s in Session.objects.order_by("-start_local"))
    client.post(f"{SESSIONS}day-order/", {"order": order, "day": DAY})
    assert times() == {"PANEL2": "10:00–11:30", "KEYN22": "11:30–12:00", "COFFEE": "12:00–12:30"}
    answer = client.post(f"{SESSIONS}day-order/", {"order": order, "day": DAY}, follow=True)
    assert "Somebody changed this day in the meantime." in text_of(answer)
    answer = client.post(f"{SESSIONS}day-order/", {"order": "KEYN22:1,,x", "day": "x"}, follow=True)
    assert "Name each session of the day once." in text_of(answer)
    assert "stays where it is" in text_of(save(client, "PANEL2", do="earlier", follow=True))


def test_a_break_is_put_in_by_a_button(client, stage):
    page = text_of(save(client, "KEYN22", do="break", follow=True))
    assert "A break from 10:30 to 10:45 is put in." in page
    assert times()["PANEL2"] == "11:15–12:45"
    session = SessionFactory(conference=stage.conference)
    for verb in ("break", "later"):
        assert "has no time yet" in text_of(save(client, session.code, do=verb, follow=True))


def test_rooms_are_marked_where_there_are_several(client, stage):
    assert "with-rooms" not in client.get(SESSIONS).text
    other = RoomFactory(venue=stage.venue, name={"en": "Attic"})
    SessionFactory(
        conference=stage.conference, room=other, start_local=at("11:00"), end_local=at("12:00")
    )
    page = client.get(SESSIONS)
    assert "with-rooms" in page.text
    assert "Attic" in text_of(page)


def test_with_many_sessions_one_day_is_shown_at_a_time(client, stage, monkeypatch):
    monkeypatch.setattr(session_list, "MANY", 3)
    SessionFactory(
        conference=stage.conference,
        title={"en": "The day after"},
        start_local=at("11:00") + dt.timedelta(days=1),
        end_local=at("12:00") + dt.timedelta(days=1),
    )
    first, second = text_of(client.get(SESSIONS)), text_of(client.get(f"{SESSIONS}?day=2027-03-19"))
    assert ("Who drinks first" in first, "The day after" in first) == (True, False)
    assert ("Who drinks first" in second, "The day after" in second) == (False, True)


def test_a_line_says_what_is_wrong_with_its_slot_until_somebody_accepts_it(client, stage):
    assert "Conflict:" not in text_of(client.get(SESSIONS))
    second = SessionFactory(
        conference=stage.conference, code="PANEL3", title={"en": "Before the water"}
    )
    place_session(
        session=second, start_local=at("11:30"), end_local=at("12:30"), room=stage.room,
        expected=None, actor=ACTOR,
    )  # fmt: skip
    page = text_of(client.get(SESSIONS))
    assert page.count("overlap in") == 2, "said at both lines"
    assert page.count("Conflict:") == 2
    (found,) = [
        one.conflict
        for one in conflicts_of(stage.conference)
        if one.conflict.kind == "room_overlap"
    ]
    override_conflict(
        conference=stage.conference,
        key=found.key,
        reason="A wall parts it.",
        by="Mila",
        actor=ACTOR,
    )
    assert "overlap in" not in text_of(client.get(SESSIONS))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    client, stage, django_assert_num_queries, count
):
    for _ in range(count):
        SessionFactory(conference=stage.conference)
    client.get(SESSIONS)
    with django_assert_num_queries(18):
        client.get(SESSIONS)


def test_an_empty_draft_says_how_to_begin(owner, organisation, client_as):
    ConferenceFactory(organisation=organisation, slug="open-forum")
    assert "Type the first line below" in text_of(client_as(owner).get(SESSIONS))


def test_readers_see_lines_and_no_fields(stage, account_with_role, client_as):
    page = client_as(account_with_role("viewer")).get(SESSIONS)
    assert "10:30" in text_of(page)
    assert 'name="start"' not in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_changes_costs_the_same_for_one_and_for_three(
    client, stage, django_assert_num_queries, count
):
    for number in range(count):
        save(client, "PANEL2", start=f"1{number + 3}:00", minutes="30")
    with django_assert_num_queries(6):
        page = text_of(client.get("/manage/institute/open-forum/edits/"))
    assert page.count("Moved “Who drinks first” to 1") == count


def test_a_change_is_undone_from_its_page_and_done_again(client, stage):
    save(client, "PANEL2", start="14:00", minutes="30")
    edit = DraftEdit.objects.get()
    url = f"/manage/institute/open-forum/edits/{edit.deed}/undo/"
    answer = client.post(url, {"next": "https://elsewhere.example/"})
    assert answer["Location"] == "/manage/institute/open-forum/edits/"
    assert times()["PANEL2"] == "11:00–12:30"
    page = text_of(client.get(answer["Location"]))
    assert "Undone: “Who drinks first”, moved it to 11:00." in page
    assert "Undid that and moved “Who drinks first” to 11:00" in page
    page = text_of(client.post(url, follow=True))
    assert "This has been undone already." in page
    client.post(f"/manage/institute/open-forum/edits/{DraftEdit.objects.first().deed}/undo/")
    assert times()["PANEL2"] == "14:00–14:30"
