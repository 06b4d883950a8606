"""The page of figures: each number leads to the list that it counts."""

from __future__ import annotations

import html
import re

import pytest

from accounts.enums import Role
from core.models import AuditEntry
from registrations.models import Answer, SensitiveAnswer
from tests.factories.crowd import make_crowd
from tests.factories.events import PersonFactory, TagFactory
from tests.factories.registrations import (
    QuestionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/manage/institute/forum/registrations/"
FIGURES = f"{LIST}figures/"


@pytest.fixture
def desk(conference, client_as, account_with_role):
    return client_as(account_with_role(Role.REGISTRAR))


@pytest.fixture
def asked(conference):
    return [
        QuestionFactory(conference=conference, slug="dinner", kind="choice", options=["fish"]),
        QuestionFactory(conference=conference, slug="visa", kind="yes_no"),
        QuestionFactory(
            conference=conference,
            slug="diet",
            kind="choice",
            options=["vegan"],
            sensitivity="dietary",
        ),
    ]


def text_of(page):
    assert page.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(page.content.decode()))


def test_each_number_is_that_of_the_list_behind_it(desk, conference, asked):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=200)
    make_crowd([kind], 60)
    dinner, visa, _diet = asked
    person = PersonFactory(organisation=conference.organisation)
    person.tags.add(TagFactory(organisation=conference.organisation, slug="vip"))
    for status in ("confirmed", "offered", "waiting_list", "cancelled", "expired"):
        row = RegistrationFactory(
            registration_type=kind, status=status, person=person, email=f"{status}@example.org"
        )
        Answer.objects.create(registration=row, question=dinner, option=dinner.options.get())
        Answer.objects.create(registration=row, question=visa, text="yes")
    RegistrationFactory(
        registration_type=kind, checked_in_at=row.created_at, email="here@example.org"
    )

    text = text_of(desk.get(FIGURES))
    links = re.findall(rf'<a href="{LIST}(\?[^"]*)?"[^>]*>(?:[^<]*<b>)?\s*([\d,]+)', text)
    assert len(links) == 3 + 2 + 2 + 2 + 2 + 4
    for query, number in links:
        assert desk.get(f"{LIST}{query}").context["number"] == int(number), query
    assert {number for query, number in links if "tag=vip" in query} == {"3", "2"}


def test_food_is_counted_for_who_may_read_it_and_asks(
    desk, conference, guest_type, asked, client_as, account_with_role
):
    row = RegistrationFactory(registration_type=guest_type)
    diet = asked[2]
    SensitiveAnswer.objects.create(registration=row, question=diet, option=diet.options.get())

    assert "Vegan" not in text_of(desk.get(FIGURES))
    assert "Count them too" in text_of(desk.get(FIGURES))
    assert not AuditEntry.objects.filter(verb="read_sensitive_answers").exists()
    shown = text_of(desk.get(f"{FIGURES}?sensitive=yes"))
    assert "Vegan" in shown
    assert "answer=diet" not in shown
    assert AuditEntry.objects.get(verb="read_sensitive_answers").facts == {
        "questions": ["diet"],
        "where": "figures",
    }

    door = client_as(account_with_role(Role.DOOR))
    assert "food and access" not in text_of(door.get(FIGURES))
    assert door.get(f"{FIGURES}?sensitive=yes").status_code == 403


def test_what_nobody_did_yet_is_said(desk, conference, guest_type, asked):
    assert "Nobody has registered yet." in text_of(desk.get(FIGURES))

    RegistrationFactory(registration_type=guest_type)
    text = text_of(desk.get(FIGURES))
    assert text.count("Nobody has answered this yet.") == 2
    assert "None of them is kept as a person with a tag." in text


@pytest.mark.parametrize("count", [1, 3])
def test_figures_cost_the_same_for_many(desk, conference, asked, guest_type, count,
                                        django_assert_num_queries):  # fmt: skip
    for _ in range(count):
        row = RegistrationFactory(registration_type=guest_type)
        Answer.objects.create(registration=row, question=asked[1], text="yes")
    desk.get(FIGURES)
    with django_assert_num_queries(16):
        desk.get(FIGURES)
