"""After a move to another day: the guest's page asks first, the organiser's list says who is open;
and who came is marked on the page and on the list.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from core.actors import SYSTEM
from events.services.conferences import change_conference
from registrations.models import Registration
from registrations.services.links import manage_path
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db
LIST = "/manage/institute/forum/registrations/"


@pytest.fixture
def registration(guest_type):
    return RegistrationFactory(registration_type=guest_type, given_name="Ana", language="en")


@pytest.fixture
def path(registration):
    return manage_path(registration)


@pytest.fixture
def stranger():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def desk(conference, client_as, account_with_role):
    return client_as(account_with_role(Role.REGISTRAR))


@pytest.fixture
def moved(conference, registration):
    return change_conference(
        conference=conference,
        changes={
            "start_local": conference.start_local + dt.timedelta(days=2),
            "end_local": conference.end_local + dt.timedelta(days=2),
        },
        expected=None,
        actor=SYSTEM,
    )


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_the_page_asks_first_and_reading_it_says_nothing(stranger, path, moved):
    page = text_of(stranger.get(path))
    assert page.index("The date is new: Saturday, 20 March") < page.index("ticket.svg")
    assert "I am coming on Saturday, 20 March" in page
    assert f'href="{path}cancel/' in page
    answer = stranger.get(f"{path}new-date/")
    assert (answer.status_code, answer["Location"]) == (302, path)
    stranger.head(f"{path}new-date/")
    assert Registration.objects.get().confirmed_day == dt.date(2027, 3, 18)


def test_a_yes_by_post_is_thanked_for_and_not_asked_again(stranger, path, moved):
    answer = stranger.post(f"{path}new-date/", {"day": "2027-03-20"})
    assert (answer.status_code, answer["Location"]) == (302, f"{path}?confirmed=1")
    page = text_of(stranger.get(answer["Location"]))
    assert "Thank you: we expect you on Saturday, 20 March." in page
    assert "The date is new" not in page
    assert Registration.objects.get().confirmed_day == dt.date(2027, 3, 20)


@pytest.mark.parametrize("day", ["2027-03-19", "", "tomorrow", "2027-02-30"])
def test_a_yes_to_another_day_is_asked_again(stranger, path, moved, day):
    answer = stranger.post(f"{path}new-date/", {"day": day})
    page = text_of(answer)
    assert answer.status_code == 412
    assert "Read the new one and answer again." in page
    assert "I am coming on Saturday, 20 March" in page
    assert Registration.objects.get().confirmed_day == dt.date(2027, 3, 18)


def test_the_page_of_a_day_that_holds_asks_nothing(stranger, path, registration):
    assert "The date is new" not in text_of(stranger.get(path))


@pytest.mark.parametrize(
    ("language", "words"),
    [("sr-Latn", "Novi datum: subota, 20. mart"), ("ru", "Новая дата: суббота, 20 марта")],
)
def test_the_question_is_asked_in_the_guests_language(stranger, path, moved, language, words):
    Registration.objects.update(language=language)
    assert words in text_of(stranger.get(path))


def test_the_list_says_who_has_not_confirmed(desk, guest_type, moved):
    RegistrationFactory(registration_type=guest_type, confirmed_day=dt.date(2027, 3, 20))
    page = desk.get(LIST)
    chips = [(c["label"], c["count"]) for chips in page.context["chips"] for c in chips]
    assert ("New date not confirmed", 1) in chips
    found = desk.get(f"{LIST}?date=unconfirmed").context["lines"]
    assert [line["row"].given_name for line in found] == ["Ana"]


def test_an_organiser_writes_down_the_yes_of_a_phone_call(desk, registration, moved):
    path = f"{LIST}{registration.code}/"
    assert "Not confirmed yet" in text_of(desk.get(path))
    desk.post(f"{path}confirm-date/")
    assert Registration.objects.get().confirmed_day == dt.date(2027, 3, 20)
    assert "Not confirmed yet" not in text_of(desk.get(path))


def test_the_page_checks_in_and_takes_it_back(desk, registration):
    path = f"{LIST}{registration.code}/"
    desk.post(f"{path}check-in/", {"version": 1})
    assert Registration.objects.get().checked_in_at == timezone.now()
    page = text_of(desk.get(path))
    assert "Undo the check-in" in page
    assert "Checked in" in page
    desk.post(f"{path}undo-check-in/", {"version": 2})
    assert Registration.objects.get().checked_in_at is None


def test_who_only_reads_sees_no_ticks(conference, client_as, account_with_role, registration):
    viewer = client_as(account_with_role(Role.DOOR))
    assert 'name="pick"' not in text_of(viewer.get(LIST))
    assert viewer.post(f"{LIST}bulk/", {"pick": [registration.code]}).status_code == 403
