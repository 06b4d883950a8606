"""Answers as a part of a registration: rows in bulk, places of options, a refusal without trace."""

from __future__ import annotations

import pytest

from core.actors import ANONYMOUS, SYSTEM
from core.errors import DomainError
from registrations.models import (
    Allotment,
    Answer,
    ConsentGiven,
    ConsentText,
    GuestUpload,
    Registration,
    RegistrationPlace,
    SensitiveAnswer,
)
from registrations.services.answer_cleaning import Consent
from registrations.services.answers import answers_part
from registrations.services.approving import approve_registration
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.form_definition import read_form
from registrations.services.needs import allotments_of
from registrations.services.uploads import keep_guest_file
from tests.factories.registrations import (
    AllotmentFactory,
    QuestionFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(conference, guest_type):
    """Dinner with one plate of fish, workshops, food as a sensitive answer, a file, a consent."""
    dinner = QuestionFactory(
        conference=conference, slug="dinner", kind="choice", options=["vegan", "fish"]
    )
    plate = AllotmentFactory(conference=conference, name="fish", capacity=1)
    dinner.options.filter(slug="fish").update(allotment=plate)
    QuestionFactory(conference=conference, slug="shops", kind="choices", options=["a", "b", "c"])
    QuestionFactory(conference=conference, slug="motto")
    QuestionFactory(conference=conference, slug="cv", kind="file")
    QuestionFactory(
        conference=conference,
        slug="food",
        kind="choices",
        sensitivity="dietary",
        options=["nuts", "milk"],
    )
    photos = QuestionFactory(conference=conference, slug="photos", kind="consent")
    ConsentText.objects.create(question=photos, number=1, text={"en": "You may take pictures."})
    return read_form(conference)


@pytest.fixture
def part(form):
    """Return a function: answers as a part."""

    def make(consents=(), type_slug="guest", **answers):
        return answers_part(
            form, type_slug, answers=answers, consents=[Consent(slug) for slug in consents]
        )

    return make


def counts():
    models = (Registration, Answer, SensitiveAnswer, ConsentGiven, RegistrationPlace)
    return tuple(model.objects.count() for model in models)


def fish():
    return Allotment.objects.get(name="fish").taken


def test_each_answer_is_a_row_and_each_option_one(guest, part):
    row = guest(
        parts=[part(["photos"], dinner="vegan", shops=["c", "a"], motto="=1+1", food=["nuts"])]
    )

    plain = row.answers.values_list("question__slug", "option__slug", "text")
    assert list(plain) == [
        ("dinner", "vegan", ""),
        ("shops", "a", ""),
        ("shops", "c", ""),
        ("motto", None, "=1+1"),
    ]
    sensitive = row.sensitive_answers.values_list("question__slug", "option__slug", "text")
    assert list(sensitive) == [("food", "nuts", "")]
    consent = row.consents.get()
    assert (consent.consent_text.number, consent.withdrawn_at) == (1, None)
    assert consent.given_at == row.status_at


def test_an_option_takes_a_place_with_the_types(guest, part):
    row = guest(parts=[part(dinner="fish")])

    assert fish() == 1
    assert set(row.places.values_list("allotment__name", flat=True)) == {"guest", "fish"}
    assert len(allotments_of(row)) == 2


def test_a_full_option_is_named_at_its_question_and_nothing_is_written(guest, part):
    guest(parts=[part(dinner="fish")])
    before = counts()

    with pytest.raises(DomainError) as caught:
        guest("b@example.org", parts=[part(["photos"], dinner="fish", motto="x")])

    assert caught.value.kind == "sold-out"
    assert [(e.pointer, e.code) for e in caught.value.errors] == [("/answers/dinner", "full")]
    assert "“Fish” is full" in caught.value.detail
    assert (counts(), fish()) == (before, 1)


@pytest.mark.parametrize("kind", [{"capacity": 0}, {"approval": True}])
def test_who_waits_can_not_wait_for_a_full_option_either(guest, part, conference, kind):
    RegistrationTypeFactory(conference=conference, slug="kind", **kind)
    waits = guest("w@example.org", type_slug="kind", parts=[part(type_slug="kind", dinner="fish")])
    assert (waits.status != "confirmed", fish()) == (True, 0)

    guest(parts=[part(dinner="fish")])
    with pytest.raises(DomainError) as caught:
        guest("b@example.org", type_slug="kind", parts=[part(type_slug="kind", dinner="fish")])
    assert [e.pointer for e in caught.value.errors] == ["/answers/dinner"]
    Allotment.objects.filter(name="kind").update(capacity=5)
    with pytest.raises(DomainError, match="no place left"):
        approve_registration(registration=waits, actor=SYSTEM)


def test_the_place_of_an_option_goes_and_comes_with_the_registration(guest, part):
    row = guest(parts=[part(dinner="fish")])

    cancel_registration(registration=row, actor=SYSTEM)
    assert fish() == 0
    uncancel_registration(registration=row, actor=SYSTEM)
    assert fish() == 1


def test_a_place_of_a_sensitive_option_counts_too(guest, part, conference):
    plate = AllotmentFactory(conference=conference, name="nuts", capacity=1)
    option = conference.questions.get(slug="food").options.get(slug="nuts")
    option.allotment = plate
    option.save()
    form = read_form(conference)

    row = guest(parts=[answers_part(form, "guest", answers={"food": ["nuts"]})])
    assert plate.pk in allotments_of(row)
    assert Allotment.objects.get(name="nuts").taken == 1


def test_a_file_belongs_to_one_registration(guest, part, conference):
    ref = keep_guest_file(
        conference=conference, content=b"%PDF-1.7", name="cv.pdf", actor=ANONYMOUS, client="c"
    )
    row = guest(parts=[part(cv=ref)])
    assert row.answers.get().file_id == ref.file
    assert not GuestUpload.objects.filter(used_at=None).exists()
    before = counts()

    with pytest.raises(DomainError) as caught:
        guest("b@example.org", parts=[part(cv=ref)])
    assert [(e.pointer, e.code) for e in caught.value.errors] == [("/answers/cv", "gone")]
    assert counts() == before


@pytest.mark.parametrize(
    ("number", "statements"),
    # Nine as without questions; then answers, sensitive ones and consents by a statement each.
    [(0, 9), (1, 13), (3, 13)],
)
def test_registering_costs_the_same_however_much_is_answered(
    guest, part, unheard, number, statements, round_trips
):
    shops, food = ["a", "b", "c"][:number], ["nuts", "milk"][:number]
    answers = {"shops": shops, "food": food, "motto": "x" if number else ""}
    mine = part(["photos"] if number else [], **answers)
    with round_trips(statements, together=4):
        guest(parts=[mine])


def test_a_part_can_be_written_again_when_the_place_is_gone(guest, part, monkeypatch):
    """The type's last place goes between the look and the taking: the guest waits, answered."""
    monkeypatch.setattr("registrations.services.registration_rows.take_places", lambda **_: 0)

    row = guest(parts=[part(motto="x", food=["milk"])])

    assert row.status == "waiting_list"
    assert counts()[:3] == (1, 1, 1)
