"""Verbs that lock several things, against each other and many times over: nobody waits in a circle.

PostgreSQL ends a circle by refusing one of those in it ("deadlock detected"), and then the thread
here fails. SQLite has one writer at a time; there the same rounds show that nothing else breaks.
"""

from __future__ import annotations

import os
from itertools import count

import pytest
from django.db import transaction
from django.db.models import Sum

from core.actors import SYSTEM
from core.errors import DomainError
from registrations.models import AccessCode, Allotment, HeldPlace, Registration, RegistrationPlace
from registrations.services.access_codes import change_access_code, create_access_code
from registrations.services.allotments import create_allotment
from registrations.services.answering import answer_invitation
from registrations.services.approving import approve_registration
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.deciding import decide_registrations
from registrations.services.filling import fill_all_freed_places
from registrations.services.inviting import add_invitations, change_invitation
from registrations.services.offering import let_go
from registrations.services.party import Companion, GroupParty
from registrations.services.registering import register
from registrations.services.sharing import set_allotments, share_allotment
from registrations.services.substituting import substitute
from registrations.services.types import change_registration_type
from tests.factories.events import ConferenceFactory, PersonFactory
from tests.factories.registrations import RegistrationTypeFactory
from tests.registrations.services.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 40 if os.environ.get("FAULTS_SIZE") == "full" else 4
SERIAL = count()
REFUSALS = {"sold-out", "wrong-state", "busy", "stale"}


@pytest.fixture
def clock():
    """Threads of their own have no stopped clock; the conference is far enough away."""


class Hall:
    """Two kinds of place that share a hall, each with a code; people with a place and a queue."""

    def __init__(self):
        self.conference = ConferenceFactory()
        self.kinds = [
            RegistrationTypeFactory(
                conference=self.conference, slug=slug, capacity=200, party_max=4
            )
            for slug in ("guest", "press")
        ]
        self.hall = create_allotment(
            conference=self.conference, name="Hall", capacity=400, actor=SYSTEM
        )
        for kind in self.kinds:
            # The hall last: what it has of its own comes first by id.
            own = kind.allotments.get()
            set_allotments(
                registration_type=kind, allotments=[own, self.hall], expected=None, actor=SYSTEM
            )
        self.codes = [
            create_access_code(
                conference=self.conference,
                registration_types=self.kinds,
                code=f"FRIENDS-{number}",
                max_uses=60,
                holds_places=True,
                actor=SYSTEM,
            )
            for number in range(2)
        ]

    def come(self, number=1, code=None, source="organiser"):
        """Return so many registrations, of both kinds and with both codes in turn."""
        rows = []
        for _ in range(number):
            serial = next(SERIAL)
            access_code = self.codes[serial % 2].code if code is None else code
            rows.append(
                register(
                    conference=self.conference,
                    type_slug=self.kinds[serial // 2 % 2].slug,
                    given_name="Ana",
                    family_name="Petrović",
                    email=f"guest{serial}@example.org",
                    language="en",
                    source=source,
                    access_code=access_code,
                    actor=SYSTEM,
                )
            )
        return rows

    def bring(self, *, own_address=True):
        """Return a party of four, who leads it first; one of the others may have an address."""
        along = [Companion() for _ in range(3)]
        if own_address:
            along[0] = Companion("Marko", "Ilić", f"guest{next(SERIAL)}@example.org")
        lead = register(
            conference=self.conference,
            type_slug=self.kinds[0].slug,
            given_name="Ana",
            family_name="Petrović",
            email=f"guest{next(SERIAL)}@example.org",
            language="en",
            source="form",
            party=GroupParty(along),
            actor=SYSTEM,
        )
        return [lead, *Registration.objects.filter(lead=lead).order_by("pk")]

    def wait(self, number):
        """Return so many who stand on the waiting list although there are places."""
        rows = self.come(number, "")
        for row in rows:
            cancel_registration(registration=row, actor=SYSTEM)
        mine = Registration.objects.filter(pk__in=[row.pk for row in rows])
        mine.update(status="waiting_list", waiting_since=rows[0].created_at)
        return list(mine)

    def invite(self, number, kind=0):
        people = [PersonFactory(organisation=self.conference.organisation) for _ in range(number)]
        return add_invitations(
            conference=self.conference,
            person_ids=[one.pk for one in people],
            type_slug=self.kinds[kind].slug,
            plus_one=True,
            actor=SYSTEM,
        ).invitations


@pytest.fixture
def hall():
    return Hall()


def each(verb, rows, **more):
    """Return a job that does a verb to these, one transaction after the other."""

    def job():
        for row in rows:
            try:
                verb(registration=row, actor=SYSTEM, **more)
            except DomainError as refusal:
                if refusal.kind not in REFUSALS:
                    raise
        return "done"

    return job


def again_and_again(verb, times=6):
    def job():
        for number in range(times):
            try:
                verb(number)
            except DomainError as refusal:
                if refusal.kind not in REFUSALS:
                    raise
        return "done"

    return job


def every_place_is_accounted_for():
    for row in Allotment.objects.all():
        taken = RegistrationPlace.objects.filter(allotment=row).aggregate(n=Sum("count"))["n"]
        held = HeldPlace.objects.filter(allotment=row).aggregate(n=Sum("count"))["n"]
        assert (row.taken, row.held) == (taken or 0, held or 0), row.name
    for code in AccessCode.objects.all():
        assert code.used == Registration.objects.live().filter(access_code=code).count()


def rounds(make):
    """Run the jobs that `make` returns at once, again and again."""
    for _ in range(ROUNDS):
        at_once(make())
        every_place_is_accounted_for()


def test_cancelling_fills_the_places_of_both_kinds(hall):
    def make():
        placed = hall.come(12, "")
        hall.wait(6)
        # Full from here: who cancels offers the place at once.
        for one in Allotment.objects.all():
            Allotment.objects.filter(pk=one.pk).update(capacity=one.taken + one.held)
        jobs = [each(cancel_registration, placed[n::4]) for n in range(4)]
        return [*jobs, fill_all_freed_places]

    for _ in range(ROUNDS):
        jobs = make()
        at_once(jobs)
        every_place_is_accounted_for()
        Allotment.objects.update(capacity=None)


def test_letting_go_of_many_with_different_codes(hall):
    def make():
        rows = hall.come(17)

        def release(some):
            def job():
                fresh = Registration.objects.select_related(
                    "conference", "booking", "registration_type"
                )
                with transaction.atomic():
                    locked = fresh.select_for_update(of=("self",), no_key=True)
                    mine = locked.filter(pk__in=[row.pk for row in some]).order_by("pk")
                    let_go(list(mine), verb="expire_offer", told="offer_expired")
                return "done"

            return job

        # One begins with the one code, one with the other.
        return [release(rows[:8]), release(rows[9:])]

    rounds(make)


def test_bringing_back_against_approving_and_sharing(hall):
    annex = create_allotment(conference=hall.conference, name="Annex", capacity=None, actor=SYSTEM)

    def make():
        over = hall.come(8)
        for row in over:
            cancel_registration(registration=row, actor=SYSTEM)
        waiting = hall.wait(6)
        # Who waits came with a code too.
        Registration.objects.filter(pk__in=[row.pk for row in waiting]).update(
            access_code=hall.codes[0]
        )
        AccessCode.objects.filter(pk=hall.codes[0].pk).update(
            used=Registration.objects.live().filter(access_code=hall.codes[0]).count()
        )

        def share(number):
            kinds = hall.kinds if number % 2 else []
            share_allotment(allotment=annex, registration_types=kinds, expected=None, actor=SYSTEM)

        return [
            each(uncancel_registration, over),
            each(approve_registration, waiting),
            again_and_again(share),
            lambda: hall.come(6) and "done",
        ]

    rounds(make)


def test_changing_codes_and_kinds_against_cancelling(hall):
    def make():
        for code in hall.codes:
            code.registration_types.set(hall.kinds)
        rows = hall.come(10)

        def change_code(number):
            code = hall.codes[number % 2]
            kinds = [hall.kinds[number % 2]] if number % 3 else hall.kinds
            change_access_code(
                access_code=code,
                changes={"registration_types": kinds},
                expected=None,
                actor=SYSTEM,
            )

        def resize(number):
            change_registration_type(
                registration_type=hall.kinds[number % 2],
                changes={"capacity": 200 + number},
                expected=None,
                actor=SYSTEM,
            )

        def share(number):
            kind = hall.kinds[number % 2]
            own = Allotment.objects.get(name=kind.slug)
            drawn = [own, hall.hall] if number % 4 < 2 else [own]
            set_allotments(registration_type=kind, allotments=drawn, expected=None, actor=SYSTEM)

        return [
            each(cancel_registration, rows),
            again_and_again(change_code),
            again_and_again(resize),
            again_and_again(share),
        ]

    rounds(make)


def test_answers_with_companions_against_new_invitations_and_sharing(hall):
    def make():
        invitations = hall.invite(6) + hall.invite(6, kind=1)

        def answer(some):
            def job():
                for row in some:
                    for response in ("accepted", "declined", "accepted"):
                        companion = {"given_name": "Lazar", "family_name": "Ilić"}
                        answer_invitation(
                            invitation=row,
                            response=response,
                            via="link",
                            companion=companion if response == "accepted" else None,
                            actor=SYSTEM,
                        )
                return "done"

            return job

        def move(number):
            row = hall.invite(1)[0]
            change_invitation(
                invitation=row,
                changes={"registration_type": hall.kinds[1].slug},
                expected=None,
                actor=SYSTEM,
            )

        def share(number):
            kind = hall.kinds[number % 2]
            own = Allotment.objects.get(name=kind.slug)
            drawn = [own, hall.hall] if number % 4 < 2 else [own]
            set_allotments(registration_type=kind, allotments=drawn, expected=None, actor=SYSTEM)

        Allotment.objects.update(capacity=None)
        return [
            answer(invitations[0::2]),
            answer(invitations[1::2]),
            again_and_again(move, 4),
            again_and_again(share, 4),
        ]

    rounds(make)


def test_deciding_in_bulk_against_each_alone(hall):
    def make():
        rows = hall.come(12)
        Registration.objects.filter(pk__in=[row.pk for row in rows]).update(
            status="offered", offer_expires_at=hall.conference.starts_at
        )
        codes = [row.code for row in rows]

        def decide(some):
            return lambda: bool(
                decide_registrations(
                    conference=hall.conference, codes=some, decision="reject", actor=SYSTEM
                )
            )

        return [
            decide(codes[:6]),
            decide(codes[6:][::-1]),
            each(cancel_registration, rows[::-1]),
        ]

    rounds(make)


def test_handing_a_party_on_against_who_leaves_it_and_who_sends_somebody_else(hall):
    def make():
        parties = [hall.bring(), hall.bring(own_address=False)]
        everybody = [row for party in parties for row in party]
        leads = [party[0] for party in parties]

        def send_another(number):
            row = everybody[number % len(everybody)]
            substitute(
                registration=row,
                given_name="Lea",
                family_name="Nova",
                email=f"guest{next(SERIAL)}@example.org",
                expected=None,
                actor=SYSTEM,
            )

        def decide(rows):
            codes = [row.code for row in rows]
            return lambda: bool(
                decide_registrations(
                    conference=hall.conference, codes=codes, decision="reject", actor=SYSTEM
                )
            )

        Registration.objects.filter(pk__in=[row.pk for row in parties[1]]).update(
            status="offered", offer_expires_at=hall.conference.starts_at
        )
        return [
            each(cancel_registration, leads),
            each(cancel_registration, everybody[::-1], everybody=True),
            decide(parties[1]),
            again_and_again(send_another, len(everybody)),
        ]

    def every_party_has_a_lead():
        rows = Registration.objects.live().filter(lead__isnull=False).select_related("lead")
        assert all(row.lead.is_live and row.lead.lead_id is None for row in rows)

    for _ in range(ROUNDS):
        at_once(make())
        every_place_is_accounted_for()
        every_party_has_a_lead()
