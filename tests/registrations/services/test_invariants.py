"""Whatever the writers do in whatever order: never more taken than there is, and every row
accounted for.
"""

from __future__ import annotations

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
    rule,
    run_state_machine_as_test,
)

from core.actors import ANONYMOUS, SYSTEM
from core.errors import DomainError
from registrations.enums import TAKING_A_PLACE
from registrations.models import Allotment, Registration, RegistrationPlace
from registrations.services.approving import approve_registration, reject_registration
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.changing import change_registration
from registrations.services.registering import register
from registrations.services.types import change_registration_type
from tests.factories.events import ConferenceFactory
from tests.factories.registrations import RegistrationTypeFactory
from tests.sizes import FULL, patience

ADDRESSES = st.integers(1, 5).map(lambda n: f"guest{n}@example.org")
SLUGS = st.sampled_from(["queue", "no-queue", "approval", "endless"])
SERIAL = count()
# What a writer may answer instead of doing its deed.
REFUSALS = {
    "sold-out",
    "already-registered",
    "wrong-state",
    "capacity-below-taken",
}


class Writers(RuleBasedStateMachine):
    """All that writes registrations, in any order; a refusal leaves no trace."""

    registrations = Bundle("registrations")

    @initialize()
    def open_the_doors(self):
        self.conference = ConferenceFactory(slug=f"forum-{next(SERIAL)}")
        make = RegistrationTypeFactory
        self.types = {
            "queue": make(conference=self.conference, slug="queue", capacity=2),
            "no-queue": make(
                conference=self.conference, slug="no-queue", capacity=2, waiting_list=False
            ),
            "approval": make(
                conference=self.conference, slug="approval", capacity=1, approval=True
            ),
            "endless": make(conference=self.conference, slug="endless"),
        }
        self.types["endless"].allotments.update(capacity=None)
        # The queue's and the approval's guests also sit in one hall.
        hall = Allotment.objects.create(conference=self.conference, name="hall", capacity=3)
        for slug in ("queue", "approval"):
            self.types[slug].allotments.add(hall)

    def attempt(self, deed, **arguments):
        before = self.picture()
        try:
            return deed(**arguments)
        except DomainError as refusal:
            kind = refusal.kind
        assert kind in REFUSALS
        assert self.picture() == before
        return None

    def picture(self):
        """Return all that a deed may change."""
        rows = Registration.objects.filter(conference=self.conference).order_by("pk")
        allotments = Allotment.objects.filter(conference=self.conference).order_by("pk")
        return (
            list(rows.values_list("pk", "status", "email", "version")),
            list(allotments.values_list("pk", "capacity", "held", "taken")),
        )

    @rule(
        target=registrations,
        email=ADDRESSES,
        slug=SLUGS,
        source=st.sampled_from(["form", "api", "organiser", "import"]),
    )
    def register(self, email, slug, source):
        row = self.attempt(
            register,
            conference=self.conference,
            type_slug=slug,
            given_name="Ana",
            family_name="Petrović",
            email=email,
            language="en",
            source=source,
            actor=ANONYMOUS,
        )
        return row.pk if row else None

    def load(self, pk):
        return Registration.objects.filter(pk=pk).first() if pk else None

    @rule(pk=registrations, verb=st.sampled_from(
        [cancel_registration, uncancel_registration, approve_registration, reject_registration]
    ))  # fmt: skip
    def decide(self, pk, verb):
        if (row := self.load(pk)) is not None:
            self.attempt(verb, registration=row, actor=SYSTEM)

    @rule(pk=registrations, email=ADDRESSES)
    def change_address(self, pk, email):
        if (row := self.load(pk)) is not None:
            self.attempt(
                change_registration,
                registration=row,
                changes={"email": email},
                expected=None,
                actor=SYSTEM,
            )

    @rule(slug=SLUGS, capacity=st.one_of(st.none(), st.integers(0, 4)))
    def resize(self, slug, capacity):
        self.attempt(
            change_registration_type,
            registration_type=self.types[slug],
            changes={"capacity": capacity},
            expected=None,
            actor=SYSTEM,
        )

    @rule(held=st.integers(0, 1))
    def keep_back(self, held):
        hall = Allotment.objects.get(conference=self.conference, name="hall")
        if hall.taken + held <= (hall.capacity or 0):
            Allotment.objects.filter(pk=hall.pk).update(held=held)

    @invariant()
    def nothing_is_oversold(self):
        for allotment in Allotment.objects.filter(conference=self.conference):
            assert allotment.taken >= 0
            if allotment.capacity is not None:
                assert allotment.taken + allotment.held <= allotment.capacity

    @invariant()
    def every_place_has_its_row_and_every_row_its_place(self):
        places = Counter()
        holders = Counter()
        for place in RegistrationPlace.objects.filter(registration__conference=self.conference):
            places[place.allotment_id] += place.count
            holders[place.registration_id] += 1
        for allotment in Allotment.objects.filter(conference=self.conference):
            assert places[allotment.pk] == allotment.taken
        for row in Registration.objects.filter(conference=self.conference):
            drawn = row.registration_type.allotments.count()
            assert holders[row.pk] == (drawn if row.status in TAKING_A_PLACE else 0)

    @invariant()
    def no_address_is_live_twice(self):
        keys = Registration.objects.live().filter(conference=self.conference)
        assert max(Counter(keys.values_list("email_key", flat=True)).values(), default=1) == 1


@patience(push=120, full=900)
@pytest.mark.django_db
def test_the_invariants_hold_whatever_the_writers_do():
    run_state_machine_as_test(
        Writers,
        settings=settings(
            max_examples=120 if FULL else 12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
