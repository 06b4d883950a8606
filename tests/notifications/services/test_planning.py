"""From rules to rows: who gets what and when; planned anew after each change; again for free."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from core.clock import resolve_local
from events.models import Conference
from events.services.conferences import (
    cancel_conference,
    change_conference,
    postpone_conference,
    reopen_conference,
)
from events.services.outcome_publishing import publish_outcome
from events.services.outcomes import save_outcome
from events.services.panels import change_participation
from events.services.schedules import publish_schedule
from events.services.sessions import cancel_session, place_session
from notifications.enums import Anchor, Audience, CancelReason, MessageState
from notifications.models import Message
from notifications.services.outbox import cancel_message
from notifications.services.planning import find_planned
from notifications.services.replanning import (
    plan_rule,
    plan_rules,
    rules_to_look_at_again,
    rules_to_plan,
)
from notifications.services.rules import change_reminder_rule
from notifications.services.sweeping import sweep
from registrations.services.cancelling import cancel_registration
from registrations.services.registering import register
from tests.factories.events import (
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
)
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
    start_of,
)

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def plan(rule):
    return plan_rule(rule.pk)


def rows(rule=None, **filters):
    """Return (recipient, state, why cancelled) of a rule's rows."""
    found = Message.objects.filter(**({"rule": rule} if rule else {}), **filters)
    return list(found.order_by("id").values_list("to_email", "state", "cancelled_for"))


def move(conference, **by):
    away = dt.timedelta(**by)
    conference = fresh(conference)
    return change_conference(
        conference=conference,
        changes={
            "start_local": conference.start_local + away,
            "end_local": conference.end_local + away,
        },
        expected=None,
        actor=SYSTEM,
    )


@pytest.fixture
def rule():
    return ReminderRuleFactory()


@pytest.fixture
def guest(rule):
    return guests_of(rule.conference)[0]


class TestPlanning:
    def test_every_attendee_gets_one_row_with_its_moment(self, rule):
        guests = guests_of(rule.conference, 3)
        guests_of(rule.conference, 1, status="cancelled")
        assert plan(rule) == 3
        start = start_of(rule.conference)
        local = rule.conference.start_local.isoformat(timespec="minutes")
        found = list(Message.objects.order_by("id"))
        assert [
            (m.key, m.kind, m.template, m.occurrence, m.registration_id, m.to_email, m.language)
            for m in found
        ] == [
            (
                f"reminder:{rule.code}:{guest.code}:start@{local}",
                "reminder",
                "reminder",
                f"start@{local}",
                guest.pk,
                guest.email,
                "en",
            )
            for guest in guests
        ]
        day_before = resolve_local(
            rule.conference.start_local - dt.timedelta(days=1), "Europe/Belgrade"
        )
        assert {(m.due_at, m.not_after, m.plan_revision, m.state) for m in found} == {
            (day_before, start, 1, "queued")
        }
        assert fresh(rule).planned_revision == 1

    def test_planning_again_is_free(self, rule, guest, django_assert_num_queries):
        assert (plan(rule), plan(rule)) == (1, 0)
        assert rules_to_plan() == []
        with django_assert_num_queries(7) as seen:
            plan(rule)
        assert all(query["sql"].startswith("SELECT") for query in seen.captured_queries)

    def test_a_thousand_at_a_time(self, rule, monkeypatch):
        monkeypatch.setattr("notifications.services.recipients.CHUNK", 2)
        guests_of(rule.conference, 5)
        assert plan(rule) == 5
        assert len({m.key for m in Message.objects.all()}) == 5

    def test_mail_without_an_address_of_its_own_goes_to_the_bookings_contact(self, rule):
        guest = guests_of(rule.conference, email="", email_key=None)[0]
        type(guest.booking).objects.update(contact_email="office@embassy.example")
        plan(rule)
        assert rows() == [("office@embassy.example", "queued", "")]
        type(guest.booking).objects.update(contact_email="")
        Message.objects.all().delete()
        plan(rule)
        assert rows() == []

    def test_the_waiting_list_is_an_audience_of_its_own(self):
        rule = ReminderRuleFactory(audience=Audience.WAITING_LIST)
        guests_of(rule.conference)
        waiting = guests_of(rule.conference, status="waiting_list")[0]
        plan(rule)
        assert rows() == [(waiting.email, "queued", "")]

    def test_a_moment_that_has_passed_is_made_up_for_until_it_is_too_late(self):
        soon = ReminderRuleFactory(conference=conference_in(days=0, hours=20))
        guests_of(soon.conference)
        plan(soon)
        assert Message.objects.get().due_at < timezone.now()
        over = ReminderRuleFactory(conference=conference_in(days=-1))
        guests_of(over.conference)
        assert plan(over) == 0

    @pytest.mark.parametrize("state", ["draft", "postponed", "cancelled"])
    def test_a_conference_that_does_not_take_place_has_no_rules(self, rule, guest, state):
        Conference.objects.update(state=state)
        assert plan(rule) == 0
        assert (rows(), rules_to_plan(), fresh(rule).planned_revision) == ([], [], 0)

    def test_a_rule_that_is_off_plans_nothing(self, rule, guest):
        plan(rule)
        change_reminder_rule(rule=rule, changes={"enabled": False}, expected=None, actor=SYSTEM)
        assert rules_to_plan() == [rule.pk]
        plan(rule)
        assert rows() == [(guest.email, "cancelled", CancelReason.CONFERENCE)]
        assert rules_to_plan() == []
        change_reminder_rule(rule=rule, changes={"enabled": True}, expected=None, actor=SYSTEM)
        plan(rule)
        assert rows() == [(guest.email, "queued", "")]


class TestMoving:
    def test_a_move_cancels_the_old_moment_and_plans_the_new_one(self, rule, guest):
        plan(rule)
        moved = move(rule.conference, days=5)
        assert rules_to_plan() == [rule.pk]
        sweep()
        local = moved.start_local.isoformat(timespec="minutes")
        assert rows(rule) == [
            (guest.email, "cancelled", CancelReason.PLAN),
            (guest.email, "queued", ""),
        ]
        assert Message.objects.get(rule=rule, state="queued").occurrence == f"start@{local}"

    def test_a_move_writes_no_message_in_its_own_transaction(
        self, rule, django_assert_max_num_queries
    ):
        guests_of(rule.conference, 5)
        plan(rule)
        before = list(Message.objects.values_list("id", "state", "updated_at"))
        move(rule.conference, days=1)
        assert list(Message.objects.values_list("id", "state", "updated_at")) == before

    def test_a_move_back_brings_the_old_row_back(self, rule, guest):
        plan(rule)
        first = Message.objects.get()
        move(rule.conference, days=5)
        sweep()
        move(rule.conference, days=-5)
        sweep()
        first.refresh_from_db()
        assert (first.state, first.cancelled_for) == ("queued", "")
        assert Message.objects.filter(rule=rule, state="queued").count() == 1

    def test_what_was_sent_is_never_sent_twice_for_the_same_start(self, rule, guest):
        plan(rule)
        Message.objects.update(state=MessageState.SENT, sent_at=timezone.now())
        move(rule.conference, days=5)
        sweep()
        move(rule.conference, days=-5)
        sweep()
        assert rows(rule) == [
            (guest.email, "sent", ""),
            (guest.email, "cancelled", CancelReason.PLAN),
        ]

    def test_another_zone_keeps_the_row_and_moves_its_moment(self, rule, guest):
        plan(rule)
        before = Message.objects.get()
        change_conference(
            conference=fresh(rule.conference),
            changes={"time_zone": "America/New_York"},
            expected=None,
            actor=SYSTEM,
        )
        sweep()
        after = Message.objects.get(rule=rule)
        assert (after.pk, after.key) == (before.pk, before.key)
        assert after.due_at == resolve_local(
            rule.conference.start_local - dt.timedelta(days=1), "America/New_York"
        )
        assert after.plan_revision > before.plan_revision

    def test_a_conference_that_comes_nearer_than_the_moment_reminds_at_once(self, rule, guest):
        plan(rule)
        move(rule.conference, days=-8, hours=-4)
        sweep()
        row = Message.objects.get(rule=rule, state="queued")
        assert row.due_at < timezone.now() < row.not_after

    def test_expired_rows_wait_again_when_there_is_time_again(self, rule, guest):
        plan(rule)
        Message.objects.update(state=MessageState.EXPIRED)
        Conference.objects.update(plan_revision=2)
        plan(rule)
        assert rows() == [(guest.email, "queued", "")]

    def test_cancelled_postponed_and_reopened(self, rule, guest):
        plan(rule)
        for verb, state in [
            (postpone_conference, "cancelled"),
            (reopen_conference, "queued"),
            (cancel_conference, "cancelled"),
            (reopen_conference, "queued"),
        ]:
            verb(conference=fresh(rule.conference), expected=None, actor=SYSTEM)
            sweep()
            assert [row[1] for row in rows(rule)] == [state], verb

    def test_what_a_person_took_back_stays_taken_back(self, rule, guest):
        plan(rule)
        cancel_message(message=Message.objects.get(), actor=SYSTEM)
        Conference.objects.update(plan_revision=2)
        plan(rule)
        assert rows() == [(guest.email, "cancelled", CancelReason.ORGANISER)]

    def test_a_row_in_a_senders_hands_is_left_and_picked_up_when_it_comes_back(self, rule, guest):
        plan(rule)
        Message.objects.update(state="claimed", lease_token="0" * 32, lease_until=timezone.now())
        Conference.objects.update(plan_revision=2)
        plan(rule)
        assert rows() == [(guest.email, "claimed", "")]
        Message.objects.update(state="queued", lease_token=None, lease_until=None)
        assert rules_to_plan() == [rule.pk]
        plan(rule)
        assert Message.objects.get().plan_revision == 2
        assert rules_to_plan() == []

    def test_an_older_plan_never_takes_a_row_back_to_its_revision(self, rule, guest):
        plan(rule)
        Message.objects.update(plan_revision=5)
        plan(rule)
        assert Message.objects.get().plan_revision == 5

    def test_a_change_of_the_rule_moves_what_waits(self, rule, guest):
        plan(rule)
        change_reminder_rule(
            rule=rule,
            changes={"offset": "-P2D", "template": "practical"},
            expected=None,
            actor=SYSTEM,
        )
        plan(rule)
        row = Message.objects.get()
        assert row.template == "practical"
        assert row.due_at == resolve_local(
            rule.conference.start_local - dt.timedelta(days=2), "Europe/Belgrade"
        )

    def test_a_rule_is_looked_at_once_more_for_who_registered_at_that_moment(self, rule):
        plan(rule)
        late_commit = guests_of(rule.conference)[0]
        assert rules_to_plan() == []
        assert rules_to_look_at_again() == [rule.pk]
        plan_rules(rules_to_look_at_again())
        assert rows() == [(late_commit.email, "queued", "")]
        type(rule).objects.update(planned_at=timezone.now() - dt.timedelta(minutes=4))
        assert rules_to_look_at_again() == []


class TestSpeakers:
    @pytest.fixture
    def panel(self):
        conference = conference_in()
        session = SessionFactory(
            conference=conference,
            start_local=conference.start_local,
            end_local=conference.start_local + dt.timedelta(hours=1),
        )
        self.moderator = ParticipationFactory(session=session, role="moderator")
        self.panellist = ParticipationFactory(session=session, role="panellist")
        ParticipationFactory(session=session, state="invited")
        publish_schedule(conference=conference, name="", actor=SYSTEM)
        return session

    def rule(self, panel, **fields):
        fields.setdefault("audience", Audience.SPEAKERS)
        return ReminderRuleFactory(conference=panel.conference, template="practical", **fields)

    def emails(self, rule):
        return [row[0] for row in rows(rule, state="queued")]

    def test_speakers_are_the_confirmed_people_of_the_published_programme(self, panel):
        rule = self.rule(panel)
        plan(rule)
        assert self.emails(rule) == [self.moderator.person.email, self.panellist.person.email]
        (first, _second) = Message.objects.order_by("id")
        assert first.participation == self.moderator
        assert first.person == self.moderator.person
        assert first.key.startswith(f"reminder:{rule.code}:{self.moderator.person.code}:start@")

    def test_a_role_narrows_the_audience(self, panel):
        rule = self.rule(panel, role="moderator")
        plan(rule)
        assert self.emails(rule) == [self.moderator.person.email]

    def test_a_person_with_two_sessions_is_reminded_of_each(self, panel):
        other = SessionFactory(
            conference=panel.conference,
            start_local=panel.start_local + dt.timedelta(hours=2),
            end_local=panel.start_local + dt.timedelta(hours=3),
        )
        ParticipationFactory(session=other, person=self.moderator.person)
        publish_schedule(conference=panel.conference, name="", actor=SYSTEM)
        rule = self.rule(panel, anchor=Anchor.SESSION_START, offset="-PT2H")
        plan(rule)
        mine = Message.objects.filter(person=self.moderator.person).order_by("due_at")
        assert [m.occurrence.partition("@")[0] for m in mine] == [
            f"session:{panel.code}",
            f"session:{other.code}",
        ]
        assert mine[1].due_at - mine[0].due_at == dt.timedelta(hours=2)

    def test_one_sessions_people(self, panel):
        other = SessionFactory(
            conference=panel.conference,
            start_local=panel.start_local + dt.timedelta(hours=2),
            end_local=panel.start_local + dt.timedelta(hours=3),
        )
        alone = ParticipationFactory(session=other)
        publish_schedule(conference=panel.conference, name="", actor=SYSTEM)
        rule = self.rule(panel, audience=Audience.SESSION, session=other)
        plan(rule)
        assert self.emails(rule) == [alone.person.email]

    def test_the_draft_does_not_count_until_it_is_published(self, panel):
        rule = self.rule(panel, anchor=Anchor.SESSION_START, offset="-PT2H")
        plan(rule)
        before = set(Message.objects.values_list("due_at", flat=True))
        place_session(
            session=panel,
            start_local=panel.start_local + dt.timedelta(hours=1),
            end_local=panel.end_local + dt.timedelta(hours=1),
            room=None,
            expected=None,
            actor=SYSTEM,
        )
        sweep()
        assert (
            set(Message.objects.filter(state="queued").values_list("due_at", flat=True)) == before
        )
        publish_schedule(conference=fresh(panel.conference), name="", actor=SYSTEM)
        sweep()
        after = set(
            Message.objects.filter(state="queued", rule=rule).values_list("due_at", flat=True)
        )
        assert {moment - dt.timedelta(hours=1) for moment in after} == before

    def test_a_session_that_is_cancelled_takes_its_mails_back_once_readers_know(self, panel):
        rule = self.rule(panel, anchor=Anchor.SESSION_START, offset="-PT2H")
        attendees = ReminderRuleFactory(
            conference=panel.conference,
            anchor=Anchor.SESSION_START,
            offset="-PT1H",
            session=panel,
        )
        guests_of(panel.conference)
        plan_rules([rule.pk, attendees.pk])
        assert len(rows(state="queued")) == 3
        cancel_session(session=fresh(panel), expected=None, actor=SYSTEM)
        sweep()
        assert len(rows(state="queued")) == 3
        publish_schedule(conference=fresh(panel.conference), name="", actor=SYSTEM)
        sweep()
        assert {row[1:] for row in rows()} == {("cancelled", CancelReason.PLAN)}

    def test_who_declines_is_not_reminded_any_more(self, panel):
        rule = self.rule(panel)
        plan(rule)
        change_participation(
            participation=self.moderator,
            changes={"state": "declined"},
            expected=None,
            actor=SYSTEM,
        )
        sweep()
        assert self.emails(rule) == [self.panellist.person.email]

    def test_mail_goes_to_the_assistant_and_to_the_principal_if_wished(self, panel):
        person = self.moderator.person
        person.assistants.create(name="Iva", email="iva@example.org", copy_to_principal=True)
        self.panellist.person.assistants.create(name="Una", email="una@example.org")
        rule = self.rule(panel)
        plan(rule)
        assert self.emails(rule) == ["iva@example.org", person.email, "una@example.org"]
        keys = Message.objects.filter(person=person).order_by("id").values_list("key", flat=True)
        assert [key.split(":")[2] for key in keys] == [person.code, f"{person.code}.copy"]

    def test_who_has_no_address_is_passed_over(self, panel):
        PersonFactory._meta.model.objects.filter(pk=self.moderator.person_id).update(email="")
        rule = self.rule(panel)
        plan(rule)
        assert self.emails(rule) == [self.panellist.person.email]

    def test_a_cancelled_session_reminds_nobody(self, panel):
        rule = self.rule(panel, anchor=Anchor.SESSION_START, offset="-PT2H")
        type(panel).objects.filter(pk=panel.pk).update(state="cancelled")
        publish_schedule(conference=fresh(panel.conference), name="", actor=SYSTEM)
        plan(rule)
        assert rows(rule) == []

    def test_attendees_are_reminded_of_a_session_that_the_rule_names(self, panel):
        RoomFactory()
        guest = guests_of(panel.conference)[0]
        rule = self.rule(
            panel, audience=Audience.ATTENDEES, anchor=Anchor.SESSION_START, session=panel
        )
        plan(rule)
        assert (guest.email, "queued", "") in rows(rule)
        assert Message.objects.get(registration=guest).occurrence.startswith(
            f"session:{panel.code}@"
        )


class TestAfterwards:
    def test_an_outcome_has_its_moment_when_it_is_published(self):
        conference = conference_in(days=-2)
        rule = ReminderRuleFactory(
            conference=conference, anchor=Anchor.OUTCOME_PUBLISHED, offset="PT0M", template="thanks"
        )
        guest = guests_of(conference)[0]
        sweep()
        assert rows(rule) == []
        save_outcome(
            conference=conference,
            headline={"en": "What we heard"},
            summary={},
            outlook={},
            items=[],
            related=[],
            actor=SYSTEM,
            expected=None,
        )
        publish_outcome(conference=conference, actor=SYSTEM, expected=None)
        sweep()
        assert rows(rule) == [(guest.email, "queued", "")]

    def test_thanks_the_day_after_at_ten(self):
        conference = conference_in(days=-1)
        rule = ReminderRuleFactory(
            conference=conference,
            anchor=Anchor.CONFERENCE_END,
            offset="P1D",
            at=dt.time(10, 0),
            template="thanks",
        )
        guests_of(conference)
        plan(rule)
        row = Message.objects.get()
        wanted = dt.datetime.combine(
            conference.end_local.date() + dt.timedelta(days=1), dt.time(10, 0)
        )
        assert row.due_at == resolve_local(wanted, "Europe/Belgrade")
        assert row.not_after - resolve_local(
            conference.end_local, "Europe/Belgrade"
        ) == dt.timedelta(days=7)


class TestFinding:
    def test_the_moment_of_a_message_is_found_while_its_rule_has_it(self, rule, guest):
        plan(rule)
        row = Message.objects.select_related("rule", "conference", "registration").get()
        assert find_planned(row).due_at == row.due_at
        move(rule.conference, days=1)
        row = Message.objects.select_related("rule", "conference", "registration").get(pk=row.pk)
        assert find_planned(row) is None

    def test_a_message_without_a_rule_has_none(self):
        assert find_planned(MessageFactory()) is None


class TestGuests:
    """Who registers, cancels and comes back, with the moment before and behind them."""

    @pytest.fixture
    def soon(self):
        conference = conference_in(days=0, hours=20)
        guests_of(conference, 0)
        return conference

    def join(self, conference, email="late@example.org"):
        kind = conference.registration_types.first()
        return register(
            conference=fresh(conference),
            type_slug=kind.slug,
            given_name="Ana",
            family_name="Late",
            email=email,
            language="en",
            source="organiser",
            actor=SYSTEM,
        )

    def reminders(self):
        return rows(kind="reminder")

    def test_who_registers_before_the_moment_gets_it(self, rule):
        guests_of(rule.conference, 0)
        plan(rule)
        self.join(rule.conference)
        assert self.reminders() == [("late@example.org", "queued", "")]
        assert (rules_to_plan(), plan(rule)) == ([], 0)

    @pytest.mark.parametrize(
        ("late", "state", "why"),
        [
            ("skip", "cancelled", CancelReason.LATE),
            ("send", "queued", ""),
            ("merge", "cancelled", CancelReason.MERGED),
        ],
    )
    def test_who_registers_after_the_moment_is_treated_as_the_rule_says(
        self, soon, late, state, why
    ):
        rule = ReminderRuleFactory(conference=soon, late=late)
        plan(rule)
        self.join(soon)
        assert self.reminders() == [("late@example.org", state, why)]
        confirmation = Message.objects.get(kind="confirmation")
        assert confirmation.facts == ({"merged": ["reminder"]} if late == "merge" else {})

    def test_who_came_too_late_stays_so_when_the_rule_is_planned_again(self, soon):
        rule = ReminderRuleFactory(conference=soon)
        plan(rule)
        self.join(soon)
        Conference.objects.update(plan_revision=7)
        plan(rule)
        assert self.reminders() == [("late@example.org", "cancelled", CancelReason.LATE)]
        change_reminder_rule(rule=rule, changes={"offset": "-PT1H"}, expected=None, actor=SYSTEM)
        plan(rule)
        assert self.reminders() == [("late@example.org", "queued", "")]

    def test_who_came_too_late_is_reminded_of_a_new_start(self, soon):
        rule = ReminderRuleFactory(conference=soon)
        plan(rule)
        self.join(soon)
        move(soon, days=3)
        sweep()
        assert self.reminders() == [
            ("late@example.org", "cancelled", CancelReason.LATE),
            ("late@example.org", "queued", ""),
        ]

    def test_who_cancels_is_not_reminded_and_who_comes_back_is(self, rule):
        guests_of(rule.conference, 0)
        plan(rule)
        guest = self.join(rule.conference)
        from registrations.services.cancelling import uncancel_registration

        cancel_registration(registration=guest, actor=SYSTEM)
        assert self.reminders() == [("late@example.org", "cancelled", CancelReason.REGISTRATION)]
        plan(rule)
        assert self.reminders()[0][1] == "cancelled"
        uncancel_registration(registration=guest, actor=SYSTEM)
        assert self.reminders() == [("late@example.org", "queued", "")]
