"""Answers and consents over the API, for guests' programs and for organisers'."""

from __future__ import annotations

import base64

import pytest

from accounts.permissions import Permission
from core.models import AuditEntry, StoredFile
from registrations.models import (
    Allotment,
    Answer,
    ConsentText,
    QuestionSection,
    Registration,
    SensitiveAnswer,
)
from tests.factories.registrations import (
    AllotmentFactory,
    QuestionFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db

WISH = {
    "registration_type": "guest",
    "given_name": "Ana",
    "family_name": "Petrović",
    "email": "ana@example.org",
}


@pytest.fixture
def form(conference, guest_type):
    section = QuestionSection.objects.create(
        conference=conference, slug="evening", title={"en": "Evening"}
    )

    def make(slug, **fields):
        return QuestionFactory(conference=conference, slug=slug, **fields)

    first = make("first", kind="yes_no", required=True, label={"en": "First?", "ru": "Впервые?"})
    dinner = make("dinner", kind="choice", options=["vegan", "fish"], section=section)
    plate = AllotmentFactory(conference=conference, name="fish", capacity=1)
    dinner.options.filter(slug="fish").update(allotment=plate)
    make(
        "guests",
        kind="number",
        lowest=1,
        highest=3,
        help_text={"en": "How many"},
        shown_if=first,
        shown_if_answers=["yes"],
    )
    make("cv", kind="file")
    make("food", sensitivity="dietary")
    press = RegistrationTypeFactory(conference=conference, slug="press")
    make("medium").registration_types.add(press)
    photos = make("photos", kind="consent", required=True)
    for number in (1, 2):
        ConsentText.objects.create(question=photos, number=number, text={"en": f"Words {number}"})


@pytest.fixture
def ask(api, public, form):
    """Return a function: POST a registration."""

    def call(answers=None, consents=("photos",), **more):
        headers = {name: more.pop(name) for name in list(more) if name[0].isupper()}
        body = {**WISH, "answers": answers or {}, "consents": list(consents), **more}
        return api.anonymous.post(f"{public}/registrations/", body, **headers)

    return call


def nothing_written():
    return not any(model.objects.exists() for model in (Registration, Answer, SensitiveAnswer))


def test_the_form_is_told_as_the_contract_says(api, public, form):
    body = api.anonymous.get(f"{public}/registration-form/").json()

    questions = {one["slug"]: one for one in body["questions"]}
    assert list(questions) == ["first", "guests", "cv", "food", "medium", "dinner"]
    assert questions["first"] == {
        "slug": "first",
        "kind": "yes_no",
        "required": True,
        "label": "First?",
        "help": "",
        "section": None,
        "options": [],
        "min": None,
        "max": None,
        "shown_if": None,
        "types": None,
    }
    assert questions["guests"]["shown_if"] == {"question": "first", "answers": ["yes"]}
    assert (questions["guests"]["min"], questions["guests"]["max"]) == (1, 3)
    assert questions["guests"]["help"] == "How many"
    assert questions["medium"]["types"] == ["press"]
    assert questions["dinner"]["section"] == "Evening"
    assert questions["dinner"]["options"] == [
        {"slug": "vegan", "label": "Vegan", "full": False},
        {"slug": "fish", "label": "Fish", "full": False},
    ]
    assert body["consents"] == [
        {
            "slug": "photos",
            "version": 2,
            "text": "Words 2",
            "required": True,
            "label": "Photos",
            "shown_if": None,
            "types": None,
        }
    ]


def test_answers_and_consents_are_stored(ask):
    cv = {"name": "cv.txt", "content": base64.b64encode(b"hello").decode()}

    made = ask({"first": True, "guests": 2, "dinner": "fish", "food": "Nuts", "cv": cv})

    assert made.status_code == 201, made.json()
    row = Registration.objects.get()
    rows = row.answers.values_list("question__slug", "option__slug", "text", "file__original_name")
    assert set(rows) == {
        ("first", None, "yes", None),
        ("guests", None, "2", None),
        ("dinner", "fish", "", None),
        ("cv", None, "", "cv.txt"),
    }
    assert row.sensitive_answers.get().text == "Nuts"
    assert row.consents.get().consent_text.number == 2
    assert Allotment.objects.get(name="fish").taken == 1


@pytest.mark.parametrize(
    ("answers", "consents", "errors"),
    [
        ({}, ["photos"], {"/answers/first": "required"}),
        ({"first": True}, [], {"/consents": "required"}),
        ({"first": 1}, ["photos"], {"/answers/first": "invalid"}),
        ({"first": True, "guests": 4}, ["photos"], {"/answers/guests": "range"}),
        ({"first": True, "dinner": "pork"}, ["photos"], {"/answers/dinner": "unknown"}),
        ({"first": True, "nothing": 1}, ["photos"], {"/answers/nothing": "unknown"}),
        ({"first": True, "medium": "x"}, ["photos"], {"/answers/medium": "unknown"}),
        ({"first": True, "photos": True}, ["photos"], {"/answers/photos": "unknown"}),
        ({"first": True}, ["photos", "x"], {"/consents/1": "unknown"}),
        ({"first": True}, [["photos"]], {"/consents/0": "invalid", "/consents": "required"}),
        ({"first": True, "cv": "1-x"}, ["photos"], {"/answers/cv": "invalid"}),
        ({"first": True, "cv": {"name": "a"}}, ["photos"], {"/answers/cv": "invalid"}),
        (
            {"first": True, "cv": {"name": "a", "content": "%%"}},
            ["photos"],
            {"/answers/cv": "invalid"},
        ),
        (
            {"first": True, "cv": {"name": "a", "content": "PGh0bWw+"}},
            ["photos"],
            {"/answers/cv": "type"},
        ),
    ],
)
def test_what_can_not_be_taken_is_named_and_leaves_no_trace(
    ask, problem, answers, consents, errors
):
    assert problem(ask(answers, consents)) == (400, "validation-failed", errors)
    assert nothing_written()


def test_a_hidden_answer_is_not_stored(ask):
    assert ask({"first": False, "guests": 99}).status_code == 201
    assert Answer.objects.get().text == "no"


def test_a_full_option_is_sold_out_at_its_place(ask, problem):
    Allotment.objects.filter(name="fish").update(taken=1)
    answer = ask({"first": True, "dinner": "fish"})
    assert problem(answer) == (409, "sold-out", {"/answers/dinner": "full"})
    assert nothing_written()


def test_the_same_key_answers_again_also_when_the_option_is_full_now(ask, problem):
    answers = {"first": True, "dinner": "fish"}
    first, again = (ask(answers, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    assert again["Idempotency-Replayed"] == "true"

    other = ask({"first": False}, Idempotency_Key="k")
    wrong = ask({"first": "x"}, Idempotency_Key="k")
    file = ask({"first": True, "cv": {"name": 1}}, Idempotency_Key="k")
    for answer in (other, wrong, file):
        assert problem(answer)[:2] == (422, "idempotency-mismatch")
    assert Registration.objects.count() == 1


def test_errors_are_in_the_readers_language(ask, api, public):
    body = {**WISH, "answers": {}, "consents": ["photos"]}
    answer = api.anonymous.post(f"{public}/registrations/?lang=en", body)
    assert answer.json()["errors"][0]["detail"] == "This is needed."


@pytest.mark.parametrize("count", [1, 3])
def test_registering_costs_the_same_however_much_is_answered(
    ask, unheard, conference, count, round_trips
):
    shops = QuestionFactory(conference=conference, slug="shops", kind="choices",
                            options=["a", "b", "c"])  # fmt: skip
    assert shops.pk
    answers = {"first": True, "food": "Nuts", "shops": ["a", "b", "c"][:count]}
    # Ten as without questions; four for the form; answers, sensitive ones and consents; and the
    # places of options.
    with round_trips(18, together=4):
        ask(answers)


# --- Organisers --------------------------------------------------------------------------------
@pytest.fixture
def enter(api, base, form):
    """Return a function: POST a registration as an organiser."""

    def call(**more):
        return api.post(f"{base}/registrations/", {**WISH, **more})

    return call


def test_an_organiser_may_leave_out_what_is_needed(enter):
    made = enter(answers={"dinner": "vegan", "food": "Nuts"})

    body = made.json()
    assert made.status_code == 201
    assert body["answers"] == {"dinner": "vegan"}
    assert body["missing_answers"] == ["first", "photos"]
    assert body["consents"] == []
    assert SensitiveAnswer.objects.get().text == "Nuts"


def test_an_organisers_wrong_answers_are_named(enter, problem):
    made = enter(answers={"dinner": "pork", "x": 1})
    assert problem(made)[2] == {"/answers/dinner": "unknown", "/answers/x": "unknown"}
    assert problem(enter(answers=[]))[2] == {"/answers": "invalid"}
    assert nothing_written()


def test_a_change_names_the_answers_that_it_changes(enter, api, base, problem):
    made = enter(answers={"first": True, "dinner": "fish", "guests": 2, "food": "Nuts"})
    path = f"{base}/registrations/{made.json()['code']}/"

    changed = api.patch(path, {"answers": {"dinner": "vegan", "guests": None}}, '"v1"')

    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
    assert changed.json()["answers"] == {"dinner": "vegan", "first": True}
    assert Allotment.objects.get(name="fish").taken == 0
    assert SensitiveAnswer.objects.get().text == "Nuts"
    stale = api.patch(path, {"answers": {"dinner": "fish"}}, '"v1"')
    assert problem(stale)[:2] == (412, "stale")
    wrong = api.patch(path, {"answers": {"guests": 9}, "given_name": "X"}, '"v2"')
    assert problem(wrong)[2] == {"/answers/guests": "range"}
    assert Registration.objects.get().given_name == "Ana"


def test_what_was_read_can_be_sent_back_whole(enter, api, base, conference):
    cv = {"name": "cv.txt", "content": base64.b64encode(b"hello").decode()}
    made = enter(answers={"first": True, "dinner": "fish", "guests": 2, "cv": cv, "food": "Nuts"})
    path = f"{base}/registrations/{made.json()['code']}/"
    conference.questions.filter(slug="dinner").update(active=False)
    read = api.get(path)
    assert read.json()["answers"]["cv"] == {"name": "cv.txt"}

    sent = api.patch(path, {**read.json(), "position": "Editor"}, read["ETag"])

    assert sent.status_code == 200, sent.json()
    assert sent.json() == {**read.json(), "position": "Editor"}
    assert StoredFile.objects.count() == 1


def test_food_and_access_are_read_apart_and_that_is_written_down(enter, api, base, problem):
    code = enter(answers={"food": "Nuts"}).json()["code"]
    path = f"{base}/registrations/{code}/sensitive-answers/"
    for address in (f"{base}/registrations/{code}/", f"{base}/registrations/"):
        assert b"Nuts" not in api.get(address).content

    read = api.post(path)
    assert (read.status_code, read.json()) == (200, {"sensitive_answers": {"food": "Nuts"}})
    assert read["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(verb="show_sensitive_answers")
    assert entry.actor_kind == "token"
    reader = api.of(Permission.REGISTRATION_READ)
    assert problem(reader.post(path))[:2] == (403, "forbidden")
    assert AuditEntry.objects.filter(verb="show_sensitive_answers").count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(api, base, enter, count, django_assert_num_queries):
    for number in range(count):
        enter(email=f"{number}@example.org", answers={"first": True, "dinner": "vegan"})
    # Nine as without questions, and three more for the form.
    with django_assert_num_queries(12):
        rows = api.get(f"{base}/registrations/").json()["results"]
    assert [row["answers"] for row in rows] == [{"dinner": "vegan", "first": True}] * count
