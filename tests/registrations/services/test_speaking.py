"""Who has confirmed a session has a place, outside the guests' places."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.errors import DomainError
from events.services.panels import (
    add_participation,
    change_participation,
    remove_participation,
    reorder_participations,
)
from registrations.models import Allotment, Registration, RegistrationType
from registrations.services import speaking
from registrations.services.cancelling import cancel_registration
from registrations.services.speaking import speaker_type
from registrations.services.types import create_registration_type
from tests.factories.events import PersonFactory, SessionFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(conference):
    return PersonFactory(
        organisation=conference.organisation,
        given_name="Mila",
        family_name="Ilić",
        email="mila@example.org",
        language="sr-Latn",
    )


@pytest.fixture
def panel(conference):
    return SessionFactory(conference=conference)


def put(panel, person, state="confirmed", role="panellist", **fields):
    return add_participation(
        session=panel, person=person, role=role, state=state, actor=SYSTEM, **fields
    )


def move_to(part, state):
    return change_participation(
        participation=part, changes={"state": state}, expected=None, actor=SYSTEM
    )


def statuses():
    return list(Registration.objects.order_by("pk").values_list("status", flat=True))


def test_a_yes_is_a_place_a_badge_and_a_row_at_the_door(conference, panel, person, told):
    put(panel, person, honorific="Dr.", affiliation="House", position="Director")

    row = Registration.objects.get()
    assert (row.status, row.source, row.person) == ("confirmed", "participation", person)
    assert (row.honorific, row.given_name, row.family_name) == ("Dr.", "Mila", "Ilić")
    assert (row.affiliation, row.position, row.language) == ("House", "Director", "sr-Latn")
    assert (row.email, row.email_key) == ("mila@example.org", "mila@example.org")
    kind = row.registration_type
    assert (kind.kind, kind.slug, kind.public) == ("speaker", "speakers", False)
    assert [(a.capacity, a.taken) for a in kind.allotments.all()] == [(None, 1)]
    assert told == [("registered", 1, False)]


def test_the_guests_places_stay_the_guests(guest_type, conference, panel, person):
    put(panel, person)

    own = Allotment.objects.get(name="guest")
    assert own.taken == 0


@pytest.mark.parametrize("state", ["planned", "invited", "tentative", "declined"])
def test_anything_but_a_yes_is_no_place(panel, person, state):
    put(panel, person, state=state)

    assert statuses() == []


def test_two_sessions_are_one_place(conference, panel, person):
    first = put(panel, person)
    second = put(SessionFactory(conference=conference), person)
    assert statuses() == ["confirmed"]

    move_to(first, "declined")
    assert statuses() == ["confirmed"]
    remove_participation(participation=second, expected=None, actor=SYSTEM)
    assert statuses() == ["cancelled"]
    assert sum(Allotment.objects.values_list("taken", flat=True)) == 0


def test_a_yes_after_a_no_gives_the_same_place_back(panel, person, told):
    part = put(panel, person)
    part = move_to(part, "declined")
    assert statuses() == ["cancelled"]

    move_to(part, "confirmed")
    assert statuses() == ["confirmed"]
    assert [verb for verb, _n, _g in told] == ["registered", "cancelled", "uncancelled"]


def test_what_an_organiser_cancelled_stays_cancelled(conference, panel, person):
    part = put(panel, person)
    cancel_registration(registration=Registration.objects.get(), actor=SYSTEM, reason="Online")

    reorder_participations(session=panel, codes=[part.code], expected=None, actor=SYSTEM)
    put(SessionFactory(conference=conference), person)
    assert statuses() == ["cancelled"]


def test_a_known_guest_keeps_the_place_they_have(guest_type, panel, person):
    RegistrationFactory(registration_type=guest_type, person=person)

    part = put(panel, person)
    move_to(part, "declined")
    assert statuses() == ["confirmed"]


def test_an_equal_address_joins_nobody(guest_type, panel, person):
    guest = RegistrationFactory(registration_type=guest_type, email="MILA@example.org")

    put(panel, person)

    row = Registration.objects.exclude(pk=guest.pk).get()
    assert (row.person, row.email, row.email_key) == (person, "", None)
    assert row.booking.contact_email == "mila@example.org"
    guest.refresh_from_db()
    assert guest.person is None


def test_mail_goes_to_the_assistant_where_there_is_one(panel, person):
    person.assistants.create(name="Office", email="office@example.org")

    put(panel, person)
    assert Registration.objects.get().email == "office@example.org"


def test_somebody_without_an_address_and_with_one_name_speaks_too(conference, panel):
    person = PersonFactory(
        organisation=conference.organisation, given_name="Madonna", family_name="", email=""
    )

    put(panel, person)
    row = Registration.objects.get()
    assert (row.email, row.family_name, row.language) == ("", "", "en")


def test_the_type_for_speakers_is_the_organisers_own_when_it_has_no_limit(conference):
    create_registration_type(
        conference=conference, slug="few", name={"en": "Few"}, kind="speaker", capacity=1,
        actor=SYSTEM,
    )  # fmt: skip
    assert speaker_type(conference, SYSTEM).slug == "speakers"
    assert speaker_type(conference, SYSTEM).slug == "speakers"
    assert RegistrationType.objects.count() == 2


def test_a_taken_slug_is_not_in_the_way(conference):
    RegistrationTypeFactory(conference=conference, slug="speakers")
    RegistrationTypeFactory(conference=conference, slug="speakers-2")

    assert speaker_type(conference, SYSTEM).slug == "speakers-3"


def test_two_at_the_same_moment_make_one_type(conference, monkeypatch):
    create = speaking.create_registration_type

    def twin(**arguments):
        create(**arguments)
        return create(**arguments)

    monkeypatch.setattr(speaking, "create_registration_type", twin)
    assert speaker_type(conference, SYSTEM).slug == "speakers"
    assert RegistrationType.objects.count() == 1


def test_a_cancelled_conference_confirms_nobody_quietly(conference, panel, person):
    """The programme does not give places of what will not be: the yes itself is refused."""
    conference.state = "cancelled"
    conference.save()

    with pytest.raises(DomainError) as caught:
        put(panel, person)
    assert caught.value.kind == "registration-closed"
    assert panel.participations.count() == 0
