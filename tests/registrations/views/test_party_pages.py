"""Guests bring others by the form, and whoever leads a party cares for it on the personal page."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from registrations.models import Allotment, Registration
from registrations.services.links import manage_path
from registrations.services.party import Companion, GroupParty
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db

ANA = {
    "registration_type": "guest",
    "given_name": "Ana",
    "family_name": "Petrović",
    "email": "ana@example.org",
    "language": "en",
}


@pytest.fixture
def kind(conference):
    row = RegistrationTypeFactory(conference=conference, slug="guest", capacity=4)
    row.party_max = 4
    row.save()
    return row


@pytest.fixture
def form_page(conference):
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    return reverse("register", kwargs=at)


@pytest.fixture
def stranger():
    """A browser that checks forged requests as in production and has no cookie."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def lead(kind, guest):
    party = GroupParty(
        [Companion(), Companion("Marko", "Ilić", "marko@example.org", "/companions/1")]
    )
    return guest(party=party)


def party_of(lead):
    return list(lead.companions.order_by("pk"))


def test_who_comes_alone_is_not_asked(client, conference, guest_type, form_page):
    assert "I register several people" not in client.get(form_page).content.decode()


def test_the_form_asks_how_many_and_who(client, kind, form_page):
    text = client.get(form_page).content.decode()

    assert "I register several people" in text
    assert "At most 4." in text
    # Three can be named, and the form is put away until somebody opens it.
    assert 'name="w-2-email"' in text
    assert 'name="w-3-email"' not in text
    assert '<details class="more">' in text


def test_the_form_takes_a_few_queries_more_for_nobody(
    client, kind, form_page, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        client.get(form_page)


def test_several_are_registered_by_the_form(client, kind, form_page):
    names = {"w-1-given_name": "Marko", "w-1-email": "marko@example.org"}

    page = client.post(form_page, ANA | {"party": "3"} | names)

    lead = Registration.objects.get(lead=None)
    assert (page.status_code, page["Location"].endswith(manage_path(lead))) == (302, True)
    assert [(row.given_name, row.email) for row in party_of(lead)] == [
        ("Marko", "marko@example.org"),
        ("", ""),
    ]
    assert Allotment.objects.get().taken == 3


def test_a_secretary_registers_others(client, kind, form_page):
    page = client.post(form_page, ANA | {"party": "2", "contact_only": "on"})

    assert page.status_code == 302
    lead = Registration.objects.get(lead=None)
    assert (lead.given_name, lead.email, lead.booking.contact_email) == (
        *("", ""),
        "ana@example.org",
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"party": "9"}, "Give a number from 1 to 4."),
        ({"party": "99"}, "less than or equal to 50"),
        ({"party": "1", "w-2-given_name": "Marko"}, "This is fewer people than you name."),
        ({"w-2-email": "marko@"}, "This is not an e-mail address."),
        ({"w-2-email": "ana@example.org"}, "Two of you have this address."),
        ({"w-2-given_name": "www.spam.example"}, "A name has no web or e-mail address in it."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(client, kind, form_page, given, words):
    page = client.post(form_page, ANA | {"party": "3", "w-0-family_name": "Ilić"} | given)

    text = page.content.decode()
    name = next(iter(set(given) - {"party"}), "party")
    assert (page.status_code, Registration.objects.count()) == (400, 0)
    assert text.count(words) == 2
    assert f'href="#id_{name if "fewer" not in words else "party"}"' in text
    assert 'value="Ilić"' in text
    assert '<details class="more" open>' in text


def test_a_party_that_does_not_fit_reads_how_many_places_are_left(client, kind, form_page):
    kind.waiting_list = False
    kind.save()
    Allotment.objects.update(taken=2)

    page = client.post(form_page, ANA | {"party": "3"})

    assert page.status_code == 409
    assert "Places left: 2, and you are 3. Register fewer people." in page.content.decode()


def test_the_page_shows_who_comes_along(stranger, lead):
    nobody, marko = party_of(lead)

    text = stranger.get(manage_path(lead)).content.decode()

    assert "Who comes with you" in text
    assert "Name to come" in text
    assert "Has letters and a link at marko@example.org." in text
    # Whose letters go elsewhere has a link that is nobody else's.
    assert manage_path(nobody) in text
    assert manage_path(marko) not in text
    assert "Bring one more" in text


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_the_same_queries_for_any_party(
    stranger, kind, guest, number, django_assert_num_queries
):
    lead = guest(party=GroupParty([Companion()] * number))
    stranger.get(manage_path(lead))

    with django_assert_num_queries(9):
        stranger.get(manage_path(lead))


def test_a_companion_is_named(stranger, lead):
    nobody, _marko = party_of(lead)
    path = f"{manage_path(lead)}party/{nobody.code}/"
    assert "If they do not come, take them out" in stranger.get(path).content.decode()

    page = stranger.post(path, {"given_name": "Iva", "family_name": "Kos", "email": ""})

    nobody.refresh_from_db()
    assert (page.status_code, nobody.given_name, nobody.email) == (302, "Iva", "")


def test_a_wrong_name_is_said_beside_the_field(stranger, lead):
    nobody, _marko = party_of(lead)

    page = stranger.post(f"{manage_path(lead)}party/{nobody.code}/", {"email": "marko@example.org"})

    assert page.status_code == 409
    assert "Somebody has already registered with this e-mail address." in page.content.decode()


def test_who_has_an_address_is_changed_by_nobody_else_but_can_be_taken_out(stranger, lead):
    _nobody, marko = party_of(lead)
    path = f"{manage_path(lead)}party/{marko.code}/"

    assert stranger.post(path, {"given_name": "X"}).status_code == 404
    assert 'name="given_name"' not in stranger.get(path).content.decode()
    assert stranger.post(f"{path}remove/").status_code == 302
    marko.refresh_from_db()
    assert (marko.status, Allotment.objects.get().taken) == ("cancelled", 2)


@pytest.mark.parametrize("part", ["", "remove/", "accept/"])
def test_the_link_opens_nobody_of_another_booking(stranger, lead, guest, part):
    other = guest(email="bo@example.org")
    theirs = party_of(lead)[0]

    page = stranger.post(f"{manage_path(other)}party/{theirs.code}/{part}", {"given_name": "X"})

    theirs.refresh_from_db()
    assert (page.status_code, theirs.status, theirs.given_name) == (404, "confirmed", "")


def test_a_companion_cares_for_nobody_else(stranger, lead):
    nobody, marko = party_of(lead)

    assert "Who comes with you" not in stranger.get(manage_path(nobody)).content.decode()
    path = f"{manage_path(nobody)}party/{marko.code}/remove/"
    assert stranger.post(path).status_code == 404


@pytest.mark.parametrize("part", ["remove/", "accept/"])
def test_reading_does_nothing(stranger, lead, part):
    nobody, _marko = party_of(lead)

    page = stranger.get(f"{manage_path(lead)}party/{nobody.code}/{part}")

    nobody.refresh_from_db()
    assert (page.status_code, page["Location"]) == (302, manage_path(lead))
    assert (nobody.status, nobody.version) == ("confirmed", 1)


def test_one_more_comes_until_the_party_is_full(stranger, lead):
    path = f"{manage_path(lead)}party/add/"
    assert "The name can follow later." in stranger.get(path).content.decode()

    assert stranger.post(path, {"given_name": "Iva"}).status_code == 302

    assert [row.given_name for row in party_of(lead)] == ["", "Marko", "Iva"]
    assert stranger.get(path).status_code == 302
    assert "Bring one more" not in stranger.get(manage_path(lead)).content.decode()


def key_on(client, path):
    page = client.get(path).content.decode()
    (key,) = re.findall(r'name="request_key" value="([^"]+)"', page)
    return key


def test_one_more_pressed_twice_is_one_and_the_next_page_is_the_next_one(stranger, lead):
    kind = lead.registration_type
    kind.party_max = 9
    kind.save()
    path = f"{manage_path(lead)}party/add/"
    key = key_on(stranger, path)

    for _press in range(2):
        assert stranger.post(path, {"request_key": key}).status_code == 302
    assert len(party_of(lead)) == 3

    (other,) = re.findall(
        r'name="request_key" value="([^"]+)"', stranger.get(path).content.decode()
    )
    assert stranger.post(path, {"request_key": other}).status_code == 302
    assert len(party_of(lead)) == 4


def test_a_place_on_offer_to_a_companion_is_taken_on_the_leads_page(stranger, lead):
    nobody, _marko = party_of(lead)
    soon = lead.conference.starts_at
    Registration.objects.filter(pk=nobody.pk).update(status="offered", offer_expires_at=soon)
    path = f"{manage_path(lead)}party/{nobody.code}/accept/"
    assert path in stranger.get(manage_path(lead)).content.decode()

    assert stranger.post(path).status_code == 302

    nobody.refresh_from_db()
    assert nobody.status == "confirmed"
    # A second time changes nothing.
    assert stranger.post(path).status_code == 302


def test_leaving_asks_whether_all_leave(stranger, lead):
    path = f"{manage_path(lead)}cancel/"
    text = stranger.get(path).content.decode()
    assert "Only I do not come" in text
    assert "None of us comes" in text

    stranger.post(path, {"who": "me"})

    statuses = list(Registration.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == ["cancelled", "confirmed", "confirmed"]


def test_all_can_leave_together(stranger, lead):
    stranger.post(f"{manage_path(lead)}cancel/", {"who": "all"})

    assert set(Registration.objects.values_list("status", flat=True)) == {"cancelled"}
    assert Allotment.objects.get().taken == 0


def test_who_comes_alone_is_asked_once(stranger, kind):
    alone = RegistrationFactory(registration_type=kind)

    assert "None of us" not in stranger.get(f"{manage_path(alone)}cancel/").content.decode()


def test_a_companions_own_page_asks_for_no_address(stranger, lead):
    nobody, _marko = party_of(lead)
    path = f"{manage_path(nobody)}change/"

    page = stranger.post(path, {"given_name": "Iva", "family_name": "", "language": "en"})

    nobody.refresh_from_db()
    assert (page.status_code, nobody.given_name, nobody.email) == (302, "Iva", "")


def test_a_companions_page_has_a_ticket_before_there_is_a_name(stranger, lead):
    nobody, _marko = party_of(lead)

    text = stranger.get(manage_path(nobody)).content.decode()

    assert "<h2>Name to come</h2>" in text
    assert f"{nobody.code[:5]} {nobody.code[5:]}" in text


def test_organisers_read_whose_letters_speak_for_who_has_no_address(client_as, owner, lead):
    nobody, marko = party_of(lead)
    desk = client_as(owner)

    def page(row):
        at = [lead.conference.organisation.slug, lead.conference.slug, row.code]
        return desk.get(reverse("manage-registration", args=at)).content.decode()

    assert f"Without one letters go to {lead.email}." in page(nobody)
    assert "Without one nothing can be mailed." in page(marko)
