"""Bulk deeds and pauses in the console: asked first, with the number and what it means."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts.enums import Role
from core.models import AuditEntry
from notifications.models import MailPause, Message, OutboxTrouble, SendingSwitch
from notifications.services.pulse import note_sweep
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db
BASE = "/manage/institute/forum"
OUTBOX = f"{BASE}/outbox/"


@pytest.fixture
def conference(organisation):
    return conference_in(organisation=organisation, slug="forum")


@pytest.fixture
def browser(organisation, client_as):
    account = AccountFactory(email="mila@example.org", name="Mila Jović")
    MembershipFactory(organisation=organisation, account=account, role=Role.ORGANISER)
    return client_as(account)


def message(conference, **columns):
    return MessageFactory(registration=guests_of(conference)[0], **columns)


def text_of(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def states():
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


class TestBulk:
    def test_what_is_shown_is_counted_on_the_buttons(self, conference, browser):
        rule = ReminderRuleFactory(conference=conference, name="Day before")
        message(conference, rule=rule, kind="reminder", plan_revision=1)
        message(conference)
        message(conference, state="failed")
        assert "Take back" not in text_of(browser.get(OUTBOX))  # of all of them: by a filter only
        page = browser.get(f"{OUTBOX}?q=example")
        assert "Send 1 again Take back 2" in text_of(page)
        page = browser.get(f"{OUTBOX}?rule={rule.code}")
        assert "Take back 1" in text_of(page)
        assert "again" not in text_of(page)
        assert f'href="{OUTBOX}cancel/?rule={rule.code}"' in page.content.decode()
        page = browser.get(f"{OUTBOX}?state=sent")
        assert "Take back" not in text_of(page)

    def test_taking_back_says_the_number_and_the_consequence(self, conference, browser):
        rule = ReminderRuleFactory(conference=conference, name="Day before")
        for _ in range(3):
            message(conference, rule=rule, kind="reminder", plan_revision=1)
        kept = message(conference)
        address = f"{OUTBOX}cancel/?state=queued&kind=reminder&rule={rule.code}&q=example"
        page = text_of(browser.get(address))
        for words in (
            "Take back 3 messages?",
            "their rules do not plan them anew",
            "State Waiting Kind Reminder Rule Day before Address or name example",
            "Keep as it is",
        ):
            assert words in page
        assert "cancelled" not in states()
        answer = browser.post(address, {"expected": "3"}, follow=True)
        assert "3 messages taken back." in text_of(answer)
        assert answer.redirect_chain[0][0] == address.replace("cancel/", "")
        assert states() == ["cancelled"] * 3 + ["queued"]
        assert kept.registration_id is not None
        assert AuditEntry.objects.filter(verb="cancel_messages").count() == 1

    @pytest.mark.parametrize("expected", ["2", "", "x", "²", "9" * 30, "-1"])
    def test_a_number_that_changed_is_refused_with_a_sentence(self, conference, browser, expected):
        message(conference)
        answer = browser.post(f"{OUTBOX}cancel/", {"expected": expected}, follow=True)
        assert "and now it would be 1. Nothing was changed" in text_of(answer)
        assert states() == ["queued"]

    def test_without_a_filter_it_says_that_it_is_about_all(self, conference, browser):
        message(conference)
        page = text_of(browser.get(f"{OUTBOX}cancel/?state=nonsense&kind=nonsense"))
        assert "Take back 1 message?" in page
        assert "this is about every message of the conference" in page

    def test_sending_again_warns_of_seconds(self, conference, browser):
        message(conference, state="failed")
        message(conference, state="unknown")
        page = text_of(browser.get(f"{OUTBOX}retry/"))
        assert "Send 2 messages again?" in page
        assert "Of 1 nobody knows whether they arrived" in page
        page = text_of(browser.get(f"{OUTBOX}retry/?state=failed"))
        assert "nobody knows" not in page
        answer = browser.post(f"{OUTBOX}retry/", {"expected": "2"}, follow=True)
        assert "2 messages are on the way again." in text_of(answer)
        assert states() == ["queued", "queued"]

    def test_reminders_of_a_time_that_no_longer_holds_are_told(self, conference, browser):
        message(conference, state="failed")
        message(conference, state="expired", kind="reminder", plan_revision=1)
        answer = browser.post(f"{OUTBOX}retry/", {"expected": "2"}, follow=True)
        said = "1 message is on the way again. 1 reminder of a time that no longer holds stayed"
        assert said in text_of(answer)

    @pytest.mark.parametrize("verb", ["cancel", "retry"])
    def test_where_there_is_nothing_it_says_so(self, conference, browser, verb):
        page = browser.get(f"{OUTBOX}{verb}/?state=sent")
        assert "Nothing to do here" in text_of(page)
        assert b'name="expected"' not in page.content
        answer = browser.post(f"{OUTBOX}{verb}/", {"expected": "0"}, follow=True)
        assert "None of these messages can be" in text_of(answer)


class TestPausing:
    def test_a_pause_stands_on_every_page_about_mail_until_it_is_resumed(self, conference, browser):
        rule = ReminderRuleFactory(conference=conference)
        row = message(conference)
        assert "Pause sending" in text_of(browser.get(OUTBOX))
        assert "No mail of this conference leaves" in text_of(browser.get(f"{OUTBOX}pause/"))
        assert browser.post(f"{OUTBOX}pause/", {"reason": " "}).status_code == 200
        assert not MailPause.objects.exists()
        answer = browser.post(f"{OUTBOX}pause/", {"reason": "New room"}, follow=True)
        assert "Sending is paused. What comes meanwhile waits." in text_of(answer)
        for page in (
            OUTBOX,
            f"{OUTBOX}{row.uid}/",
            f"{BASE}/rules/",
            f"{BASE}/rules/{rule.code}/",
            f"{BASE}/rules/new/",
        ):
            found = browser.get(page)
            words = r"Sending is paused since \d\d:\d\d by Mila Jović: 1 message waits\. New room"
            assert re.search(words, text_of(found)), page
            assert f'href="{OUTBOX}resume/"' in found.content.decode()
        assert "No mail leaves at the moment: New room." in text_of(
            browser.get(f"{OUTBOX}{row.uid}/")
        )
        assert "Resume sending? 1 message waits and goes at once." in text_of(
            browser.get(f"{OUTBOX}resume/")
        )
        answer = browser.post(f"{OUTBOX}resume/", follow=True)
        assert "Sending is resumed. 1 message goes now." in text_of(answer)
        assert "is paused since" not in text_of(answer)
        answer = browser.post(f"{OUTBOX}resume/", follow=True)
        assert "Sending was not paused." in text_of(answer)
        assert "Nothing to resume here" in text_of(browser.get(f"{OUTBOX}resume/"))

    def test_resuming_offers_to_give_up_what_is_old(self, conference, browser):
        old = timezone.now() - dt.timedelta(hours=30)
        message(conference, kind="reminder", plan_revision=1, due_at=old)
        message(conference)
        browser.post(f"{OUTBOX}pause/", {"reason": "New room"})
        page = text_of(browser.get(f"{OUTBOX}resume/"))
        assert "2 messages wait and go at once." in page
        assert "Give up the 1 that has been due for over a day." in page
        answer = browser.post(f"{OUTBOX}resume/", {"give_up": "yes"}, follow=True)
        assert "1 message goes now. 1 message given up." in text_of(answer)
        assert states() == ["expired", "queued"]

    def test_the_installation_s_pause_is_not_an_organiser_s_to_end(self, conference, browser):
        message(conference)
        SendingSwitch.objects.create(pk=1, reason="Restored")
        page = text_of(browser.get(OUTBOX))
        assert "Restored · Whoever runs the installation resumes it." in page
        assert "whoever runs it resumes it: Restored." in text_of(browser.get(f"{OUTBOX}resume/"))
        browser.post(f"{OUTBOX}resume/")
        assert SendingSwitch.objects.exists()

    def test_who_only_reads_can_not(self, organisation, conference, client_as):
        account = AccountFactory()
        MembershipFactory(organisation=organisation, account=account, role=Role.VIEWER)
        browser = client_as(account)
        for verb in ("pause", "resume", "cancel", "retry"):
            assert browser.post(f"{OUTBOX}{verb}/", {"expected": "1"}).status_code == 403


class TestTrouble:
    def test_a_standstill_is_said_on_every_page_about_mail(self, conference, browser):
        message(conference)
        OutboxTrouble.objects.create(
            organisation=conference.organisation,
            kind="standstill",
            number=4,
            since=timezone.now(),
            seen_at=timezone.now(),
        )
        for page in (OUTBOX, f"{BASE}/rules/"):
            words = text_of(browser.get(page))
            assert "Mail stands still 4 mails are due, the oldest since " in words
        assert b"Mail stands still" in browser.get("/manage/institute/").content

    @pytest.mark.parametrize("number", [1, 3])
    @pytest.mark.parametrize(("paused", "queries"), [(False, 13), (True, 12)])
    def test_the_list_with_its_banner_costs_the_same_for_one_and_three(
        self, conference, browser, number, paused, queries, django_assert_num_queries
    ):
        note_sweep()
        ReminderRuleFactory(conference=conference)
        for _ in range(number):
            message(conference)
        if paused:
            MailPause.objects.create(conference=conference, reason="New room")
        with django_assert_num_queries(queries):
            page = browser.get(OUTBOX)
        assert ("Sending is paused since" in text_of(page)) is paused
