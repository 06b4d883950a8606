"""A conference's form as plain data, by a constant number of queries."""

from __future__ import annotations

import pickle

import pytest

from registrations.models import ConsentText, QuestionSection
from registrations.services.doors import find_conference
from registrations.services.form_definition import read_form
from tests.factories.registrations import (
    AllotmentFactory,
    QuestionFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(conference):
    """Return a function: a question of the conference."""

    def make(slug, kind="text", **fields):
        return QuestionFactory(conference=conference, slug=slug, kind=kind, **fields)

    return make


def test_questions_stand_in_the_order_of_the_page(conference, ask):
    late = QuestionSection.objects.create(
        conference=conference, slug="late", title={"en": "Late"}, order=2
    )
    soon = QuestionSection.objects.create(
        conference=conference, slug="soon", title={"en": "Soon"}, order=1
    )
    ask("d", section=late, order=1)
    ask("c", section=late, order=0)
    ask("b", section=soon, order=9)
    ask("a", order=5)
    consent = ask("photos", "consent", order=0)
    ConsentText.objects.create(question=consent, number=1, text={"en": "Text"})
    ask("gone", active=False)
    QuestionFactory(slug="elsewhere")

    form = read_form(conference)

    assert [one.slug for one in form.asks] == ["a", "b", "c", "d", "photos"]
    sections = [one.section and one.section.slug for one in form.asks]
    assert sections == [None, "soon", "late", "late", None]
    assert form.find("gone") is None


def test_a_type_is_asked_what_is_for_it_or_for_all(conference, ask, guest_type):
    press = RegistrationTypeFactory(conference=conference, slug="press")
    ask("all")
    ask("press").registration_types.add(press)

    form = read_form(conference)

    assert [one.slug for one in form.for_type("press").asks] == ["all", "press"]
    assert [one.slug for one in form.for_type("guest").asks] == ["all"]


def test_options_know_their_places(conference, ask):
    question = ask("dinner", "choice", options=["vegan", "fish"])
    plate = AllotmentFactory(conference=conference, name="fish", capacity=3, taken=2, held=1)
    question.options.filter(slug="fish").update(allotment=plate)
    question.options.filter(slug="vegan").update(active=False)

    options = read_form(conference).asks[0].options

    assert [(o.slug, o.left, o.is_full, o.active) for o in options] == [
        ("vegan", None, False, False),
        ("fish", 0, True, True),
    ]


def test_a_consent_has_its_newest_words(conference, ask):
    consent = ask("photos", "consent")
    ask("empty", "consent")
    for number in (1, 2):
        ConsentText.objects.create(question=consent, number=number, text={"en": f"Text {number}"})

    form = read_form(conference)

    assert [(c.slug, c.wording.number, c.wording.text) for c in form.consents] == [
        ("photos", 2, {"en": "Text 2"})
    ]
    assert form.questions == ()


def test_what_hangs_on_a_question_that_is_not_asked_any_more_is_not_asked(conference, ask):
    gone = ask("guest", "yes_no", active=False)
    ask("name", shown_if=gone, shown_if_answers=["yes"])

    assert not read_form(conference)


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_four_queries_however_much_is_asked(
    conference, ask, guest_type, count, django_assert_num_queries
):
    for number in range(count):
        question = ask(f"choice-{number}", "choices", options=["a", "b"])
        question.registration_types.add(guest_type)
        consent = ask(f"consent-{number}", "consent", shown_if=question, shown_if_answers=["a"])
        ConsentText.objects.create(question=consent, number=1, text={"en": "Text"})

    with django_assert_num_queries(4):  # questions, types, options, texts
        assert len(read_form(conference).asks) == 2 * count


def test_a_form_of_plain_questions_costs_two(conference, ask, django_assert_num_queries):
    ask("a")
    with django_assert_num_queries(2):  # questions, types
        read_form(conference)


def test_no_questions_cost_one_query_or_none(conference, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not read_form(conference)
    found = find_conference("institute", "forum")
    with django_assert_num_queries(0):
        assert not read_form(found)


def test_it_can_be_kept(conference, ask):
    ask("dinner", "choice", options=["vegan"])
    form = read_form(conference)
    assert pickle.loads(pickle.dumps(form)) == form  # noqa: S301 - our own bytes
