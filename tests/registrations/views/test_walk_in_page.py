"""The form at the door, and the page of figures."""

from __future__ import annotations

import re

import pytest
from django.db.models import F

from accounts.enums import Role
from registrations.models import Allotment, Answer, HeldPlace, HoldBack, Registration
from tests.factories.registrations import (
    QuestionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/manage/institute/forum/registrations/"
DOOR = f"{LIST}walk-in/"
FIGURES = f"{LIST}figures/"


@pytest.fixture
def desk(conference, client_as, account_with_role):
    return client_as(account_with_role(Role.REGISTRAR))


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_one_comes_in_and_the_next_one_can_be_typed(desk, conference, guest_type):
    RegistrationTypeFactory(conference=conference, slug="press", name={"en": "Press"})
    answer = desk.post(
        DOOR, {"given_name": "Mila", "affiliation": "City Hall", "registration_type": "press"}
    )

    assert (answer.status_code, answer["Location"]) == (302, f"{DOOR}?type=press")
    row = Registration.objects.get()
    assert (row.source, row.affiliation) == ("walk_in", "City Hall")
    assert row.checked_in_at is not None
    page = text_of(desk.get(answer["Location"]))
    assert "Mila is in." in page
    assert re.search(r'<input[^>]*name="given_name"[^>]*autofocus', page)
    assert re.search(r'value="press"[^>]* checked', page)
    assert "Press: 9 left" in page
    assert "Let in last" in page


def test_when_it_is_full_a_kept_place_may_be_given(desk, conference):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=1)
    allotment = kind.allotments.get()
    kept = HoldBack.objects.create(conference=conference, allotment=allotment, name="House")
    HeldPlace.objects.create(hold_back=kept, allotment=allotment)
    Allotment.objects.filter(pk=allotment.pk).update(held=F("held") + 1)

    data = {"given_name": "Mila", "registration_type": "guest"}
    page = text_of(desk.post(DOOR, data))
    assert "“Guest” is full: 0 of 1 places are taken and 1 kept." in page
    assert 'value="Mila"' in page
    assert "Let in anyway: 1 kept back as “House”" in page
    assert "Guest: full" in page
    # Enter presses the first button, which is the usual one.
    form = page.split('<form class="form" method="post">')[1]
    assert form.index("Let in</button>") < form.index('name="hold_back"')

    assert desk.post(DOOR, {**data, "hold_back": kept.code}).status_code == 302
    assert "Let in anyway" not in text_of(desk.post(DOOR, data))
    assert Registration.objects.count() == 1


def test_who_is_registered_is_shown(desk, guest_type):
    row = RegistrationFactory(
        registration_type=guest_type, given_name="Mila", email="mila@example.org"
    )
    page = desk.post(
        DOOR,
        {"given_name": "Mila", "email": "MILA@example.org", "registration_type": "guest"},
    )
    assert f"{LIST}{row.code}/" in text_of(page)
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"given_name": ""}, "This field is required."),
        ({"given_name": "www.example.org"}, "A name has no web or e-mail address in it."),
        ({"email": "mila"}, "This is not an e-mail address."),
        ({"registration_type": "vip"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_stands_beside_it(desk, guest_type, changes, words):
    data = {"given_name": "Mila", "registration_type": "guest", **changes}
    assert words in text_of(desk.post(DOOR, data))
    assert not Registration.objects.exists()


def test_only_who_writes_registrations_lets_in(client_as, account_with_role, guest_type):
    door = client_as(account_with_role(Role.DOOR))
    assert door.get(DOOR).status_code == door.post(DOOR, {}).status_code == 403
    assert "walk-in" not in text_of(door.get(LIST))


def test_without_kinds_it_asks_for_one(desk, conference):
    assert "There is no kind of place yet." in text_of(desk.get(DOOR))


def test_figures_are_drawn_and_stand_in_tables(desk, conference, guest_type):
    topics = QuestionFactory(
        conference=conference, slug="topics", kind="choice", options=["law"], label={"en": "<b>?"}
    )
    row = RegistrationFactory(registration_type=guest_type)
    Answer.objects.create(registration=row, question=topics, option=topics.options.get())
    page = text_of(desk.get(FIGURES))

    drawings = re.findall(r"<svg class=\"curve\".*?</svg>", page)
    assert len(drawings) == 1
    assert all("aria-label" in one for one in drawings)
    assert "style=" not in page
    assert page.count("As a table") == 1
    # Turnout, types and answers; there is no tag.
    assert page.count('<table class="bars">') == 3
    assert "?status=live&amp;answer=topics:law" in page
    assert "<b>?" not in page
    assert "No earlier conference of yours has check-ins" in page


def test_without_anybody_there_is_nothing_to_draw(desk, guest_type):
    assert "Nobody has registered yet." in text_of(desk.get(FIGURES))


@pytest.mark.parametrize("count", [1, 5])
def test_figures_cost_the_same_for_many(
    desk, conference, guest_type, count, django_assert_num_queries
):
    for _ in range(count):
        RegistrationFactory(registration_type=guest_type)
        QuestionFactory(conference=conference, kind="choice", options=["a"])
    desk.get(FIGURES)

    # Session, account, membership and conference; three of days; three of turnout; two of types;
    # one of tags; three of answers.
    with django_assert_num_queries(16):
        desk.get(FIGURES)
