"""Guests change their answers by the personal link, until the cut-off."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registrations.models import Allotment, Answer, ConsentGiven, ConsentText, Registration
from registrations.services.answer_cleaning import Consent
from registrations.services.answers import answers_part
from registrations.services.form_definition import read_form
from registrations.services.links import manage_path
from tests.factories.registrations import (
    AllotmentFactory,
    QuestionFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(conference, guest_type):
    dinner = QuestionFactory(
        conference=conference,
        slug="dinner",
        kind="choice",
        options=["vegan", "fish"],
        required=True,
    )
    plate = AllotmentFactory(conference=conference, name="fish", capacity=1)
    dinner.options.filter(slug="fish").update(allotment=plate)
    QuestionFactory(conference=conference, slug="shops", kind="choices", options=["a", "b"])
    QuestionFactory(conference=conference, slug="food", sensitivity="dietary")
    QuestionFactory(conference=conference, slug="cv", kind="file")
    photos = QuestionFactory(conference=conference, slug="photos", kind="consent", required=True)
    ConsentText.objects.create(question=photos, number=1, text={"en": "Pictures, as of old."})
    press = RegistrationTypeFactory(conference=conference, slug="press")
    QuestionFactory(conference=conference, slug="medium").registration_types.add(press)
    return read_form(conference)


@pytest.fixture
def registration(guest, form):
    part = answers_part(
        form,
        "guest",
        answers={"dinner": "fish", "shops": ["b"], "food": "No nuts"},
        consents=[Consent("photos")],
    )
    return guest(parts=[part])


@pytest.fixture
def path(registration):
    return f"{manage_path(registration)}change/"


DETAILS = {
    "given_name": "Ana",
    "family_name": "Petrović",
    "email": "ana@example.org",
    "language": "en",
}


@pytest.fixture
def save(path):
    def call(**changes):
        values = {name.replace("__", "-"): value for name, value in changes.items()}
        return Client(enforce_csrf_checks=True).post(path, {**DETAILS, "version": "1", **values})

    return call


def field(page, name, value=None):
    pattern = rf'<input[^>]*name="{name}"[^>]*>'
    found = re.findall(pattern, page.content.decode())
    return next(one for one in found if value is None or f'value="{value}"' in one)


def test_the_page_shows_what_was_answered(client, path):
    page = client.get(path)
    text = page.content.decode()

    assert "checked" in field(page, "q-dinner", "fish")
    assert "disabled" not in field(page, "q-dinner", "fish")
    assert "checked" in field(page, "q-shops", "b")
    assert "checked" not in field(page, "q-shops", "a")
    assert 'value="No nuts"' in field(page, "q-food")
    assert "checked" in field(page, "c-photos")
    assert "You can take back what you agreed to at any time" in text
    assert "q-medium" not in text


def test_answers_and_details_are_saved_together(save, told):
    told.clear()
    answer = save(given_name="Mila", q__dinner="vegan", q__shops=["a"], c__photos="1")

    row = Registration.objects.get()
    assert answer.status_code == 302
    assert "saved=1" in answer["Location"]
    assert row.given_name == "Mila"
    assert sorted(row.answers.values_list("option__slug", flat=True)) == ["a", "vegan"]
    assert not row.sensitive_answers.exists()
    assert ConsentGiven.objects.get().withdrawn_at is None
    assert Allotment.objects.get(name="fish").taken == 0


def test_a_consent_is_taken_back_by_removing_its_tick_also_a_needed_one(save):
    assert save(q__dinner="vegan").status_code == 302
    assert ConsentGiven.objects.get().withdrawn_at is not None


def test_who_agreed_to_older_words_sees_and_keeps_those(client, path, save, conference):
    photos = conference.questions.get(slug="photos")
    ConsentText.objects.create(question=photos, number=2, text={"en": "Pictures and film."})

    page = client.get(path)
    assert "Pictures, as of old." in page.content.decode()
    assert save(q__dinner="vegan", c__photos="2").status_code == 302
    given = ConsentGiven.objects.get()
    assert (given.consent_text.number, given.withdrawn_at) == (1, None)


def test_a_full_option_is_said_and_nothing_typed_is_lost(save, guest, form, registration):
    save(q__dinner="vegan", q__food="No nuts", c__photos="1")
    guest("b@example.org", parts=[answers_part(form, "guest", answers={"dinner": "fish"},
                                               required=False)])  # fmt: skip

    refused = save(version="2", q__dinner="fish", q__food="Only rice", given_name="Mila")

    text = refused.content.decode()
    assert refused.status_code == 409
    assert "“Fish” is full." in text
    assert "Fish (full)" in text
    assert 'value="Only rice"' in text
    assert 'value="Mila"' in text
    registration.refresh_from_db()
    assert registration.given_name == "Ana"
    assert registration.sensitive_answers.get().text == "No nuts"


def test_what_is_needed_is_said_beside_its_question(save):
    refused = save(q__dinner="")
    text = refused.content.decode()
    assert refused.status_code == 400
    assert '<a href="#id_q-dinner">Dinner</a>: This is needed.' in text


def test_a_file_is_added_kept_and_removed(save, client, path):
    cv = SimpleUploadedFile("cv.pdf", b"%PDF-1.7")
    assert save(q__dinner="vegan", q__cv=cv).status_code == 302
    assert "cv.pdf is here." in client.get(path).content.decode()

    assert save(version="2", q__dinner="fish").status_code == 302
    assert Answer.objects.filter(file__original_name="cv.pdf").count() == 1
    assert save(version="3", q__dinner="fish", x__cv="1").status_code == 302
    assert not Answer.objects.filter(file__isnull=False).exists()


def test_what_is_missing_is_said_on_the_personal_page(client, guest, form):
    row = guest("b@example.org")
    page = client.get(manage_path(row)).content.decode()
    assert "The hosts still need an answer from you:" in page
    assert "<li>Dinner</li>" in page


def test_nothing_is_missing_for_who_answered(client, registration):
    page = client.get(manage_path(registration)).content.decode()
    assert "still need an answer" not in page


def test_it_is_too_late_after_the_cut_off(save, client, path, clock, registration):
    clock.move_to(registration.conference.starts_at)
    assert "q-dinner" not in client.get(path).content.decode()
    save(q__dinner="vegan")
    assert registration.answers.filter(option__slug="fish").exists()
