"""A selection of one's own: kept without an account, behind a link that alone opens it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar

from core.actors import SYSTEM
from core.models import AuditEntry
from events.models import PersonalSelection
from events.services import keeping
from events.services.schedules import current_programme, publish_schedule
from events.services.selections import (
    create_selection,
    forget_selections,
    selection_path,
    selection_url,
)
from events.tasks import forget_old_selections
from tests.events.views.reading import PAGE, html_of, text_of

NEW = f"{PAGE}selection/"


@pytest.fixture
def own(stage):
    return create_selection(
        conference=stage.conference,
        programme=current_programme(stage.conference),
        sessions=["PANEL2"],
        actor=SYSTEM,
    )


def reader():
    return Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})


def test_all_sessions_but_the_breaks_can_be_chosen(stage):
    page = reader().get(NEW)
    assert re.findall(r'name="sessions" value="(\w+)"', html_of(page)) == ["KEYN22", "PANEL2"]


@pytest.mark.parametrize("sent", [["PANEL2", "KEYN22"], ["PANEL2,KEYN22,GONE22"]])
def test_what_was_chosen_gets_a_page_of_its_own(stage, sent):
    answer = reader().post(NEW, {"sessions": sent})
    row = PersonalSelection.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, selection_path(row))
    assert row.sessions == ["KEYN22", "PANEL2"]
    page = reader().get(answer["Location"])
    assert "Who drinks first" in text_of(page)
    assert "webcal://testserver" in page.content.decode()
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert not page.cookies


@pytest.mark.parametrize("sent", [[], [""], ["COFFEX", "'; --"], ["x" * 5000]])
def test_nothing_chosen_keeps_nothing(stage, sent):
    answer = reader().post(NEW, {"sessions": sent})
    assert answer.status_code == 400
    assert "Choose at least one session" in text_of(answer)
    assert PersonalSelection.objects.count() == 0
    assert AuditEntry.objects.filter(verb="create_selection").count() == 0


def test_a_selection_is_changed_at_its_page(own):
    path = selection_path(own)
    form = html_of(reader().get(f"{path}?change=yes"))
    assert re.findall(r'value="(\w+)" checked', form) == ["PANEL2"]
    answer = reader().post(path, {"verb": "save", "sessions": ["KEYN22"]})
    own.refresh_from_db()
    assert (answer.status_code, answer["Location"], own.sessions) == (303, path, ["KEYN22"])
    refused = reader().post(path, {"verb": "save"})
    own.refresh_from_db()
    assert (refused.status_code, own.sessions) == (400, ["KEYN22"])


def test_a_new_link_ends_the_former_one_and_its_calendar(own):
    former = selection_path(own)
    answer = reader().post(former, {"verb": "revoke"})
    own.refresh_from_db()
    assert answer["Location"] == selection_path(own) != former
    assert reader().get(answer["Location"]).status_code == 200
    for path in (former, f"{former}calendar.ics"):
        assert reader().get(path).status_code == 404


def test_a_selection_is_deleted_with_its_calendar(own):
    path = selection_path(own)
    answer = reader().post(path, {"verb": "delete"})
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}programme/")
    assert PersonalSelection.objects.count() == 0
    assert [reader().get(one).status_code for one in (path, f"{path}calendar.ics")] == [404, 404]


def test_only_the_link_opens_it(own, organisation):
    path = selection_path(own)
    wrong = [
        path[:-2] + ("A/" if path[-2] != "A" else "B/"),
        path.replace(own.code, "ABCDEFGHJK"),
        path.replace("open-forum", "other-forum"),
        path.replace("/institute/", "/others/"),
    ]
    for one in wrong:
        assert reader().get(one).status_code == 404
        assert reader().post(one, {"verb": "delete"}).status_code == 404
        assert reader().get(f"{one}calendar.ics").status_code == 404
    assert PersonalSelection.objects.count() == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Referer": "https://evil.example/testserver"}, 403),
        ({"Referer": "http://testserver/institute/open-forum/programme/"}, 303),
        ({"Origin": "http://testserver"}, 303),
    ],
)
def test_only_our_own_pages_keep_a_new_one(stage, headers, status):
    answer = Client().post(NEW, {"sessions": "PANEL2"}, headers=headers)
    assert answer.status_code == status
    assert PersonalSelection.objects.count() == (status == 303)


def test_after_a_refusal_the_next_try_is_taken(stage):
    assert reader().post(NEW, {})["Referrer-Policy"] == "same-origin"


def test_who_guesses_is_slowed_down(own, settings):
    settings.THROTTLE = True
    wrong = selection_path(own).replace(own.code, "ABCDEFGHJK")
    assert [reader().get(wrong).status_code for _ in range(21)][-1] == 429
    assert reader().get(selection_path(own)).status_code == 200


def test_who_sends_very_often_is_asked_to_wait(stage, settings):
    settings.THROTTLE = True
    answers = [reader().post(NEW, {"sessions": "PANEL2"}) for _ in range(61)]
    assert [one.status_code for one in answers] == [303] * 60 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert PersonalSelection.objects.count() == 60


def test_a_draft_or_private_conference_opens_no_selection(own, stage):
    path = selection_path(own)
    stage.conference.visibility = "private"
    stage.conference.save()
    assert reader().get(path).status_code == 404
    assert reader().get(NEW).status_code == 404
    assert reader().post(NEW, {"sessions": "PANEL2"}).status_code == 404


def test_other_methods_are_refused(own):
    path = selection_path(own)
    assert reader().put(path).status_code == 405
    assert reader().post(f"{path}calendar.ics").status_code == 405
    assert reader().put(NEW).status_code == 405


def test_the_calendar_has_what_was_chosen_and_follows_the_programme(own, stage):
    path = f"{selection_path(own)}calendar.ics"
    answer = reader().get(path)
    assert answer["Content-Type"].startswith("text/calendar")
    entries = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in entries] == ["Who drinks first"]
    assert [str(one["UID"]) for one in entries] == [
        str(
            Calendar.from_ical(reader().get(f"{PAGE}calendar.ics").content).walk("VEVENT")[-1][
                "UID"
            ]
        )
    ]
    again = reader().get(path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    stage.panel.start_local += dt.timedelta(minutes=15)
    stage.panel.save()
    publish_schedule(conference=stage.conference, name="", actor=SYSTEM)
    (moved,) = Calendar.from_ical(reader().get(path).content).walk("VEVENT")
    assert moved["DTSTART"].dt.strftime("%H:%M") == "11:15"


def test_what_left_the_programme_is_said(own, stage):
    stage.panel.delete()
    publish_schedule(conference=stage.conference, name="", actor=SYSTEM)
    page = text_of(reader().get(selection_path(own)))
    assert "Not in the programme any more: 1." in page


def test_selections_are_deleted_90_days_after_the_end(own, stage):
    ends_at = stage.conference.ends_at
    for days, left in ((89, 1), (91, 0)):
        with time_machine.travel(ends_at + dt.timedelta(days=days), tick=False):
            forget_old_selections()
            assert PersonalSelection.objects.count() == left
    assert forget_selections() == 0


def test_a_selection_makes_no_page_of_others_anew(
    stage, settings, django_capture_on_commit_callbacks, django_assert_num_queries
):
    settings.PUBLIC_KEPT_SECONDS = 5
    keeping.forget()
    Client().get(f"{PAGE}programme/")
    with django_capture_on_commit_callbacks(execute=True):
        reader().post(NEW, {"sessions": "PANEL2"})
    with django_assert_num_queries(0):
        assert Client().get(f"{PAGE}programme/").status_code == 200
    keeping.forget()


def test_the_address_is_absolute(own):
    assert selection_url(own) == f"http://testserver{selection_path(own)}"
