"""Signing up for sessions: places of their own, no two at the same time, never a silent loss."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from events.models import Session
from events.services.schedules import current_programme, publish_schedule
from events.services.sessions import delete_session
from registrations.models import Allotment, Registration, RegistrationPlace, SignUp, SignUpSession
from registrations.services import moving_choices
from registrations.services.answering import answer_invitation
from registrations.services.approving import approve_registration
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.changing_answers import change_details_and_answers
from registrations.services.losing_choices import lost_sessions
from registrations.services.overlaps import find_overlaps
from registrations.services.place_moves import exchange_places
from registrations.services.session_offers import chosen_by, chosen_codes, clashes, session_offers
from registrations.services.sign_up_sessions import change_sign_up, delete_sign_up, open_sign_up
from registrations.services.signing_up import (
    choose_sessions,
    leave_session,
    read_sign_ups,
)
from tests.factories.events import SessionFactory
from tests.factories.registrations import (
    AllotmentFactory,
    InvitationFactory,
    QuestionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db

GUEST = Actor("guest")


@pytest.fixture
def session(conference):
    """Return a function: a session of the draft, from one hour of the day to another."""

    def make(name, start, end):
        day = conference.start_local.replace(hour=0, minute=0)
        return SessionFactory(
            conference=conference,
            title={"en": name},
            start_local=day + dt.timedelta(hours=start),
            end_local=day + dt.timedelta(hours=end),
        )

    return make


@pytest.fixture
def workshops(session, conference):
    """Three published sessions for sign-up: the first two overlap, the third comes after."""
    made = [session("Maps", 10, 12), session("Data", 11, 13), session("Law", 13, 14)]
    rows = [open_sign_up(session=one, capacity=2, actor=SYSTEM) for one in made]
    publish_schedule(conference=conference, name="1.0", actor=SYSTEM)
    return rows


@pytest.fixture
def registration(guest_type):
    return RegistrationFactory(registration_type=guest_type)


def code(row):
    return row.session.code


def choose(registration, *rows, **more):
    return choose_sessions(
        registration=registration,
        codes=[code(row) for row in rows],
        actor=GUEST,
        **{"expected": None, "by_guest": True, **more},
    )


def part(conference, *rows, **more):
    return read_sign_ups(
        conference=conference,
        **{
            "type_slug": "guest",
            "codes": [code(row) for row in rows],
            "language": "en",
            **more,
        },
    )


def refusal(call):
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value.kind, {e.pointer: e.code for e in caught.value.errors}


def taken(*rows):
    return [Allotment.objects.get(pk=row.allotment_id).taken for row in rows]


class TestOverlaps:
    def test_what_meets_overlaps_and_what_follows_does_not(self, workshops, conference):
        maps, data, law = (code(row) for row in workshops)
        programme = current_programme(conference)

        assert find_overlaps(programme, [law, data, maps]) == [(maps, data)]
        assert find_overlaps(programme, [data, law, "ZZZZZZ"]) == []
        assert find_overlaps(programme, []) == []


class TestOpening:
    def test_a_session_gets_places_of_its_own(self, session, conference, guest_type):
        row = open_sign_up(
            session=session("Maps", 10, 12),
            capacity=5,
            registration_types=[guest_type],
            opens_local="2027-03-02T09:00",
            actor=SYSTEM,
        )

        assert (row.allotment.name, row.allotment.capacity) == ("Maps", 5)
        assert row.opens_at == dt.datetime(2027, 3, 2, 8, tzinfo=dt.UTC)
        assert AuditEntry.objects.latest("pk").facts == {"capacity": 5}
        again = refusal(lambda: open_sign_up(session=row.session, capacity=1, actor=SYSTEM))
        assert again == ("conflict", {"/session": "taken"})
        assert Allotment.objects.filter(name="Maps").count() == 1

    def test_it_closes_after_it_opens(self, session):
        window = {"opens_local": "2027-03-03T09:00", "closes_local": "2027-03-02T09:00"}
        wrong = refusal(
            lambda: open_sign_up(session=session("A", 1, 2), capacity=1, actor=SYSTEM, **window)
        )
        assert wrong == ("validation-failed", {"/closes_local": "order"})
        assert not SignUpSession.objects.exists()

    def test_it_is_changed_and_not_below_what_is_taken(self, workshops, registration):
        maps = workshops[0]
        choose(registration, maps)

        def change(**changes):
            return change_sign_up(
                sign_up_session=maps, changes=changes, expected=None, actor=SYSTEM
            )

        assert change(capacity=9).version == 2
        assert change(capacity=9).version == 2
        assert refusal(lambda: change(capacity=0))[0] == "capacity-below-taken"

    def test_only_one_that_nobody_chose_is_deleted(self, workshops, registration):
        maps, data, _law = workshops
        choose(registration, maps)

        delete_sign_up(sign_up_session=data, expected=1, actor=SYSTEM)
        used = refusal(lambda: delete_sign_up(sign_up_session=maps, expected=1, actor=SYSTEM))
        assert (used[0], Allotment.objects.filter(name="Data").exists()) == ("in-use", False)

    def test_a_session_with_sign_up_is_not_deleted_from_the_draft(self, session):
        row = open_sign_up(session=session("New", 15, 16), capacity=1, actor=SYSTEM)
        gone = refusal(lambda: delete_session(session=row.session, expected=None, actor=SYSTEM))
        assert gone[0] == "in-use"


class TestOffers:
    def test_readers_see_what_is_published_in_the_order_of_time(
        self, workshops, session, conference
    ):
        open_sign_up(session=session("Draft only", 8, 9), capacity=1, actor=SYSTEM)

        offers = session_offers(conference)

        assert [(o.session.title["en"], o.state, o.places_left) for o in offers] == [
            ("Maps", "open", 2),
            ("Data", "open", 2),
            ("Law", "open", 2),
        ]

    def test_each_says_whether_it_can_be_had(self, workshops, conference, clock):
        maps, data, law = workshops
        Allotment.objects.filter(pk=maps.allotment_id).update(taken=2)
        SignUpSession.objects.filter(pk=data.pk).update(opens_at="2027-03-02T00:00Z")
        SignUpSession.objects.filter(pk=law.pk).update(closes_at=timezone.now())

        states = [offer.state.value for offer in session_offers(conference)]

        assert states == ["sold_out", "not_open", "closed"]
        clock.move_to("2027-03-18T11:30")
        assert session_offers(conference)[0].state == "closed"

    @pytest.mark.parametrize("count", [1, 3])
    def test_they_cost_the_same_for_many(
        self, workshops, conference, count, django_assert_num_queries
    ):
        SignUpSession.objects.filter(pk__in=[row.pk for row in workshops[count:]]).delete()
        programme = current_programme(conference)

        with django_assert_num_queries(2):
            assert len(session_offers(conference, programme)) == count

    def test_without_any_there_is_one_question(self, conference, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert session_offers(conference) == []


class TestRegistering:
    def test_sessions_are_chosen_with_the_registration(
        self, workshops, conference, guest, guest_type
    ):
        maps, _data, law = workshops

        row = guest(parts=part(conference, maps, law))

        assert chosen_codes(row) == [code(maps), code(law)]
        assert (taken(*workshops), row.places.count()) == ([1, 0, 1], 3)

    def test_none_are_no_part_and_no_query(self, conference, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert part(conference) == []

    @pytest.mark.parametrize(
        ("change", "error"),
        [
            ({"opens_at": "2027-03-02T00:00Z"}, "not_open"),
            ({"closes_at": "2027-03-01T00:00Z"}, "closed"),
        ],
    )
    def test_guests_meet_the_window_and_organisers_do_not(
        self, workshops, conference, guest_type, change, error
    ):
        maps = workshops[0]
        SignUpSession.objects.filter(pk=maps.pk).update(**change)

        assert refusal(lambda: part(conference, maps))[1] == {"/sessions/0": error}
        assert len(part(conference, maps, by_guest=False)) == 1

    def test_what_is_unknown_for_others_or_at_one_time_is_refused(
        self, workshops, conference, guest_type
    ):
        maps, data, law = workshops
        press = RegistrationTypeFactory(conference=conference, slug="press")
        law.registration_types.add(press)

        unknown = refusal(lambda: part(conference, codes=["ZZZZZZ", code(law)]))
        assert unknown[1] == {"/sessions/0": "unknown", "/sessions/1": "wrong-type"}
        assert len(part(conference, law, type_slug="press")) == 1
        same_time = refusal(lambda: part(conference, maps, data))
        assert same_time == ("validation-failed", {"/sessions": "overlap"})

    def test_a_full_session_refuses_the_whole_registration(
        self, workshops, conference, guest, guest_type
    ):
        maps = workshops[0]
        ready = part(conference, maps)
        Allotment.objects.filter(pk=maps.allotment_id).update(capacity=0)

        assert refusal(lambda: guest(parts=ready)) == ("sold-out", {"/sessions": "sold-out"})
        assert (Registration.objects.count(), SignUp.objects.count()) == (0, 0)
        assert refusal(lambda: part(conference, maps)) == ("sold-out", {"/sessions": "sold-out"})

    def test_who_waits_has_a_wish_and_no_place_yet(self, workshops, conference, guest, guest_type):
        Allotment.objects.filter(name="guest").update(capacity=0)
        row = guest(parts=part(conference, workshops[0]))
        assert (row.status, taken(workshops[0])) == ("waiting_list", [0])

        Allotment.objects.filter(name="guest").update(capacity=1)
        approve_registration(registration=row, actor=SYSTEM)
        assert taken(workshops[0]) == [1]

    def test_a_yes_that_lacks_a_session_says_which(self, workshops, conference, guest, guest_type):
        Allotment.objects.filter(name="guest").update(capacity=0)
        row = guest(parts=part(conference, workshops[0]))
        Allotment.objects.filter(name="guest").update(capacity=1)
        Allotment.objects.filter(name="Maps").update(capacity=0)

        with pytest.raises(DomainError, match="There is no place left at “Maps”"):
            approve_registration(registration=row, actor=SYSTEM)

    def test_who_comes_back_comes_without_what_is_full(
        self, workshops, conference, guest, guest_type
    ):
        maps, _data, law = workshops
        row = guest(parts=part(conference, maps, law))
        cancel_registration(registration=row, actor=SYSTEM)
        Allotment.objects.filter(name="Maps").update(capacity=0)

        uncancel_registration(registration=row, actor=SYSTEM)

        assert (chosen_codes(row), lost_sessions(row)) == ([code(law)], [code(maps)])
        assert taken(maps, law) == [0, 1]

    def test_without_a_place_of_the_kind_nobody_comes_back(
        self, workshops, conference, guest, guest_type
    ):
        row = guest(parts=part(conference, workshops[0]))
        cancel_registration(registration=row, actor=SYSTEM)
        Allotment.objects.filter(name__in=["guest", "Maps"]).update(capacity=0)

        with pytest.raises(DomainError) as caught:
            uncancel_registration(registration=row, actor=SYSTEM)

        assert caught.value.kind == "sold-out"
        assert (chosen_codes(row), lost_sessions(row)) == ([code(workshops[0])], [])


class TestChoosing:
    def test_sessions_are_joined_and_left_at_once(self, workshops, registration, told):
        maps, data, law = workshops

        choose(registration, maps, law)
        assert taken(*workshops) == [1, 0, 1]
        row = choose(registration, data, law, expected=2)

        assert (taken(*workshops), row.version) == ([0, 1, 1], 3)
        assert sorted(chosen_codes(row)) == sorted([code(data), code(law)])
        assert told == [("changed", 1, True)] * 2
        entry = AuditEntry.objects.latest("pk")
        assert (entry.verb, entry.facts) == ("choose_sessions", {"joined": 1, "left": 1})

    def test_the_same_again_changes_nothing(self, workshops, registration, told):
        choose(registration, workshops[0])
        row = choose(registration, workshops[0])

        assert (row.version, len(told)) == (2, 1)

    def test_one_is_left_alone(self, workshops, registration, told):
        maps, _data, law = workshops
        choose(registration, maps, law)
        assert taken(*workshops) == [1, 0, 1]

        for _press in range(2):
            leave_session(registration=registration, session=code(maps), actor=GUEST)
        assert told == [("changed", 1, True), ("changed", 1, False)]
        assert (taken(*workshops), chosen_codes(registration)) == ([0, 0, 1], [code(law)])

    def test_a_refusal_leaves_everything(self, workshops, registration):
        maps, data, law = workshops
        choose(registration, maps)
        Allotment.objects.filter(pk=law.allotment_id).update(taken=2)

        assert refusal(lambda: choose(registration, law))[0] == "sold-out"
        assert refusal(lambda: choose(registration, maps, data))[1] == {"/sessions": "overlap"}
        assert refusal(lambda: choose(registration, law, expected=9))[0] == "stale"
        assert (taken(maps), chosen_codes(registration)) == ([1], [code(maps)])

    def test_guests_may_until_the_deadline_and_only_live_ones(self, workshops, registration, clock):
        maps, _data, law = workshops
        choose(registration, maps)
        clock.move_to("2027-03-18T11:30")
        assert refusal(lambda: choose(registration, law))[0] == "wrong-state"
        choose(registration, law, by_guest=False)
        cancel_registration(registration=registration, actor=SYSTEM)
        assert refusal(lambda: choose(registration, maps, by_guest=False))[0] == "wrong-state"

    def test_cancelling_gives_them_back_and_uncancelling_takes_them_anew(
        self, workshops, registration
    ):
        maps, _data, law = workshops
        choose(registration, maps, law)

        cancel_registration(registration=registration, actor=SYSTEM)
        assert (taken(*workshops), SignUp.objects.count()) == ([0, 0, 0], 2)
        uncancel_registration(registration=registration, actor=SYSTEM)
        assert taken(*workshops) == [1, 0, 1]

    def test_a_session_in_the_hall_of_the_type_takes_one_place(
        self, workshops, registration, guest_type
    ):
        own = guest_type.allotments.get()
        SignUpSession.objects.filter(pk=workshops[0].pk).update(allotment=own)

        choose(registration, workshops[0])
        own.refresh_from_db()
        assert (own.taken, RegistrationPlace.objects.count()) == (1, 1)
        choose(registration)
        own.refresh_from_db()
        assert (own.taken, RegistrationPlace.objects.count()) == (1, 1)

    def test_a_later_move_is_a_finding_and_nothing_is_lost(
        self, workshops, registration, conference, clock, django_assert_num_queries
    ):
        maps, _data, law = workshops
        choose(registration, maps, law)
        assert clashes(conference, current_programme(conference)) == []
        row = Session.objects.get(pk=law.session_id)
        row.start_local, row.starts_at = maps.session.start_local, maps.session.starts_at
        row.save()
        publish_schedule(conference=conference, name="2.0", actor=SYSTEM)

        programme = current_programme(conference)
        # However many overlap: the sessions, and who has chosen two.
        with django_assert_num_queries(2):
            found = clashes(conference, programme)

        assert [(c.one.code, c.other.code, c.number) for c in found] in (
            [(code(maps), code(law), 1)],
            [(code(law), code(maps), 1)],
        )
        assert (len(chosen_codes(registration)), taken(maps, law)) == (2, [1, 1])
        # What overlaps already does not stand in the way of anything else.
        choose(registration, law)
        assert chosen_by([registration.pk]) == {registration.pk: [code(law)]}


class TestInvited:
    """Who is invited by name comes, with or without what they had chosen."""

    @pytest.fixture
    def invited(self, guest_type, workshops):
        """Somebody who had chosen Maps and Law, and then sent a regret."""
        maps, _data, law = workshops
        yes = {"response": "accepted", "via": "link", "actor": GUEST}
        row = answer_invitation(invitation=InvitationFactory(registration_type=guest_type), **yes)
        choose(row.registration, maps, law)
        return answer_invitation(invitation=row, **{**yes, "response": "declined"})

    def again(self, invited):
        return answer_invitation(invitation=invited, response="accepted", via="link", actor=GUEST)

    def test_a_full_session_does_not_put_them_on_top(self, invited, guest_type, workshops):
        maps, _data, law = workshops
        Allotment.objects.filter(pk=maps.allotment_id).update(taken=2)

        row = self.again(invited)

        own = row.registration
        assert (own.status, row.over_capacity) == ("confirmed", False)
        kinds = {guest_type.allotments.get().pk, law.allotment_id}
        assert set(own.places.values_list("allotment_id", flat=True)) == kinds
        assert chosen_codes(own) == [code(law)]
        assert lost_sessions(own) == [code(maps)]
        choose(own, law, workshops[1])
        assert lost_sessions(own) == []

    def test_a_full_type_costs_no_session(self, invited, guest_type, workshops):
        maps, _data, law = workshops
        Allotment.objects.filter(pk=guest_type.allotments.get().pk).update(taken=10)

        row = self.again(invited)

        own = row.registration
        assert (own.status, row.over_capacity) == ("confirmed", True)
        taken_of = set(own.places.values_list("allotment_id", flat=True))
        assert taken_of == {maps.allotment_id, law.allotment_id}
        assert lost_sessions(own) == []

    def test_both_full_is_said_of_both(self, invited, guest_type, workshops):
        Allotment.objects.update(taken=F("capacity"))

        row = self.again(invited)

        assert (row.registration.status, row.over_capacity) == ("confirmed", True)
        assert not row.registration.places.exists()
        assert sorted(lost_sessions(row.registration)) == sorted(
            [code(workshops[0]), code(workshops[2])]
        )


class TestWithAnswers:
    """Answers and sessions change in one request: all or nothing, places in one round."""

    @pytest.fixture
    def dinner(self, conference):
        question = QuestionFactory(
            conference=conference, slug="dinner", kind="choice", options=["fish", "vegan"]
        )
        for option in question.options.all():
            option.allotment = AllotmentFactory(conference=conference, capacity=1)
            option.save()
        return question

    @pytest.fixture
    def rounds(self, monkeypatch):
        """What was taken and given back, round by round."""
        seen = []

        def note(**moves):
            seen.append((set(moves["take"]), set(moves["give"])))
            return exchange_places(**moves)

        monkeypatch.setattr(moving_choices, "exchange_places", note)
        return seen

    def change(self, registration, dish, *rows):
        registration.refresh_from_db()
        return change_details_and_answers(
            registration=registration,
            details={"given_name": "Mila"},
            answers={"dinner": dish},
            sessions=[code(row) for row in rows],
            expected=registration.version,
            actor=SYSTEM,
        )

    def test_places_of_both_move_in_one_round(self, workshops, registration, dinner, rounds):
        maps, _data, law = workshops
        fish, vegan = (dinner.options.get(slug=slug).allotment_id for slug in ("fish", "vegan"))

        self.change(registration, "fish", maps)
        row = self.change(registration, "vegan", law)

        assert rounds == [
            ({fish, maps.allotment_id}, set()),
            ({vegan, law.allotment_id}, {fish, maps.allotment_id}),
        ]
        assert taken(*workshops) == [0, 0, 1]
        assert (chosen_codes(row), row.given_name) == ([code(law)], "Mila")
        assert [Allotment.objects.get(pk=pk).taken for pk in (fish, vegan)] == [0, 1]

    @pytest.mark.parametrize("full", ["session", "option"])
    def test_what_is_full_leaves_everything(self, workshops, registration, dinner, rounds, full):
        maps, _data, law = workshops
        self.change(registration, "fish", maps)
        vegan = dinner.options.get(slug="vegan").allotment_id
        pk = law.allotment_id if full == "session" else vegan
        Allotment.objects.filter(pk=pk).update(taken=F("capacity"))

        kind, pointers = refusal(lambda: self.change(registration, "vegan", law))[:2]

        assert kind == "sold-out"
        assert ("/sessions" if full == "session" else "/answers/dinner") in str(pointers)
        assert chosen_codes(registration) == [code(maps)]
        assert registration.answers.get().option.slug == "fish"
