"""Kept places: until the deadline, then anybody's; every one is accounted for, whatever happens."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from core.actors import ANONYMOUS, SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from events.models import Conference
from events.services.conferences import change_conference
from events.services.people import change_person
from registrations.models import (
    Allotment,
    HeldPlace,
    Invitation,
    InvitationEvent,
    Registration,
    RegistrationPlace,
)
from registrations.services.answering import answer_invitation
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.holding import release_lapsed_holds
from registrations.services.inviting import add_invitations, change_invitation, withdraw_invitation
from registrations.services.registering import register
from registrations.services.salutations import salutation_of
from registrations.signals import invitation_changed
from registrations.tasks import release_places_kept_in_vain
from tests.factories.events import ConferenceFactory, PersonFactory
from tests.factories.registrations import InvitationFactory, RegistrationTypeFactory
from tests.sizes import FULL, patience

GUEST = Actor("guest")


def held():
    return Allotment.objects.get().held


@pytest.mark.django_db
class TestDeadline:
    @pytest.fixture
    def rows(self, guest_type):
        return [InvitationFactory(registration_type=guest_type, held=n) for n in (1, 2, 1)]

    def test_places_are_kept_until_the_conferences_deadline(self, conference, rows, clock):
        Conference.objects.update(reply_until_at="2027-03-10T17:00Z")
        clock.move_to(dt.datetime(2027, 3, 10, 16, 59, tzinfo=dt.UTC))
        assert (release_lapsed_holds(), held()) == (0, 4)

        clock.move_to(dt.datetime(2027, 3, 10, 17, 0, tzinfo=dt.UTC))
        assert (release_lapsed_holds(), held()) == (3, 0)

        assert not HeldPlace.objects.exists()
        assert (
            list(InvitationEvent.objects.values_list("verb", "actor_kind"))
            == [("release_hold", "rule")] * 3
        )
        entry = AuditEntry.objects.get(verb="release_lapsed_holds")
        assert entry.facts == {"invitations": 3, "places": 4}
        assert release_lapsed_holds() == 0

    def test_a_deadline_of_ones_own_comes_first(self, conference, rows, clock):
        Conference.objects.update(reply_until_at="2027-02-01T10:00Z")
        Invitation.objects.filter(pk=rows[1].pk).update(reply_until_at="2027-03-12T10:00Z")

        assert release_lapsed_holds() == 2
        assert HeldPlace.objects.get().invitation == rows[1]

    def test_without_a_deadline_it_is_the_start(self, conference, rows, clock):
        clock.move_to(dt.datetime(2027, 3, 18, 8, 59, tzinfo=dt.UTC))
        assert release_lapsed_holds() == 0
        clock.move_to(dt.datetime(2027, 3, 18, 9, 0, tzinfo=dt.UTC))
        release_places_kept_in_vain()
        assert held() == 0

    def test_those_above_are_told_once_a_conference(self, conference, rows):
        other = InvitationFactory(held=1)
        Conference.objects.update(reply_until_at="2027-02-01T10:00Z")
        heard = []

        def hear(sender, event, **kwargs):
            heard.append((event.verb, event.conference_id, len(event.invitation_ids)))

        invitation_changed.connect(hear)
        release_lapsed_holds()
        invitation_changed.disconnect(hear)

        assert heard == [("released", conference.pk, 3), ("released", other.conference_id, 1)]

    def test_a_yes_after_that_takes_a_free_place(self, guest_type, rows):
        Conference.objects.update(reply_until_at="2027-02-01T10:00Z")
        release_lapsed_holds()

        row = answer_invitation(
            invitation=rows[0], response="accepted", via="link", actor=GUEST, by_guest=True
        )
        assert not row.over_capacity
        assert (Allotment.objects.get().taken, held()) == (1, 0)

    def test_a_deadline_stays_on_its_wall_clock_time(self, conference, rows):
        row = change_invitation(
            invitation=rows[0],
            changes={"reply_until_local": "2027-03-10T18:00"},
            expected=None,
            actor=SYSTEM,
        )
        change_conference(
            conference=conference, changes={"time_zone": "Asia/Tokyo"}, expected=None, actor=SYSTEM
        )
        row.refresh_from_db()
        assert row.reply_until_local == dt.datetime.fromisoformat("2027-03-10T18:00")
        assert row.reply_until_at == dt.datetime(2027, 3, 10, 9, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_lists_follow_what_people_are_called(guest_type):
    row = InvitationFactory(registration_type=guest_type)
    change_person(
        person=row.person, changes={"family_name": "Ђорђевић"}, expected=None, actor=SYSTEM
    )
    row.refresh_from_db()
    assert row.sort_key.startswith("djordjevic")
    assert "djordjevic" in row.search_key


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words", "doubtful"),
    [
        ("en", "Your Excellency", False),
        ("sr-Latn", "Dobar dan, H.E. Ana Petrović", True),
        ("ru", "Здравствуйте, H.E. Ana Petrović", True),
    ],
)
def test_a_salutation_is_typed_or_plain_and_doubtful(language, words, doubtful):
    person = PersonFactory(
        honorific="H.E.", family_name="Petrović", salutation={"en": "Your Excellency"}
    )
    found = salutation_of(person, language)
    assert (found.text, found.is_doubtful) == (words, doubtful)


# --- Whatever happens ----------------------------------------------------------------------------

SERIAL = count()
NAMES = {"given_name": "Mila", "family_name": "Marić"}


class Hosts(RuleBasedStateMachine):
    """Hosts and guests in any order."""

    invitations = Bundle("invitations")

    @initialize(target=invitations)
    def open_the_list(self):
        self.people = 0
        self.conference = ConferenceFactory(slug=f"forum-{next(SERIAL)}")
        self.kind = RegistrationTypeFactory(
            conference=self.conference, slug="guest", capacity=3, waiting_list=False
        )
        hall = Allotment.objects.create(conference=self.conference, name="hall", capacity=4)
        self.kind.allotments.add(hall)
        return multiple(*(self.add(plus_one=n > 0, hold=n < 2) for n in range(3)))

    def attempt(self, deed, **arguments):
        before = self.picture()
        try:
            return deed(**arguments)
        except DomainError as refusal:
            kind = refusal.kind
        assert kind in {"wrong-state", "sold-out", "validation-failed", "already-registered"}
        assert self.picture() == before
        return None

    def picture(self):
        here = {"conference": self.conference}
        return (
            list(
                Invitation.objects.filter(**here).order_by("pk").values("pk", "response", "version")
            ),
            list(
                Registration.objects.filter(**here).order_by("pk").values("pk", "status", "version")
            ),
            list(Allotment.objects.filter(**here).order_by("pk").values("pk", "held", "taken")),
        )

    @rule(target=invitations, plus_one=st.booleans(), hold=st.booleans())
    def invite(self, plus_one, hold):
        return self.add(plus_one=plus_one, hold=hold)

    def add(self, *, plus_one, hold):
        self.people += 1
        person = PersonFactory(
            organisation=self.conference.organisation, email=f"desk{self.people % 3}@example.org"
        )
        return add_invitations(
            conference=self.conference,
            person_ids=[person.pk],
            type_slug="guest",
            actor=SYSTEM,
            plus_one=plus_one,
            hold=hold,
        ).invitations[0]

    def answer(self, row, response, **more):
        self.attempt(
            answer_invitation,
            invitation=row,
            response=response,
            via="link",
            actor=GUEST,
            by_guest=True,
            **more,
        )

    @rule(row=invitations, delegate=st.booleans(), along=st.sampled_from([None, {}, NAMES]))
    def come(self, row, delegate, along):
        brings = Invitation.objects.get(pk=row.pk).plus_one
        self.answer(
            row,
            "accepted",
            delegate=NAMES if delegate else None,
            companion=along if brings else None,
        )

    @rule(row=invitations, response=st.sampled_from(["declined", "tentative"]))
    def stay_away(self, row, response):
        self.answer(row, response)

    @rule(row=invitations, main=st.sampled_from([True, True, False]), verb=st.sampled_from(
        [cancel_registration, uncancel_registration]
    ))  # fmt: skip
    def decide(self, row, main, verb):
        row = Invitation.objects.get(pk=row.pk)
        registration = row.registration if main else row.companion
        if registration is not None and (main or row.response == "accepted"):
            self.attempt(verb, registration=registration, actor=SYSTEM)

    @rule(row=invitations, changes=st.sampled_from(
        [{"plus_one": True}, {"plus_one": False}, {"hold": True}, {"hold": False}]
    ))  # fmt: skip
    def change(self, row, changes):
        self.attempt(
            change_invitation, invitation=row, changes=changes, expected=None, actor=SYSTEM
        )

    @rule(row=invitations)
    def withdraw(self, row):
        self.attempt(withdraw_invitation, invitation=row, expected=None, actor=SYSTEM)

    @rule(number=st.integers(0, 9))
    def stranger(self, number):
        self.attempt(
            register,
            conference=self.conference,
            type_slug="guest",
            given_name="Ivo",
            family_name="Ilić",
            email=f"stranger{number}@example.org",
            language="en",
            source="form",
            actor=ANONYMOUS,
        )

    @rule(lapsed=st.booleans())
    def clock(self, lapsed):
        until = "2026-11-01T10:00Z" if lapsed else None
        Conference.objects.filter(pk=self.conference.pk).update(reply_until_at=until)
        release_lapsed_holds()
        Conference.objects.filter(pk=self.conference.pk).update(reply_until_at=None)

    @invariant()
    def every_place_is_accounted_for(self):
        taken, kept = Counter(), Counter()
        here = {"allotment__conference": self.conference}
        for place in RegistrationPlace.objects.filter(**here):
            assert place.registration.status == "confirmed"
            taken[place.allotment_id] += place.count
        for place in HeldPlace.objects.filter(**here).select_related("invitation"):
            assert place.invitation.is_live
            assert place.invitation.response != "declined"
            assert place.count <= 1 + place.invitation.plus_one
            kept[place.allotment_id] += place.count
        for row in Allotment.objects.filter(conference=self.conference):
            assert (row.taken, row.held) == (taken[row.pk], kept[row.pk])
            assert row.taken + row.held <= row.capacity

    @invariant()
    def an_answer_is_what_its_registrations_say(self):
        # One that was withdrawn keeps its last answer, whatever becomes of the registration.
        rows = Invitation.objects.live().filter(conference=self.conference)
        for row in rows.select_related("registration", "companion"):
            own, companion = row.registration, row.companion
            lives = own is not None and own.is_live
            assert lives == (row.response == "accepted")
            if companion is not None and companion.is_live:
                assert lives
                assert companion.booking_id == own.booking_id
            mine = [one for one in (own, companion) if one is not None and one.is_live]
            on_top = [one for one in mine if not one.places.exists()]
            assert row.over_capacity == bool(on_top)


@patience(push=120, full=900)
@pytest.mark.django_db
def test_the_invariants_hold_whatever_hosts_and_guests_do(clock):
    run_state_machine_as_test(
        Hosts,
        settings=settings(
            max_examples=100 if FULL else 10,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
