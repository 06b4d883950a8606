"""Announcements in the console: written with a preview, checked, sent, taken back, followed."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.enums import Role
from notifications.models import Announcement, Message
from notifications.services.fan_out import run_announcements
from notifications.services.leaving import let_leave
from notifications.services.reading import local_moment
from registrations.services.links import manage_url
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.factories.notifications import AnnouncementFactory
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db
LIST = "/manage/institute/forum/announcements/"


@pytest.fixture
def room(room):
    organisation = room.conference.organisation
    organisation.imprint = {"en": "Institute for Testing, Belgrade"}
    organisation.save()
    return room


@pytest.fixture
def browser(room, client_as):
    account = AccountFactory(email="owner@example.org", name="Olga Owner")
    MembershipFactory(
        organisation=room.conference.organisation, account=account, role=Role.REGISTRAR
    )
    return client_as(account)


def typed(**values):
    return {
        "subject_en": "A word on the programme",
        "body_en": "{greeting}\n\nThe hall opens at nine.",
        "registrations": ["confirmed"],
        **values,
    }


def words_of(response):
    return " ".join(response.content.decode().split())


def draft(room, **fields):
    return AnnouncementFactory(conference=room.conference, **fields)


def page_of(row, verb=""):
    return f"{LIST}{row.code}/{verb + '/' if verb else ''}"


def press(browser, row, **choices):
    answers = {"recipients": "1", "read_warnings": "yes", "quiet": "now", **choices}
    return browser.post(page_of(row, "check"), answers, follow=True)


def test_no_announcement_offers_to_write_one(browser):
    assert "Nothing announced yet." in words_of(browser.get(LIST))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    room, browser, number, django_assert_num_queries
):
    for _ in range(number):
        draft(room)
    with django_assert_num_queries(7):
        assert browser.get(LIST).status_code == 200


def test_a_draft_is_written_and_saved(room, browser):
    html = words_of(browser.get(f"{LIST}new/"))
    assert "{greeting}" in html
    answer = browser.post(f"{LIST}new/", typed(), follow=True)
    assert "The draft is saved. Nothing was sent." in words_of(answer)
    row = Announcement.objects.get()
    assert (row.subject, row.audience) == (
        {"en": "A word on the programme"},
        {"registrations": ["confirmed"]},
    )
    assert row.created_by.email == "owner@example.org"
    assert "1 person" in words_of(answer)
    assert Message.objects.count() == 0


def test_saving_can_lead_on_to_the_flight_check(room, browser):
    answer = browser.post(f"{LIST}new/", typed(check="yes"), follow=True)
    assert "Flight check" in words_of(answer)
    assert "Send to 1 person" in words_of(answer)


def test_who_is_skipped_is_named(room, browser):
    RegistrationFactory(
        registration_type=room.registration.registration_type,
        given_name="Twin",
        family_name="Petrović",
        email="ANA@example.org",
        email_key=None,
    )
    html = words_of(browser.post(f"{LIST}count/", typed()))
    assert "1 person" in html
    assert "1 skipped: 1 shares an address with another" in html
    assert "Twin Petrović" in html


def test_the_count_says_who_reads_what(room, browser):
    RegistrationFactory(registration_type=room.registration.registration_type, language="ru")
    html = words_of(browser.post(f"{LIST}count/", typed()))
    assert "2 people" in html
    assert "English: 1 · Русский: 1" in html


def test_the_count_follows_what_is_typed_and_keeps_nothing(room, browser):
    assert "0 people" in words_of(browser.post(f"{LIST}count/", typed(registrations=[])))
    assert "1 person" in words_of(browser.post(f"{LIST}count/", typed()))
    assert Announcement.objects.count() == 0


def test_the_preview_is_the_mail_of_a_real_reader(room, browser):
    answer = browser.post(f"{LIST}preview/", typed())
    html = words_of(answer)
    assert "Dear Ana Petrović," in html
    assert "The hall opens at nine." in html
    assert "Institute for Testing" in html
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert Announcement.objects.count() == 0


def test_a_preview_gives_no_right(room, browser):
    text = "{greeting}\n\n[Your place]({manage_url})"
    shown = browser.post(f"{LIST}preview/", typed(body_en=text)).content.decode()
    assert "Your place" in shown
    assert manage_url(room.registration) not in shown
    assert not re.search(r"/[ru]/[A-Za-z0-9_-]{5,}", shown)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"registrations": []}, "nobody would get it"),
        ({"body_en": "Hello {who}"}, "which there is not"),
        ({"registrations": ["gone"]}, "not there any more"),
        ({"reader": "99"}, "Dear Ana"),
        ({"reader": "-1"}, "Dear Ana"),
    ],
)
def test_a_preview_that_can_not_be_made_says_why(browser, values, said):
    assert said in words_of(browser.post(f"{LIST}preview/", typed(**values)))


def test_what_is_typed_is_text_wherever_it_is_shown(room, browser):
    evil = '<script>alert(1)</script><img src=x onerror=alert(1)>"><b>'
    row = draft(room, subject={"en": evil}, body={"en": evil})
    for path in (LIST, page_of(row), page_of(row, "check"), page_of(row, "delete")):
        html = browser.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
    shown = browser.post(f"{LIST}preview/", typed(subject_en=evil, body_en=evil)).content.decode()
    assert "<script" not in shown
    assert "<img src=x" not in shown


def test_a_name_can_make_no_link_in_an_announcement(room, browser):
    room.registration.given_name = "[Pay](https://evil.example) https://evil.example"
    room.registration.save()
    shown = browser.post(f"{LIST}preview/", typed()).content.decode()
    assert 'href="https://evil' not in shown
    assert "https://evil.example" not in shown


def test_the_flight_check_says_what_to_put_right(room, browser):
    row = draft(room, subject={}, body={"en": "See http://localhost:8000/nowhere/at/all/ever/"})
    html = words_of(browser.get(page_of(row, "check")))
    assert "to put right" in html
    assert "There is no subject" in html
    assert "It can not leave yet" in html
    assert "Send to 1 person" not in html


def test_warnings_want_a_tick(room, browser):
    row = draft(room, subject={"en": "COME TO THE FORUM"})
    assert "I have read the" in words_of(browser.get(page_of(row, "check")))
    html = words_of(press(browser, row, read_warnings=""))
    assert "Read what the flight check warns of first" in html
    row.refresh_from_db()
    assert row.state == "draft"


def test_sent_it_can_be_taken_back_for_a_minute(room, browser):
    row = draft(room)
    html = words_of(press(browser, row))
    assert "It leaves at" in html
    assert "Take it back" in html
    html = words_of(browser.post(page_of(row, "undo"), follow=True))
    assert "nobody has got it, and it is a draft again" in html
    assert Message.objects.exclude(state="cancelled").count() == 0


def test_a_second_click_says_that_it_is_on_its_way(room, browser):
    row = draft(room)
    press(browser, row)
    assert "on its way already" in words_of(press(browser, row))
    run_announcements()
    assert Message.objects.count() == 1


def test_an_audience_that_changed_is_asked_about_again(room, browser):
    row = draft(room)
    html = words_of(press(browser, row, recipients="118"))
    assert "The audience has changed: it is 1 now, not 118. Nothing was sent." in html


def test_at_night_there_is_a_choice(room, browser, monkeypatch):
    from notifications.services import flight_facts

    night = dt.datetime(2027, 2, 17, 21, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(flight_facts, "database_now", lambda: night)
    html = words_of(browser.get(page_of(draft(room), "check")))
    assert "at 08:00 instead" in html
    assert "Send now anyway" in html


def later(days, time, zone="Europe/Belgrade"):
    """Return a local time as the browser writes it, so many days from now and on a weekday."""
    day = timezone.now().astimezone(ZoneInfo(zone)).date() + dt.timedelta(days=days)
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    return f"{day}T{time}"


def instant(typed, zone="Europe/Belgrade"):
    return dt.datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone))


def test_it_is_sent_later_at_a_moment_on_the_conferences_clocks(room, browser):
    row, typed = draft(room), later(3, "09:30")
    html = words_of(browser.get(page_of(row, "check")))
    assert "Send on (Belgrade time)" in html
    html = words_of(browser.get(page_of(row, "check"), {"send_at": typed}))
    assert "Send to 1 person then" in html
    assert "09:30 (Belgrade). Until then it can be changed and taken back." in html
    assert f'<input type="hidden" name="send_at" value="{typed}">' in html
    row.refresh_from_db()
    assert row.state == "draft", "looking changes nothing"
    html = words_of(press(browser, row, send_at=typed, quiet=""))
    row.refresh_from_db()
    assert (row.state, row.send_at, row.undo_until) == ("scheduled", instant(typed), instant(typed))
    assert "09:30 (Belgrade)" in html
    assert 'hx-trigger="every 60s"' in html
    assert "draft again" in words_of(browser.post(page_of(row, "undo"), follow=True))


def test_a_moment_at_night_waits_for_the_morning_unless_somebody_insists(room, browser):
    row, typed = draft(room), later(3, "22:15")
    html = words_of(browser.get(page_of(row, "check"), {"send_at": typed}))
    assert "at 08:00 instead" in html
    assert "Send at that hour anyway" in html
    assert "It is 22:15 in Belgrade." in html
    press(browser, row, send_at=typed, quiet="wait")
    row.refresh_from_db()
    assert row.undo_until.astimezone(ZoneInfo("Europe/Belgrade")).time() == dt.time(8)
    browser.post(page_of(row, "undo"))
    press(browser, row, send_at=typed, quiet="now")
    row.refresh_from_db()
    assert row.undo_until == instant(typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("2020-01-01T10:00", "This moment has passed."), ("soon", "Give date and time")],
)
def test_a_moment_that_can_not_be_is_refused(room, browser, typed, said):
    row = draft(room)
    assert said in words_of(browser.get(page_of(row, "check"), {"send_at": typed}))
    assert said in words_of(press(browser, row, send_at=typed))
    row.refresh_from_db()
    assert row.state == "draft"


def test_the_moment_is_changed_while_it_waits(room, browser):
    row = draft(room)
    press(browser, row, send_at=later(3, "09:30"))
    typed = later(8, "11:00")
    assert "Another moment" in words_of(browser.get(page_of(row)))
    row.refresh_from_db()
    leaves = f"Leaves {local_moment(row.undo_until, row.conference.time_zone)}"
    for address in (page_of(row), page_of(row).replace(f"{row.code}/", "")):
        assert leaves in words_of(browser.get(address))
        assert "About to leave" not in words_of(browser.get(address))
    data = {"send_at": typed, "version": row.version}
    unread = words_of(browser.post(page_of(row, "moment"), data, follow=True))
    assert "The flight check warns: " in unread
    assert "It leaves as before." in unread
    page = browser.post(page_of(row, "moment"), {**data, "read_warnings": "yes"}, follow=True)
    assert "It has another moment." in words_of(page)
    row.refresh_from_db()
    assert (row.state, row.undo_until, row.round) == ("scheduled", instant(typed), 2)
    page = browser.post(
        page_of(row, "moment"), {"send_at": "", "version": row.version}, follow=True
    )
    assert "It leaves as before." in words_of(page)


def test_what_leaves_in_a_moment_has_no_other_one(room, browser):
    row = draft(room)
    assert "Another moment" not in words_of(press(browser, row))
    page = browser.post(page_of(row, "moment"), {"send_at": later(3, "10:00")}, follow=True)
    assert "It leaves in a moment. Take it back instead." in words_of(page)


def leave(row):
    past = timezone.now() - dt.timedelta(seconds=1)
    Announcement.objects.filter(pk=row.pk).update(undo_until=past)
    run_announcements()
    let_leave()


def test_under_way_it_says_how_far_it_is_and_is_paused_resumed_and_stopped(room, browser):
    row = draft(room)
    press(browser, row)
    leave(row)
    html = words_of(browser.get(page_of(row)))
    assert "0 of 1 sent" in html
    assert 'hx-trigger="every 2s"' in html
    assert "It is paused." in words_of(browser.post(page_of(row, "pause"), follow=True))
    assert "It goes on." in words_of(browser.post(page_of(row, "resume"), follow=True))
    html = words_of(browser.post(page_of(row, "stop"), follow=True))
    assert "It is stopped." in html
    assert re.search(r"Not sent</dt> <dd> 1 </dd>", html)
    assert "every 2s" not in html, "nothing changes any more"
    html = words_of(browser.post(page_of(row, "resume"), follow=True))
    assert "It is not paused." in html


def hold(room, browser, **change):
    """Send a draft, and let something change before it leaves."""
    row = draft(room)
    press(browser, row)
    type(room.conference).objects.filter(pk=room.conference.pk).update(
        **(change or {"state": "cancelled"})
    )
    leave(row)
    row.refresh_from_db()
    assert row.state == "held"
    return row


def test_held_back_it_says_why_and_what_to_do(room, browser):
    row = hold(room, browser)
    html = words_of(browser.get(page_of(row)))
    assert "Held back" in html
    assert "Nobody has got it" in html
    assert "The conference is cancelled." in html
    assert "Send to 1 person anyway" in html
    assert "Take it back" in html
    assert "hx-trigger" not in html, "nothing changes by itself"
    html = words_of(browser.get(LIST))
    assert "Held back" in html
    assert "The conference is cancelled." in html


def test_held_back_it_is_sent_after_all_by_one_press(room, browser):
    row = hold(room, browser)
    answers = {"version": row.version, "recipients": "1", "read_warnings": "yes"}
    browser.post(page_of(row, "check"), answers)
    row.refresh_from_db()
    assert (row.state, row.round, row.held_at) == ("scheduled", 2, None)


def test_held_back_for_an_error_it_is_put_right_first(room, browser):
    organisation = room.conference.organisation
    row = draft(room)
    press(browser, row)
    organisation.contact_email = ""
    organisation.save()
    type(room.conference).objects.update(contact_email="")
    leave(row)
    html = words_of(browser.get(page_of(row)))
    assert "Put this right and check it anew" in html
    assert "anyway" not in html
    assert 'settings/">Settings</a>' in html
    html = words_of(press(browser, row))
    assert "There is no contact address" in html
    assert "It can not leave yet" in html
    assert "Change the draft" not in html
    assert "Back to the announcement" in html


def test_what_came_up_after_that_is_read_on_the_check_first(room, browser):
    row = hold(room, browser)
    organisation = room.conference.organisation
    organisation.imprint = {}
    organisation.save()
    html = words_of(browser.get(page_of(row)))
    assert "More has changed since. Look at the flight check" in html
    assert "anyway" not in html
    assert "The organisation has no imprint" in words_of(browser.get(page_of(row, "check")))


def test_what_was_put_right_meanwhile_stands_in_the_way_no_longer(room, browser):
    row = hold(room, browser)
    type(room.conference).objects.update(state="published")
    assert "Send to 1 person anyway" in words_of(browser.get(page_of(row)))


def test_another_number_than_the_page_said_is_asked_about_on_the_check(room, browser):
    row = hold(room, browser)
    RegistrationFactory(registration_type=room.registration.registration_type)
    html = words_of(press(browser, row))
    assert "it is 2 now, not 1" in html
    assert "Send to 2 people" in html


def test_held_back_it_is_taken_back_and_changed(room, browser):
    row = hold(room, browser)
    html = words_of(browser.post(page_of(row, "undo"), follow=True))
    assert "it is a draft again" in html
    assert "Save draft" in html


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_of_held_ones_takes_no_further_query(
    room, browser, number, django_assert_num_queries
):
    at = timezone.now()
    why = [{"detail": "The conference is cancelled."}, {"detail": "And more."}]
    for _ in range(number):
        draft(room, state="held", round=1, undo_until=at, held_at=at, held_for=why)
    with django_assert_num_queries(7):
        assert words_of(browser.get(LIST)).count("And 1 more.") == number


def test_a_verb_that_there_is_not_is_not_found(room, browser):
    assert browser.post(page_of(draft(room), "explode")).status_code == 404


def test_a_draft_is_deleted_after_a_question(room, browser):
    row = draft(room)
    assert "Delete “A word on the programme”?" in words_of(browser.get(page_of(row, "delete")))
    browser.post(page_of(row, "delete"), {"version": row.version})
    assert Announcement.objects.count() == 0


def test_a_stale_draft_says_who_changed_it(room, browser):
    row = draft(room)
    Announcement.objects.update(version=2)
    html = words_of(browser.post(page_of(row), typed(version="1", subject_en="Mine")))
    assert "Nothing was saved" in html
    assert "Mine" in html


def test_another_house_sees_none_of_it(room, client_as, other_organisation):
    row = draft(room)
    stranger = AccountFactory(email="other@example.org")
    MembershipFactory(organisation=other_organisation, account=stranger, role=Role.OWNER)
    client = client_as(stranger)
    for path in (LIST, page_of(row), page_of(row, "check")):
        assert client.get(path).status_code == 404
    assert client.post(page_of(row, "undo")).status_code == 404
    assert client.post(f"{LIST}count/", typed()).status_code == 404
