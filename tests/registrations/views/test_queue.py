"""The queue of who asks and waits, and rounds of "still coming?", as organisers see them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from registrations.models import Reconfirmation, Registration
from registrations.services.still_coming import ask_due_rounds
from registrations.views.manage.queue import in_words
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db
HERE = "/manage/institute/forum/approvals/"
ROUNDS = "/manage/institute/forum/still-coming/"


@pytest.fixture
def kind(conference):
    return RegistrationTypeFactory(conference=conference, slug="guest", capacity=2, approval=True)


@pytest.fixture
def asking(kind):
    now = timezone.now()
    rows = [
        RegistrationFactory(registration_type=kind, status="pending_approval", affiliation="House")
        for _ in "abc"
    ]
    for number, row in enumerate(rows):
        Registration.objects.filter(pk=row.pk).update(
            created_at=now - dt.timedelta(days=3 - number)
        )
    return rows


@pytest.fixture
def browser(client_as, owner):
    return client_as(owner)


def statuses(rows):
    found = dict(Registration.objects.values_list("pk", "status"))
    return [found[row.pk] for row in rows]


def test_who_asks_stands_oldest_first_with_what_decides(browser, asking):
    text = browser.get(HERE).content.decode()
    places = [text.index(row.family_name) for row in asking]
    assert places == sorted(places)
    for words in ("3 days", "1 day<", "2 left", "House"):
        assert words in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_many_ask(browser, kind, number, django_assert_num_queries):
    RegistrationFactory.create_batch(number, registration_type=kind, status="pending_approval")
    browser.get(HERE)
    with django_assert_num_queries(10):
        browser.get(HERE)


def test_the_button_says_what_comes_and_then_it_does(browser, asking):
    picked = {"pick": [row.code for row in asking], "decision": "approve", "show": "pending"}
    page = browser.post(f"{HERE}decide/", picked)
    text = page.content.decode()
    assert "Approve 3: 2 get a place, 1 goes to the waiting list" in text
    assert statuses(asking) == ["pending_approval"] * 3

    codes = " ".join(row.code for row in asking)
    sure = {"codes": codes, "decision": "approve", "confirm": "yes", "or_wait": "1"}
    done = browser.post(
        f"{HERE}decide/", {**sure, "reason": "Welcome", "tell": "1"}, follow=True
    ).content.decode()
    assert "Done: 2 get a place, 1 goes to the waiting list." in done
    assert statuses(asking) == ["confirmed", "confirmed", "waiting_list"]
    assert set(Registration.objects.values_list("decision_reason", flat=True)) == {"Welcome"}


def test_all_means_all_of_the_list(browser, asking):
    page = browser.post(f"{HERE}decide/", {"all": "1", "decision": "reject", "show": "pending"})
    assert "Turn 3 down" in page.content.decode()


def test_nobody_chosen_is_said(browser, asking):
    page = browser.post(f"{HERE}decide/", {"decision": "approve"}, follow=True)
    assert "Choose somebody first." in page.content.decode()


def test_a_reason_too_long_is_said_and_nothing_is_lost(browser, asking):
    sure = {"codes": asking[0].code, "decision": "reject", "confirm": "yes", "reason": "x" * 501}
    page = browser.post(f"{HERE}decide/", sure)
    assert page.status_code == 400
    assert "x" * 501 in page.content.decode()
    assert statuses(asking) == ["pending_approval"] * 3


def test_the_waiting_list_shows_the_line_and_offers_by_hand(browser, kind):
    kind.automatic_offers = False
    kind.save()
    rows = [RegistrationFactory(registration_type=kind, status="waiting_list") for _ in "ab"]
    text = browser.get(f"{HERE}?show=waiting").content.decode()
    assert text.count("Offer a place") == 2
    verb = f"/manage/institute/forum/registrations/{rows[0].code}/offer/"
    page = browser.post(verb, {"next": "queue"}, follow=True)
    assert page.redirect_chain[0][0] == f"{HERE}?show=waiting"
    assert statuses(rows) == ["offered", "waiting_list"]
    assert "2 days left" in browser.get(f"{HERE}?show=offered").content.decode()


def test_a_round_is_planned_changed_and_deleted(browser, kind):
    times = {"ask_local": "2027-03-10T10:00", "until_local": "2027-03-14T18:00"}
    browser.post(f"{ROUNDS}new/", {**times, "releases": "on"})
    row = Reconfirmation.objects.get()
    text = browser.get(ROUNDS).content.decode()
    assert "Gives the place away" in text
    path = f"{ROUNDS}{row.code}/"
    browser.post(path, {**times, "registration_types": ["guest"], "version": row.version})
    row.refresh_from_db()
    assert (row.releases, [one.slug for one in row.registration_types.all()]) == (False, ["guest"])
    assert "Nobody has been asked yet" in browser.get(f"{path}delete/").content.decode()
    browser.post(f"{path}delete/", {"version": row.version})
    assert not Reconfirmation.objects.exists()


def test_what_is_wrong_stands_beside_its_field(browser, conference):
    page = browser.post(
        f"{ROUNDS}new/", {"ask_local": "2027-03-10T10:00", "until_local": "2027-03-09T10:00"}
    )
    assert "It ends after it asks." in page.content.decode()


def test_the_round_names_the_silent(browser, kind, conference, clock):
    guest = RegistrationFactory(registration_type=kind)
    browser.post(
        f"{ROUNDS}new/", {"ask_local": "2027-03-10T10:00", "until_local": "2027-03-14T18:00"}
    )
    row = Reconfirmation.objects.get()
    clock.move_to(row.ask_at)
    ask_due_rounds()
    text = browser.get(f"{ROUNDS}{row.code}/").content.decode()
    assert guest.family_name in text
    verb = f"/manage/institute/forum/registrations/{guest.code}/still-coming/"
    browser.post(verb)
    browser.get(ROUNDS)  # where it is said what was done
    text = browser.get(f"{ROUNDS}{row.code}/").content.decode()
    assert guest.family_name not in text


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"minutes": 1}, "1 minute"),
        ({"minutes": 59}, "59 minutes"),
        ({"hours": 1}, "1 hour"),
        ({"days": 2, "hours": 3}, "2 days"),
        ({"minutes": -5}, "0 minutes"),
    ],
)
def test_a_span_is_said_in_its_largest_unit(span, words):
    assert in_words(dt.timedelta(**span)) == words
