"""All that takes, keeps, frees and moves places, in any order: by guests, organisers, codes,
hold-backs, invitations, options, sessions, by parties and substitutes, and by the clock.
"""

from __future__ import annotations

import datetime as dt
from itertools import count

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, multiple, rule, run_state_machine_as_test

from core.actors import ANONYMOUS, SYSTEM
from registrations.models import Allotment, Registration
from registrations.services.allotments import change_allotment
from registrations.services.answers import answers_part
from registrations.services.approving import (
    approve_registration,
    put_on_waiting_list,
    reject_registration,
)
from registrations.services.bulk_running import start_deed
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.changing_answers import change_answers
from registrations.services.deciding import decide_registrations
from registrations.services.form_definition import read_form
from registrations.services.offering import (
    accept_offer,
    decline_offer,
    expire_offers,
    join_list_again,
    let_go,
    offer_place,
)
from registrations.services.registering import register
from registrations.services.sharing import set_allotments, share_allotment
from registrations.services.sign_up_sessions import change_sign_up
from registrations.services.signing_up import choose_sessions, read_sign_ups
from registrations.services.types import change_registration_type
from tests.registrations.services.kept_places import SLUGS
from tests.registrations.services.parties import Parties
from tests.registrations.services.places_world import World

DISHES = st.sampled_from([None, None, "fish", "meat"])
SERIAL = count()
VERBS = st.sampled_from([
    cancel_registration, uncancel_registration, approve_registration, reject_registration,
    accept_offer, decline_offer, put_on_waiting_list, join_list_again,
])  # fmt: skip
FEW = st.sampled_from([0, 1, 2, 2, 3, 4, None])


class Places(Parties):
    """The rules, one for each kind of deed."""

    registrations = Parties.registrations

    @initialize(target=registrations)
    def open_the_doors(self):
        self.make_world()
        # The doors were open for a while: there are queues.
        slugs = ["guest", "press", "approval"] * 2
        return multiple(*(self.enter(slug) for slug in slugs))

    # --- Registrations -------------------------------------------------------------------------
    def enter(self, slug, source="form", *, dish=None, talk=False, **more):
        def deed():
            parts = []
            if dish:
                form = read_form(self.conference)
                parts.append(answers_part(form, slug, answers={"dinner": dish}))
            if talk:
                parts += read_sign_ups(
                    conference=self.conference,
                    type_slug=slug,
                    codes=[self.talk.code],
                    language="en",
                )
            return register(
                conference=self.conference,
                type_slug=slug,
                given_name="Ana",
                family_name="Petrović",
                email=f"guest{next(SERIAL)}@example.org",
                language="en",
                source=source,
                actor=ANONYMOUS,
                parts=parts,
                **more,
            )

        row = self.attempt(deed)
        return row.pk if row else None

    @rule(
        target=registrations,
        slug=SLUGS,
        source=st.sampled_from(["form", "organiser", "import"]),
        dish=DISHES,
        talk=st.booleans(),
        code=st.sampled_from(["", "", "FRIENDS"]),
    )
    def come(self, slug, source, dish, talk, code):
        return self.enter(slug, source, dish=dish, talk=talk, access_code=code)

    @rule(pk=registrations, verb=VERBS)
    def do(self, pk, verb):
        if (row := self.load(pk)) is not None:
            self.attempt(verb, registration=row, actor=SYSTEM)

    @rule(pk=registrations)
    def approve_or_wait(self, pk):
        if (row := self.load(pk)) is not None:
            self.attempt(approve_registration, registration=row, actor=SYSTEM, or_wait=True)

    @rule(pk=registrations)
    def offer_by_hand(self, pk):
        if (row := self.load(pk)) is not None:
            self.attempt(offer_place, by_hand=[pk], registration=row, actor=SYSTEM)

    @rule(pk=registrations, dish=DISHES)
    def order(self, pk, dish):
        if (row := self.load(pk)) is not None:
            answers = {"dinner": dish}
            self.attempt(
                change_answers, registration=row, answers=answers, expected=None, actor=SYSTEM
            )

    @rule(pk=registrations, goes=st.booleans())
    def choose_the_talk(self, pk, goes):
        if (row := self.load(pk)) is not None:
            codes = [self.talk.code] if goes else []
            self.attempt(
                choose_sessions, registration=row, codes=codes, expected=None, actor=SYSTEM
            )

    @rule(
        decision=st.sampled_from(["approve", "approve", "reject", "waiting-list"]),
        some=st.integers(1, 3),
        or_wait=st.booleans(),
    )
    def decide_some(self, decision, some, or_wait):
        asking = ["pending_approval", "waiting_list", "offered"]
        rows = self.all(Registration).filter(status__in=asking).order_by("-pk")
        self.attempt(
            decide_registrations,
            conference=self.conference,
            codes=list(rows.values_list("code", flat=True)[:some]),
            decision=decision,
            or_wait=or_wait,
            actor=SYSTEM,
        )

    @rule(verb=st.sampled_from(["approve", "reject", "cancel"]), some=st.integers(1, 3))
    def do_to_some(self, verb, some):
        chosen = self.all(Registration).order_by("-pk").values_list("pk", flat=True)[:some]
        if chosen:
            self.attempt(
                start_deed,
                conference=self.conference,
                rows=Registration.objects.filter(pk__in=list(chosen)).order_by("pk"),
                verb=verb,
                values={},
                actor=SYSTEM,
            )

    @rule(silent=st.booleans())
    def let_places_go(self, silent):
        """By an offer whose time is over, or by silence when asked again."""
        status = "confirmed" if silent else "offered"
        rows = self.all(Registration).filter(status=status, source="form")
        ids = list(rows.values_list("pk", flat=True)[:2])
        if not silent:
            over = timezone.now() - dt.timedelta(minutes=1)
            Registration.objects.filter(pk__in=ids).update(offer_expires_at=over)
            self.attempt(expire_offers)
            return

        def deed():
            with transaction.atomic():
                locked = Registration.objects.select_for_update(of=("self",), no_key=True)
                related = locked.select_related("conference", "booking", "registration_type")
                silent_ones = list(related.filter(pk__in=ids).order_by("pk"))
                let_go(silent_ones, verb="release_silent", told="released")

        self.attempt(deed)

    # --- How many places there are, and who draws from them ------------------------------------
    @rule(slug=SLUGS, capacity=FEW)
    def resize(self, slug, capacity):
        self.attempt(
            change_registration_type,
            registration_type=self.types[slug],
            changes={"capacity": capacity},
            expected=None,
            actor=SYSTEM,
        )

    @rule(what=st.sampled_from(["hall", "talk", "fish", "meat"]), capacity=FEW)
    def resize_another(self, what, capacity):
        more = {"changes": {"capacity": capacity}, "expected": None, "actor": SYSTEM}
        if what == "hall":
            self.attempt(change_allotment, allotment=self.hall, **more)
        elif what == "talk":
            self.attempt(change_sign_up, sign_up_session=self.sign_up, **more)
        else:
            self.attempt(self.serve, dish=what, capacity=capacity)

    @rule(slug=SLUGS, own=st.booleans(), hall=st.booleans())
    def draw_from(self, slug, own, hall):
        drawn = [self.own[slug]] * own + [self.hall] * hall
        kind, existing = self.types[slug], Allotment.objects.filter(pk__in=[a.pk for a in drawn])
        self.attempt(
            set_allotments,
            registration_type=kind,
            allotments=list(existing),
            expected=None,
            actor=SYSTEM,
        )

    @rule(slugs=st.sets(SLUGS, max_size=3))
    def share_the_hall(self, slugs):
        kinds = [self.types[slug] for slug in sorted(slugs)]
        self.attempt(
            share_allotment,
            allotment=self.hall,
            registration_types=kinds,
            expected=None,
            actor=SYSTEM,
        )


def run(examples, steps, **more):
    run_state_machine_as_test(
        Places,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )


@pytest.fixture(autouse=True)
def _time_goes_on(clock, monkeypatch, unheard):
    monkeypatch.setattr(World, "clock", clock)


@pytest.mark.django_db
def test_places_are_right_after_every_deed():
    run(6, 25)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.django_db
def test_places_are_right_after_very_many_deeds():
    run(150, 60)


@pytest.mark.django_db
def test_negative_control_what_is_not_given_back_is_found(monkeypatch):
    monkeypatch.setattr(
        "registrations.services.cancelling.give_back_all_places", lambda *_arguments: 0
    )
    world = Places()
    world.open_the_doors()
    pk = world.enter("guest", access_code="FRIENDS")
    world.who_has_a_place_has_exactly_what_they_need()

    world.do(pk, cancel_registration)

    with pytest.raises(AssertionError):
        world.who_has_a_place_has_exactly_what_they_need()


@pytest.mark.django_db
def test_negative_control_what_is_not_asked_for_is_found(monkeypatch):
    """Places that nobody tells the task of would wait for the next beat."""
    world = Places()
    world.open_the_doors()
    world.come("guest", "form", None, False, "")
    assert world.in_line()
    Allotment.objects.filter(conference=world.conference).update(capacity=None)

    with pytest.raises(AssertionError, match="next beat"):
        world.attempt(lambda: None)
