"""The outbox in the console: what is where, what it says, and what may be done about it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.enums import Role
from core.models import AuditEntry
from notifications.enums import CancelReason, DeliveryOutcome, MessageState
from notifications.models import Delivery, Message, RenderedMail, SendingSwitch
from notifications.services.rendering import archive, render
from tests.factories.accounts import AccountFactory, MembershipFactory

pytestmark = pytest.mark.django_db
OUTBOX = "/manage/institute/forum/outbox/"


@pytest.fixture
def browser(room, client_as):
    account = AccountFactory(email="owner@example.org")
    MembershipFactory(
        organisation=room.conference.organisation, account=account, role=Role.ORGANISER
    )
    return client_as(account)


def queued(room, template="reminder", number=0, **columns):
    message = room.message(template)
    for name, value in {"key": f"{template}:{number}", **columns}.items():
        setattr(message, name, value)
    message.save()
    return message


def page_of(message):
    return f"{OUTBOX}{message.uid}/"


def test_an_empty_outbox_says_when_the_first_mail_goes(browser):
    html = browser.get(OUTBOX).content.decode()
    assert "No mail yet. The first one goes when somebody registers" in html
    assert "Nothing is being sent" not in html


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    room, browser, number, django_assert_num_queries
):
    for n in range(number):
        queued(room, number=n, to_email=f"guest{n}@example.org")
    with django_assert_num_queries(13):
        html = browser.get(OUTBOX).content.decode()
    assert html.count('data-label="Mail">Reminder</td>') == number


def test_filters_count_what_they_would_show(room, browser):
    queued(room, number=1)
    queued(room, number=2, state=MessageState.FAILED, to_email="bad@example.org")
    queued(room, "confirmation", number=3, state=MessageState.SENT, sent_at=timezone.now())
    html = browser.get(OUTBOX).content.decode()
    for label, count in (("All", 3), ("Waiting", 1), ("Sent", 1), ("Failed", 1)):
        assert f'{label} <span class="count">{count}</span>' in " ".join(html.split())
    failed = browser.get(f"{OUTBOX}?state=failed").content.decode()
    assert "bad@example.org" in failed
    assert failed.count('data-label="Mail"') == 1
    found = browser.get(f"{OUTBOX}?q=BAD%40").content.decode()
    assert found.count('data-label="Mail"') == 1
    assert browser.get(f"{OUTBOX}?q=petrovic").content.decode().count('data-label="Mail"') == 3
    kinds = browser.get(f"{OUTBOX}?kind=confirmation&state=sent").content.decode()
    assert kinds.count('data-label="Mail"') == 1
    nothing = browser.get(f"{OUTBOX}?q=nobody").content.decode()
    assert "No message matches." in nothing


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=99999", "state=x", "kind=%00", "q=%00%00", "q=" + "a" * 900]
)
def test_strange_questions_are_answered_calmly(room, browser, query):
    queued(room)
    assert browser.get(f"{OUTBOX}?{query}").status_code in {200, 400}


def test_a_standstill_and_a_pause_are_said(room, browser):
    message = queued(room, due_at=timezone.now() - dt.timedelta(seconds=30))
    assert b"Nothing is being sent" not in browser.get(OUTBOX).content
    Message.objects.update(due_at=timezone.now() - dt.timedelta(minutes=5))
    assert b"Nothing is being sent" in browser.get(OUTBOX).content
    SendingSwitch.objects.create(pk=1, reason="Restored from a backup")
    html = browser.get(OUTBOX).content.decode()
    assert "by the operator: 1 message waits." in html
    assert "Restored from a backup" in html
    assert "Nothing is being sent" not in html
    assert "Pause sending" not in html
    assert b"No mail leaves at the moment: Restored from a backup." in (
        browser.get(page_of(message)).content
    )


def test_a_waiting_mail_is_shown_as_it_would_read_now(room, browser):
    message = queued(room, due_at=timezone.now() + dt.timedelta(days=1))
    html = browser.get(page_of(message)).content.decode()
    assert "Thursday, 18 March, 10:00: Rivers and borders" in html
    assert "A preview: as it would read if it went now." in html
    assert "It goes on " in html
    assert f'src="{page_of(message)}html/"' in html
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in html
    text = browser.get(f"{page_of(message)}?view=text").content.decode()
    assert "See you on Thursday, 18 March" in text
    source = browser.get(f"{page_of(message)}?view=source").content.decode()
    assert "auto-generated" in source
    assert "No files come along." in source


def test_the_frame_can_run_nothing_and_load_nothing(room, browser):
    response = browser.get(f"{page_of(queued(room, 'confirmation'))}html/")
    assert response["Content-Security-Policy"] == (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
        "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    html = response.content.decode()
    assert '<img src="data:image/png;base64,' in html
    assert "cid:" not in html
    assert '<head><base target="_blank">' in html


def test_pages_around_the_frame_allow_no_inline_style_or_script(room, browser):
    policy = browser.get(page_of(queued(room)))["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-src 'self'" in policy


XSS = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"


def test_a_name_with_markup_stays_words_on_every_page(room, browser):
    room.registration.given_name = XSS
    room.registration.save()
    message = queued(room, to_name=XSS, last_error=XSS)
    Delivery.objects.create(
        message=message,
        attempt=1,
        started_at=timezone.now(),
        ended_at=timezone.now(),
        outcome=DeliveryOutcome.REFUSED,
        detail=XSS,
    )
    for address in (
        OUTBOX,
        f"{OUTBOX}?q={XSS}",
        page_of(message),
        f"{page_of(message)}?view=text",
        f"{page_of(message)}?view=source",
        f"{page_of(message)}html/",
        f"{page_of(message)}cancel/",
    ):
        html = browser.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<svg onload" not in html


def test_a_sent_mail_is_read_as_it_was_kept(room, browser):
    message = queued(room, "confirmation", state=MessageState.SENT, sent_at=timezone.now())
    RenderedMail.objects.create(message=message, **archive(render(message)))
    room.conference.title = {"en": "Another title"}
    room.conference.save()
    html = browser.get(page_of(message)).content.decode()
    assert "Your place is confirmed: Rivers and borders" in html
    assert "A preview" not in html
    assert "The mail server accepted it on " in html
    token = f"/r/{room.registration.code}/"
    assert token in browser.get(f"{page_of(message)}html/").content.decode()
    source = browser.get(f"{page_of(message)}?view=source").content.decode()
    assert "invite.ics" in source
    assert "shown in the mail" in source


def test_what_can_not_be_rendered_says_why(room, browser):
    message = queued(room, template="reminder")
    Message.objects.update(template="gone")
    html = browser.get(page_of(message)).content.decode()
    assert "This mail cannot be made" in html
    assert "There is no text called “gone”." in html
    assert browser.get(f"{page_of(message)}html/").status_code == 404


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"state": MessageState.FAILED}, "It could not be sent, and it is not tried again"),
        ({"state": MessageState.UNKNOWN}, "so nobody knows whether it arrived"),
        ({"state": MessageState.EXPIRED}, "It had not gone by "),
        (
            {"state": MessageState.CANCELLED, "cancelled_for": CancelReason.REGISTRATION},
            "It was no longer right for the registration.",
        ),
        (
            {
                "state": MessageState.SENDING,
                "lease_token": uuid.uuid4(),
                "lease_until": dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
            },
            "A sender has it in hand at this moment.",
        ),
        ({"attempts": 2, "due_at": dt.datetime(2030, 1, 1, 9, tzinfo=dt.UTC)}, "It is tried again"),
        ({}, "and goes as soon as a sender is free."),
    ],
)
def test_each_state_says_why(room, browser, columns, sentence):
    message = queued(room, **columns)
    assert sentence in browser.get(page_of(message)).content.decode()


def test_a_rules_message_waits_for_the_conference_and_for_the_plan(room, browser):
    rule = room.conference.reminder_rules.create(
        name="Day before",
        audience="attendees",
        anchor="conference_start",
        offset="-P1D",
        template="reminder",
    )
    message = queued(room, rule=rule, plan_revision=room.conference.plan_revision + 1)
    assert b"it is planned anew shortly" in browser.get(page_of(message)).content
    room.conference.state = "postponed"
    room.conference.save()
    html = browser.get(page_of(message)).content.decode()
    assert "The conference is postponed, so its rules send nothing." in html
    assert f"/manage/institute/forum/rules/{rule.code}/" in html


def test_taking_back_asks_first_and_is_written_down(room, browser):
    message = queued(room)
    asked = browser.get(f"{page_of(message)}cancel/")
    assert b"Take back the mail to ana@example.org?" in asked.content
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED
    response = browser.post(f"{page_of(message)}cancel/", follow=True)
    assert b"It is taken back." in response.content
    message.refresh_from_db()
    assert (message.state, message.cancelled_for) == ("cancelled", "organiser")
    assert AuditEntry.objects.filter(verb="cancel_message").count() == 1
    assert b"Take it back" not in response.content


def test_sending_again_asks_first(room, browser):
    message = queued(room, state=MessageState.FAILED)
    assert b"Send to ana@example.org again?" in browser.get(f"{page_of(message)}retry/").content
    response = browser.post(f"{page_of(message)}retry/", follow=True)
    assert b"It is on its way again." in response.content
    message.refresh_from_db()
    assert message.state == MessageState.QUEUED


def test_a_refusal_is_said_and_leaves_no_trace(room, browser):
    message = queued(room, state=MessageState.SENT, sent_at=timezone.now())
    response = browser.post(f"{page_of(message)}cancel/", follow=True)
    assert "This message can not be taken back: sent." in response.content.decode()
    assert not AuditEntry.objects.filter(verb="cancel_message").exists()


def test_messages_of_others_do_not_exist_here(room, browser, client_as):
    message = queued(room)
    other = furnish_another(room)
    for address in (page_of(other), f"{page_of(other)}html/", f"{page_of(other)}cancel/"):
        assert browser.get(address).status_code == 404
    stranger = client_as(AccountFactory())
    for address in (OUTBOX, page_of(message), f"{page_of(message)}html/"):
        assert stranger.get(address).status_code == 404
    assert client_as().get(OUTBOX).status_code == 302


def furnish_another(room):
    from tests.factories.registrations import RegistrationFactory

    registration = RegistrationFactory()
    message = room.message("pending", registration=registration)
    message.conference = registration.conference
    message.save()
    return message


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DOOR, Role.PROGRAMME])
def test_roles_without_mail_see_no_outbox(room, client_as, role):
    account = AccountFactory()
    MembershipFactory(organisation=room.conference.organisation, account=account, role=role)
    assert client_as(account).get(OUTBOX).status_code == 403
