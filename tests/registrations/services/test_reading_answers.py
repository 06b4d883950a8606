"""Reading answers: one registration's, a whole list's, and what is missing."""

from __future__ import annotations

import pytest

from registrations.models import ConsentGiven, ConsentText, Question, Registration
from registrations.services.answer_cleaning import Consent
from registrations.services.answers import answers_part
from registrations.services.form_definition import read_form
from registrations.services.reading_answers import (
    answer_facts,
    answers_by_registration,
    answers_of,
    missing_of,
)
from tests.factories.registrations import QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def questions(conference, guest_type):
    def make(slug, **fields):
        return QuestionFactory(conference=conference, slug=slug, **fields)

    make("shops", kind="choices", options=["a", "b"], order=0)
    make("dinner", kind="choice", options=["fish"], order=1)
    make("first", kind="yes_no", order=2)
    make("number", kind="number", order=3)
    make("born", kind="date", order=4)
    make("home", kind="country", order=5)
    make("motto", order=6, required=True)
    make("food", sensitivity="dietary", order=7, required=True)
    photos = make("photos", kind="consent", order=8)
    ConsentText.objects.create(question=photos, number=1, text={"en": "One"})


ANSWERS = {
    "shops": ["b", "a"],
    "dinner": "fish",
    "first": True,
    "number": "2,5",
    "born": "1990-05-01",
    "home": "RS",
    "motto": "=1+1",
    "food": "No nuts",
}


@pytest.fixture
def answered(guest, conference, questions):
    """Return a function: somebody with answers."""

    def make(email="ana@example.org", answers=ANSWERS):
        part = answers_part(
            read_form(conference),
            "guest",
            answers=answers,
            consents=[Consent("photos")],
            required=False,
        )
        return guest(email, parts=[part], source="organiser")

    return make


def test_answers_as_programs_and_as_people_read_them(answered):
    lines = answers_of(answered())
    assert {line.slug: line.value for line in lines} == {
        "shops": ["a", "b"],
        "dinner": "fish",
        "first": True,
        "number": 2.5,
        "born": "1990-05-01",
        "home": "RS",
        "motto": "=1+1",
    }
    assert [line.words("en") for line in lines] == [
        "A, B",
        "Fish",
        "Yes",
        "2.5",
        "Tuesday, 1 May 1990",
        "Serbia",
        "=1+1",
    ]


def test_sensitive_ones_only_come_when_they_are_asked_for(answered):
    row = answered()
    assert "food" not in [line.slug for line in answers_of(row)]
    both = {line.slug: line.sensitivity for line in answers_of(row, sensitive=True)}
    assert (both["food"], both["motto"]) == ("dietary", "")


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_for_many(answered, conference, count, django_assert_num_queries):
    rows = [answered(f"{n}@example.org") for n in range(count)]
    form = read_form(conference)
    with django_assert_num_queries(1):
        found = answers_by_registration([row.pk for row in rows])
    with django_assert_num_queries(2):
        answers_by_registration(Registration.objects.all(), sensitive=True)
    with django_assert_num_queries(3):
        answer_facts(form, rows)
    assert {len(lines) for lines in found.values()} == {7}


def test_what_is_missing_is_known_until_the_conference_is_over(answered, conference, clock):
    row = answered(answers={"motto": "x"})
    form = read_form(conference)

    facts = answer_facts(form, [row])[row.pk]
    assert [ask.slug for ask in facts.missing] == ["food"]
    assert [(c.slug, c.number, c.withdrawn_at) for c in facts.consents] == [("photos", 1, None)]
    assert facts.sensitive == frozenset()

    Question.objects.filter(slug="photos").update(required=True)
    form = read_form(conference)
    assert [ask.slug for ask in missing_of(form, row)] == ["food"]
    ConsentGiven.objects.all().delete()
    row_now = Registration.objects.get(pk=row.pk)
    assert [ask.slug for ask in missing_of(form, row_now)] == ["food", "photos"]
    assert [ask.slug for ask in answer_facts(form, [row_now])[row.pk].missing] == ["food", "photos"]

    clock.move_to(conference.ends_at)
    assert answer_facts(form, [row])[row.pk].missing == ()
