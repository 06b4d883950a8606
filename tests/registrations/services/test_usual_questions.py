"""Questions that most conferences ask, and the outline of the form that they make."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.errors import DomainError
from core.text import LANGUAGES
from registrations.models import Question
from registrations.services.form_order import in_form_order
from registrations.services.form_outline import form_outline
from registrations.services.question_sections import create_section
from registrations.services.questions import create_question
from registrations.services.usual_questions import NAMES, add_usual_question, usual_questions
from tests.factories.registrations import RegistrationTypeFactory

pytestmark = pytest.mark.django_db


def add(conference, name):
    return add_usual_question(conference=conference, name=name, actor=SYSTEM)


def test_all_of_them_are_put_on_the_form_in_all_languages(conference):
    conference.languages = list(LANGUAGES)
    conference.save()
    for name in NAMES:
        add(conference, name)

    rows = in_form_order(conference)
    assert [row.slug for row in rows] == [
        "food", "food-other", "access", "country", "heard", "phone", "for-speakers",
        "photos", "data-protection", "funders",
    ]  # fmt: skip
    assert {row.slug: row.sensitivity for row in rows if row.sensitivity} == {
        "food": "dietary",
        "food-other": "dietary",
        "access": "access",
    }
    assert [line.missing for part in form_outline(conference) for line in part.lines] == [[]] * 10
    assert all(one.question is not None for one in usual_questions(conference))


def test_one_is_put_on_the_form_once(conference):
    add(conference, "food")
    for name, kind in (("food", "conflict"), ("shoe-size", "not-found")):
        with pytest.raises(DomainError) as caught:
            add(conference, name)
        assert caught.value.kind == kind
    assert Question.objects.count() == 2


def test_they_come_into_the_last_section(conference):
    create_section(conference=conference, title={"en": "First"}, actor=SYSTEM)
    last = create_section(conference=conference, title={"en": "Last"}, actor=SYSTEM)
    assert add(conference, "phone").section == last


@pytest.mark.parametrize("count", [1, 3])
def test_the_outline_says_what_is_to_be_known(conference, count, django_assert_num_queries):
    conference.languages = ["en", "ru"]
    conference.save()
    press = RegistrationTypeFactory(conference=conference, slug="press", name={"en": "Press"})
    add(conference, "food")
    create_section(conference=conference, title={"en": "Empty"}, actor=SYSTEM)
    for number in range(count):
        create_question(
            conference=conference,
            kind="choice",
            label={"en": f"Visit {number}"},
            registration_types=[press],
            options=[{"label": {"en": "Museum"}, "capacity": 3}],
            actor=SYSTEM,
        )

    # Questions, options, consents, kinds of place, sections, the order.
    with django_assert_num_queries(6):
        first, empty = form_outline(conference)
    assert (first.section, empty.section.slug, empty.lines) == (None, "empty", [])
    _food, other, visit, *rest = first.lines
    assert len(rest) == count - 1
    expected = "After “An allergy or something else” to “What should the kitchen know?”"
    assert (other.hangs_on, other.missing, other.is_answered) == (expected, [], False)
    assert (visit.asked_of, visit.places) == (["Press"], ["Museum: 0 of 3"])
    assert visit.missing == ["Русский"]
