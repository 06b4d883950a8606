"""Letters when somebody else comes, and what a confirmation says about open questions."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from notifications.models import Message
from notifications.services.mail_facts import forget
from notifications.services.outbox import retry_message
from notifications.services.rendering import render
from registrations.models import Answer, Registration
from registrations.services.cancelling import cancel_registration
from registrations.services.changing import change_registration
from registrations.services.links import manage_url, resend_link
from registrations.services.registering import register
from registrations.services.substituting import substitute
from tests.factories.events import ConferenceFactory
from tests.factories.notifications import MessageFactory, ReminderRuleFactory
from tests.factories.registrations import QuestionFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen):
    forget()
    return frozen("2027-03-01T10:00")


@pytest.fixture
def kind():
    return RegistrationTypeFactory(conference=ConferenceFactory(), slug="guest", capacity=1)


@pytest.fixture
def registration(kind):
    return register(
        conference=kind.conference,
        type_slug="guest",
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
        language="en",
        source="organiser",
        actor=SYSTEM,
    )


def send(registration, email="bo@example.org", given_name="Bo"):
    return substitute(
        registration=registration,
        given_name=given_name,
        family_name="Lind",
        email=email,
        expected=None,
        actor=SYSTEM,
    )


def mails(**filters):
    rows = Message.objects.filter(rule=None, **filters).order_by("pk")
    return list(rows.values_list("kind", "to_email", "state"))


def rendered(kind, **filters):
    forget()
    rows = Message.objects.select_related(
        "conference__organisation", "registration__registration_type", "registration__person"
    )
    return render(rows.filter(kind=kind, **filters).latest("pk"))


def test_what_was_still_to_be_said_is_said_to_the_new_one(registration):
    resend_link(registration=registration, actor=SYSTEM)
    send(registration)
    assert mails() == [
        ("confirmation", "ana@example.org", "cancelled"),
        ("manage_link", "ana@example.org", "cancelled"),
        ("confirmation", "bo@example.org", "queued"),
        ("substituted", "ana@example.org", "queued"),
    ]


def test_what_was_planned_goes_to_the_new_one(registration):
    rule = ReminderRuleFactory(conference=registration.conference)
    MessageFactory(
        registration=registration, rule=rule, kind="reminder", to_email="ana@example.org"
    )
    planned = Message.objects.filter(rule__isnull=False)
    send(registration)
    assert set(planned.values_list("to_email", "state")) == {("bo@example.org", "queued")}


def test_the_letter_names_who_comes_and_has_no_link_of_theirs(registration):
    done = send(registration)
    mail = rendered("substituted")
    assert mail.subject.startswith("Your place goes to somebody else: ")
    assert "Dear Ana Petrović" in mail.text
    assert "is Bo Lind’s now" in mail.text
    for part in (mail.text, mail.html, *mail.headers.values()):
        assert "/r/" not in part
        assert done.code not in part
    assert mail.links == {}
    (entry,) = mail.attachments
    assert b"METHOD:CANCEL" in entry.content
    assert manage_url(done) in rendered("confirmation").text


def test_the_letter_stays_where_it_was_to_go(registration):
    done = send(registration)
    changed = change_registration(
        registration=done, changes={"email": "cy@example.org"}, expected=None, actor=SYSTEM
    )
    cancel_registration(registration=changed, actor=SYSTEM)
    assert mails(kind="substituted") == [("substituted", "ana@example.org", "queued")]
    Message.objects.filter(kind="substituted").update(state="failed")
    retry_message(message=Message.objects.get(kind="substituted"), actor=SYSTEM)
    assert mails(kind="substituted") == [("substituted", "ana@example.org", "queued")]


def test_one_mailbox_for_both_gets_the_confirmation_alone(registration):
    send(registration, email="ANA@example.org")
    assert mails(state="queued") == [("confirmation", "ANA@example.org", "queued")]


def test_without_an_address_nothing_goes_to_the_former_one_but_the_letter(registration):
    send(registration, email="")
    assert mails(state="queued") == [("substituted", "ana@example.org", "queued")]
    assert not Message.objects.exclude(kind="substituted").exclude(state="cancelled").exists()


def test_each_one_who_had_the_place_gets_a_letter(registration):
    send(send(registration), email="cy@example.org", given_name="Cy")
    assert mails(state="queued") == [
        ("substituted", "ana@example.org", "queued"),
        ("confirmation", "cy@example.org", "queued"),
        ("substituted", "bo@example.org", "queued"),
    ]


def test_a_confirmation_asks_for_what_is_needed(registration, kind):
    assert "still need" not in rendered("confirmation").text
    question = QuestionFactory(conference=kind.conference, slug="topic", required=True)
    assert f"answer now ({manage_url(registration)}change/)" in rendered("confirmation").text
    Answer.objects.create(registration=registration, question=question, text="Rivers")
    assert "still need" not in rendered("confirmation").text
    done = send(registration)
    assert f"answer now ({manage_url(done)}change/)" in rendered("confirmation").text


def test_too_late_nothing_is_asked_for(registration, kind, clock):
    QuestionFactory(conference=kind.conference, slug="topic", required=True)
    clock.move_to("2027-03-18T10:00")
    assert "still need" not in rendered("confirmation").text
    assert Registration.objects.count() == 1
