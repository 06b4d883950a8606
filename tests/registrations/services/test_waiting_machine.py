"""Whatever frees and takes places in whatever order: no place is lost at rest, the order of the
list is kept, and the figures are those of the rows.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import count

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
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

from core.actors import ANONYMOUS, SYSTEM
from core.errors import DomainError
from registrations.enums import TAKING_A_PLACE
from registrations.models import Allotment, HeldPlace, Registration, RegistrationPlace
from registrations.services.approving import (
    approve_registration,
    put_on_waiting_list,
    reject_registration,
)
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.deciding import decide_registrations
from registrations.services.inviting import add_invitations, withdraw_invitation
from registrations.services.offering import (
    accept_offer,
    decline_offer,
    expire_offers,
    join_list_again,
    offer_place,
)
from registrations.services.registering import register
from registrations.services.types import change_registration_type
from tests.factories.events import ConferenceFactory, PersonFactory
from tests.factories.registrations import RegistrationTypeFactory
from tests.sizes import FULL, patience

SLUGS = st.sampled_from(["guest", "press", "approval", "by-hand"])
SERIAL = count()
REFUSALS = {"sold-out", "already-registered", "wrong-state", "capacity-below-taken"}


class Waiting(RuleBasedStateMachine):
    """All that frees, takes, offers and keeps places of types that share a hall."""

    clock = None
    registrations = Bundle("registrations")
    invitations = Bundle("invitations")

    @initialize(target=registrations)
    def open_the_doors(self):
        self.conference = ConferenceFactory(slug=f"forum-{next(SERIAL)}")
        make = RegistrationTypeFactory
        self.types = {
            "guest": make(conference=self.conference, slug="guest", capacity=2),
            "press": make(conference=self.conference, slug="press", capacity=1),
            "approval": make(
                conference=self.conference, slug="approval", capacity=2, approval=True
            ),
            "by-hand": make(
                conference=self.conference, slug="by-hand", capacity=1, automatic_offers=False
            ),
        }
        # Guests and press also sit in one hall.
        hall = Allotment.objects.create(conference=self.conference, name="hall", capacity=2)
        for slug in ("guest", "press"):
            self.types[slug].allotments.add(hall)
        # The doors were open for a while: there are queues.
        slugs = ["guest", "press", "approval", "by-hand"] * 3
        return multiple(*(self.register(slug, "form") for slug in slugs))

    def attempt(self, deed, *, by_hand=(), **arguments):
        self.clock.shift(1)
        before = self.picture()
        line = self.waiting()
        try:
            done = deed(**arguments)
        except DomainError as refusal:
            kind = refusal.kind
        else:
            self.check_order(line, set(by_hand))
            return done
        assert kind in REFUSALS
        assert self.picture() == before
        return None

    def picture(self):
        rows = Registration.objects.filter(conference=self.conference).order_by("pk")
        allotments = Allotment.objects.filter(conference=self.conference).order_by("pk")
        return (
            list(rows.values_list("pk", "status", "version")),
            list(allotments.values_list("pk", "capacity", "held", "taken")),
        )

    def waiting(self):
        rows = Registration.objects.filter(conference=self.conference, status="waiting_list")
        return list(rows.order_by("waiting_since", "pk"))

    def check_order(self, line, by_hand):
        """Nobody was offered a place past somebody of the same kind who still waits."""
        now = {
            row.pk: row.status for row in Registration.objects.filter(pk__in=[r.pk for r in line])
        }
        passed_over = set()
        for row in line:
            if now[row.pk] == "waiting_list":
                passed_over.add(row.registration_type_id)
            elif now[row.pk] == "offered" and row.pk not in by_hand:
                assert row.registration_type_id not in passed_over

    @rule(target=registrations, slug=SLUGS, source=st.sampled_from(["form", "organiser"]))
    def come(self, slug, source):
        return self.register(slug, source)

    def register(self, slug, source):
        somebody_waits = any(r.registration_type.slug == slug for r in self.waiting())
        row = self.attempt(
            register,
            conference=self.conference,
            type_slug=slug,
            given_name="Ana",
            family_name="Petrović",
            email=f"guest{next(SERIAL)}@example.org",
            language="en",
            source=source,
            actor=ANONYMOUS,
        )
        if row and source == "form" and somebody_waits:
            assert row.status in {"waiting_list", "pending_approval"}
        return row.pk if row else None

    def load(self, pk):
        return Registration.objects.filter(pk=pk).first() if pk else None

    @rule(pk=registrations, verb=st.sampled_from([
        cancel_registration, uncancel_registration, approve_registration, reject_registration,
        accept_offer, decline_offer, put_on_waiting_list, join_list_again,
    ]))  # fmt: skip
    def do(self, pk, verb):
        if (row := self.load(pk)) is not None:
            self.attempt(verb, registration=row, actor=SYSTEM)

    @rule(slug=SLUGS)
    def one_leaves(self, slug):
        """Whoever has a place of this kind for the longest time gives it back."""
        rows = Registration.objects.filter(
            conference=self.conference, registration_type__slug=slug, status="confirmed"
        )
        if (row := rows.order_by("pk").first()) is not None:
            self.attempt(cancel_registration, registration=row, actor=SYSTEM)

    @rule(pk=registrations)
    def offer_by_hand(self, pk):
        if (row := self.load(pk)) is not None:
            self.attempt(offer_place, by_hand=[pk], registration=row, actor=SYSTEM)

    @rule(decision=st.sampled_from(["approve", "reject", "waiting-list"]), some=st.integers(1, 3))
    def decide_some(self, decision, some):
        rows = Registration.objects.filter(
            conference=self.conference, status__in=["pending_approval", "waiting_list"]
        )
        codes = rows.order_by("-pk").values_list("code", flat=True)[:some]
        self.attempt(
            decide_registrations,
            conference=self.conference,
            codes=list(codes),
            decision=decision,
            actor=SYSTEM,
        )

    @rule()
    def let_offers_lapse(self):
        rows = Registration.objects.filter(conference=self.conference, status="offered")
        if (first := rows.order_by("offer_expires_at", "pk").first()) is not None:
            rows.filter(pk=first.pk).update(
                offer_expires_at=timezone.now() - dt.timedelta(minutes=1)
            )
        self.attempt(expire_offers)
        assert not self.open_and_over()

    def open_and_over(self):
        return Registration.objects.filter(
            conference=self.conference, status="offered", offer_expires_at__lte=timezone.now()
        ).exists()

    @rule(slug=SLUGS, capacity=st.sampled_from([0, 1, 2, 2, 3, 3, None]))
    def resize(self, slug, capacity):
        self.attempt(
            change_registration_type,
            registration_type=self.types[slug],
            changes={"capacity": capacity},
            expected=None,
            actor=SYSTEM,
        )

    @rule(target=invitations)
    def keep_a_place(self):
        added = add_invitations(
            conference=self.conference,
            person_ids=[PersonFactory(organisation=self.conference.organisation).pk],
            type_slug="guest",
            actor=SYSTEM,
            hold=True,
        )
        return added.invitations[0]

    @rule(invitation=invitations)
    def release_it(self, invitation):
        self.attempt(withdraw_invitation, invitation=invitation, expected=None, actor=SYSTEM)

    @invariant()
    def nothing_is_oversold(self):
        for allotment in Allotment.objects.filter(conference=self.conference):
            assert allotment.taken >= 0 <= allotment.held
            if allotment.capacity is not None:
                assert allotment.taken + allotment.held <= allotment.capacity

    @invariant()
    def figures_are_those_of_the_rows(self):
        taken, held, holders = Counter(), Counter(), Counter()
        for place in RegistrationPlace.objects.filter(registration__conference=self.conference):
            taken[place.allotment_id] += place.count
            holders[place.registration_id] += 1
        for place in HeldPlace.objects.filter(allotment__conference=self.conference):
            held[place.allotment_id] += place.count
        for allotment in Allotment.objects.filter(conference=self.conference):
            assert (taken[allotment.pk], held[allotment.pk]) == (allotment.taken, allotment.held)
        for row in Registration.objects.filter(conference=self.conference):
            drawn = row.registration_type.allotments.count()
            assert holders[row.pk] == (drawn if row.status in TAKING_A_PLACE else 0)

    @invariant()
    def no_place_is_lost_at_rest(self):
        for row in self.waiting():
            if not row.registration_type.automatic_offers:
                continue
            full = [
                one
                for one in row.registration_type.allotments.all()
                if one.capacity is not None and one.capacity <= one.taken + one.held
            ]
            assert full, f"{row} waits for a place that is free"

    @invariant()
    def no_offer_outlasts_the_start(self):
        ends = Registration.objects.filter(conference=self.conference, status="offered")
        for row in ends:
            assert row.offer_expires_at <= self.conference.starts_at


def run(examples, **more):
    run_state_machine_as_test(
        Waiting,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


@pytest.fixture(autouse=True)
def _time_goes_on(clock, monkeypatch):
    monkeypatch.setattr(Waiting, "clock", clock)


@patience(push=120, full=900)
@pytest.mark.django_db
def test_no_place_is_lost_and_the_order_is_kept_whatever_happens(unheard):
    run(60 if FULL else 6)


@pytest.mark.django_db
def test_without_filling_places_are_lost(unheard, monkeypatch):
    for module in ("cancelling", "approving", "offering", "deciding", "types", "inviting"):
        monkeypatch.setattr(
            f"registrations.services.{module}.fill_freed_places", lambda **_kwargs: None
        )
    with pytest.raises(AssertionError, match="waits for a place that is free"):
        # It ends at the first one; chance may pass by 20 in a row.
        run(100, phases=[Phase.generate], database=None, report_multiple_bugs=False)
