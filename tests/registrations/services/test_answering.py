"""Answers: each way, changed each way, and never two registrations of one invitation."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from events.services.people import set_assistants
from registrations.models import (
    Allotment,
    Answer,
    Booking,
    HeldPlace,
    Invitation,
    InvitationEvent,
    Registration,
    SensitiveAnswer,
)
from registrations.services.answering import answer_invitation, note_seen
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.inviting import add_invitations, withdraw_invitation
from registrations.signals import invitation_changed
from tests.factories.events import PersonFactory
from tests.factories.registrations import (
    InvitationFactory,
    QuestionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db
GUEST = Actor("guest")
MILA = {"given_name": "Mila", "family_name": "Marić"}
IVO = {"given_name": "Ivo", "family_name": "Ilić", "position": "Secretary"}


@pytest.fixture
def person(organisation):
    return PersonFactory(
        organisation=organisation,
        honorific="H.E.",
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
        language="sr-Latn",
    )


@pytest.fixture
def invitation(conference, guest_type, person):
    return InvitationFactory(registration_type=guest_type, person=person, held=1)


@pytest.fixture
def for_two(conference, guest_type, person):
    return InvitationFactory(registration_type=guest_type, person=person, plus_one=True, held=2)


@pytest.fixture
def heard():
    found = []

    def hear(sender, event, **kwargs):
        found.append((event.verb, event.by_guest))

    invitation_changed.connect(hear, sender=Invitation)
    yield found
    invitation_changed.disconnect(hear, sender=Invitation)


def answer(invitation, response, **more):
    given = {"via": "link", "actor": GUEST, "by_guest": True, **more}
    return answer_invitation(invitation=invitation, response=response, **given)


def places(kind):
    return tuple(kind.allotments.values_list("taken", "held").get())


def state(row):
    """Return the response and the statuses of its registrations."""
    row.refresh_from_db()
    mine = [one.status if one else None for one in (row.registration, row.companion)]
    return (str(row.response), *(status and str(status) for status in mine))


def test_a_yes_is_a_confirmed_registration_on_the_place_that_was_kept(
    invitation, guest_type, person, told, heard
):
    row = answer(invitation, "accepted")

    made = Registration.objects.get()
    assert row.registration == made
    assert (made.person, made.source, made.status) == (person, "invitation", "confirmed")
    assert (made.honorific, made.given_name, made.family_name) == ("H.E.", "Ana", "Petrović")
    assert (made.email, made.language, made.position) == (
        "ana@example.org",
        "sr-Latn",
        "Researcher",
    )
    assert places(guest_type) == (1, 0)
    assert not HeldPlace.objects.exists()
    assert told == [("registered", 1, False)]
    assert heard == [("answered", True)]
    event = InvitationEvent.objects.get()
    assert (event.verb, event.response, event.via, event.actor_kind) == (
        "answer",
        "accepted",
        "link",
        "guest",
    )
    entry = AuditEntry.objects.get(verb="answer_invitation")
    assert entry.facts == {"from": "", "to": "accepted", "via": "link"}


def test_the_letters_go_to_the_assistant(invitation, person):
    set_assistants(
        person=person,
        assistants=[{"name": "Vera", "email": "vera@example.org"}],
        expected=None,
        actor=SYSTEM,
    )

    row = answer(invitation, "accepted", via="assistant", answered_by="Vera")

    assert (row.answered_via, row.answered_by) == ("assistant", "Vera")
    assert row.registration.email == "vera@example.org"
    assert row.registration.given_name == "Ana"


def test_two_guests_behind_one_mailbox_are_two_registrations_of_one_booking(
    conference, guest_type, organisation
):
    people = [PersonFactory(organisation=organisation, email="desk@example.org") for _ in range(2)]
    rows = [InvitationFactory(registration_type=guest_type, person=p, held=1) for p in people]

    for row in rows:
        answer(row, "accepted")

    assert list(Registration.objects.order_by("pk").values_list("email", "email_key")) == [
        ("desk@example.org", "desk@example.org"),
        ("", None),
    ]
    assert Booking.objects.count() == 1
    assert places(guest_type) == (2, 0)


def test_an_equal_address_never_joins_a_strangers_registration(invitation, guest, guest_type):
    other = guest(email="ana@example.org")

    row = answer(invitation, "accepted")

    assert row.registration != other
    assert (row.registration.email, row.registration.booking) == ("", other.booking)
    assert places(guest_type) == (2, 0)


def test_a_registration_that_is_known_to_be_the_persons_is_the_answers(
    invitation, guest_type, person, conference
):
    mine = RegistrationFactory(registration_type=guest_type, person=person)

    row = answer(invitation, "accepted")

    assert row.registration == mine == Registration.objects.get()
    assert places(guest_type) == (1, 0)


@pytest.mark.parametrize("status", ["pending_approval", "waiting_list"])
def test_a_yes_confirms_who_asked_or_waits(invitation, guest_type, person, status):
    RegistrationFactory(registration_type=guest_type, person=person, status=status)

    row = answer(invitation, "accepted")

    assert state(row) == ("accepted", "confirmed", None)
    assert places(guest_type) == (1, 0)


def test_a_named_guest_never_meets_sold_out(conference, person, heard):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=1)
    RegistrationFactory(registration_type=kind)
    invitation = InvitationFactory(registration_type=kind, person=person)

    row = answer(invitation, "accepted")

    assert row.over_capacity
    assert row.registration.status == "confirmed"
    assert not row.registration.places.exists()
    assert places(kind) == (1, 0)
    assert heard == [("answered", True), ("over_capacity", True)]

    assert not answer(row, "declined").over_capacity
    assert places(kind) == (1, 0)


def test_a_place_that_is_kept_for_another_guest_is_not_taken(conference, person, organisation):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=1)
    other = PersonFactory(organisation=organisation)
    kept = InvitationFactory(registration_type=kind, person=other, held=1)

    assert answer(
        InvitationFactory(registration_type=kind, person=person), "accepted"
    ).over_capacity
    assert places(kind) == (0, 1)
    assert not answer(kept, "accepted").over_capacity
    assert places(kind) == (1, 0)


def test_what_one_allotment_lacks_is_not_taken_from_the_other(conference, person):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=5)
    hall = Allotment.objects.create(conference=conference, name="hall", capacity=0)
    kind.allotments.add(hall)
    own = kind.allotments.exclude(pk=hall.pk).get()
    row = InvitationFactory(registration_type=kind, person=person)
    Allotment.objects.filter(pk=own.pk).update(held=1)
    HeldPlace.objects.create(invitation=row, allotment=own)

    assert answer(row, "accepted").over_capacity
    own.refresh_from_db()
    assert (own.taken, own.held) == (0, 1)
    assert HeldPlace.objects.get().allotment == own


@pytest.mark.parametrize("more", [{"approval": True}, {"public": False}])
def test_the_invitation_is_the_approval(conference, person, more):
    kind = RegistrationTypeFactory(conference=conference, slug="closed", **more)
    invitation = InvitationFactory(registration_type=kind, person=person, held=1)

    assert state(answer(invitation, "accepted")) == ("accepted", "confirmed", None)


def test_a_regret_gives_the_places_back(for_two, guest_type, heard):
    row = answer(for_two, "declined", reason="Travelling", wants_findings=True)

    assert (row.decline_reason, row.wants_findings) == ("Travelling", True)
    assert state(row) == ("declined", None, None)
    assert places(guest_type) == (0, 0)
    assert heard == [("answered", True)]


def test_adding_a_reason_is_the_same_answer(invitation, heard, clock):
    row = answer(invitation, "declined", answered_by="Vera", via="assistant")
    first = row.answered_at
    clock.shift(60)

    row = answer(row, "declined", reason="Travelling", wants_findings=True)

    assert (row.decline_reason, row.wants_findings, row.answered_at) == ("Travelling", True, first)
    assert (row.answered_via, row.answered_by) == ("assistant", "Vera")
    assert heard == [("answered", True), ("changed", True)]
    assert list(InvitationEvent.objects.values_list("verb", flat=True)) == [
        "answer",
        "add_to_answer",
    ]


def test_a_maybe_keeps_the_place(invitation, guest_type):
    assert state(answer(invitation, "tentative")) == ("tentative", None, None)
    assert places(guest_type) == (0, 1)


def test_a_maybe_after_a_yes_keeps_the_places_again(for_two, guest_type):
    row = answer(for_two, "accepted", companion=MILA)
    assert places(guest_type) == (2, 0)

    assert state(answer(row, "tentative")) == ("tentative", "cancelled", "cancelled")
    assert places(guest_type) == (0, 2)


def test_a_maybe_after_the_deadline_keeps_nothing(invitation, guest_type, conference):
    type(conference).objects.update(reply_until_at="2027-02-01T10:00Z")
    row = answer(invitation, "accepted")

    answer(row, "tentative")

    assert places(guest_type) == (0, 0)


@pytest.mark.parametrize("first", ["accepted", "tentative", "declined"])
@pytest.mark.parametrize("second", ["accepted", "tentative", "declined"])
@pytest.mark.parametrize("third", ["accepted", "tentative", "declined"])
def test_an_answer_changes_each_way_on_one_registration(
    invitation, guest_type, first, second, third
):
    row = invitation
    for response in (first, second, third):
        row = answer(row, response)
        live = Registration.objects.live().count()
        assert live == (response == "accepted")
        assert Registration.objects.count() <= 1
        assert places(guest_type)[0] == live
    assert str(row.response) == third


def test_a_yes_after_a_regret_takes_a_place_anew_or_comes_on_top(conference, person):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=1)
    row = answer(InvitationFactory(registration_type=kind, person=person, held=1), "accepted")
    row = answer(row, "declined")
    RegistrationFactory(registration_type=kind)

    row = answer(row, "accepted")

    assert state(row) == ("accepted", "confirmed", None)
    assert row.over_capacity
    assert places(kind) == (1, 0)


def test_an_address_that_was_registered_meanwhile_stays_with_that_registration(invitation, guest):
    row = answer(answer(invitation, "accepted"), "declined")
    other = guest(email="ana@example.org")

    row = answer(row, "accepted")

    other.refresh_from_db()
    assert (row.registration.email, other.email) == ("", "ana@example.org")
    assert Registration.objects.live().count() == 2


# --- A colleague ---------------------------------------------------------------------------------


def test_a_colleague_comes_in_the_guests_place(invitation, person, guest_type):
    row = answer(invitation, "accepted", delegate=IVO)

    made = row.registration
    assert row.by_delegate
    assert row.person == person
    assert (made.given_name, made.family_name, made.position) == ("Ivo", "Ilić", "Secretary")
    assert (made.person, made.honorific, made.affiliation) == (None, "", "Institute for Testing")
    assert made.email == "ana@example.org"  # the colleague gave none
    assert places(guest_type) == (1, 0)


def test_a_colleagues_own_address_gets_the_letters(invitation):
    row = answer(invitation, "accepted", delegate=IVO | {"email": "ivo@example.org"})

    assert row.registration.booking.contact_email == "ivo@example.org"


def test_a_colleague_takes_over_the_guests_registration_and_gives_it_back(invitation, guest_type):
    row = answer(invitation, "accepted")
    code = row.registration.code

    row = answer(row, "accepted", delegate=IVO)
    assert (row.registration.code, row.registration.given_name) == (code, "Ivo")
    assert (row.registration.person, row.by_delegate) == (None, True)

    row = answer(row, "accepted")
    assert (row.registration.code, row.registration.given_name) == (code, "Ana")
    assert (row.registration.person, row.by_delegate) == (row.person, False)
    assert Registration.objects.count() == 1
    assert places(guest_type) == (1, 0)


def test_adding_to_the_answer_keeps_the_colleague(for_two):
    row = answer(for_two, "accepted", delegate=IVO)

    row = answer(row, "accepted", delegate={}, companion=MILA, details={"phone": "+381 11 1"})

    assert (row.by_delegate, row.registration.given_name) == (True, "Ivo")
    assert row.registration.phone == "+381 11 1"
    assert row.companion.given_name == "Mila"


def test_a_regret_after_a_colleague_cancels_the_colleagues_place(invitation, guest_type):
    row = answer(answer(invitation, "accepted", delegate=IVO), "declined")

    assert state(row) == ("declined", "cancelled", None)
    assert not row.by_delegate
    assert places(guest_type) == (0, 0)


@pytest.mark.parametrize(
    ("delegate", "pointer"),
    [
        ({}, "/delegate/given_name"),
        ({"given_name": "Ivo"}, "/delegate/family_name"),
        (IVO | {"email": "nowhere"}, "/delegate/email"),
        (IVO | {"given_name": "www.example.com"}, "/delegate/given_name"),
        (IVO | {"status": "x"}, "/delegate/status"),
    ],
)
def test_a_colleague_has_a_name(invitation, guest_type, delegate, pointer):
    with pytest.raises(DomainError) as refused:
        answer(invitation, "accepted", delegate=delegate)

    assert pointer in [error.pointer for error in refused.value.errors]
    assert state(invitation) == ("", None, None)
    assert not InvitationEvent.objects.exists()
    assert places(guest_type) == (0, 1)


# --- A companion ---------------------------------------------------------------------------------


def test_a_companion_is_a_registration_of_the_same_booking(for_two, guest_type):
    row = answer(for_two, "accepted", companion=MILA)

    assert (row.companion.given_name, row.companion.status) == ("Mila", "confirmed")
    assert (row.companion.email, row.companion.email_key, row.companion.person) == ("", None, None)
    assert row.companion.booking == row.registration.booking
    assert places(guest_type) == (2, 0)


def test_the_companions_name_may_come_later(for_two, guest_type):
    row = answer(for_two, "accepted")
    assert places(guest_type) == (1, 1)

    row = answer(row, "accepted", companion=MILA)
    assert places(guest_type) == (2, 0)
    code = row.companion.code

    row = answer(row, "accepted", companion=MILA | {"given_name": "Milena"})
    assert (row.companion.code, row.companion.given_name) == (code, "Milena")

    row = answer(row, "accepted", companion={})
    assert state(row) == ("accepted", "confirmed", "cancelled")
    assert places(guest_type) == (1, 0)

    row = answer(row, "accepted", companion=MILA)
    assert (state(row), row.companion.code) == (("accepted", "confirmed", "confirmed"), code)
    assert places(guest_type) == (2, 0)


def test_who_is_invited_alone_brings_nobody(invitation):
    with pytest.raises(DomainError, match="for one person"):
        answer(invitation, "accepted", companion=MILA)
    with pytest.raises(DomainError, match="brings nobody"):
        answer(invitation, "declined", companion=MILA)


# --- The personal page and the organiser ---------------------------------------------------------


def test_giving_the_place_back_on_the_personal_page_is_a_regret(for_two, guest_type, heard, told):
    row = answer(for_two, "accepted", companion=MILA)
    heard.clear()
    told.clear()

    cancel_registration(registration=row.registration, actor=GUEST, by_guest=True)

    assert state(row) == ("declined", "cancelled", "cancelled")
    assert row.answered_via == "link"
    assert places(guest_type) == (0, 0)
    assert told == [("cancelled", 1, True)] * 2
    assert heard == [("answered", True)]
    event = InvitationEvent.objects.latest("pk")
    assert (event.verb, event.response, event.actor_kind) == (
        "cancel_registration",
        "declined",
        "guest",
    )


def test_what_was_kept_for_a_companion_goes_back_with_the_guests_place(for_two, guest_type):
    row = answer(for_two, "accepted")
    assert places(guest_type) == (1, 1)

    cancel_registration(registration=row.registration, actor=SYSTEM)

    assert places(guest_type) == (0, 0)
    assert not HeldPlace.objects.exists()


def test_an_organisers_cancelling_is_a_regret_and_taking_it_back_a_yes(
    invitation, guest_type, heard
):
    row = answer(invitation, "accepted", via="phone", actor=SYSTEM, by_guest=False)

    cancel_registration(registration=row.registration, actor=SYSTEM)
    assert state(row) == ("declined", "cancelled", None)
    uncancel_registration(registration=row.registration, actor=SYSTEM)

    assert state(row) == ("accepted", "confirmed", None)
    assert row.answered_via == "phone"
    assert places(guest_type) == (1, 0)
    assert heard == [("answered", False)] * 3


def test_cancelling_the_companion_leaves_the_guest(for_two, guest_type, heard):
    row = answer(for_two, "accepted", companion=MILA)

    cancel_registration(registration=row.companion, actor=GUEST, by_guest=True)

    assert state(row) == ("accepted", "confirmed", "cancelled")
    assert places(guest_type) == (1, 0)
    assert heard[-1] == ("changed", True)


# --- When it can not be answered -----------------------------------------------------------------


def test_an_older_version_is_refused_and_changes_nothing(invitation, guest_type):
    answer(invitation, "declined", expected=1)

    with pytest.raises(DomainError) as refused:
        answer(invitation, "accepted", expected=1)

    assert refused.value.kind == "stale"
    assert state(invitation) == ("declined", None, None)


@pytest.mark.parametrize("given", ["draft", "postponed", "cancelled", "archived"])
def test_guests_answer_only_what_is_announced(invitation, conference, given):
    type(conference).objects.update(state=given)

    with pytest.raises(DomainError) as refused:
        answer(invitation, "accepted")
    assert refused.value.kind == "wrong-state"
    assert state(invitation) == ("", None, None)


def test_organisers_record_answers_before_the_page_is_public(invitation, conference):
    type(conference).objects.update(state="draft")

    answer(invitation, "accepted", via="phone", actor=SYSTEM, by_guest=False)

    assert state(invitation) == ("accepted", "confirmed", None)


def test_nobody_records_answers_to_what_will_not_be(invitation, conference):
    type(conference).objects.update(state="cancelled")

    with pytest.raises(DomainError, match="will not take place"):
        answer(invitation, "accepted", via="phone", actor=SYSTEM, by_guest=False)
    assert state(invitation) == ("", None, None)


def test_after_the_cut_off_only_organisers_answer(invitation, conference, clock):
    type(conference).objects.update(changes_until_at="2027-03-01T09:00Z")

    with pytest.raises(DomainError, match="too late"):
        answer(invitation, "accepted")
    answer(invitation, "accepted", via="in_person", actor=SYSTEM, by_guest=False)
    assert state(invitation) == ("accepted", "confirmed", None)


def test_a_withdrawn_invitation_is_not_answered(invitation):
    withdraw_invitation(invitation=invitation, expected=None, actor=SYSTEM)

    with pytest.raises(DomainError, match="withdrawn"):
        answer(invitation, "accepted")


def test_who_is_invited_again_after_a_withdrawal_answers_anew(invitation, conference, person):
    answer(invitation, "declined")
    withdraw_invitation(invitation=invitation, expected=None, actor=SYSTEM)
    again = add_invitations(
        conference=conference, person_ids=[person.pk], type_slug="guest", actor=SYSTEM
    ).invitations[0]

    assert state(answer(again, "accepted")) == ("accepted", "confirmed", None)


@pytest.mark.parametrize(
    "more", [{"response": "perhaps"}, {"via": "pigeon"}, {"reason": "x" * 501}]
)
def test_other_words_are_refused(invitation, more):
    with pytest.raises(DomainError) as refused:
        answer(invitation, more.pop("response", "declined"), **more)
    assert refused.value.kind == "validation-failed"


# --- Seen ----------------------------------------------------------------------------------------


def test_seen_is_noted_once_and_is_no_change_of_the_answer(invitation):
    assert note_seen(invitation=invitation)
    assert not note_seen(invitation=invitation)

    invitation.refresh_from_db()
    assert invitation.seen_at is not None
    assert invitation.version == 1
    assert [event.verb for event in InvitationEvent.objects.all()] == ["see"]


def test_a_yes_takes_the_place_that_the_waiting_list_offers(invitation, guest_type, person):
    known = RegistrationFactory(registration_type=guest_type, person=person, status="offered")
    answer_invitation(
        invitation=invitation, response="accepted", via="link", actor=GUEST, by_guest=True
    )
    known.refresh_from_db()
    assert (known.status, known.offer_expires_at) == ("confirmed", None)


def test_a_colleague_inherits_none_of_the_answers(invitation, conference):
    yes = {"invitation": invitation, "response": "accepted", "via": "link", "actor": GUEST}
    row = answer_invitation(**yes, by_guest=True)
    food = QuestionFactory(conference=conference, kind="text", sensitivity="dietary")
    motto = QuestionFactory(conference=conference)
    SensitiveAnswer.objects.create(registration=row.registration, question=food, text="No nuts")
    Answer.objects.create(registration=row.registration, question=motto, text="Mine")

    answer_invitation(**yes, by_guest=True)
    assert (Answer.objects.count(), SensitiveAnswer.objects.count()) == (1, 1)

    answer_invitation(**yes, delegate=MILA, by_guest=True)
    assert (Answer.objects.count(), SensitiveAnswer.objects.count()) == (0, 0)
    assert AuditEntry.objects.filter(verb="forget_answers").count() == 1
