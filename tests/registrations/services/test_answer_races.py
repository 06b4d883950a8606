"""Options under real threads: the last plate is eaten once, and two who swap never block."""

from __future__ import annotations

import pytest

from core.actors import ANONYMOUS, SYSTEM
from registrations.models import Allotment, Answer, Registration, RegistrationPlace
from registrations.services.answers import answers_part
from registrations.services.changing_answers import change_answers
from registrations.services.form_definition import read_form
from registrations.services.questions import change_question
from registrations.services.registering import register
from tests.factories.registrations import (
    AllotmentFactory,
    QuestionFactory,
    RegistrationTypeFactory,
)
from tests.registrations.services.test_races import at_once, counted, details

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clock():
    """Threads of their own have no stopped clock; the conference is far enough away."""


@pytest.fixture
def kind():
    return RegistrationTypeFactory(slug="guest", capacity=100)


def plates(kind, **capacities):
    question = QuestionFactory(
        conference=kind.conference, slug="dinner", kind="choice", options=list(capacities)
    )
    for slug, capacity in capacities.items():
        plate = AllotmentFactory(conference=kind.conference, name=slug, capacity=capacity)
        question.options.filter(slug=slug).update(allotment=plate)


def comes(kind, number, dinner):
    part = answers_part(read_form(kind.conference), "guest", answers={"dinner": dinner})
    return lambda: str(
        register(
            conference=kind.conference,
            source="form",
            actor=ANONYMOUS,
            parts=[part],
            **details(number),
        ).status
    )


def taken():
    rows = Allotment.objects.exclude(name="guest")
    return dict(rows.values_list("name", "taken"))


def test_the_last_plate_is_given_once(kind):
    plates(kind, fish=1)

    outcomes = at_once([comes(kind, n, "fish") for n in range(12)])

    assert counted(outcomes) == {"confirmed": 1, "sold-out": 11}
    assert taken() == {"fish": 1}
    assert (Registration.objects.count(), Answer.objects.count()) == (1, 1)


def test_who_changes_into_the_last_plate_and_who_comes_share_it(kind):
    plates(kind, fish=1, vegan=None)
    for number in range(6):
        comes(kind, number, "vegan")()

    def changes(row):
        def job():
            change_answers(
                registration=row, answers={"dinner": "fish"}, expected=None, actor=SYSTEM
            )
            return "changed"

        return job

    outcomes = at_once(
        [changes(row) for row in Registration.objects.all()]
        + [comes(kind, n, "fish") for n in range(6, 10)]
    )

    won = {outcome: n for outcome, n in counted(outcomes).items() if outcome != "sold-out"}
    assert sum(won.values()) == 1
    assert taken()["fish"] == 1
    assert RegistrationPlace.objects.filter(allotment__name="fish").count() == 1
    assert taken()["vegan"] == RegistrationPlace.objects.filter(allotment__name="vegan").count()


def test_those_who_swap_never_wait_in_a_circle(kind):
    plates(kind, fish=20, vegan=20)
    for number in range(12):
        comes(kind, number, "fish" if number % 2 else "vegan")()

    def swaps(row, other):
        def job():
            for dinner in (other, "fish" if other == "vegan" else "vegan", other):
                change_answers(
                    registration=row, answers={"dinner": dinner}, expected=None, actor=SYSTEM
                )
            return "done"

        return job

    rows = list(Registration.objects.order_by("pk"))
    outcomes = at_once([swaps(row, "vegan" if n % 2 else "fish") for n, row in enumerate(rows)])

    assert counted(outcomes) == {"done": 12}
    assert taken() == {"fish": 6, "vegan": 6}


def test_an_option_that_gets_its_first_places_counts_who_read_the_form_before(kind):
    question = QuestionFactory(
        conference=kind.conference, slug="dinner", kind="choice", options=["fish", "meat"]
    )
    early = [comes(kind, number, "fish") for number in range(8)]

    def limit():
        options = [{"slug": "fish", "capacity": 20}, {"slug": "meat"}]
        change_question(
            question=question, changes={"options": options}, expected=None, actor=SYSTEM
        )
        return "limited"

    outcomes = at_once([*early[:4], limit, *early[4:]])

    assert counted(outcomes) == {"confirmed": 8, "limited": 1}
    assert list(taken().values()) == [8]
    assert RegistrationPlace.objects.exclude(allotment__name="guest").count() == 8
