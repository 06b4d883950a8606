"""A guest sends somebody else: one press, and what comes after the link is dead."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.enums import Role
from core.actors import SYSTEM
from core.models import AuditEntry
from notifications.models import Message
from registrations.models import Registration
from registrations.services.answering import answer_invitation
from registrations.services.links import manage_path, manage_url
from tests.factories.events import PersonFactory
from tests.factories.registrations import InvitationFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

BO = {
    "version": "1",
    "given_name": "Bo",
    "family_name": "Lind",
    "email": "bo@example.org",
    "affiliation": "",
    "position": "",
    "language": "en",
}


@pytest.fixture
def registration(guest_type):
    return RegistrationFactory(
        registration_type=guest_type,
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
    )


@pytest.fixture
def path(registration):
    return manage_path(registration)


@pytest.fixture
def stranger():
    """A browser that checks forged requests as in production and has no cookie."""
    return Client(enforce_csrf_checks=True)


def row():
    return Registration.objects.get()


def text_of(answer):
    return answer.content.decode()


def test_the_personal_page_leads_there(stranger, path):
    assert f'href="{path}substitute/"' in text_of(stranger.get(path))


def test_reading_the_page_changes_nothing(stranger, registration, path, told):
    before = Registration.objects.values().get()
    for method in (stranger.get, stranger.head):
        assert method(f"{path}substitute/").status_code == 200
    assert (Registration.objects.values().get(), told) == (before, [])
    page = stranger.get(f"{path}substitute/")
    assert 'autocomplete="given-name"' not in text_of(page)
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_who_leads_a_party_is_told_that_it_follows(stranger, registration, path):
    sentence = "Who comes with you then comes with them"
    assert sentence not in text_of(stranger.get(f"{path}substitute/"))

    RegistrationFactory(
        registration_type=registration.registration_type, booking=registration.booking,
        lead=registration, given_name="", family_name="", email="", email_key=None,
    )  # fmt: skip
    assert sentence in text_of(stranger.get(f"{path}substitute/"))


def test_one_press_gives_the_place_and_says_so(stranger, path):
    answer = stranger.post(f"{path}substitute/?lang=sr-Latn", BO)

    assert (answer.status_code, answer["Location"]) == (302, f"{path}?lang=sr-Latn")
    assert row().email == "bo@example.org"
    # The one who gave it away does not learn the new link.
    assert manage_path(row()) != path
    page = stranger.get(f"{path}?lang=en")
    text = text_of(page)
    assert page.status_code == 200
    assert "Somebody else has this place now" in text
    for secret in ("Bo Sang", "bo@example.org", manage_path(row()), row().code):
        assert secret not in text.replace(path, "")
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_pressed_twice_is_pressed_once(stranger, path, told):
    answers = [stranger.post(f"{path}substitute/", BO) for _ in range(3)]
    assert {(one.status_code, one["Location"]) for one in answers} == {(302, path)}
    assert told == [("substituted", 1, True)]
    assert AuditEntry.objects.filter(verb="substitute").count() == 1


def test_a_second_tab_is_told_and_keeps_what_was_typed(stranger, path):
    stranger.post(f"{path}change/", {**BO, "given_name": "Mila", "email": "ana@example.org"})
    answer = stranger.post(f"{path}substitute/", BO)
    text = text_of(answer)
    assert (answer.status_code, row().given_name) == (412, "Mila")
    assert "Somebody else changed this" in text
    assert 'value="Lind"' in text
    # Sent again it is the reader's own decision.
    assert 'name="version" value="2"' in text


@pytest.mark.parametrize("part", ["change/", "cancel/", "sessions/", "offer/", "substitute/"])
def test_all_pages_of_the_dead_link_lead_to_the_one_sentence(stranger, path, part):
    stranger.post(f"{path}substitute/", BO)
    for method in (stranger.get, stranger.post):
        answer = method(f"{path}{part}")
        assert (answer.status_code, answer["Location"]) == (302, path)
    assert stranger.get(f"{path}ticket.svg").status_code == 404
    assert row().status == "confirmed"


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"email": ""}, 400, "This field is required."),
        ({"email": "no"}, 400, "This is not an e-mail address."),
        ({"email": "bo@gmial.com"}, 400, "Did you mean bo@gmail.com?"),
        ({"given_name": "Ana", "family_name": "Petrović", "email": "ana@example.org"}, 400, "who"),
        ({"email": "other@example.org"}, 409, "Somebody has already registered"),
    ],
)
def test_a_refusal_keeps_what_was_typed(stranger, guest_type, path, changes, status, words):
    RegistrationFactory(registration_type=guest_type, email="other@example.org")
    sent = {**BO, "affiliation": "Typed", **changes}
    answer = stranger.post(f"{path}substitute/", sent)
    text = text_of(answer)
    assert (answer.status_code, words in text, 'value="Typed"' in text) == (status, True, True)
    assert not AuditEntry.objects.filter(verb="substitute").exists()
    asked = Message.objects.filter(kind="manage_link").values_list("to_email", flat=True)
    assert list(asked) == (["other@example.org"] if status == 409 else [])


def test_an_address_that_is_right_after_all_is_taken(stranger, path):
    sent = {**BO, "email": "bo@gmial.com", "checked_email": "bo@gmial.com"}
    assert stranger.post(f"{path}substitute/", sent).status_code == 302
    assert row().email == "bo@gmial.com"


def test_where_it_can_not_be_the_page_says_why(stranger, guest_type, path):
    type(guest_type).objects.update(substitutes=False)
    assert "substitute" not in text_of(stranger.get(path))
    page = stranger.get(f"{path}substitute/")
    assert (page.status_code, "do not take substitutes" in text_of(page)) == (200, True)
    answer = stranger.post(f"{path}substitute/", BO)
    assert (answer.status_code, row().given_name) == (409, "Ana")


def test_an_invited_guest_is_led_to_the_invitation(stranger, guest_type, conference):
    person = PersonFactory(organisation=conference.organisation, email="eva@example.org")
    invitation = InvitationFactory(registration_type=guest_type, person=person)
    yes = {"response": "accepted", "via": "link", "actor": SYSTEM}
    own = answer_invitation(invitation=invitation, **yes).registration
    there = f"/i/{invitation.code}/"
    assert there in text_of(stranger.get(manage_path(own)))
    assert there in text_of(stranger.get(f"{manage_path(own)}substitute/"))
    # A colleague's link does not answer for who was invited.
    invitation.refresh_from_db()
    colleague = {"given_name": "Cy", "family_name": "Ost", "email": "cy@example.org"}
    answer_invitation(invitation=invitation, delegate=colleague, **yes)
    own.refresh_from_db()
    assert there not in text_of(stranger.get(manage_path(own)))
    assert there not in text_of(stranger.get(f"{manage_path(own)}substitute/"))


class TestOrganiser:
    @pytest.fixture
    def desk(self, conference, client_as, account_with_role):
        return client_as(account_with_role(Role.REGISTRAR))

    @pytest.fixture
    def page(self, registration):
        return f"/manage/institute/forum/registrations/{registration.code}/substitute/"

    def test_a_registrar_gives_a_place_to_somebody_else(self, desk, page, registration):
        one = f"/manage/institute/forum/registrations/{registration.code}/"
        assert f'href="{page}"' in text_of(desk.get(one))
        assert desk.get(page).status_code == 200
        answer = desk.post(page, {**BO, "honorific": "", "phone": ""})
        assert (answer.status_code, answer["Location"]) == (302, one)
        assert (row().email, row().link_generation) == ("bo@example.org", 2)

    def test_twice_is_stale_and_nothing_more(self, desk, page):
        for _ in range(2):
            answer = desk.post(page, {**BO, "honorific": "", "phone": ""})
        assert "changed this" in text_of(answer)
        assert AuditEntry.objects.filter(verb="substitute").count() == 1

    def test_what_is_over_has_no_such_button(self, desk, page, registration):
        Registration.objects.update(status="cancelled")
        assert "substitute" not in text_of(desk.get(page.replace("substitute/", "")))
        assert "is over" in text_of(desk.get(page))


class TestApi:
    @pytest.fixture
    def verb(self, registration):
        return (
            "/api/v1/organisations/institute/conferences/forum/registrations/"
            f"{registration.code}/substitute/"
        )

    def test_a_program_gives_a_place_to_somebody_else(self, api, verb):
        body = {name: BO[name] for name in ("given_name", "family_name", "email")}
        answer = api.post(verb, body)
        said = answer.json()
        assert (answer.status_code, answer["ETag"]) == (200, '"v2"')
        assert (said["given_name"], said["email"], said["person"]) == ("Bo", "bo@example.org", None)
        again = api.post(verb, body)
        assert (again.status_code, again.json()["errors"][0]["code"]) == (400, "same")

    def test_unknown_fields_and_none_are_refused(self, api, verb):
        assert api.post(verb, {}).status_code == 400
        assert api.post(verb, {**BO, "person": "X"}).status_code == 400
        assert row().given_name == "Ana"


def test_the_mails_of_both(stranger, path, registration):
    old_link = manage_url(registration)
    stranger.post(f"{path}substitute/", {**BO, "language": "ru"})
    mails = list(Message.objects.order_by("pk").values_list("kind", "to_email", "language"))
    assert mails == [
        ("confirmation", "bo@example.org", "ru"),
        ("substituted", "ana@example.org", "en"),
    ]
    assert manage_url(row()) != old_link
