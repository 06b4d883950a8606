"""The questions of the form: what they are made of, their order, and what stays once answered."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import (
    Answer,
    ConsentGiven,
    ConsentText,
    Question,
    QuestionOption,
    SensitiveAnswer,
)
from registrations.services.form_order import in_form_order
from registrations.services.question_sections import create_section
from registrations.services.questions import (
    change_question,
    create_question,
    delete_question,
    move_question,
    order_questions,
    restore_question,
    retire_question,
)
from registrations.services.types import delete_registration_type
from tests.factories.registrations import (
    QuestionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db

FOOD = [{"label": {"en": "Vegetarian"}}, {"label": {"en": "Vegan"}}]


@pytest.fixture
def create(conference):
    def make(label="Food", kind="text", **fields):
        return create_question(
            conference=conference, kind=kind, label={"en": label}, actor=SYSTEM, **fields
        )

    return make


def choice(*options, **fields):
    """Return the fields of a choice; an option without words reads “A”."""
    return {"kind": "choice", "options": [{"label": {"en": "A"}, **o} for o in options], **fields}


def change(row, expected=None, **changes):
    return change_question(question=row, changes=changes, expected=expected, actor=SYSTEM)


def refusal(call, *arguments, **fields):
    with pytest.raises(DomainError) as caught:
        call(*arguments, **fields)
    return caught.value


def codes(error):
    return {e.pointer: e.code for e in error.errors}


def slugs(conference):
    return [row.slug for row in in_form_order(conference)]


def orders(conference):
    return [row.order for row in in_form_order(conference)]


def answer(question, option=None, model=Answer, text="Ana"):
    row = RegistrationFactory(
        registration_type=RegistrationTypeFactory(conference=question.conference)
    )
    given = {"option": option} if option else {"text": text}
    return model.objects.create(registration=row, question=question, **given)


# --- Making --------------------------------------------------------------------------------------
def test_a_question_is_made_with_all_its_parts(conference, guest_type, create):
    section = create_section(conference=conference, title={"en": "At the table"}, actor=SYSTEM)
    row = create(
        "What do you eat?",
        "choices",
        help_text={"en": "Lunch is served."},
        required=True,
        section=section,
        registration_types=[guest_type],
        options=[*FOOD, {"slug": "fish", "label": {"en": "Fish"}, "capacity": 20}],
    )

    row.refresh_from_db()
    assert (row.slug, row.kind, row.required, row.active) == (
        "what-do-you-eat",
        "choices",
        True,
        True,
    )
    assert (row.section, row.order, row.version) == (section, 0, 1)
    assert list(row.registration_types.all()) == [guest_type]
    options = [
        (o.slug, o.order, o.active, o.allotment and (o.allotment.name, o.allotment.capacity))
        for o in row.options.all()
    ]
    assert options == [
        ("vegetarian", 0, True, None),
        ("vegan", 1, True, None),
        ("fish", 2, True, ("What do you eat?: Fish", 20)),
    ]
    verbs = AuditEntry.objects.filter(object_type="registrations.question").values_list("verb")
    assert list(verbs) == [("create_question",)]


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"slug": "Not a slug"}, {"/slug": "slug"}),
        ({"label": ""}, {"/label": "required"}),
        ({"kind": "colour"}, {"/kind": "choice"}),
        ({"required": "yes"}, {"/required": "invalid"}),
        ({"sensitivity": "secret"}, {"/sensitivity": "choice"}),
        ({"kind": "file", "sensitivity": "access"}, {"/sensitivity": "kind"}),
        ({"kind": "date", "lowest": 1}, {"/lowest": "kind"}),
        ({"kind": "number", "lowest": 5, "highest": 4}, {"/highest": "order"}),
        ({"kind": "number", "lowest": 2**40}, {"/lowest": "range"}),
        ({"lowest": -1}, {"/lowest": "range"}),
        ({"highest": 501}, {"/highest": "range"}),
        ({"highest": 0}, {"/highest": "range"}),
        ({"kind": "choice"}, {"/options": "required"}),
        ({"kind": "choice", "options": "abc"}, {"/options": "invalid"}),
        (choice({"label": {"ru": "Да"}}), {"/options/0/label": "required"}),
        (choice({"places": 1}), {"/options/0/places": "unknown"}),
        (choice({"capacity": -1}), {"/options/0/capacity": "range"}),
        (choice({"slug": "a"}, {"slug": "a"}), {"/options/1/slug": "taken"}),
        (choice({"active": False}), {"/options": "required"}),
        (choice({"capacity": 3}, sensitivity="dietary"), {"/options/0/capacity": "sensitive"}),
        ({"kind": "choice", "options": FOOD * 31}, {"/options": "too-many"}),
        ({"options": FOOD}, {"/options": "kind"}),
        ({"kind": "consent"}, {"/consent_text": "required"}),
        ({"consent_text": {"en": "I agree."}}, {"/consent_text": "kind"}),
        ({"shown_if_answers": ["yes"]}, {"/shown_if": "required"}),
        ({"shown_if_answers": [{"$ne": 1}]}, {"/shown_if_answers": "invalid"}),
        ({"colour": "red"}, {"/colour": "unknown"}),
    ],
)  # fmt: skip
def test_wrong_values_are_named_and_leave_nothing(conference, create, fields, errors):
    assert codes(refusal(create, **fields)) == errors
    assert (Question.objects.count(), QuestionOption.objects.count()) == (0, 0)
    assert not AuditEntry.objects.exists()


def test_rows_of_another_conference_are_not_there(conference, create):
    other = QuestionFactory(kind="yes_no")
    kind = RegistrationTypeFactory()
    section = create_section(conference=kind.conference, title={"en": "X"}, actor=SYSTEM)

    assert codes(refusal(create, registration_types=[kind])) == {"/registration_types": "unknown"}
    assert codes(refusal(create, section=section)) == {"/section": "unknown"}
    error = refusal(create, shown_if=other, shown_if_answers=["yes"])
    assert codes(error) == {"/shown_if": "unknown"}


def test_short_names_are_made_of_labels_and_stand_once(conference, create):
    assert [create(n).slug for n in ("Храна и пиће", "Hrana i piće", "…")] == [
        "hrana-i-pice",
        "hrana-i-pice-2",
        "text",
    ]
    error = refusal(create, slug="text")
    assert (error.kind, codes(error)) == ("conflict", {"/slug": "taken"})


def test_consents_stand_last_until_they_are_moved(conference, create):
    create("One")
    create("Photos", "consent", consent_text={"en": "I agree."})
    create("Two")
    assert slugs(conference) == ["one", "two", "photos"]
    create("First", order=0)
    assert (slugs(conference), orders(conference)) == (
        ["first", "one", "two", "photos"],
        [0, 1, 2, 3],
    )


# --- Changing ------------------------------------------------------------------------------------
def test_a_change_raises_the_question_and_the_kinds_of_place_that_it_is_asked_of(
    conference, guest_type, create
):
    press = RegistrationTypeFactory(conference=conference, slug="press")
    row = create(registration_types=[press])
    before = (guest_type.version, press.version)

    row = change(row, expected=1, help_text={"en": "More"}, required=True)
    assert row.version == 2
    guest_type.refresh_from_db()
    press.refresh_from_db()
    assert (guest_type.version, press.version) == (before[0], before[1] + 2)

    row = change(row, registration_types=[])
    guest_type.refresh_from_db()
    assert (row.version, guest_type.version) == (3, before[0] + 1)
    entry = AuditEntry.objects.filter(verb="change_question").order_by("id").first()
    assert entry.changed == ["help_text", "required"]


def test_nothing_new_changes_nothing(create):
    row = create("Food", "choice", options=[{"slug": "vegan", "label": {"en": "Vegan"}}])
    same = [{"slug": "vegan", "label": {"en": "Vegan"}, "capacity": None, "active": True}]

    again = change(row, label={"en": "Food"}, options=same, registration_types=[], order=0)
    assert again.version == 1


def test_an_older_version_is_refused(create):
    row = create()
    change(row, required=True)

    assert refusal(change, row, expected=1, required=False).kind == "stale"
    assert refusal(retire_question, question=row, expected=1, actor=SYSTEM).kind == "stale"
    assert refusal(delete_question, question=row, expected=1, actor=SYSTEM).kind == "stale"
    error = refusal(move_question, question=row, section=None, position=0, expected=1, actor=SYSTEM)
    assert error.kind == "stale"
    row.refresh_from_db()
    assert (row.required, row.version) == (True, 2)


def test_a_kind_without_limits_loses_them(create):
    row = create(kind="number", lowest=1, highest=9)
    row = change(row, kind="date")
    assert (row.lowest, row.highest) == (None, None)


def test_a_consent_stays_one(create):
    row = create("Photos", "consent", consent_text={"en": "I agree."})
    assert codes(refusal(change, row, kind="text")) == {"/kind": "fixed"}
    assert codes(refusal(change, create(), kind="consent")) == {"/kind": "fixed"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"kind": "long_text"}, "/kind"), ({"sensitivity": "access"}, "/sensitivity")],
)
def test_what_was_answered_stays_of_its_kind(create, changes, pointer):
    row = create()
    answer(row)

    error = refusal(change, row, **changes)
    assert (error.kind, [e.pointer for e in error.errors]) == ("in-use", [pointer])
    assert change(row, label={"en": "Other words"}).version == 2


def test_words_that_somebody_may_have_before_them_stay(create):
    row = create("Photos", "consent", consent_text={"en": "I agre."})
    change(row, consent_text={"en": "I agree."})
    assert [(t.number, t.text["en"]) for t in row.consent_texts.all()] == [
        (1, "I agre."),
        (2, "I agree."),
    ]


def test_words_of_consent_are_edited_until_somebody_agrees(create, conference):
    type(conference).objects.update(state="draft")
    conference.refresh_from_db()
    row = create("Photos", "consent", consent_text={"en": "I agre."})
    change(row, consent_text={"en": "I agree."})
    assert [(t.number, t.text) for t in row.consent_texts.all()] == [(1, {"en": "I agree."})]

    given = RegistrationFactory(
        registration_type=RegistrationTypeFactory(conference=row.conference)
    )
    ConsentGiven.objects.create(registration=given, consent_text=row.consent_texts.get())
    row = change(row, consent_text={"en": "I agree to all."})
    assert [(t.number, t.text["en"]) for t in row.consent_texts.all()] == [
        (1, "I agree."),
        (2, "I agree to all."),
    ]
    change(row, consent_text={"en": "I agree to most."})
    assert [t.text["en"] for t in row.consent_texts.all()] == ["I agree.", "I agree to most."]
    assert codes(refusal(change, row, consent_text={"ru": "Да"})) == {"/consent_text": "required"}


# --- Retiring and deleting -----------------------------------------------------------------------
@pytest.mark.parametrize("sensitivity", ["", "dietary"])
def test_what_was_answered_is_retired_not_deleted(create, sensitivity):
    row = create(sensitivity=sensitivity)
    answer(row, model=SensitiveAnswer if sensitivity else Answer)

    error = refusal(delete_question, question=row, expected=None, actor=SYSTEM)
    assert (error.kind, "Retire it" in error.detail) == ("in-use", True)
    assert retire_question(question=row, expected=1, actor=SYSTEM).active is False
    assert restore_question(question=row, expected=2, actor=SYSTEM).active is True
    verbs = AuditEntry.objects.filter(object_type="registrations.question").order_by("id")
    assert [e.verb for e in verbs] == ["create_question", "retire_question", "restore_question"]


def test_what_was_agreed_to_is_not_deleted(create):
    row = create("Photos", "consent", consent_text={"en": "I agree."})
    given = RegistrationFactory(
        registration_type=RegistrationTypeFactory(conference=row.conference)
    )
    ConsentGiven.objects.create(registration=given, consent_text=row.consent_texts.get())

    assert refusal(delete_question, question=row, expected=None, actor=SYSTEM).kind == "in-use"
    assert ConsentText.objects.count() == 1


def test_what_was_never_answered_goes_with_its_parts(conference, create):
    create("One")
    row = create("Food", "choice", options=[*FOOD, {"label": {"en": "Fish"}, "capacity": 2}])
    create("Three")

    delete_question(question=row, expected=1, actor=SYSTEM)
    assert (slugs(conference), orders(conference)) == (["one", "three"], [0, 1])
    assert not QuestionOption.objects.exists()
    assert not conference.allotments.exists()


def test_the_only_kind_of_place_that_is_asked_something_stays(guest_type, create):
    row = create(registration_types=[guest_type])

    error = refusal(
        delete_registration_type, registration_type=guest_type, expected=None, actor=SYSTEM
    )
    assert (error.kind, "“Food”" in error.detail) == ("in-use", True)
    press = RegistrationTypeFactory(conference=row.conference, slug="press")
    change(row, registration_types=[guest_type, press])
    delete_registration_type(registration_type=guest_type, expected=None, actor=SYSTEM)
    assert list(row.registration_types.all()) == [press]


# --- Conditions ----------------------------------------------------------------------------------
@pytest.fixture
def lunch(create):
    return create("Lunch", "yes_no")


@pytest.fixture
def food(create, lunch):
    return create("Food", "choice", options=FOOD, shown_if=lunch, shown_if_answers=["yes"])


def test_a_question_hangs_on_answers_to_an_earlier_one(conference, create, lunch, food):
    more = create("More", shown_if=food, shown_if_answers=["vegan"])
    assert slugs(conference) == ["lunch", "food", "more"]
    again = change(more, shown_if=None)
    assert (again.shown_if, again.shown_if_answers) == (None, [])


def test_a_condition_that_can_not_be_met_is_refused(conference, create, lunch, food, guest_type):
    press = RegistrationTypeFactory(conference=conference, slug="press")
    late = create("Late", "yes_no")
    words = create("Words")
    for fields, errors in (
        ({"shown_if": lunch}, {"/shown_if_answers": "required"}),
        ({"shown_if": lunch, "shown_if_answers": ["maybe"]}, {"/shown_if_answers": "unknown"}),
        ({"shown_if": food, "shown_if_answers": ["yes"]}, {"/shown_if_answers": "unknown"}),
        ({"shown_if": words, "shown_if_answers": ["yes"]}, {"/shown_if": "kind"}),
        ({"shown_if": late, "shown_if_answers": ["yes"], "order": 0}, {"/order": "order"}),
    ):
        assert codes(refusal(create, "New", **fields)) == errors
    # In circles, on itself, on what stands below.
    assert codes(refusal(change, lunch, shown_if=late, shown_if_answers=["yes"])) == {
        "/order": "order"
    }
    assert codes(refusal(change, lunch, shown_if=lunch, shown_if_answers=["yes"])) == {
        "/shown_if": "order"
    }
    assert codes(refusal(change, lunch, shown_if=food, shown_if_answers=["vegan"])) == {
        "/order": "order"
    }
    change(lunch, registration_types=[guest_type])
    assert codes(refusal(change, food, registration_types=[press])) == {
        "/registration_types": "never-asked"
    }
    assert codes(refusal(change, lunch, sensitivity="access")) == {"/sensitivity": "sensitive"}
    assert slugs(conference) == ["lunch", "food", "late", "words"]


def test_what_others_hang_on_stays_before_them_and_is_asked(conference, lunch, food):
    error = refusal(delete_question, question=lunch, expected=None, actor=SYSTEM)
    assert (error.kind, "“Food”" in error.detail) == ("in-use", True)
    error = refusal(
        move_question, question=lunch, section=None, position=1, expected=None, actor=SYSTEM
    )
    assert "“Food” is asked only after certain answers to “Lunch”" in error.detail
    error = refusal(
        order_questions, conference=conference, section=None, slugs=["food", "lunch"], actor=SYSTEM
    )
    assert codes(error) == {"/order": "order"}
    error = refusal(retire_question, question=lunch, expected=None, actor=SYSTEM)
    assert "Retire “Food” first" in error.detail
    assert codes(refusal(change, lunch, kind="text")) == {"/shown_if": "kind"}
    retire_question(question=food, expected=None, actor=SYSTEM)
    retire_question(question=lunch, expected=None, actor=SYSTEM)
    assert refusal(restore_question, question=food, expected=None, actor=SYSTEM).errors
    assert slugs(conference) == ["lunch", "food"]


# --- Moving --------------------------------------------------------------------------------------
def test_questions_are_put_in_order_within_their_section(conference, create):
    for label in ("One", "Two", "Three"):
        create(label)
    order_questions(
        conference=conference, section=None, slugs=["three", "one", "two"], actor=SYSTEM
    )
    assert (slugs(conference), orders(conference)) == (["three", "one", "two"], [0, 1, 2])
    for wrong in (["three", "one"], ["three", "one", "two", "two"], [""], []):
        error = refusal(
            order_questions, conference=conference, section=None, slugs=wrong, actor=SYSTEM
        )
        assert codes(error) == {"/order": "incomplete"}


def test_a_question_moves_between_sections(conference, create):
    section = create_section(conference=conference, title={"en": "Last"}, actor=SYSTEM)
    one, two = create("One"), create("Two", section=section)

    moved = move_question(question=one, section=section, position=None, expected=1, actor=SYSTEM)
    assert (moved.section, moved.version, slugs(conference)) == (section, 2, ["two", "one"])
    change(two, section=None)
    change(one, order=0)
    assert (slugs(conference), orders(conference)) == (["two", "one"], [0, 1])
