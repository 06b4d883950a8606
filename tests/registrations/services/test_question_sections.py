"""Headings of the form, and the questions below them."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import QuestionSection
from registrations.services.form_order import in_form_order, step
from registrations.services.question_sections import (
    change_section,
    create_section,
    delete_section,
    move_section,
)
from registrations.services.questions import create_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(conference):
    def make(title, **fields):
        return create_section(conference=conference, title={"en": title}, actor=SYSTEM, **fields)

    return make


@pytest.fixture
def ask(conference):
    def make(label, kind="text", **fields):
        return create_question(
            conference=conference, kind=kind, label={"en": label}, actor=SYSTEM, **fields
        )

    return make


def refusal(call, **fields):
    with pytest.raises(DomainError) as caught:
        call(**fields)
    return caught.value


def slugs(conference):
    return [row.slug for row in in_form_order(conference)]


def test_a_section_is_made_changed_and_moved(conference, section, guest_type):
    one = section("At the table", description={"en": "Lunch is served."})
    two = section("About you", order=0)
    assert [(s.slug, s.order) for s in QuestionSection.objects.all()] == [
        ("about-you", 0),
        ("at-the-table", 1),
    ]
    one.refresh_from_db()
    row = change_section(
        section=one, changes={"title": {"en": "Food"}, "order": 0}, expected=1, actor=SYSTEM
    )
    assert (row.title, row.order, row.version) == ({"en": "Food"}, 0, 2)
    assert change_section(section=row, changes={"order": 0}, expected=2, actor=SYSTEM).version == 2
    move_section(section=two, position=0, expected=1, actor=SYSTEM)
    assert [s.slug for s in conference.question_sections.all()] == ["about-you", "at-the-table"]
    guest_type.refresh_from_db()
    assert guest_type.version == 5
    verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["create_section", "create_section", "change_section", "move_section"]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"title": {"ru": "Еда"}}, {"/title": "required"}),
        ({"slug": "No slug"}, {"/slug": "slug"}),
        ({"order": -1}, {"/order": "range"}),
        ({"colour": "red"}, {"/colour": "unknown"}),
        ({"slug": "other"}, {"/slug": "taken"}),
    ],
)
def test_wrong_values_are_named(section, changes, errors):
    row = section("Food")
    section("Other")
    error = refusal(change_section, section=row, changes=changes, expected=None, actor=SYSTEM)
    assert {e.pointer: e.code for e in error.errors} == errors
    row.refresh_from_db()
    assert row.version == 1


def test_an_older_version_is_refused(section):
    row = section("Food")
    for call, fields in (
        (change_section, {"changes": {"order": 0}}),
        (move_section, {"position": 0}),
        (delete_section, {}),
    ):
        assert refusal(call, section=row, expected=9, actor=SYSTEM, **fields).kind == "stale"


def test_questions_of_a_deleted_section_stay_where_they_are(conference, section, ask):
    ask("Zero")
    first, second = section("First"), section("Second")
    lunch = ask("Lunch", "yes_no", section=first)
    ask("Food", section=second, shown_if=lunch, shown_if_answers=["yes"])
    before = slugs(conference)

    delete_section(section=second, expected=1, actor=SYSTEM)
    assert (slugs(conference), before) == (before, ["zero", "lunch", "food"])
    assert [q.section_id for q in in_form_order(conference)] == [None, first.pk, first.pk]
    first.refresh_from_db()
    delete_section(section=first, expected=None, actor=SYSTEM)
    assert [(q.slug, q.section, q.order) for q in in_form_order(conference)] == [
        ("zero", None, 0),
        ("lunch", None, 1),
        ("food", None, 2),
    ]


def test_a_section_stays_below_what_its_questions_hang_on(conference, section, ask):
    first, second = section("First"), section("Second")
    lunch = ask("Lunch", "yes_no", section=first)
    ask("Food", section=second, shown_if=lunch, shown_if_answers=["yes"])

    error = refusal(move_section, section=second, position=0, expected=None, actor=SYSTEM)
    assert "it has to stand below it" in error.detail
    assert slugs(conference) == ["lunch", "food"]


def test_steps_lead_through_the_whole_form(conference, section, ask):
    zero, one = ask("Zero"), ask("One")
    first = section("First")
    two = ask("Two", section=first)

    def steps(row):
        row.refresh_from_db()
        return step(conference, row, later=False), step(conference, row, later=True)

    assert steps(zero) == (None, (None, 1))
    assert steps(one) == ((None, 0), (first, 0))
    assert steps(two) == ((None, 2), None)
