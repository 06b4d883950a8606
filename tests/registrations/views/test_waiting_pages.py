"""Guests answer an offer and "still coming?" by their link; reading answers nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from core.actors import SYSTEM
from registrations.models import Registration
from registrations.services.cancelling import cancel_registration
from registrations.services.links import manage_path
from registrations.services.rounds import create_reconfirmation
from registrations.services.still_coming import ask_due_rounds
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def kind(conference):
    return RegistrationTypeFactory(conference=conference, slug="guest", capacity=1)


@pytest.fixture
def offered(kind):
    placed = RegistrationFactory(registration_type=kind)
    row = RegistrationFactory(registration_type=kind, status="waiting_list", language="en")
    cancel_registration(registration=placed, actor=SYSTEM)
    return Registration.objects.get(pk=row.pk)


def status(row):
    return Registration.objects.get(pk=row.pk).status


def test_the_offer_says_until_when_and_reading_takes_nothing(stranger, offered):
    path = manage_path(offered)
    for address in (path, f"{path}offer/"):
        text = stranger.get(address).content.decode()
        assert "A place is free for you" in text
        assert "until Wednesday, 3 March, 11:00" in text
        assert "Take the place" in text
        assert "No, give it to the next" in text
    assert stranger.head(f"{path}offer/").status_code == 200
    assert status(offered) == "offered"


def test_two_taps_take_the_place(stranger, offered):
    path = manage_path(offered)
    answer = stranger.post(f"{path}offer/", {"answer": "yes"}, follow=True)
    assert status(offered) == "confirmed"
    assert f"{path}ticket.svg" in answer.content.decode()
    # The link of the mail leads to the page by then.
    assert stranger.get(f"{path}offer/")["Location"] == path


def test_no_gives_it_to_the_next(stranger, kind, offered):
    second = RegistrationFactory(registration_type=kind, status="waiting_list")
    stranger.post(f"{manage_path(offered)}offer/", {"answer": "no"})
    assert (status(offered), status(second)) == ("cancelled", "offered")


def test_an_answer_that_comes_too_late_says_so(stranger, offered, clock):
    clock.shift(dt.timedelta(hours=49))
    answer = stranger.post(f"{manage_path(offered)}offer/", {"answer": "yes"})
    assert answer.status_code == 409
    assert "The time to answer is over" in answer.content.decode()
    assert status(offered) == "offered"


def test_who_lapsed_joins_the_list_again(stranger, kind):
    RegistrationFactory(registration_type=kind)
    row = RegistrationFactory(registration_type=kind, status="expired", language="en")
    path = manage_path(row)
    assert "Join the waiting list again" in stranger.get(path).content.decode()
    assert stranger.get(f"{path}join-again/").status_code == 302
    assert status(row) == "expired"
    answer = stranger.post(f"{path}join-again/", follow=True)
    assert status(row) == "waiting_list"
    assert "You are number 1 in line" in answer.content.decode()


@pytest.fixture
def asked(conference, kind, clock):
    row = RegistrationFactory(registration_type=kind, language="en")
    one = create_reconfirmation(
        conference=conference,
        ask_local="2027-03-10T10:00",
        until_local="2027-03-14T18:00",
        actor=SYSTEM,
    )
    clock.move_to(one.ask_at)
    ask_due_rounds()
    return Registration.objects.get(pk=row.pk)


def test_still_coming_is_one_post(stranger, asked):
    path = manage_path(asked)
    for address in (path, f"{path}still-coming/"):
        text = stranger.get(address).content.decode()
        assert "tell us by Sunday, 14 March, 18:00" in text
        assert "Yes, I come" in text
        assert asked.family_name in text
    assert Registration.objects.get(pk=asked.pk).still_coming_at is None
    answer = stranger.post(f"{path}still-coming/", {"answer": "yes"}, follow=True)
    assert Registration.objects.get(pk=asked.pk).still_coming_at == timezone.now()
    text = answer.content.decode()
    assert "Thank you: your place is kept." in text
    assert "Are you still coming?" not in text
    assert stranger.get(f"{path}still-coming/").status_code == 302


def test_no_gives_the_place_away(stranger, conference, asked):
    conference.refresh_from_db()
    conference.changes_until_at = timezone.now()
    conference.save()
    stranger.post(f"{manage_path(asked)}still-coming/", {"answer": "no"})
    assert status(asked) == "cancelled"


def test_the_cancel_page_names_the_next_person_only_where_there_is_one(stranger, kind):
    row = RegistrationFactory(registration_type=kind, language="en")
    path = f"{manage_path(row)}cancel/"
    assert "next person" not in stranger.get(path).content.decode()
    RegistrationFactory(registration_type=kind, status="waiting_list")
    assert "Give my place to the next person" in stranger.get(path).content.decode()


def test_a_wrong_link_opens_none_of_them(stranger, offered):
    path = manage_path(offered).rstrip("/")[:-1] + "x/"
    for page in ("offer", "still-coming", "join-again"):
        assert stranger.post(f"{path}{page}/", {"answer": "yes"}).status_code == 404
    assert status(offered) == "offered"
