"""Filters with their numbers, selections, the call list, and whom a source means."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.enums import Role
from core.actors import SYSTEM
from core.errors import DomainError
from registrations.models import Invitation, InvitationEvent
from registrations.services.guest_bulk import do_to_guests, try_on_guests
from registrations.services.guest_list import (
    Filters,
    choices_of,
    chosen,
    filtered,
    held_by_allotment,
    read_filters,
    rows_of,
    silent_guests,
)
from registrations.services.guest_sources import (
    Source,
    earlier_conferences,
    people_of,
    read_source,
)
from tests.factories.events import ConferenceFactory, PersonFactory, TagFactory
from tests.factories.registrations import (
    InvitationFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db
THEN = dt.datetime(2027, 2, 20, 9, tzinfo=dt.UTC)
ACCEPTED = {"response": "accepted", "answered_at": THEN, "answered_via": "link"}


@pytest.fixture
def member(account_with_role):
    return account_with_role(Role.ORGANISER)


@pytest.fixture
def guests(organisation, guest_type, member):
    """Ana has said yes, Iva is silent with a place, Цвијић has not been asked."""
    vip = TagFactory(organisation=organisation, slug="vip", name="VIP")

    def person(given, family, **fields):
        return PersonFactory(
            organisation=organisation, given_name=given, family_name=family, **fields
        )

    ana = InvitationFactory(
        registration_type=guest_type,
        person=person("Ana", "Ilić", salutation={"en": "Dear Ana"}),
        sent_at=THEN,
        last_sent_at=THEN,
        **ACCEPTED,
    )
    iva = InvitationFactory(
        registration_type=guest_type,
        person=person("Iva", "Petrović", language="sr-Latn", salutation={"en": "Dear Iva"}),
        sent_at=THEN,
        last_sent_at=THEN,
        owner=member,
        held=1,
    )
    iva.person.tags.add(vip)
    cvijic = InvitationFactory(
        registration_type=guest_type,
        person=person("Ђорђе", "Цвијић", email="", salutation={"en": "Dear George"}),
        wave=2,
    )
    InvitationFactory(registration_type=guest_type, withdrawn_at=THEN)
    return ana, iva, cvijic


def found(conference, **asked):
    rows = filtered(rows_of(conference), Filters(**asked), conference)
    return [row.person.given_name for row in rows.order_by("sort_key")]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["Ђорђе", "Ana", "Iva"]),
        ({"text": "cvijic"}, ["Ђорђе"]),
        ({"text": "Цвијић"}, ["Ђорђе"]),
        ({"text": "ana ilic"}, ["Ana"]),
        ({"answer": "accepted"}, ["Ana"]),
        ({"answer": "silent"}, ["Ђорђе", "Iva"]),
        ({"wave": "2"}, ["Ђорђе"]),
        ({"tag": "vip"}, ["Iva"]),
        ({"owner": "0"}, ["Ђорђе", "Ana"]),
        ({"sent": "sent"}, ["Ana", "Iva"]),
        ({"sent": "no"}, ["Ђорђе"]),
        ({"sent": "save_the_date"}, []),
        ({"doubtful": "1"}, ["Iva"]),
        ({"hold": "1"}, ["Iva"]),
        ({"answer": "silent", "tag": "vip", "sent": "sent"}, ["Iva"]),
    ],
    ids=str,
)
def test_each_filter_finds_its_guests(conference, guests, asked, names):
    assert found(conference, **asked) == names


def test_who_regrets_and_wants_the_findings_is_found(conference, guests, guest_type):
    regret = {"response": "declined", "answered_at": THEN, "answered_via": "link"}
    row = InvitationFactory(registration_type=guest_type, wants_findings=True, **regret)
    InvitationFactory(registration_type=guest_type, **regret)
    assert found(conference, findings="1") == [row.person.given_name]
    (chip,) = choices_of(conference, Filters(findings="1"))["findings"]
    assert (chip.label, chip.count, chip.current) == ("Wants the findings", 1, True)


def test_withdrawn_ones_are_shown_when_they_are_asked_for(conference, guests):
    assert len(found(conference, answer="withdrawn")) == 1


def test_a_person_without_a_language_gets_the_conferences(conference, guests):
    conference.languages = ["sr-Latn"]
    conference.save()
    assert found(conference, doubtful="1") == ["Ђорђе", "Ana", "Iva"]


def test_the_chips_say_how_many(conference, guests, member):
    choices = choices_of(conference, Filters(wave="2"))

    def numbers(name):
        return [(c.value, c.label, c.count, c.current) for c in choices[name]]

    assert numbers("answer") == [
        ("accepted", "Coming", 1, False),
        ("silent", "No answer", 2, False),
        ("withdrawn", "Withdrawn", 1, False),
    ]
    assert numbers("wave") == [("1", "Wave 1", 2, False), ("2", "Wave 2", 1, True)]
    assert numbers("tag") == [("vip", "VIP", 1, False)]
    assert numbers("owner") == [
        ("0", "Nobody's", 2, False),
        (str(member.pk), "Organiser", 1, False),
    ]
    assert numbers("sent") == [("sent", "Sent", 2, False), ("no", "Not sent", 1, False)]
    assert numbers("doubtful") == [("1", "Salutation nobody typed", 1, False)]
    assert numbers("hold") == [("1", "Place held", 1, False)]


@pytest.mark.parametrize(
    "given",
    [
        {"answer": "x"},
        {"sent": "x"},
        {"wave": "-1"},
        {"wave": "٢"},
        {"wave": "9" * 30},
        {"owner": "a"},
        {"q": "\x00"},
    ],
    ids=str,
)
def test_strange_filters_ask_nothing(given):
    assert read_filters(given) == Filters()


@pytest.mark.parametrize("count", [1, 3])
def test_chips_cost_the_same_for_many(conference, guest_type, count, django_assert_num_queries):
    InvitationFactory.create_batch(count, registration_type=guest_type)
    with django_assert_num_queries(3):
        choices_of(conference, Filters())


def test_a_selection_is_of_this_conference_only(conference, guests, organisation):
    other = InvitationFactory(
        registration_type=RegistrationTypeFactory(
            conference=ConferenceFactory(organisation=organisation)
        )
    )
    codes = [guests[0].code, other.code, "ZZZZZZZZZZ"]

    def codes_of(rows):
        return [row.code for row in rows]

    assert codes_of(chosen(conference, codes, Filters(), everybody=False)) == [guests[0].code]
    everybody = chosen(conference, [], Filters(wave="1"), everybody=True)
    assert sorted(codes_of(everybody)) == sorted([guests[0].code, guests[1].code])


def test_the_call_list_is_who_was_asked_and_is_silent(conference, guests, guest_type):
    nobodys = InvitationFactory(registration_type=guest_type, sent_at=THEN)
    assert list(silent_guests(conference)) == [guests[1], nobodys]


def test_waves_are_in_the_order_of_their_numbers(conference, guest_type):
    for wave in (10, 2, 1):
        InvitationFactory(registration_type=guest_type, wave=wave)
    assert [c.value for c in choices_of(conference, Filters())["wave"]] == ["1", "2", "10"]


def test_held_places_are_said_by_allotment(conference, guests):
    assert held_by_allotment(conference) == [
        {"name": "Guest", "capacity": 10, "taken": 0, "held": 1, "guests": 1}
    ]


# --- One verb for many ---------------------------------------------------------------------------
def act(conference, rows, verb, call=do_to_guests, **values):
    for row in rows:
        row.conference = conference
    outcome = call(conference=conference, invitations=rows, verb=verb, values=values, actor=SYSTEM)
    return outcome.done, [reason for _row, reason in outcome.skipped]


def test_sending_says_who_is_skipped_and_why(conference, guests):
    assert act(conference, guests, "send") == (
        1,
        ["Has answered already.", "There is no e-mail address."],
    )
    guests[1].refresh_from_db()
    assert guests[1].last_sent_at > THEN


def test_what_is_shown_before_is_what_comes_and_leaves_nothing(conference, guests):
    events = InvitationEvent.objects.count()
    tried = act(conference, guests, "send", call=try_on_guests)
    guests[1].refresh_from_db()

    assert (guests[1].last_sent_at, InvitationEvent.objects.count()) == (THEN, events)
    assert act(conference, guests, "send") == tried


def test_only_who_was_asked_and_is_undecided_is_reminded(conference, guests):
    assert act(conference, guests, "remind") == (
        1,
        ["Has answered already.", "The invitation has not gone out yet."],
    )


def test_one_refusal_stops_no_other(conference, guests):
    assert act(conference, guests, "withdraw", reason="Another list") == (
        2,
        ["This guest has said yes. Cancel the registration first, then withdraw the invitation."],
    )
    assert Invitation.objects.live().count() == 1


@pytest.mark.parametrize(
    ("verb", "values", "field", "expected"),
    [
        ("wave", {"wave": 3}, "wave", 3),
        ("plus-one", {}, "plus_one", True),
        ("no-plus-one", {}, "plus_one", False),
    ],
)
def test_verbs_change_one_thing(conference, guests, verb, values, field, expected):
    assert act(conference, guests, verb, **values) == (3, [])
    assert set(Invitation.objects.live().values_list(field, flat=True)) == {expected}


def test_an_owner_is_given_and_places_are_released_and_kept(conference, guests, member):
    assert act(conference, guests, "owner", owner=member) == (3, [])
    assert Invitation.objects.live().filter(owner=member).count() == 3
    assert act(conference, guests[1:2], "release") == (1, [])
    assert held_by_allotment(conference) == []
    assert act(conference, guests[1:2], "hold") == (1, [])
    assert held_by_allotment(conference)[0]["held"] == 1


def test_too_many_at_once_are_refused(conference, guests, monkeypatch):
    monkeypatch.setattr("registrations.services.guest_bulk.MOST_CHANGED", 2)
    with pytest.raises(DomainError, match="2 guests at a time at the most, and these are 3"):
        act(conference, guests, "wave", wave=2)


def test_nothing_is_sent_for_a_draft(conference, guests):
    conference.state = "draft"
    conference.save()
    with pytest.raises(DomainError, match="Publish the conference's page first"):
        act(conference, guests, "send", call=try_on_guests)


# --- From people, and from an earlier conference -------------------------------------------------
def names(conference, **asked):
    return [
        (person.given_name, person.is_invited) for person in people_of(conference, Source(**asked))
    ]


def test_people_by_tag_and_words_say_who_is_invited(conference, guests, organisation):
    vip = guests[1].person.tags.get()
    new = PersonFactory(organisation=organisation, given_name="Mila", family_name="Savić")
    new.tags.add(vip)

    assert names(conference, tags=("vip",)) == [("Iva", True), ("Mila", False)]
    assert names(conference, tags=("vip", "none"), text="savic") == [("Mila", False)]
    assert names(conference, tags=("none",)) == []
    assert names(conference) == []


def test_people_of_an_earlier_conference(conference, organisation, guest_type):
    kind = RegistrationTypeFactory(
        conference=ConferenceFactory(organisation=organisation, slug="earlier")
    )

    def invited(given, **fields):
        person = PersonFactory(organisation=organisation, given_name=given, family_name="X")
        return InvitationFactory(registration_type=kind, person=person, **fields).person

    came = invited("Came", sent_at=THEN, **ACCEPTED)
    missed = invited("Missed", sent_at=THEN, **ACCEPTED)
    RegistrationFactory(registration_type=kind, person=came, checked_in_at=THEN)
    RegistrationFactory(registration_type=kind, person=missed)
    invited("Declined", sent_at=THEN, **{**ACCEPTED, "response": "declined"})
    invited("Silent", sent_at=THEN)

    def who(word):
        return sorted(name for name, _here in names(conference, earlier="earlier", who=word))

    assert who("invited") == ["Came", "Declined", "Missed", "Silent"]
    assert who("came") == ["Came"]
    assert who("confirmed") == ["Came", "Missed"]
    assert who("declined") == ["Declined"]
    assert who("silent") == ["Silent"]
    assert [one.slug for one in earlier_conferences(conference)] == ["earlier"]


def test_a_strange_source_asks_for_who_was_invited():
    assert read_source({"who": "x", "q": "a\x00"}, ["a\x00", "vip"]) == Source(
        text="a", tags=("vip",), who="invited"
    )
