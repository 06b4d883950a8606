"""Whoever holds the personal link sees, changes and gives back their place."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from core.actors import SYSTEM
from core.models import AuditEntry
from registrations.models import Registration
from registrations.services.links import link_token, manage_path, revoke_link
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db


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


def test_the_link_is_the_pages_address(registration, path):
    kwargs = {"code": registration.code, "token": path.strip("/").split("/")[2]}
    assert reverse("personal", kwargs=kwargs) == path


def test_the_page_shows_the_ticket_and_what_can_be_done(stranger, registration, path):
    page = stranger.get(path)

    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "See you on Thursday, 18 March",
        "Ana Petrović",
        f"{registration.code[:5]} {registration.code[5:]}",
        f'src="{path}ticket.svg"',
        f"{path}change/",
        f"{path}cancel/",
        "Our letters go to ana@example.org.",
    ):
        assert words in text


@pytest.mark.parametrize("part", ["", "change/", "cancel/", "ticket.svg"])
def test_nobody_keeps_the_page_or_learns_its_address(stranger, path, part):
    page = stranger.get(f"{path}{part}")

    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert not page.cookies


def test_the_ticket_is_a_picture_for_those_who_have_a_place(stranger, registration, path):
    assert stranger.get(f"{path}ticket.svg")["Content-Type"] == "image/svg+xml"
    Registration.objects.update(status="waiting_list", waiting_since=registration.created_at)
    assert stranger.get(f"{path}ticket.svg").status_code == 404


@pytest.mark.parametrize("part", ["", "change/", "cancel/", "ticket.svg"])
def test_wrong_and_revoked_links_open_the_same_nothing(stranger, registration, path, part):
    token = path.strip("/").split("/")[2]
    other = "A" * len(token)
    wrong = stranger.get(f"/r/{registration.code}/{other}/{part}")
    unknown = stranger.get(f"/r/NOSUCHCODE/{token}/{part}")
    revoke_link(registration=registration, actor=SYSTEM)
    revoked = stranger.get(f"{path}{part}")
    nowhere = stranger.get("/r/")

    assert {a.status_code for a in (wrong, unknown, revoked, nowhere)} == {404}
    assert wrong.content == unknown.content == revoked.content == nowhere.content


def test_a_token_of_another_purpose_opens_nothing(stranger, registration):
    token = link_token("unsubscribe", registration.pk, registration.link_generation)
    assert stranger.get(f"/r/{registration.code}/{token}/").status_code == 404


def test_guessing_is_stopped_at_the_twentieth_wrong_link(stranger, registration, path, settings):
    settings.THROTTLE = True
    statuses = [
        stranger.get(f"/r/{registration.code}/guess-{number}/").status_code for number in range(21)
    ]

    assert statuses == [404] * 19 + [429] * 2
    assert stranger.get(path).status_code == 200


@pytest.mark.parametrize("part", ["", "change/", "cancel/", "ticket.svg"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_a_link_changes_nothing(stranger, registration, path, part, method, told):
    before = Registration.objects.values().get()
    audited = AuditEntry.objects.count()

    for _ in range(3):
        assert getattr(stranger, method)(f"{path}{part}").status_code == 200

    assert Registration.objects.values().get() == before
    assert (AuditEntry.objects.count(), told) == (audited, [])


@pytest.mark.parametrize("part", ["", "ticket.svg"])
def test_what_only_shows_takes_no_post(stranger, path, part):
    assert stranger.post(f"{path}{part}").status_code == 405


def test_the_place_is_given_back_by_a_post(stranger, path, told):
    answer = stranger.post(f"{path}cancel/")

    assert (answer.status_code, answer["Location"]) == (302, path)
    assert row().status == "cancelled"
    assert told == [("cancelled", 1, True)]
    assert AuditEntry.objects.get(verb="cancel_registration").actor_kind == "guest"
    page = stranger.get(path).content.decode()
    assert "You have given your place back" in page
    assert "Register again" in page


def test_giving_it_back_twice_is_giving_it_back_once(stranger, path, told):
    stranger.post(f"{path}cancel/")

    again = stranger.post(f"{path}cancel/")
    assert (again.status_code, again["Location"]) == (302, path)
    assert stranger.get(f"{path}cancel/").status_code == 302
    assert len(told) == 1


def test_details_are_changed(stranger, path):
    form = {
        "version": "1",
        "given_name": "Mila",
        "family_name": "Ilić",
        "email": "ana@example.org",
        "affiliation": "House",
        "position": "",
        "language": "sr-Latn",
    }

    answer = stranger.post(f"{path}change/", form)

    assert (answer.status_code, answer["Location"]) == (302, f"{path}?saved=1")
    assert (row().given_name, row().affiliation, row().language) == ("Mila", "House", "sr-Latn")
    assert "Vaši podaci su sačuvani." in stranger.get(answer["Location"]).content.decode()


def test_a_new_address_leads_to_the_new_link(stranger, path):
    form = {
        "version": "1",
        "given_name": "Ana",
        "family_name": "Petrović",
        "email": "new@example.org",
        "language": "en",
    }

    answer = stranger.post(f"{path}change/?lang=en", form)

    assert answer["Location"] == f"{manage_path(row())}?lang=en&saved=1"
    assert stranger.get(path).status_code == 404
    assert stranger.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"email": "no"}, 400, "This is not an e-mail address."),
        ({"given_name": ""}, 400, "This field is required."),
        ({"version": "7"}, 412, "Somebody else changed this"),
        ({"email": "other@example.org"}, 409, "Somebody has already registered"),
    ],
)
def test_a_refused_change_says_why_and_keeps_what_was_typed(
    stranger, guest_type, path, changes, status, words
):
    RegistrationFactory(registration_type=guest_type, email="other@example.org")
    form = {
        "version": "1",
        "given_name": "Ana",
        "family_name": "Typed",
        "email": "ana@example.org",
        "language": "en",
    }

    answer = stranger.post(f"{path}change/", {**form, **changes})

    text = answer.content.decode()
    assert (answer.status_code, words in text, 'value="Typed"' in text) == (status, True, True)
    assert not Registration.objects.filter(family_name="Typed").exists()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("pending_approval", "We have your request"),
        ("waiting_list", "You are number 2 in line."),
        ("offered", "A place is free for you"),
        ("rejected", "There was no place for you this time"),
        ("expired", "Your place has gone to somebody else"),
    ],
)
def test_every_status_has_its_words(stranger, guest_type, clock, status, words):
    RegistrationFactory(registration_type=guest_type, status="waiting_list")
    clock.shift(1)
    registration = RegistrationFactory(registration_type=guest_type, status=status)

    page = stranger.get(manage_path(registration))
    assert (page.status_code, words in page.content.decode()) == (200, True)
    assert "ticket.svg" not in page.content.decode()


@pytest.mark.parametrize(
    ("now", "state", "words"),
    [
        ("2027-03-12T10:00", "published", "See you on Thursday"),
        ("2027-03-17T10:00", "published", "See you tomorrow"),
        ("2027-03-18T08:00", "published", "See you today"),
        ("2027-03-18T12:30", "published", "This is over"),
        ("2027-03-12T10:00", "postponed", "Your place is kept"),
        ("2027-03-12T10:00", "cancelled", "This will not take place"),
    ],
)
def test_the_greeting_knows_the_day(stranger, conference, path, clock, now, state, words):
    conference.state = state
    conference.save()
    clock.move_to(dt.datetime.fromisoformat(f"{now}+00:00"))

    assert f"<h1>{words}</h1>" in stranger.get(path).content.decode()


def test_the_greeting_speaks_the_guests_language(stranger, registration, path, clock):
    Registration.objects.update(language="sr-Latn")
    clock.move_to(dt.datetime(2027, 3, 15, tzinfo=dt.UTC))

    page = stranger.get(path)
    assert page["Content-Language"] == "sr-Latn"
    assert "četvrtak" in page.content.decode()
    assert stranger.get(f"{path}?lang=en")["Content-Language"] == "en"


def test_after_the_deadline_the_organiser_is_named(stranger, conference, path, clock):
    conference.contact_email = "mila@example.org"
    conference.save()
    clock.move_to(conference.starts_at)

    assert "Give my place back" not in stranger.get(path).content.decode()
    for part in ("change/", "cancel/"):
        page = stranger.get(f"{path}{part}").content.decode()
        assert "<form" not in page
        assert "mila@example.org" in page
    refused = stranger.post(f"{path}cancel/")
    assert refused.status_code == 409
    assert row().status == "confirmed"


def test_the_page_of_a_private_conference_opens_without_its_public_pages(
    stranger, conference, path
):
    conference.visibility = "private"
    conference.save()

    page = stranger.get(path)
    assert page.status_code == 200
    assert "/institute/forum/programme/" not in page.content.decode()
