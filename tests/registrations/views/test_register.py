"""The public form: nothing typed is lost, and pressing twice is pressing once."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from events.models import ConferenceSlugHistory
from registrations.models import Registration
from registrations.services.links import manage_path, manage_url
from registrations.views.public import base
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db

PATH = "/institute/forum/register/"
WISH = {
    "registration_type": "guest",
    "given_name": "Ana",
    "family_name": "Petrović",
    "email": "ana@example.org",
    "affiliation": "Institute",
    "position": "",
    "language": "en",
    "website": "",
    "checked_email": "",
}


@pytest.fixture
def send(client, guest_type):
    """Return a function: open the form and send it."""

    def call(path=PATH, key=None, **changes):
        if key is None:
            key = key_of(client.get(path))
        return client.post(path, {**WISH, "request_key": key, **changes})

    return call


def key_of(page):
    return re.search(r'name="request_key" value="([^"]+)"', page.content.decode())[1]


def test_the_form_is_one_page_without_a_cache(client, guest_type):
    page = client.get(PATH)

    text = page.content.decode()
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert page["Content-Language"] == "en"
    for autofill in ("given-name", "family-name", "email", "organization", "organization-title"):
        assert f'autocomplete="{autofill}"' in text
    assert "10 places left" in text
    assert text.count("<h1") == 1
    assert client.head(PATH).status_code == 200
    assert not Registration.objects.exists()


def test_only_the_form_of_a_public_conference_is_for_search_engines(client, conference, guest_type):
    noindex = '<meta name="robots" content="noindex">'
    assert noindex not in client.get(PATH).text
    conference.visibility = "unlisted"
    conference.save()
    assert noindex in client.get(PATH).text


def test_the_form_is_sent_small_to_browsers(client, guest_type):
    plain, small = client.get(PATH), client.get(PATH, headers={"Accept-Encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert int(small["Content-Length"]) < int(plain["Content-Length"]) / 2


def test_registering_leads_to_the_personal_page(send, client):
    answer = send()

    row = Registration.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, manage_url(row))
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert (row.source, row.status, row.affiliation) == ("form", "confirmed", "Institute")
    assert client.get(manage_path(row)).status_code == 200


def test_pressing_twice_is_pressing_once(send, client, told):
    key = key_of(client.get(PATH))

    first, second = send(key=key), send(key=key)

    assert first["Location"] == second["Location"]
    assert (Registration.objects.count(), told) == (1, [("registered", 1, True)])


def test_the_next_guest_by_the_back_button_is_another_one(send, client):
    key = key_of(client.get(PATH))

    send(key=key)
    answer = send(key=key, given_name="Mila", email="mila@example.org")

    assert answer.status_code == 302
    assert Registration.objects.count() == 2


def test_two_tabs_with_one_address_are_one_registration(send, told):
    send()

    answer = send(given_name="Somebody", email="ANA@example.org")

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody has already registered with this e-mail address" in text
    assert 'value="Somebody"' in text
    assert reverse("send-link", args=["institute", "forum"]) in text
    assert Registration.objects.count() == 1
    assert told == [("registered", 1, True), ("link_requested", 1, True)]


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "a b c d e f g h i j k l m n o", "ž" * 30])
def test_a_key_of_somebodys_own_making_is_passed_over(send, key):
    assert send(key=key).status_code == 302


def test_a_form_without_a_token_is_refused(conference, guest_type):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)

    assert strict.post(PATH, WISH).status_code == 403
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"given_name": ""}, "This field is required."),
        ({"family_name": "   "}, "This field is required."),
        ({"email": "ana"}, "This is not an e-mail address."),
        ({"email": "ana@example.org\r\nBcc: x@example.org"}, "can not be printed"),
        ({"given_name": "www.evil.example"}, "A name has no web or e-mail address in it."),
        ({"given_name": "A" * 200}, "This is longer than 120 characters."),
        ({"registration_type": "nothing"}, "There is no such kind of registration here."),
        ({"registration_type": ""}, "Choose a kind of place."),
        ({"language": "xx"}, "Select a valid choice."),
        ({"website": "https://spam.example"}, "it catches programs"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(send, changes, sentence):
    answer = send(**{"position": "Only here", **changes})

    text = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in text
    assert 'class="error-summary"' in text
    assert "data-focus" in text
    assert 'value="Only here"' in text
    assert not Registration.objects.exists()


def test_a_nul_is_refused(send):
    assert send(given_name="Ana\x00").status_code == 400
    assert not Registration.objects.exists()


def test_10_megabytes_are_refused(send):
    assert send(given_name="A" * 10_000_000).status_code == 413
    assert not Registration.objects.exists()


def test_markup_stays_text(send):
    answer = send(affiliation='"><script>alert(1)</script>', given_name="")

    assert b"<script>alert" not in answer.content
    assert b"&lt;script&gt;" in answer.content


def test_a_slip_in_the_domain_is_asked_about_once(send, client):
    asked = send(email="ana@gmial.com")
    assert asked.status_code == 400
    assert "Did you mean ana@gmail.com?" in asked.content.decode()
    assert 'name="checked_email" value="ana@gmial.com"' in asked.content.decode()

    assert send(email="ana@gmial.com", checked_email="ana@gmial.com").status_code == 302
    assert Registration.objects.get().email == "ana@gmial.com"


def test_the_address_that_was_meant_can_be_taken(send):
    assert send(email="ana@gmial.com", use_email="ana@gmail.com").status_code == 302
    assert Registration.objects.get().email == "ana@gmail.com"


def test_kinds_are_cards_with_their_states(client, conference, guest_type):
    make = RegistrationTypeFactory
    make(conference=conference, slug="press", approval=True, name={"en": "Press"})
    make(conference=conference, slug="full", capacity=0, waiting_list=False)
    make(conference=conference, slug="queue", capacity=0)
    make(
        conference=conference,
        slug="later",
        opens_at=dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC),
        opens_local=dt.datetime.fromisoformat("2027-03-02T09:00"),
    )
    make(conference=conference, slug="closed", closes_at=conference.created_at)
    make(conference=conference, slug="staff", public=False, name={"en": "Staff only"})

    text = re.sub(r"\s+", " ", client.get(PATH).content.decode())

    for words in (
        "10 places left",
        "The organiser confirms each place.",
        "Full. You can join the waiting list.",
        "Opens on Tuesday, 2 March 2027, 09:00",
        "Closed",
    ):
        assert words in text
    assert "Staff only" not in text
    assert text.count("disabled") == 3


def test_a_place_that_goes_while_somebody_types_is_told_and_nothing_is_lost(
    client, conference, guest_type, send
):
    guest_type.waiting_list = False
    guest_type.save()
    key = key_of(client.get(PATH))
    guest_type.allotments.update(capacity=0)

    answer = send(key=key)

    assert answer.status_code == 409
    assert "There is no place left." in answer.content.decode()
    assert 'value="Petrović"' in answer.content.decode()


def test_the_waiting_list_is_joined_by_name(client, conference):
    RegistrationTypeFactory(conference=conference, slug="guest", capacity=0)

    page = client.get(PATH).content.decode()
    assert "Join the waiting list" in page
    answer = client.post(PATH, {**WISH, "request_key": ""})
    assert answer.status_code == 302
    assert Registration.objects.get().status == "waiting_list"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "cancelled"}, "This will not take place, so nobody can register."),
        ({"state": "postponed"}, "Registration opens again when the new date is known."),
    ],
)
def test_a_closed_door_says_why(client, conference, guest_type, changes, words):
    for name, value in changes.items():
        setattr(conference, name, value)
    conference.save()

    page = client.get(PATH)
    assert (page.status_code, words in page.content.decode()) == (200, True)
    assert "<form" not in page.content.decode()
    assert client.post(PATH, WISH).status_code == 409


def test_a_door_without_kinds_or_after_the_end_says_so(client, conference, clock):
    assert "There is no registration here yet." in client.get(PATH).content.decode()
    RegistrationTypeFactory(conference=conference, closes_at=conference.created_at)
    assert "Closed" in client.get(PATH).content.decode()
    RegistrationTypeFactory(conference=conference, closes_at=conference.created_at)
    assert "Nobody can register at the moment." in client.get(PATH).content.decode()
    clock.move_to(conference.ends_at)
    assert "This is over." in client.get(PATH).content.decode()


@pytest.mark.parametrize("changes", [{"state": "draft"}, {"visibility": "private"}])
def test_what_nobody_may_see_is_not_there(client, conference, guest_type, changes):
    for name, value in changes.items():
        setattr(conference, name, value)
    conference.save()

    assert client.get(PATH).status_code == 404
    assert client.post(PATH, WISH).status_code == 404


def test_an_old_address_leads_to_the_new_one(client, conference, guest_type):
    ConferenceSlugHistory.objects.create(conference=conference, slug="old-forum")

    answer = client.get("/institute/old-forum/register/?lang=sr-Latn")
    assert (answer.status_code, answer["Location"]) == (301, f"{PATH}?lang=sr-Latn")


def test_the_page_speaks_the_readers_language(client, conference, guest_type):
    page = client.get(PATH, headers={"Accept-Language": "sr-Latn"})
    assert page["Content-Language"] == "sr-Latn"
    assert 'lang="sr-Latn"' in page.content.decode()
    assert '<option value="sr-Latn" selected>' in page.content.decode()


def test_a_card_says_the_opening_day_in_the_readers_language(client, conference, guest_type):
    RegistrationTypeFactory(
        conference=conference,
        opens_at=dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC),
        opens_local=dt.datetime.fromisoformat("2027-03-02T09:00"),
    )

    page = client.get(f"{PATH}?lang=sr-Latn").content.decode()
    assert "utorak, 2. mart 2027." in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_costs_the_same_for_many_kinds(
    client, conference, count, django_assert_num_queries
):
    for _ in range(count):
        RegistrationTypeFactory(conference=conference)
    client.get(PATH)

    # The conference and its organisation; its types with places; itself with venues and partners;
    # whether there are sessions to sign up for, and codes.
    with django_assert_num_queries(9):
        client.get(PATH)


def test_too_many_sends_are_told_when_to_try_again_and_lose_nothing(send, settings, monkeypatch):
    settings.THROTTLE = True
    cache.clear()  # what other tests sent within this minute
    monkeypatch.setattr(base, "SENDS_A_MINUTE", 2)
    key = "k" * 32
    for number in range(2):
        assert send(key=key, email=f"{number}@example.org").status_code == 302

    answer = send(key=key, email="3@example.org")

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert 'value="3@example.org"' in answer.content.decode()
    assert Registration.objects.count() == 2


LINK = "/institute/forum/register/link/"


def test_the_same_is_said_to_every_address(client, guest_type, told):
    RegistrationFactory(registration_type=guest_type, email="ana@example.org")

    known, unknown = (
        client.post(LINK, {"email": email}) for email in ("ana@example.org", "no@example.org")
    )

    assert known.status_code == unknown.status_code == 200
    assert known.content == unknown.content
    assert "the link is on its way there" in known.content.decode()
    assert told == [("link_requested", 1, True)]


def test_asking_for_the_link_needs_an_address_and_a_post(client, guest_type, told):
    RegistrationFactory(registration_type=guest_type, email="ana@example.org")

    assert client.get(f"{LINK}?email=ana@example.org").status_code == 200
    answer = client.post(LINK, {"email": "ana"})
    assert answer.status_code == 400
    assert "This is not an e-mail address." in answer.content.decode()
    assert told == []


def test_asking_too_often_is_told(client, guest_type, settings, monkeypatch):
    settings.THROTTLE = True
    monkeypatch.setattr(base, "SENDS_A_MINUTE", 0)

    assert client.post(LINK, {"email": "ana@example.org"}).status_code == 429
