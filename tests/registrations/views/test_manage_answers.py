"""Answers on the organisers' pages: sensitive ones apart, each look at them written down."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from core.models import AuditEntry, StoredFile
from registrations.models import Answer, ConsentText, GuestUpload, Registration
from registrations.services.answer_cleaning import Consent
from registrations.services.answers import answers_part
from registrations.services.form_definition import read_form
from tests.factories.registrations import QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(guest, conference, guest_type):
    QuestionFactory(conference=conference, slug="dinner", kind="choice", options=["vegan", "fish"])
    QuestionFactory(conference=conference, slug="motto", required=True)
    QuestionFactory(conference=conference, slug="cv", kind="file")
    QuestionFactory(conference=conference, slug="food", sensitivity="dietary")
    photos = QuestionFactory(conference=conference, slug="photos", kind="consent")
    ConsentText.objects.create(question=photos, number=1, text={"en": "Pictures"})
    part = answers_part(
        read_form(conference),
        "guest",
        answers={"dinner": "fish", "food": "No nuts"},
        consents=[Consent("photos")],
        required=False,
    )
    return guest(source="organiser", parts=[part])


@pytest.fixture
def url(registration):
    """Return a function: the address of one of the registration's pages."""

    def make(name="manage-registration"):
        return reverse(name, args=["institute", "forum", registration.code])

    return make


@pytest.fixture
def desk(client_as, account_with_role):
    return client_as(account_with_role(Role.REGISTRAR))


@pytest.fixture
def door(client_as, account_with_role):
    return client_as(account_with_role(Role.DOOR))


def looks():
    return AuditEntry.objects.filter(verb="show_sensitive_answers").count()


def test_the_page_shows_answers_what_is_missing_and_consents(desk, url):
    text = desk.get(url()).content.decode()

    assert "Fish" in text
    assert "Motto" in text
    assert "Missing" in text
    assert "Version 1, given 1 Mar 2027, 11:00" in text
    assert "No nuts" not in text
    assert "Show food and access" in text


def test_the_door_sees_no_way_to_food_and_access(door, url):
    text = door.get(url()).content.decode()
    assert "Fish" in text
    assert "Show food and access" not in text
    assert "Change answers" not in text
    assert door.post(url("manage-registration-sensitive")).status_code == 403
    assert door.post(url("manage-registration-answers"), {"show": "1"}).status_code == 403
    assert looks() == 0


def test_looking_at_food_and_access_is_written_down(desk, url, registration):
    page = desk.post(url("manage-registration-sensitive"))

    assert "No nuts" in page.content.decode()
    assert f'<a class="button quiet" href="{url()}">Back</a>' in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0")
    entry = AuditEntry.objects.get(verb="show_sensitive_answers")
    assert (entry.object_uid, entry.actor_kind, entry.facts) == (
        str(registration.uid),
        "account",
        {},
    )
    assert desk.get(url("manage-registration-sensitive")).status_code == 405
    assert "Food and access looked at" in desk.get(url()).content.decode()


def test_answers_are_changed_without_those_that_are_not_shown(desk, url, registration):
    page = desk.get(url("manage-registration-answers")).content.decode()
    assert "q-food" not in page
    assert "c-photos" not in page
    assert f'<a class="button plain" href="{url()}">Cancel</a>' in page

    saved = desk.post(
        url("manage-registration-answers"),
        {"version": "1", "q-dinner": "vegan", "q-motto": "", "q-food": "Smuggled"},
    )

    assert saved.status_code == 302
    assert registration.answers.get().option.slug == "vegan"
    assert registration.sensitive_answers.get().text == "No nuts"
    assert looks() == 0


def test_food_and_access_are_opened_by_a_click_and_saved(desk, url, registration):
    page = desk.post(url("manage-registration-answers"), {"show": "1"}).content.decode()
    assert 'value="No nuts"' in page
    assert looks() == 1

    values = {"version": "1", "sensitive": "1", "q-dinner": "fish", "q-food": "Nothing"}
    assert desk.post(url("manage-registration-answers"), values).status_code == 302
    assert registration.sensitive_answers.get().text == "Nothing"


def test_what_is_wrong_or_stale_is_said_and_kept(desk, url):
    wrong = desk.post(
        url("manage-registration-answers"), {"version": "1", "q-motto": "x" * 501}
    ).content.decode()
    assert "This is longer than 500 characters." in wrong

    Registration.objects.update(version=5)
    stale = desk.post(
        url("manage-registration-answers"), {"version": "1", "q-motto": "Mine"}
    ).content.decode()
    assert "Nothing was saved" in stale
    assert 'value="Mine"' in stale


def test_a_file_is_served_to_members_only(desk, client, url, client_as, account_with_role,
                                          other_organisation):  # fmt: skip
    cv = SimpleUploadedFile("cv.html", b"%PDF-1.7", "text/html")
    desk.post(url("manage-registration-answers"), {"version": "1", "q-cv": cv})
    file = Answer.objects.get(file__isnull=False).file
    address = reverse("file", args=[file.uid])

    assert f'href="{address}"' in desk.get(url()).content.decode()
    served = desk.get(address)
    assert served["Content-Type"] == "application/pdf"
    assert served["Content-Disposition"].startswith("attachment")
    assert served["Content-Security-Policy"].startswith("sandbox")
    assert client.get(address).status_code == 404
    stranger = client_as(account_with_role(Role.OWNER, other_organisation))
    assert stranger.get(address).status_code == 404
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize("is_waiting", [False, True])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.OWNER, 200),
        (Role.ORGANISER, 200),
        (Role.REGISTRAR, 200),
        (Role.DOOR, 200),
        (Role.PROGRAMME, 404),
        (Role.VIEWER, 404),
    ],
)
def test_a_guests_file_takes_the_right_to_read_registrations(
    desk, url, conference, client_as, account_with_role, role, status, is_waiting
):
    cv = SimpleUploadedFile("cv.pdf", b"%PDF-1.7", "application/pdf")
    desk.post(url("manage-registration-answers"), {"version": "1", "q-cv": cv})
    answer = Answer.objects.get(file__isnull=False)
    file = answer.file
    if is_waiting:
        answer.delete()
        waiting = {"conference": conference, "used_at": None}
        GuestUpload.objects.update_or_create(file=file, defaults=waiting)

    served = client_as(account_with_role(role)).get(reverse("file", args=[file.uid]))
    assert served.status_code == status
