"""change_answers(): places of options move, consents go and come, a refusal leaves no trace."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import ANONYMOUS, SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry, StoredFile
from registrations.models import (
    Allotment,
    Answer,
    ConsentGiven,
    ConsentText,
    Registration,
    RegistrationPlace,
    SensitiveAnswer,
)
from registrations.services.answer_cleaning import Consent
from registrations.services.answers import answers_part
from registrations.services.changing_answers import change_answers, change_details_and_answers
from registrations.services.form_definition import read_form
from registrations.services.reading_answers import answers_of
from registrations.services.uploads import keep_guest_file
from tests.factories.registrations import AllotmentFactory, QuestionFactory

pytestmark = pytest.mark.django_db

GUEST = Actor("guest")


@pytest.fixture
def dinner(conference, guest_type):
    question = QuestionFactory(
        conference=conference, slug="dinner", kind="choice", options=["vegan", "fish", "meat"]
    )
    for slug in ("fish", "meat"):
        plate = AllotmentFactory(conference=conference, name=slug, capacity=1)
        question.options.filter(slug=slug).update(allotment=plate)
    QuestionFactory(conference=conference, slug="motto")
    QuestionFactory(conference=conference, slug="food", sensitivity="dietary")
    return question


@pytest.fixture
def registration(guest, conference, dinner):
    part = answers_part(
        read_form(conference),
        "guest",
        answers={"dinner": "fish", "motto": "Old", "food": "No nuts"},
    )
    return guest(parts=[part])


def change(registration, consents=None, *, by_guest=True, expected=None, **answers):
    return change_answers(
        registration=registration,
        answers=answers,
        consents=None if consents is None else [Consent(slug) for slug in consents],
        expected=expected,
        actor=GUEST if by_guest else SYSTEM,
        by_guest=by_guest,
    )


def taken():
    rows = Allotment.objects.filter(name__in=["fish", "meat", "guest"])
    return dict(rows.values_list("name", "taken"))


def said(registration):
    return {line.slug: line.value for line in answers_of(registration, sensitive=True)}


def state():
    return (
        taken(),
        RegistrationPlace.objects.count(),
        list(Answer.objects.values_list("question__slug", "option__slug", "text")),
        list(SensitiveAnswer.objects.values_list("text")),
        list(Registration.objects.values_list("version")),
        AuditEntry.objects.count(),
    )


def test_what_is_named_changes_and_the_rest_stays(registration, told):
    told.clear()
    changed = change(registration, motto="New", food=None)

    assert said(changed) == {"dinner": "fish", "motto": "New"}
    assert changed.version == 2
    assert told == [("changed", 1, True)]
    entry = AuditEntry.objects.get(verb="change_answers")
    assert (entry.changed, entry.facts, entry.actor_kind) == (["food", "motto"], {}, "guest")


def test_an_options_place_moves_in_one_transaction(registration):
    assert taken() == {"guest": 1, "fish": 1, "meat": 0}
    change(registration, dinner="meat")
    assert taken() == {"guest": 1, "fish": 0, "meat": 1}
    change(registration, dinner="vegan")
    assert taken() == {"guest": 1, "fish": 0, "meat": 0}
    change(registration, dinner="fish")
    assert taken() == {"guest": 1, "fish": 1, "meat": 0}
    assert RegistrationPlace.objects.count() == 2


def test_a_full_option_is_said_and_nothing_is_lost(registration, guest, conference):
    part = answers_part(read_form(conference), "guest", answers={"dinner": "meat"})
    guest("b@example.org", parts=[part])
    before = state()

    with pytest.raises(DomainError) as caught:
        change(registration, dinner="meat", motto="New")

    assert caught.value.kind == "sold-out"
    assert [(e.pointer, e.code) for e in caught.value.errors] == [("/answers/dinner", "full")]
    assert state() == before


def test_who_waits_takes_no_place_and_may_not_choose_what_is_full(registration, guest, conference):
    Allotment.objects.filter(name="guest").update(capacity=1)
    waits = guest("w@example.org")
    assert waits.status == "waiting_list"

    change(waits, dinner="meat")
    assert taken() == {"guest": 1, "fish": 1, "meat": 0}
    with pytest.raises(DomainError) as caught:
        change(waits, dinner="fish")
    assert caught.value.kind == "sold-out"


def test_a_shared_allotment_is_given_back_only_when_nothing_else_needs_it(
    registration, dinner, guest_type
):
    guest_type.allotments.add(Allotment.objects.get(name="fish"))

    change(registration, dinner="vegan")

    assert taken() == {"guest": 1, "fish": 1, "meat": 0}


def test_saving_the_same_changes_nothing(registration, told):
    told.clear()
    before = state()
    change(registration, dinner="fish", motto="Old", food="No nuts")
    assert (state(), told) == (before, [])


def test_an_old_version_is_refused(registration):
    change(registration, motto="New", expected=1)
    before = state()
    with pytest.raises(DomainError) as caught:
        change(registration, motto="Newer", expected=1)
    assert (caught.value.kind, state()) == ("stale", before)


def test_guests_answer_what_is_required_and_organisers_need_not(registration, conference):
    conference.questions.filter(slug="motto").update(required=True)
    with pytest.raises(DomainError) as caught:
        change(registration, motto="")
    assert [(e.pointer, e.code) for e in caught.value.errors] == [("/answers/motto", "required")]

    change(registration, motto="", by_guest=False)
    assert "motto" not in said(registration)


def test_guests_change_until_the_cut_off_and_nobody_what_is_over(registration, clock):
    clock.move_to(registration.conference.starts_at + dt.timedelta(minutes=1))
    with pytest.raises(DomainError) as caught:
        change(registration, motto="Late")
    assert caught.value.kind == "wrong-state"
    change(registration, motto="Late", by_guest=False)

    Registration.objects.update(status="cancelled")
    with pytest.raises(DomainError) as caught:
        change(registration, motto="Later", by_guest=False)
    assert caught.value.kind == "wrong-state"


def test_an_answer_goes_with_its_condition(registration, conference, dinner):
    QuestionFactory(conference=conference, slug="bones", shown_if=dinner, shown_if_answers=["fish"])
    change(registration, bones="Yes")
    assert said(registration)["bones"] == "Yes"
    change(registration, dinner="vegan")
    assert "bones" not in said(registration)


def test_answers_to_what_is_not_asked_any_more_stay(registration, conference):
    conference.questions.filter(slug="motto").update(active=False)
    change(registration, dinner="vegan")
    assert said(registration)["motto"] == "Old"
    with pytest.raises(DomainError) as caught:
        change(registration, motto="New")
    assert [(e.pointer, e.code) for e in caught.value.errors] == [("/answers/motto", "unknown")]


def test_consents_are_taken_back_with_a_time_and_given_again(registration, conference, clock):
    photos = QuestionFactory(conference=conference, slug="photos", kind="consent", required=True)
    first = ConsentText.objects.create(question=photos, number=1, text={"en": "One"})

    change(registration, consents=["photos"])
    clock.shift(60)
    ConsentText.objects.create(question=photos, number=2, text={"en": "Two"})
    # Who leaves the tick where it is stays with the words of then.
    change(registration, consents=["photos"])
    assert ConsentGiven.objects.get().consent_text == first
    change(registration, consents=[])
    clock.shift(60)
    change(registration, consents=["photos"])

    rows = ConsentGiven.objects.order_by("pk").values_list(
        "consent_text__number", "given_at", "withdrawn_at"
    )
    at = dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC)
    minute = dt.timedelta(minutes=1)
    assert list(rows) == [(1, at, at + minute), (2, at + 2 * minute, None)]
    facts = [e.facts for e in AuditEntry.objects.filter(verb="change_answers").order_by("pk")]
    assert facts == [{"consents_given": 1}, {"consents_withdrawn": 1}, {"consents_given": 1}]


def test_a_consent_that_is_not_asked_any_more_can_still_be_taken_back(registration, conference):
    photos = QuestionFactory(conference=conference, slug="photos", kind="consent")
    ConsentText.objects.create(question=photos, number=1, text={"en": "One"})
    change(registration, consents=["photos"])
    conference.questions.filter(slug="photos").update(active=False)

    change(registration, consents=["photos"])
    assert ConsentGiven.objects.get().withdrawn_at is None
    change(registration, consents=[])
    assert ConsentGiven.objects.get().withdrawn_at is not None


def test_a_file_that_is_replaced_is_deleted(
    registration, conference, django_capture_on_commit_callbacks
):
    QuestionFactory(conference=conference, slug="cv", kind="file")
    first, second = (
        keep_guest_file(
            conference=conference, content=text, name="cv.txt", actor=ANONYMOUS, client="c"
        )
        for text in (b"one", b"two")
    )
    change(registration, cv=first)
    storage = StoredFile.objects.get(pk=first.file).file.storage
    path = StoredFile.objects.get(pk=first.file).file.name

    with django_capture_on_commit_callbacks(execute=True):
        change(registration, cv=second)

    assert list(StoredFile.objects.values_list("pk", flat=True)) == [second.file]
    assert not storage.exists(path)


def test_details_and_answers_change_together_or_not_at_all(registration):
    before = state()
    with pytest.raises(DomainError):
        change_details_and_answers(
            registration=registration,
            details={"given_name": "Mila"},
            answers={"dinner": "pork"},
            expected=1,
            actor=SYSTEM,
        )
    assert state() == before
    assert Registration.objects.get().given_name == "Ana"

    both = change_details_and_answers(
        registration=registration,
        details={"given_name": "Mila"},
        answers={"motto": "New"},
        expected=1,
        actor=SYSTEM,
    )
    assert (both.given_name, said(both)["motto"]) == ("Mila", "New")
