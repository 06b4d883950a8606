"""The plan that a conference begins with: what it is, when it goes, and in a short time."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
import time_machine

from core.actors import SYSTEM
from core.clock import resolve_local, to_local
from events.services.conferences import change_conference, create_conference, publish_conference
from events.services.outcome_publishing import publish_outcome
from events.services.outcomes import save_outcome
from events.services.schedules import publish_schedule
from notifications.enums import MessageState, Step
from notifications.models import Message, ReminderRule
from notifications.services.dbclock import database_now
from notifications.services.default_plan import ensure_default_rules
from notifications.services.replanning import plan_rules
from notifications.services.rules import rule_templates
from tests.factories.events import ConferenceFactory, ParticipationFactory, SessionFactory
from tests.factories.notifications import SentInvitationFactory, guests_of

pytestmark = pytest.mark.django_db
ZONE = "Europe/Belgrade"


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def local(moment):
    return to_local(moment, ZONE)


def planned(**filters):
    """Return step -> local moment of the rows that wait for one recipient."""
    rows = Message.objects.filter(state=MessageState.QUEUED, **filters).select_related("rule")
    return {row.rule.step: f"{local(row.due_at):%a %d %H:%M}" for row in rows}


@pytest.fixture
def at(monkeypatch):
    """Return a function that sets what all clocks show, the database's for planning, too."""
    moments = []

    def set_clock(text):
        for moment in moments:
            moment.stop()
        now = resolve_local(dt.datetime.fromisoformat(text), ZONE)
        moment = time_machine.travel(now, tick=False)
        moment.start()
        moments[:] = [moment]
        monkeypatch.setattr("notifications.services.planning.database_now", lambda: now)

    yield set_clock
    for moment in moments:
        moment.stop()


def conference_at(start="2027-03-18T10:00", **fields):
    first = dt.datetime.fromisoformat(start)
    made = ConferenceFactory(
        start_local=first, end_local=first + dt.timedelta(hours=4), time_zone=ZONE, **fields
    )
    ensure_default_rules(conference=made)
    return made


def plan_all(conference):
    plan_rules(conference.reminder_rules.order_by("pk").values_list("pk", flat=True))


def test_a_new_conference_begins_with_the_plan(organisation):
    made = create_conference(
        organisation=organisation,
        slug="autumn",
        kind="conference",
        title={"en": "Autumn"},
        start_local="2030-10-01T10:00",
        end_local="2030-10-01T13:00",
        time_zone=ZONE,
        actor=SYSTEM,
    )
    rows = made.reminder_rules.order_by("pk")
    assert [
        (r.step, r.audience, r.anchor, r.offset, f"{r.at:%H:%M}" if r.at else "") for r in rows
    ] == [
        ("nudge_first", "unanswered", "rsvp_deadline", "-P14D", ""),
        ("nudge_last", "unanswered", "rsvp_deadline", "-P2D", ""),
        ("speakers_needs", "speakers", "conference_start", "-P14D", ""),
        ("briefing", "speakers", "conference_start", "-P2D", ""),
        ("speaker_nudge", "asked", "speaker_asked", "P4D", ""),
        ("speaker_nudge_2", "asked", "speaker_asked", "P9D", ""),
        ("speaker_last", "asked", "rsvp_deadline", "-P2D", ""),
        ("practical", "attendees", "conference_start", "-P3D", ""),
        ("reminder", "attendees", "conference_start", "-P1D", ""),
        ("find_us", "attendees", "conference_start", "-PT2H", ""),
        ("thanks", "checked_in", "conference_end", "P1D", "10:00"),
        ("missed_you", "no_shows", "conference_end", "P1D", "10:00"),
        ("outcome", "attendees", "outcome_published", "PT0M", ""),
    ]
    assert {row.template for row in rows} <= set(rule_templates())
    assert all(row.enabled and row.late == "skip" for row in rows)
    assert ensure_default_rules(conference=made) == []


def test_first_invitations_are_no_part_of_it(at):
    at("2027-02-01T09:00")
    conference = conference_at(reply_until_local=dt.datetime.fromisoformat("2027-03-05T18:00"))
    SentInvitationFactory(
        registration_type=guests_of(conference)[0].registration_type,
        sent_at=None,
        last_sent_at=None,
    )
    plan_all(conference)
    assert not Message.objects.filter(invitation__isnull=False).exists()


def test_with_time_enough_a_guest_gets_three_mails_before_and_none_on_a_weekend(at):
    at("2027-02-01T09:00")
    conference = conference_at("2027-03-16T10:00")  # a Tuesday: three days before is a Saturday
    (guest,) = guests_of(conference)
    plan_all(conference)
    assert planned(registration=guest) == {
        "practical": "Fri 12 10:00",
        "reminder": "Mon 15 10:00",
        "find_us": "Tue 16 08:00",
    }


def test_the_silent_are_nudged_twice_on_working_days(at):
    at("2027-02-01T09:00")
    # Sunday evening: two weeks before is a Sunday, two days before a Friday.
    conference = conference_at(reply_until_local=dt.datetime.fromisoformat("2027-03-07T18:00"))
    invitation = SentInvitationFactory(
        registration_type=guests_of(conference)[0].registration_type,
    )
    plan_all(conference)
    assert planned(invitation=invitation) == {
        "nudge_first": "Fri 19 18:00",
        "nudge_last": "Fri 05 18:00",
    }


@pytest.mark.parametrize(
    ("ends", "morning"),
    [
        ("2027-03-18", "Fri 19 10:00"),
        ("2027-03-19", "Mon 22 10:00"),
        ("2027-03-20", "Mon 22 10:00"),
    ],
)
def test_thanks_and_sorry_go_on_the_next_working_day(at, ends, morning):
    at(f"{ends}T09:00")
    conference = conference_at(f"{ends}T10:00")
    came, away = guests_of(conference, 2)
    came.checked_in_at = database_now()
    came.save()
    plan_all(conference)
    assert "missed_you" not in planned(registration=away)
    at(f"{ends}T15:00")
    plan_all(conference)
    assert planned(registration=came)["thanks"] == morning
    assert planned(registration=away)["missed_you"] == morning
    assert "thanks" not in planned(registration=away)
    assert "missed_you" not in planned(registration=came)


def test_where_nobody_stood_at_the_door_all_are_thanked_and_nobody_is_missed(at):
    at("2027-03-18T15:00")
    conference = conference_at()
    guests_of(conference, 2)
    plan_all(conference)
    steps = Counter(Message.objects.values_list("rule__step", flat=True))
    assert steps == {"thanks": 2}


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2027-03-16T12:00", {"practical": "Tue 16 12:00", "reminder": "Wed 17 10:00"}),
        ("2027-03-17T14:00", {"reminder": "Wed 17 14:00"}),
        ("2027-03-18T06:00", {}),
    ],
)
def test_a_conference_that_is_published_late_sends_no_heap(at, now, wanted):
    at(now)
    conference = conference_at(state="draft", announced_at=None)
    (guest,) = guests_of(conference)
    publish_conference(conference=conference, expected=None, actor=SYSTEM)
    plan_all(fresh(conference))
    assert planned(registration=guest) == {**wanted, "find_us": "Thu 18 08:00"}


def test_who_speaks_never_gets_two_mails_on_a_day(at):
    at("2027-03-16T12:00")
    conference = conference_at()
    session = SessionFactory(
        conference=conference,
        start_local=conference.start_local,
        end_local=conference.end_local,
    )
    part = ParticipationFactory(session=session)
    publish_schedule(conference=conference, name="", actor=SYSTEM)
    kind = guests_of(conference)[0].registration_type
    kind.kind = "speaker"
    kind.save()
    (place,) = guests_of(conference, person=part.person)
    plan_all(fresh(conference))
    mine = Message.objects.filter(state="queued").filter(registration=place)
    days = Counter(local(due).date() for due in mine.values_list("due_at", flat=True))
    assert set(days.values()) == {1}
    assert planned(registration=place) == {
        "briefing": "Tue 16 12:00",
        "reminder": "Wed 17 10:00",
        "find_us": "Thu 18 08:00",
    }


def test_a_rule_that_an_organiser_made_is_never_compressed(at):
    at("2027-03-17T14:00")
    conference = conference_at()
    own = [
        ReminderRule.objects.create(
            conference=conference,
            name=offset,
            audience="attendees",
            anchor="conference_start",
            offset=offset,
            template="reminder",
        )
        for offset in ("-P3D", "-P2D")
    ]
    guests_of(conference)
    plan_all(conference)
    assert Message.objects.filter(rule__in=own, state="queued").count() == 2


def test_planning_the_plan_again_changes_nothing(at):
    at("2027-03-17T14:00")
    conference = conference_at()
    guests_of(conference, 3)
    plan_all(conference)
    before = list(Message.objects.order_by("pk").values())
    at("2027-03-17T14:02")
    plan_all(conference)
    assert list(Message.objects.order_by("pk").values()) == before


def test_a_move_spreads_the_plan_out_again(at):
    at("2027-03-17T14:00")
    conference = conference_at()
    (guest,) = guests_of(conference)
    plan_all(conference)
    week = dt.timedelta(days=7)
    moved = change_conference(
        conference=fresh(conference),
        changes={
            "start_local": conference.start_local + week,
            "end_local": conference.end_local + week,
        },
        expected=None,
        actor=SYSTEM,
    )
    plan_all(moved)
    assert planned(registration=guest) == {
        "practical": "Mon 22 10:00",
        "reminder": "Wed 24 10:00",
        "find_us": "Thu 25 08:00",
    }


def test_a_move_does_not_say_at_once_what_was_said_for_the_former_date(at):
    at("2027-03-16T12:00")
    conference = conference_at()
    (guest,) = guests_of(conference)
    plan_all(conference)
    Message.objects.filter(rule__step="practical").update(state="sent", sent_at=database_now())
    at("2027-03-16T13:00")
    hour = dt.timedelta(hours=1)
    moved = change_conference(
        conference=fresh(conference),
        changes={
            "start_local": conference.start_local + hour,
            "end_local": conference.end_local + hour,
        },
        expected=None,
        actor=SYSTEM,
    )
    plan_all(moved)
    assert planned(registration=guest) == {
        "reminder": "Wed 17 11:00",
        "find_us": "Thu 18 09:00",
    }
    later = change_conference(
        conference=moved,
        changes={
            "start_local": moved.start_local + dt.timedelta(days=7),
            "end_local": moved.end_local + dt.timedelta(days=7),
        },
        expected=None,
        actor=SYSTEM,
    )
    plan_all(later)
    assert planned(registration=guest)["practical"] == "Mon 22 11:00"


def test_the_outcome_goes_when_it_is_published_but_not_on_the_day_of_the_thanks(at):
    at("2027-03-19T09:00")
    conference = conference_at()
    (guest,) = guests_of(conference)
    plan_all(conference)
    Message.objects.filter(rule__step=Step.THANKS).update(
        state="sent", sent_at=resolve_local(dt.datetime(2027, 3, 19, 10), ZONE)
    )
    at("2027-03-19T12:00")
    save_outcome(
        conference=conference,
        headline={"en": "Said"},
        summary={"en": "What was said."},
        outlook={},
        items=[],
        related=[],
        actor=SYSTEM,
        expected=None,
    )
    publish_outcome(conference=conference, expected=None, actor=SYSTEM)
    plan_all(fresh(conference))
    assert planned(registration=guest) == {"outcome": "Sat 20 12:00"}
