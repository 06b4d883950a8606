"""The form over the API."""

from __future__ import annotations

import pytest

from accounts.permissions import Permission
from registrations.models import Question, QuestionSection
from tests.factories.registrations import (
    QuestionFactory,
    QuestionSectionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def questions(base):
    return f"{base}/questions/"


def choice(**option):
    return {"kind": "choice", "options": [{"label": "A", **option}]}


def after(question, *answers):
    return {"shown_if": {"question": question, "answers": list(answers)}}


def path_of(answer):
    return answer["Location"].removeprefix("http://testserver")


def test_a_question_is_made_changed_and_deleted(api, questions, conference, guest_type):
    QuestionSectionFactory(conference=conference, slug="visits")
    QuestionFactory(conference=conference, slug="stays", kind="yes_no")
    made = api.post(
        questions,
        {
            "slug": "visit",
            "kind": "choice",
            "label": "Which visit?",
            "help_text": {"en": "On Friday.", "ru": "В пятницу."},
            "required": True,
            "section": "visits",
            "types": ["guest"],
            "options": [
                {"slug": "museum", "label": "Museum", "capacity": 20},
                {"label": {"en": "River"}, "active": False},
            ],
            "shown_if": {"question": "stays", "answers": ["yes"]},
        },
    )
    body = {
        "slug": "visit",
        "kind": "choice",
        "label": {"en": "Which visit?"},
        "help_text": {"en": "On Friday.", "ru": "В пятницу."},
        "required": True,
        "section": "visits",
        "types": ["guest"],
        "options": [
            {"slug": "museum", "label": {"en": "Museum"}, "capacity": 20, "active": True},
            {"slug": "river", "label": {"en": "River"}, "capacity": None, "active": False},
        ],
        "shown_if": {"question": "stays", "answers": ["yes"]},
        "lowest": None,
        "highest": None,
        "sensitivity": "",
        "consent_text": {},
        "consent_version": None,
        "active": True,
        "order": 1,
    }
    assert (made.status_code, made["ETag"], made.json()) == (201, '"v1"', body)
    path = path_of(made)
    assert path == f"{questions}visit/"
    assert api.get(path).json() == body
    assert api.get(f"{questions}?ordering=order").json()["results"][1] == body

    options = [{"slug": "river", "active": True}, {"slug": "museum", "capacity": 25}]
    changed = api.patch(path, {"options": options, "shown_if": None, "types": []}, '"v1"')
    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
    assert changed.json() == {
        **body,
        "types": [],
        "shown_if": None,
        "options": [
            {"slug": "river", "label": {"en": "River"}, "capacity": None, "active": True},
            {"slug": "museum", "label": {"en": "Museum"}, "capacity": 25, "active": True},
        ],
    }

    assert api.patch(path, {"required": False}).status_code == 428
    assert api.patch(path, {"required": False}, '"v1"').status_code == 412
    assert api.delete(path).status_code == 428
    assert api.delete(path, '"v1"').status_code == 412
    assert api.delete(path, '"v2"').status_code == 204
    assert api.get(path).status_code == 404


def test_a_consent_says_its_version(api, questions):
    made = api.post(questions, {"kind": "consent", "label": "Photos", "consent_text": "I agree."})
    assert made.json()["slug"] == "photos"
    changed = api.patch(path_of(made), {"consent_text": "I agree to all."}, '"v1"')
    figures = [changed.json()[name] for name in ("consent_text", "consent_version")]
    assert figures == [{"en": "I agree to all."}, 2]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"slug": "Visit!"}, {"/slug": "slug"}),
        ({"slug": {"$ne": ""}}, {"/slug": "invalid"}),
        ({"kind": "html"}, {"/kind": "invalid_choice"}),
        ({"label": 5}, {"/label": "invalid"}),
        ({"label": {"en": {"ru": "x"}}}, {"/label": "invalid"}),
        ({"label": {"xx": "x"}}, {"/label": "language"}),
        ({"label": "a\u0007b"}, {"/label": "control-character"}),
        ({"required": "true"}, {"/required": "invalid"}),
        ({"section": "nowhere"}, {"/section": "unknown"}),
        ({"section": {"slug": "x"}}, {"/section": "invalid"}),
        ({"types": ["nobody"]}, {"/types/0": "unknown"}),
        ({"types": "guest"}, {"/types": "not_a_list"}),
        ({"shown_if": "food"}, {"/shown_if": "invalid"}),
        ({"shown_if": {"question": "yes"}}, {"/shown_if/answers": "required"}),
        (after("food", "yes"), {"/shown_if/question": "unknown"}),
        (after("yes", "no way"), {"/shown_if/answers": "invalid"}),
        (after("yes", "maybe"), {"/shown_if/answers": "unknown"}),
        ({"options": [{"label": "A"}]}, {"/options": "kind"}),
        ({"kind": "choice", "options": {"a": "A"}}, {"/options": "not_a_list"}),
        (choice(capacity="3"), {"/options/0/capacity": "invalid"}),
        (choice(allotment=1), {"/options/0/allotment": "unknown"}),
        ({"lowest": "1"}, {"/lowest": "invalid"}),
        ({"lowest": 10**30}, {"/lowest": "range"}),
        ({"sensitivity": "health"}, {"/sensitivity": "invalid_choice"}),
        ({"order": -1}, {"/order": "range"}),
        ({"version": 7}, {"/version": "unknown"}),
        ({"conference": 1}, {"/conference": "unknown"}),
    ],
)  # fmt: skip
def test_what_can_not_be_taken_is_named(api, questions, conference, problem, changes, errors):
    QuestionFactory(conference=conference, slug="yes", kind="yes_no")
    answer = api.post(questions, {"slug": "new", "kind": "text", "label": "New", **changes})

    assert problem(answer) == (400, "validation-failed", errors)
    assert Question.objects.count() == 1


def test_a_plain_string_changes_only_the_first_language(api, questions):
    both = {"en": "A", "ru": "А"}
    made = api.post(questions, {**choice(label=both), "label": "Letter"})
    changed = api.patch(path_of(made), {"options": [{"slug": "a", "label": "Alpha"}]}, '"v1"')
    assert changed.json()["options"][0]["label"] == {"en": "Alpha", "ru": "А"}
    made = api.post(questions, {"kind": "consent", "label": "Photos", "consent_text": both})
    changed = api.patch(path_of(made), {"consent_text": "I agree."}, '"v1"')
    assert changed.json()["consent_text"] == {"en": "I agree.", "ru": "А"}


def test_markup_is_text(api, questions):
    label = '<script>alert(1)</script>"{{ 7*7 }}'
    made = api.post(questions, {"kind": "text", "label": label})
    assert (made.status_code, made.json()["label"]) == (201, {"en": label})


def test_what_is_in_use_says_so(api, questions, conference, guest_type, problem):
    row = QuestionFactory(conference=conference, slug="food")
    registration = RegistrationFactory(registration_type=guest_type)
    row.answers.create(registration=registration, text="Soup")

    answer = api.delete(f"{questions}food/", '"v1"')
    assert problem(answer) == (409, "in-use", {})
    assert "Retire it" in answer.json()["detail"]
    assert problem(api.post(questions, {"slug": "food", "kind": "text", "label": "Food"})) == (
        409,
        "conflict",
        {"/slug": "taken"},
    )
    retired = api.patch(f"{questions}food/", {"active": False}, '"v1"')
    assert (retired.status_code, retired.json()["active"]) == (200, False)
    assert [r["slug"] for r in api.get(f"{questions}?active=true").json()["results"]] == []


def test_places_are_not_lowered_below_what_is_taken(api, questions, conference, problem):
    path = path_of(
        api.post(
            questions,
            {
                "slug": "visit",
                "kind": "choice",
                "label": "Visit",
                "options": [{"slug": "museum", "label": "Museum", "capacity": 5}],
            },
        )
    )
    conference.allotments.update(taken=3)

    answer = api.patch(path, {"options": [{"slug": "museum", "capacity": 2}]}, '"v1"')
    assert problem(answer) == (409, "capacity-below-taken", {"/options/0/capacity": "below-taken"})
    assert api.get(path)["ETag"] == '"v1"'


def test_a_key_makes_one_question(api, questions):
    body = {"kind": "text", "label": "Food"}
    first = api.post(questions, body, Idempotency_Key="k1")
    again = api.post(questions, body, Idempotency_Key="k1")
    assert (again["Idempotency-Replayed"], again.json()) == ("true", first.json())
    assert Question.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(
    api, questions, conference, count, django_assert_num_queries
):
    for _ in range(count):
        QuestionFactory(conference=conference, kind="choice", options=["a", "b"])
    token = api.of(Permission.REGISTRATION_READ)
    token.get(questions)

    # Token, organisation, conference; questions, options, consents, kinds of place.
    with django_assert_num_queries(7):
        answer = token.get(f"{questions}?ordering=order")
    assert len(answer.json()["results"]) == count


def test_sections_are_made_changed_and_deleted(api, base, conference, problem):
    sections = f"{base}/question-sections/"
    made = api.post(sections, {"title": "At the table"})
    body = {
        "slug": "at-the-table",
        "title": {"en": "At the table"},
        "description": {},
        "order": 0,
    }
    assert (made.status_code, made["ETag"], made.json()) == (201, '"v1"', body)
    path = path_of(made)
    api.post(sections, {"title": "Before", "order": 0})
    changed = api.patch(path, {"order": 0, "description": "Lunch."}, '"v1"')
    assert (changed["ETag"], changed.json()) == ('"v2"', {**body, "description": {"en": "Lunch."}})
    assert [s["slug"] for s in api.get(f"{sections}?ordering=order").json()["results"]] == [
        "at-the-table",
        "before",
    ]
    assert problem(api.post(sections, {"title": "", "colour": 1})) == (
        400,
        "validation-failed",
        {"/colour": "unknown"},
    )
    assert api.patch(path, {"order": 1}, '"v1"').status_code == 412
    assert api.delete(path, '"v2"').status_code == 204
    assert QuestionSection.objects.count() == 1


@pytest.mark.parametrize("scope", [Permission.REGISTRATION_READ, Permission.CONFERENCE_WRITE])
def test_a_token_without_the_scope_is_told_so(api, questions, scope, problem):
    made = api.of(scope).post(questions, {"kind": "text", "label": "Food"})
    assert problem(made)[:2] == (403, "forbidden")


def test_strangers_and_other_conferences_find_nothing(
    api, base, questions, conference, other_organisation, problem
):
    QuestionFactory(conference=conference, slug="food")
    stranger = api.of(organisation=other_organisation)
    assert problem(stranger.get(questions))[:2] == (404, "not-found")
    foreign = RegistrationTypeFactory(slug="foreign")
    QuestionFactory(conference=foreign.conference, slug="theirs", kind="yes_no")
    QuestionSectionFactory(conference=foreign.conference, slug="their-section")
    assert problem(api.get(f"{questions}theirs/"))[:2] == (404, "not-found")
    for changes, pointer in (
        ({"types": ["foreign"]}, "/types/0"),
        ({"section": "their-section"}, "/section"),
        ({"shown_if": {"question": "theirs", "answers": ["yes"]}}, "/shown_if/question"),
    ):
        answer = api.patch(f"{questions}food/", changes, '"v1"')
        assert problem(answer) == (400, "validation-failed", {pointer: "unknown"})
