"""Several by one booking: all have a place or none, and nobody's address is invented."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.utils import timezone

from core.actors import ANONYMOUS, SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import AccessCode, Allotment, Booking, Registration, RegistrationPlace
from registrations.services.cancelling import cancel_registration
from registrations.services.changing import change_registration
from registrations.services.guest_registering import register_guest
from registrations.services.offering import decline_offer
from registrations.services.party_places import accept_offer_of_party, add_companion
from registrations.services.still_coming import confirm_still_coming
from registrations.tasks import wake_waiting_lists
from tests.factories.registrations import AccessCodeFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db

ANA = {"given_name": "Ana", "family_name": "Petrović", "email": "ana@example.org"}
MARKO = {"given_name": "Marko", "family_name": "Ilić"}


@pytest.fixture
def kind(conference):
    row = RegistrationTypeFactory(conference=conference, slug="guest", capacity=4)
    row.party_max = 6
    row.save()
    return row


@pytest.fixture
def come(conference):
    """Return a function: register a party by the public API, and return its answer."""

    def call(**details):
        answer = register_guest(
            conference=conference,
            details={"type_slug": "guest", "language": "en", **ANA, **details},
            source="api",
            actor=ANONYMOUS,
            scope="x",
            key=None,
            body=b"",
        )
        return json.loads(answer.body)

    return call


def lead_of(answer):
    return Registration.objects.get(code=answer["code"])


def party_of(lead):
    return list(lead.companions.order_by("pk"))


def taken():
    return Allotment.objects.get().taken


def refusal(call, **arguments):
    with pytest.raises(DomainError) as caught:
        call(**arguments)
    return caught.value


def trace():
    return (
        Booking.objects.count(),
        Registration.objects.count(),
        RegistrationPlace.objects.count(),
        AuditEntry.objects.count(),
        sum(Allotment.objects.values_list("taken", flat=True)),
    )


def test_all_come_by_one_booking_and_each_takes_a_place(kind, come, told):
    answer = come(party=3, companions=[MARKO | {"email": "marko@example.org"}])

    lead = lead_of(answer)
    marko, nobody = party_of(lead)
    assert answer["companions"] == [
        {"code": marko.code, "status": "confirmed"},
        {"code": nobody.code, "status": "confirmed"},
    ]
    assert {lead.booking_id} == {marko.booking_id, nobody.booking_id}
    assert (marko.given_name, marko.email_key) == ("Marko", "marko@example.org")
    assert (nobody.given_name, nobody.family_name, nobody.email, nobody.email_key) == (
        *("", "", ""),
        None,
    )
    assert lead.booking.contact_email == "ana@example.org"
    assert (taken(), RegistrationPlace.objects.count()) == (3, 3)
    assert told == [("registered", 3, True)]


def test_what_is_free_for_some_of_a_party_is_offered_at_once(
    kind, come, django_capture_on_commit_callbacks
):
    come(party=3)
    with django_capture_on_commit_callbacks() as asked:
        second = come(party=3, email="bo@example.org")

    assert second["status"] == "waiting_list"
    assert wake_waiting_lists in asked


def test_a_party_takes_one_statement_an_allotment(
    kind, come, unheard, django_assert_max_num_queries
):
    # 10 for who comes alone; each companion is a row and its audit entry; then their addresses,
    # and their codes for the answer.
    with django_assert_max_num_queries(10 + 2 * 2 + 2):
        come(party=3)


def test_two_parties_of_three_never_share_four_places(kind, come):
    first, second = come(party=3), come(party=3, email="bo@example.org")

    assert (first["status"], second["status"]) == ("confirmed", "waiting_list")
    assert {one["status"] for one in second["companions"]} == {"waiting_list"}
    waiting = Registration.objects.filter(status="waiting_list")
    assert len(set(waiting.values_list("waiting_since", flat=True))) == 1
    assert taken() == 3


def test_without_a_waiting_list_a_party_too_large_is_refused_whole(kind, come):
    kind.waiting_list = False
    kind.save()
    come(party=3)
    before = trace()

    why = refusal(come, party=2, email="bo@example.org")

    assert (why.kind, why.detail) == (
        "sold-out",
        "Places left: 1, and you are 2. Register fewer people. Nothing was changed.",
    )
    assert trace() == before
    assert come(email="bo@example.org")["status"] == "confirmed"


def test_the_last_places_may_go_between_looking_and_taking(kind, come, monkeypatch):
    Allotment.objects.update(taken=2)
    kind.waiting_list = False
    kind.save()
    before = trace()
    # Somebody takes them while we write.
    monkeypatch.setattr(
        "registrations.services.party.GroupParty.status_at", lambda *_args: "confirmed"
    )

    why = refusal(come, party=3)

    assert (why.kind, trace()) == ("sold-out", before)
    assert why.detail == "There are not enough places left for all of you. Nothing was changed."


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"party": 7}, "/party", "too-large"),
        ({"party": 1, "companions": [MARKO]}, "/party", "too-few"),
        ({"companions": [{"given_name": "www.spam.example"}]}, "/companions/0/given_name", "link"),
        ({"companions": [{"email": "no address"}]}, "/companions/0/email", "email"),
        ({"companions": [{"email": "ANA@example.org"}]}, "/companions/0/email", "duplicate"),
        (
            {"contact_only": True, "companions": [{"email": "x@example.org"}]},
            "/companions/0/email",
            "contact-only",
        ),
    ],
)
def test_what_can_not_be_is_refused_where_it_stands(kind, come, given, pointer, code):
    before = trace()

    why = refusal(come, **given)

    assert [(error.pointer, error.code) for error in why.errors] == [(pointer, code)]
    assert trace() == before


def test_a_kind_for_one_takes_nobody_along(kind, come):
    kind.party_max = 1
    kind.save()

    assert refusal(come, party=2).detail == "This kind of place is for one person at a time."


def test_a_companion_may_have_registered_already(kind, come, told):
    come(email="bo@example.org")
    told.clear()

    why = refusal(come, companions=[{"email": "Bo@Example.org"}])

    assert (why.kind, why.errors[0].pointer) == ("already-registered", "/companions/0/email")
    assert told == [("link_requested", 1, True)]
    assert Registration.objects.count() == 1


def test_an_office_registers_others_and_does_not_come(kind, come):
    answer = come(contact_only=True, companions=[{"email": "x@example.org"}, MARKO])

    lead = lead_of(answer)
    (other,) = party_of(lead)
    assert (lead.given_name, lead.email, lead.email_key) == ("Marko", "", None)
    assert other.email == "x@example.org"
    booking = lead.booking
    assert (booking.contact_name, booking.contact_email) == ("Ana Petrović", "ana@example.org")
    assert taken() == 2
    # The contact has taken no place, and may come by herself.
    assert come()["status"] == "confirmed"


def test_an_office_need_not_know_anybody_by_now(kind, come):
    lead = lead_of(come(contact_only=True, party=2))

    assert [row.given_name for row in (lead, *party_of(lead))] == ["", ""]
    assert lead.booking.contact_name == "Ana Petrović"


def test_a_stranger_does_not_flood_a_contact(kind, come, settings):
    settings.THROTTLE = True
    for _ in range(10):
        come(contact_only=True, party=1)

    assert refusal(come, contact_only=True, party=1).kind == "throttled"


def test_each_of_a_party_uses_the_code(kind, come):
    code = AccessCodeFactory(conference=kind.conference, max_uses=4)
    code.registration_types.add(kind)

    lead = lead_of(come(party=3, access_code=code.code))

    code.refresh_from_db()
    assert code.used == 3
    why = refusal(come, party=2, email="bo@example.org", access_code=code.code)
    assert why.errors[0].code == "too-few-uses"
    cancel_registration(registration=lead, actor=SYSTEM, everybody=True)
    assert AccessCode.objects.get().used == 0


def test_cancelling_the_lead_alone_lets_the_next_one_lead(kind, come, told):
    lead = lead_of(come(party=3, companions=[MARKO | {"email": "marko@example.org"}]))
    marko, nobody = party_of(lead)
    told.clear()

    cancel_registration(registration=lead, actor=ANONYMOUS, by_guest=True)

    nobody.refresh_from_db()
    marko.refresh_from_db()
    assert (nobody.lead, nobody.link_sent_at, marko.lead) == (None, timezone.now(), nobody)
    assert told == [("cancelled", 1, True), ("leads_party", 1, True)]
    assert taken() == 2


def test_cancelling_all_frees_all_places(kind, come, told):
    lead = lead_of(come(party=3))
    told.clear()

    cancel_registration(registration=lead, actor=ANONYMOUS, by_guest=True, everybody=True)

    assert set(Registration.objects.values_list("status", flat=True)) == {"cancelled"}
    assert (taken(), told) == (0, [("cancelled", 1, True)] * 3)


def test_one_more_takes_a_place_or_waits(kind, come):
    lead = lead_of(come(party=3))

    def more(**details):
        return add_companion(registration=lead, details=details, actor=ANONYMOUS)

    fourth, fifth = more(given_name="Iva"), more()

    assert (fourth.status, fourth.lead, fourth.booking) == ("confirmed", lead, lead.booking)
    assert (fifth.status, taken()) == ("waiting_list", 4)
    more()
    assert refusal(more).detail == "You can not bring anybody else here."
    assert len(party_of(lead)) == 5


def test_one_more_uses_the_code_once_more(kind, come):
    code = AccessCodeFactory(conference=kind.conference, max_uses=2)
    code.registration_types.add(kind)
    lead = lead_of(come(access_code=code.code))

    add_companion(registration=lead, details={}, actor=ANONYMOUS)

    assert AccessCode.objects.get().used == 2
    why = refusal(add_companion, registration=lead, details={}, actor=ANONYMOUS)
    assert why.errors[0].code == "used-up"


def test_it_can_be_too_late_for_one_more(kind, come, clock):
    lead = lead_of(come())
    kind.conference.changes_until_at = timezone.now() - dt.timedelta(minutes=1)
    kind.conference.save()

    assert refusal(add_companion, registration=lead, details={}, actor=ANONYMOUS).kind == (
        "wrong-state"
    )


def test_a_companion_is_named_later_and_needs_no_address(kind, come):
    lead = lead_of(come(party=2))
    (one,) = party_of(lead)

    named = change_registration(
        registration=one, changes=MARKO, expected=one.version, actor=ANONYMOUS, by_guest=True
    )

    assert (named.given_name, named.email, named.lead) == ("Marko", "", lead)
    assert named.search_key.startswith("marko ilic ")


def test_a_free_place_is_offered_to_each_and_taken_for_all(kind, come):
    first = lead_of(come(party=4))
    lead = lead_of(come(party=3, email="bo@example.org"))
    for row in party_of(first)[:2]:
        cancel_registration(registration=row, actor=SYSTEM)

    statuses = [row.status for row in Registration.objects.filter(booking=lead.booking)]
    assert sorted(statuses) == ["offered", "offered", "waiting_list"]

    accept_offer_of_party(registration=lead, actor=ANONYMOUS, by_guest=True)

    statuses = [row.status for row in Registration.objects.filter(booking=lead.booking)]
    assert sorted(statuses) == ["confirmed", "confirmed", "waiting_list"]


def test_declining_an_offer_lets_the_next_one_lead(kind, come):
    Allotment.objects.update(capacity=1)
    come()
    lead = lead_of(come(party=2, email="bo@example.org"))
    Registration.objects.filter(pk=lead.pk).update(
        status="offered", offer_expires_at=timezone.now() + dt.timedelta(days=1)
    )
    (other,) = party_of(lead)

    decline_offer(registration=lead, actor=ANONYMOUS, by_guest=True)

    other.refresh_from_db()
    assert other.lead is None


def test_who_leads_answers_for_companions_without_an_address(kind, come, monkeypatch):
    lead = lead_of(come(party=3, companions=[MARKO | {"email": "marko@example.org"}]))
    Registration.objects.update(asked_again_at=timezone.now() - dt.timedelta(hours=1))
    monkeypatch.setattr("registrations.services.still_coming.open_round_of", lambda _row: object())

    confirm_still_coming(registration=lead, actor=ANONYMOUS, by_guest=True)

    marko, nobody = party_of(lead)
    assert (marko.still_coming_at, nobody.still_coming_at) == (None, timezone.now())


def test_others_letters_are_left_out_of_audiences(kind, come):
    lead = lead_of(come(party=3, companions=[MARKO | {"email": "marko@example.org"}]))
    marko, nobody = party_of(lead)

    assert set(Registration.objects.spoken_to()) == {lead, marko}
    assert [row.is_spoken_for for row in (lead, marko, nobody)] == [False, False, True]

    Registration.objects.filter(pk=nobody.pk).update(
        status="waiting_list", waiting_since=timezone.now()
    )

    assert set(Registration.objects.spoken_to()) == {lead, marko, nobody}


def test_the_contact_follows_who_leads(kind, come):
    lead = lead_of(come(party=2))

    change_registration(
        registration=lead, changes={"email": "new@example.org"}, expected=None, actor=SYSTEM
    )

    assert Booking.objects.get().contact_email == "new@example.org"
