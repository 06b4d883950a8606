"""A conference with all that places can be taken, kept and waited for by; and what must be true of
it after every deed.

A machine adds rules that call `attempt`; everything that has to hold is looked at here.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from itertools import count

from django.db import connection
from django.db.models import Sum
from hypothesis.stateful import RuleBasedStateMachine, invariant

from core.actors import SYSTEM
from core.errors import DomainError
from events.services.schedules import publish_schedule
from registrations.enums import TAKING_A_PLACE
from registrations.models import (
    AccessCode,
    Allotment,
    HeldPlace,
    HoldBack,
    Invitation,
    Registration,
    RegistrationPlace,
)
from registrations.services.access_codes import create_access_code
from registrations.services.capacity import uses_without_place
from registrations.services.filling import fill_freed_places
from registrations.services.needs import allotments_of_many
from registrations.services.question_options import write_options
from registrations.services.sign_up_sessions import open_sign_up
from registrations.tasks import wake_waiting_lists
from tests.factories.events import ConferenceFactory, SessionFactory
from tests.factories.registrations import QuestionFactory, RegistrationTypeFactory

SERIAL = count()
REFUSALS = {
    "already-registered",
    "capacity-below-taken",
    "not-found",
    "sold-out",
    "validation-failed",
    "wrong-state",
}


class World(RuleBasedStateMachine):
    """Guests and press share a hall; a dinner and a talk have places of their own."""

    clock = None

    def make_world(self):
        self.conference = ConferenceFactory(slug=f"forum-{next(SERIAL)}")
        make = RegistrationTypeFactory
        self.types = {
            "guest": make(conference=self.conference, slug="guest", capacity=2),
            "press": make(conference=self.conference, slug="press", capacity=2),
            "approval": make(
                conference=self.conference, slug="approval", capacity=2, approval=True
            ),
        }
        for slug in ("guest", "press"):
            self.types[slug].party_max = 3
            self.types[slug].save(update_fields=["party_max"])
        self.own = {slug: kind.allotments.get() for slug, kind in self.types.items()}
        self.hall = Allotment.objects.create(conference=self.conference, name="hall", capacity=3)
        for slug in ("guest", "press"):
            self.types[slug].allotments.add(self.hall)
        self.dinner = QuestionFactory(
            conference=self.conference, slug="dinner", kind="choice", options=["fish", "meat"]
        )
        self.serve("fish", 1)
        start = self.conference.start_local
        self.talk = SessionFactory(
            conference=self.conference, start_local=start, end_local=start + dt.timedelta(hours=1)
        )
        self.sign_up = open_sign_up(session=self.talk, capacity=1, actor=SYSTEM)
        publish_schedule(conference=self.conference, name="1.0", actor=SYSTEM)
        self.code = create_access_code(
            conference=self.conference,
            registration_types=[self.types["guest"], self.types["press"]],
            code="FRIENDS",
            max_uses=2,
            holds_places=True,
            actor=SYSTEM,
        )

    def serve(self, dish, capacity):
        """Give a dish so many places."""
        options = [{"slug": "fish"}, {"slug": "meat"}]
        next(one for one in options if one["slug"] == dish)["capacity"] = capacity
        write_options(self.dinner, options, SYSTEM)

    def attempt(self, deed, *, by_hand=(), **arguments):
        """Do something: it is done, or refused without a trace; then whatever is free is offered.

        Arguments:
            by_hand: ids of those whose place in the line does not count.
        """
        self.clock.shift(1)
        before, line = self.picture(), self.in_line()
        connection.run_on_commit.clear()
        try:
            done = deed(**arguments)
        except DomainError as refusal:
            kind = refusal.kind
        else:
            self.come_to_rest()
            self.check_order(line, set(by_hand))
            return done
        assert kind in REFUSALS, kind
        assert self.picture() == before
        return None

    def come_to_rest(self):
        """Do what the task does after the commit, which somebody must have asked for."""
        asked = any(entry[1] is wake_waiting_lists for entry in connection.run_on_commit)
        while fill_freed_places(conference_id=self.conference.pk, waits=True).offered:
            assert asked, "a place waits for the next beat"

    def all(self, model, **at):
        return model.objects.filter(**(at or {"conference": self.conference})).order_by("pk")

    def picture(self):
        """Return all that a deed may change."""
        mine = {"allotment__conference": self.conference}
        return [
            list(
                self.all(Registration).values_list(
                    "pk", "status", "version", "waiting_since", "lead", "email"
                )
            ),
            list(self.all(Allotment).values_list("pk", "capacity", "held", "taken")),
            list(self.all(RegistrationPlace, **mine).values_list("registration", "allotment")),
            list(self.all(HeldPlace, **mine).values_list("pk", "allotment", "count")),
            list(self.all(AccessCode).values_list("pk", "used", "max_uses", "active")),
            list(self.all(Invitation).values_list("pk", "response", "version")),
            list(self.all(HoldBack).values_list("pk")),
        ]

    def load(self, pk):
        return self.all(Registration).filter(pk=pk).first() if pk else None

    def in_line(self):
        rows = list(
            self.all(Registration, conference=self.conference, status="waiting_list").order_by(
                "waiting_since", "pk"
            )
        )
        needs = allotments_of_many(rows)
        return [(row.pk, frozenset(needs[row.pk])) for row in rows]

    def check_order(self, line, by_hand):
        """Nobody was offered a place past somebody who still waits for no more than they do."""
        rows = {row.pk: row for row in self.all(Registration)}
        # What they need now: the deed may have changed from which places a kind draws.
        needs = allotments_of_many(rows.values())
        passed_over = []
        for pk, _needs_then in line:
            if rows[pk].status == "waiting_list":
                passed_over.append(set(needs[pk]))
            elif rows[pk].status == "offered" and pk not in by_hand:
                assert not any(fewer <= set(needs[pk]) for fewer in passed_over)

    @invariant()
    def nothing_is_oversold_and_figures_are_those_of_the_rows(self):
        taken = dict(
            RegistrationPlace.objects.filter(allotment__conference=self.conference)
            .values_list("allotment")
            .annotate(n=Sum("count"))
        )
        held = dict(
            HeldPlace.objects.filter(allotment__conference=self.conference)
            .values_list("allotment")
            .annotate(n=Sum("count"))
        )
        for one in self.all(Allotment):
            assert (one.taken, one.held) == (taken.get(one.pk, 0), held.get(one.pk, 0)), one
            assert one.capacity is None or one.taken + one.held <= one.capacity

    @invariant()
    def who_has_a_place_has_exactly_what_they_need(self):
        rows = list(self.all(Registration).select_related("registration_type"))
        needs = allotments_of_many(rows)
        have = defaultdict(Counter)
        for place in RegistrationPlace.objects.filter(registration__in=rows):
            have[place.registration_id][place.allotment_id] += place.count
        on_top = set()
        for row in rows:
            expected = needs[row.pk] if row.status in TAKING_A_PLACE else []
            if have[row.pk] == Counter(expected):
                continue
            # Who is invited never meets "sold out".
            assert row.source == "invitation", (row.status, row.source)
            assert have[row.pk] < Counter(expected)
            if row.status == "confirmed":
                on_top.add(row.pk)
        for one in Invitation.objects.live().filter(conference=self.conference):
            comes = {one.registration_id, one.companion_id}
            assert one.over_capacity or not comes & on_top

    @invariant()
    def a_code_keeps_no_more_than_its_unused_uses(self):
        for code in self.all(AccessCode):
            assert code.used == code.registrations.live().count()
            most = uses_without_place(code) if code.holds_places and code.active else 0
            counts = HeldPlace.objects.filter(access_code=code).values_list("count", flat=True)
            assert all(0 < one <= most for one in counts)

    @invariant()
    def no_place_is_kept_for_who_has_answered(self):
        for held in HeldPlace.objects.filter(invitation__conference=self.conference):
            one = held.invitation
            undecided = one.response in {"", "tentative"}
            most = 1 + one.plus_one if undecided else int(one.plus_one)
            assert one.is_live
            assert 0 < held.count <= most
            assert one.response != "declined"

    @invariant()
    def nobody_waits_for_what_is_free(self):
        free = {
            one.pk
            for one in self.all(Allotment)
            if one.capacity is None or one.taken + one.held < one.capacity
        }
        for pk, needs in self.in_line():
            assert not needs <= free, f"{pk} waits for a place that is free"
