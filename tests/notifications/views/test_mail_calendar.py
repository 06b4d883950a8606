"""The page of the mail calendar: a drawing, a table that says the same, and a switch a rule."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from core.clock import to_local
from events import dates
from notifications.models import Message
from notifications.services.replanning import plan_rules
from tests.factories.notifications import (
    ZONE,
    AnnouncementFactory,
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db
PAGE = "/manage/institute/open-forum/mail/"


@pytest.fixture
def conference(organisation):
    return conference_in(organisation=organisation, slug="open-forum", days=10)


@pytest.fixture
def browser(client_as, owner):
    return client_as(owner)


def words_of(response):
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def plan_all(conference):
    plan_rules(conference.reminder_rules.values_list("pk", flat=True))


def test_a_line_says_when_what_to_whom_in_which_languages_and_who_does_not(conference, browser):
    ReminderRuleFactory(conference=conference, name="The day before")
    guests_of(conference, 3)
    guests_of(conference, 1, language="ru")
    plan_all(conference)
    first = Message.objects.order_by("pk").first()
    Message.objects.filter(pk=first.pk).update(state="cancelled", cancelled_for="suppressed")
    words = words_of(browser.get(PAGE))
    due = to_local(first.due_at, ZONE)
    assert f"{dates.say_date(due, 'en')}, {dates.say_time(due, 'en')}" in words
    assert "The day before" in words
    assert "3 attendees 1 opted out 2 English, 1 Русский" in words
    assert "When (Belgrade)" in words


def test_an_announcement_is_a_line_that_leads_to_it(conference, browser):
    at = timezone.now() + dt.timedelta(hours=3)
    row = AnnouncementFactory(
        conference=conference, state="scheduled", undo_until=at, round=1, expected=12
    )
    response = browser.get(PAGE)
    words = words_of(response)
    assert "A word on the programme" in words
    assert "about 12 people" in words
    link = f"/manage/institute/open-forum/announcements/{row.code}/"
    assert f'<a href="{link}">A word on the programme</a>' in response.content.decode()


def test_the_drawing_has_a_dot_a_mail_and_the_days_that_count(conference, browser):
    conference.reply_until_local = conference.start_local - dt.timedelta(days=3)
    conference.save()
    ReminderRuleFactory(conference=conference)
    ReminderRuleFactory(conference=conference, name="Nobody waits", audience="waiting_list")
    guests_of(conference)
    response = browser.get(PAGE)
    drawing = response.context["drawing"]
    assert [dot["mail"].count for dot in drawing["dots"]] == [1, 0]
    marks = [mark["label"].split()[0] for mark in drawing["marks"]]
    assert marks[:2] == ["Answers", "Starts"]  # and the end, where that is the next day
    assert len(drawing["weekends"]) == 8  # two a week, and the first is four weeks wide
    assert b'role="img"' in response.content
    assert b"style=" not in response.content


def test_labels_in_the_drawing_do_not_lie_on_each_other(conference, browser):
    for number in range(8):
        ReminderRuleFactory(conference=conference, name=f"A long name {number}", offset="-P1D")
    guests_of(conference)
    dots = browser.get(PAGE).context["drawing"]["dots"]
    places = [(dot["label_x"], dot["label_y"]) for dot in dots if "label" in dot]
    assert len(places) == len(set(places)) > 1


def test_labels_in_the_drawing_do_not_lie_on_the_lines_of_days_that_count(conference, browser):
    conference.reply_until_local = conference.start_local - dt.timedelta(days=6)
    conference.save()
    for days in (1, 8):  # beside their dots both would lie on one
        ReminderRuleFactory(conference=conference, name=f"{days} days before", offset=f"-P{days}D")
    guests_of(conference)
    drawing = browser.get(PAGE).context["drawing"]
    spans = [
        (dot["label_x"], dot["label_x"] + 5.8 * len(dot["label"]))
        for dot in drawing["dots"]
        if "label" in dot
    ]
    assert len(spans) == 2
    lines = [mark["x"] for mark in drawing["marks"]]
    assert [(s, x) for s in spans for x in lines if s[0] < x < s[1]] == []


def test_a_rule_is_paused_and_switched_on_from_there(conference, browser):
    rule = ReminderRuleFactory(conference=conference, name="The day before")
    guests_of(conference)
    switch = f"/manage/institute/open-forum/rules/{rule.code}/switch/"
    assert "Pause this rule" in words_of(browser.get(PAGE))
    off = browser.post(
        switch, {"enabled": "no", "version": rule.version, "next": "calendar"}, follow=True
    )
    assert off.redirect_chain == [(PAGE, 302)]
    assert "The day before It is switched off. Switch on" in words_of(off)
    on = browser.post(
        switch, {"enabled": "yes", "version": rule.version + 1, "next": "calendar"}, follow=True
    )
    assert "Pause this rule" in words_of(on)


def test_what_is_due_without_a_rule_leads_to_the_outbox(conference, browser):
    MessageFactory(registration=guests_of(conference)[0])
    response = browser.get(PAGE)
    assert "Confirmation Now 1 person" in words_of(response)
    assert b"/outbox/?state=queued&amp;kind=confirmation" in response.content


def test_no_mail_says_so_and_a_draft_says_when(conference, browser):
    assert "No mail goes in these weeks." in words_of(browser.get(PAGE))
    conference.state = "draft"
    conference.save()
    assert "once it is published" in words_of(browser.get(PAGE))


@pytest.mark.parametrize(("asked", "weeks"), [("8", 8), ("52", 52), ("9", 4), ("x", 4)])
def test_how_far_is_one_of_five(conference, browser, asked, weeks):
    assert browser.get(PAGE, {"weeks": asked}).context["weeks"] == weeks


@pytest.mark.parametrize("number", [1, 3])
def test_three_rules_take_as_many_queries_as_one(
    conference, browser, number, django_assert_num_queries
):
    for _ in range(number):
        ReminderRuleFactory(conference=conference)
    guests_of(conference, number)
    plan_all(conference)
    browser.get(PAGE)
    # Three beside the rules and the outbox: announcements, and the two pauses.
    with django_assert_num_queries(13):
        browser.get(PAGE)


class TestWhy:
    PAGE = "/manage/institute/open-forum/why/"

    def test_somebody_is_found_and_explained(self, conference, browser):
        ReminderRuleFactory(conference=conference, name="The day before")
        ReminderRuleFactory(conference=conference, name="Nudge", audience="unanswered")
        guest = guests_of(conference, given_name="Jovan", family_name="Đurić")[0]
        plan_all(conference)
        found = browser.get(self.PAGE, {"who": "ђурић"})
        assert "Jovan Đurić Registered Confirmed" in words_of(found)
        assert f"?registration={guest.code}".encode() in found.content
        words = words_of(browser.get(self.PAGE, {"registration": guest.code}))
        assert "The day before Waits until " in words
        assert "Nudge Not for them. Only guests without an answer get it" in words
        assert "Other kinds of mail" in words

    def test_nothing_typed_asks_and_nobody_found_says_so(self, conference, browser):
        assert "Name or address" in words_of(browser.get(self.PAGE))
        assert "Nobody of this conference" in words_of(browser.get(self.PAGE, {"who": "zzz"}))

    def test_strangers_codes_are_not_there(self, conference, browser, other_organisation):
        guest = guests_of(conference_in(organisation=other_organisation))[0]
        for asked in ({"registration": guest.code}, {"person": "ZZZZZZ"}, {"invitation": "x"}):
            assert browser.get(self.PAGE, asked).status_code == 404

    def test_pages_of_a_person_lead_there(self, conference, browser):
        guest = guests_of(conference)[0]
        message = MessageFactory(registration=guest)
        link = f"/manage/institute/open-forum/why/?registration={guest.code}".encode()
        at = "/manage/institute/open-forum"
        for page in (
            f"{at}/registrations/{guest.code}/",
            f"{at}/outbox/",
            f"{at}/outbox/{message.uid}/",
        ):
            assert link in browser.get(page).content


def test_the_day_is_that_of_the_conference_not_of_the_server(conference, browser):
    conference.time_zone = "Pacific/Auckland"
    conference.save()
    calendar = browser.get(PAGE).context["calendar"]
    assert to_local(calendar.until, "Pacific/Auckland").time() == dt.time(0)
    assert calendar.until > timezone.now()
