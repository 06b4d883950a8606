"""What who waits, is offered a place or is asked again gets by mail."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import SYSTEM
from notifications.models import Message
from notifications.services.fitness import why_not
from notifications.services.mail_facts import forget
from notifications.services.refusals import Refusal
from notifications.services.rendering import render
from registrations.services.cancelling import cancel_registration
from registrations.services.changing import change_registration
from registrations.services.deciding import decide_registrations
from registrations.services.links import manage_url
from registrations.services.offering import accept_offer, expire_offers, join_list_again
from registrations.services.rounds import change_reconfirmation, create_reconfirmation
from registrations.services.still_coming import (
    ask_due_rounds,
    close_due_rounds,
    confirm_still_coming,
)
from tests.factories.events import ConferenceFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen):
    forget()
    return frozen("2027-03-01T10:00")


@pytest.fixture
def kind():
    return RegistrationTypeFactory(conference=ConferenceFactory(), capacity=1)


@pytest.fixture
def placed(kind):
    return RegistrationFactory(registration_type=kind, language="en")


@pytest.fixture
def waiting(kind):
    return RegistrationFactory(registration_type=kind, status="waiting_list", language="en")


def mails(row):
    return list(
        Message.objects.filter(registration=row, rule=None)
        .exclude(state="cancelled")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def text_of(row, kind):
    forget()
    message = Message.objects.select_related(
        "conference__organisation", "registration__registration_type", "registration__person"
    ).get(registration=row, kind=kind)
    return render(message).text


def test_an_offer_leads_to_its_page_and_says_until_when(placed, waiting):
    cancel_registration(registration=placed, actor=SYSTEM)
    text = text_of(waiting, "offer")
    assert "It is kept for you until Wednesday, 3 March, 11:00." in text
    waiting.refresh_from_db()
    assert f"{manage_url(waiting)}offer/" in text
    message = Message.objects.get(registration=waiting)
    assert message.not_after == waiting.offer_expires_at
    assert message.requested


def test_each_step_of_an_offer_is_one_mail(placed, waiting, clock):
    cancel_registration(registration=placed, actor=SYSTEM)
    clock.shift(dt.timedelta(hours=48))
    expire_offers()
    assert mails(waiting) == ["offer_expired"]
    clock.shift(60)
    join_list_again(registration=waiting, actor=SYSTEM)
    assert mails(waiting) == ["offer_expired", "waiting_list", "offer"]
    accept_offer(registration=waiting, actor=SYSTEM)
    assert mails(waiting)[-1] == "confirmation"


def test_the_reason_is_told_only_where_the_organiser_says_so(kind, placed):
    asking = [
        RegistrationFactory(registration_type=kind, status="pending_approval", language="en")
        for _ in "ab"
    ]
    for row, tell in zip(asking, (True, False), strict=True):
        decide_registrations(
            conference=kind.conference,
            codes=[row.code],
            decision="reject",
            reason="The panel is full",
            tell_reason=tell,
            actor=SYSTEM,
        )
    assert "The organisers write: The panel is full" in text_of(asking[0], "rejection")
    assert "The panel is full" not in text_of(asking[1], "rejection")


@pytest.fixture
def asked(kind, placed, clock):
    def make(**more):
        row = create_reconfirmation(
            conference=kind.conference,
            ask_local="2027-03-10T10:00",
            until_local="2027-03-14T18:00",
            actor=SYSTEM,
            **more,
        )
        clock.move_to(row.ask_at)
        ask_due_rounds()
        return row

    return make


@pytest.mark.parametrize("releases", [True, False])
def test_the_question_says_what_silence_means(placed, asked, releases):
    row = asked(releases=releases)
    text = text_of(placed, "still_coming")
    assert "by Sunday, 14 March, 18:00" in text
    assert ("Without an answer by then" in text) is releases
    assert f"{manage_url(placed)}still-coming/" in text
    # The round's end can be moved; whether the mail is of use is looked at when it goes.
    assert Message.objects.get(kind="still_coming").not_after == row.conference.starts_at


def question():
    return Message.objects.select_related("conference", "registration").get(kind="still_coming")


def test_a_question_goes_as_long_as_its_round_asks_and_not_after_the_answer(placed, asked, clock):
    row = asked()
    assert why_not(question()) is None
    change_reconfirmation(
        reconfirmation=row,
        changes={"until_local": "2027-03-15T18:00"},
        expected=None,
        actor=SYSTEM,
    )
    clock.move_to("2027-03-15T16:59Z")
    assert why_not(question()) is None
    clock.move_to("2027-03-15T17:00Z")
    assert why_not(question()) is Refusal.REGISTRATION


def test_a_question_that_has_its_answer_does_not_go(placed, asked):
    asked()
    confirm_still_coming(registration=placed, actor=SYSTEM)
    assert why_not(question()) is Refusal.ANSWERED


def test_a_new_address_is_offered_the_place_and_asked_anew(placed, waiting, asked):
    asked()
    change_registration(
        registration=placed, changes={"email": "new@example.org"}, expected=None, actor=SYSTEM
    )
    kinds = Message.objects.filter(registration=placed, to_email="new@example.org")
    assert sorted(kinds.values_list("kind", flat=True)) == ["still_coming"]
    cancel_registration(registration=placed, actor=SYSTEM)
    Message.objects.filter(registration=waiting, kind="offer").update(
        state="sent", sent_at=waiting.created_at
    )
    change_registration(
        registration=waiting, changes={"email": "other@example.org"}, expected=None, actor=SYSTEM
    )
    offers = Message.objects.filter(registration=waiting, kind="offer").order_by("pk")
    assert [one.to_email for one in offers][1:] == ["other@example.org"]


def test_who_lost_the_place_by_silence_is_told(placed, waiting, asked, clock):
    row = asked(releases=True)
    clock.move_to(row.until_at)
    close_due_rounds()
    assert mails(placed) == ["place_released"]
    assert mails(waiting) == ["offer"]
    assert "Your ticket opens the door no more." in text_of(placed, "place_released")


@pytest.mark.parametrize("template", ["reminder", "practical", "find_us"])
@pytest.mark.parametrize("language", ["en", "sr-Latn", "sr-Cyrl", "ru"])
def test_a_reminder_names_the_next_person_where_there_is_one(placed, kind, template, language):
    words = {
        "en": "to the next person",
        "sr-Latn": "sledećem",
        "sr-Cyrl": "следећем",
        "ru": "следующему",
    }
    message = Message(
        key="x",
        kind="reminder",
        template=template,
        conference=kind.conference,
        registration=placed,
        to_email="ana@example.org",
        language=language,
    )
    assert words[language] not in render(message).text
    RegistrationFactory(registration_type=kind, status="waiting_list")
    forget()
    text = render(message).text
    assert words[language] in text
    assert text.count(f"{manage_url(placed)}cancel/") == 1
