"""The exact moments of a rule, across clock changes, with whom each reaches and why it is there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from core.clock import resolve_local
from core.errors import DomainError
from events.services.schedules import publish_schedule
from notifications.models import Message, ReminderRule
from notifications.services.default_plan import ensure_default_rules
from notifications.services.replanning import plan_rule
from notifications.services.rule_preview import exact_moment, moments_of, preview_rule
from tests.factories.events import ConferenceFactory, ParticipationFactory, SessionFactory
from tests.factories.notifications import ReminderRuleFactory, SentInvitationFactory, guests_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(frozen):
    return frozen("2027-02-01T08:00")


def at(moment):
    return dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)


def conference_at(start, **fields):
    first = dt.datetime.fromisoformat(start)
    return ConferenceFactory(start_local=first, end_local=first + dt.timedelta(hours=3), **fields)


def sentences(rule, now="2027-02-01T08:00"):
    return [m.sentence for m in moments_of(rule, rule.conference, now=at(now))]


@pytest.mark.parametrize(
    ("start", "offset", "wanted"),
    [
        ("2027-03-28T10:00", "-P1D", "Sat 27 March 2027, 10:00 CET (09:00 UTC)"),
        ("2027-03-28T10:00", "-PT24H", "Sat 27 March 2027, 09:00 CET (08:00 UTC)"),
        ("2027-10-31T10:00", "-P1D", "Sat 30 October 2027, 10:00 CEST (08:00 UTC)"),
        ("2027-10-31T10:00", "-PT24H", "Sat 30 October 2027, 11:00 CEST (09:00 UTC)"),
        ("2027-03-29T02:30", "-P1D", "Sun 28 March 2027, 03:30 CEST (01:30 UTC)"),
        ("2027-03-29T02:30", "-PT24H", "Sun 28 March 2027, 01:30 CET (00:30 UTC)"),
        ("2027-11-01T02:30", "-P1D", "Sun 31 October 2027, 02:30 CEST (00:30 UTC)"),
        ("2027-11-01T02:30", "-PT24H", "Sun 31 October 2027, 02:30 CET (01:30 UTC)"),
    ],
)
def test_a_moment_is_exact_across_clock_changes(start, offset, wanted):
    rule = ReminderRuleFactory(conference=conference_at(start), offset=offset)
    guests_of(rule.conference, 2)
    assert sentences(rule) == [f"{wanted} — to 2 attendees"]


def test_clocks_without_a_name_and_other_days_are_said():
    moment = at("2027-03-27T20:00")
    assert exact_moment(moment, "Asia/Tashkent") == (
        "Sun 28 March 2027, 01:00 UTC+05:00 (27 March, 20:00 UTC)"
    )
    assert exact_moment(moment, "UTC") == "Sat 27 March 2027, 20:00 UTC"
    assert exact_moment(moment, "Asia/Kathmandu").endswith("01:45 UTC+05:45 (27 March, 20:00 UTC)")


def test_each_reason_is_said():
    conference = conference_at("2027-03-16T22:30")
    guests_of(conference)

    def of(offset, now="2027-02-01T08:00", **fields):
        rule = ReminderRuleFactory(conference=conference, offset=offset, **fields)
        (found,) = moments_of(rule, conference, now=at(now))
        return (f"{found.local:%a %H:%M}", found.reasons)

    assert of("-P1D") == ("Mon 22:30", ())
    assert of("-P1D", quiet_hours=True) == ("Tue 08:00", ("moved out of quiet hours",))
    assert of("-P3D", working_days=True) == ("Fri 22:30", ("weekend → Friday",))
    assert of("-P1D", "2027-03-16T12:00") == ("Mon 22:30", ("already past: goes at once",))
    assert of("-P1D", "2027-03-16T21:30") == ("Mon 22:30", ("too late: goes to nobody",))
    assert of("P4D", anchor="conference_end", working_days=True) == (
        "Mon 01:30",
        ("weekend → Monday",),
    )


def test_what_went_out_is_said_and_nothing_is_sent(frozen):
    frozen("2027-03-17T12:00")
    rule = ReminderRuleFactory(conference=conference_at("2027-03-18T10:00"))
    guests_of(rule.conference)
    plan_rule(rule.pk)
    Message.objects.update(state="sent", sent_at=timezone.now())
    before = list(Message.objects.values())
    (found,) = moments_of(rule, rule.conference, now=at("2027-03-17T12:00"))
    assert found.reasons == ("went out already",)
    assert list(Message.objects.values()) == before


def test_a_compressed_step_says_why():
    conference = conference_at("2027-03-18T10:00")
    guests_of(conference)
    ensure_default_rules(conference=conference)
    now = "2027-03-17T13:00"
    said = {
        rule.step: sentences(rule, now)
        for rule in conference.reminder_rules.filter(audience="attendees")
    }
    assert said["practical"] == [
        (
            "Mon 15 March 2027, 10:00 CET (09:00 UTC) — to 1 attendee "
            "(Time is short: “Reminder one day before” says it.)"
        )
    ]
    assert said["reminder"] == [
        (
            "Wed 17 March 2027, 14:00 CET (13:00 UTC) — to 1 attendee "
            "(Its moment is past: it goes at once.)"
        )
    ]
    assert said["find_us"] == ["Thu 18 March 2027, 08:00 CET (07:00 UTC) — to 1 attendee"]


def test_the_silent_are_gathered_by_their_deadlines():
    conference = conference_at(
        "2027-05-20T10:00", reply_until_local=dt.datetime.fromisoformat("2027-04-28T18:00")
    )
    kind = guests_of(conference)[0].registration_type
    SentInvitationFactory.create_batch(2, registration_type=kind)
    SentInvitationFactory(
        registration_type=kind, reply_until_local=dt.datetime.fromisoformat("2027-05-05T12:00")
    )
    rule = ReminderRuleFactory(
        conference=conference, audience="unanswered", anchor="rsvp_deadline", template="nudge"
    )
    assert sentences(rule) == [
        "Tue 27 April 2027, 18:00 CEST (16:00 UTC) — to 2 guests without an answer",
        "Tue 4 May 2027, 12:00 CEST (10:00 UTC) — to 1 guest without an answer",
    ]


def test_each_session_has_its_own_people():
    conference = conference_at("2027-03-18T10:00")
    for number, hour in enumerate((10, 12), start=1):
        start = dt.datetime(2027, 3, 18, hour)
        session = SessionFactory(
            conference=conference, start_local=start, end_local=start + dt.timedelta(hours=1)
        )
        for _ in range(number):
            ParticipationFactory(session=session)
    publish_schedule(conference=conference, name="", actor=SYSTEM)
    rule = ReminderRuleFactory(
        conference=conference, audience="speakers", anchor="session_start", offset="-PT2H"
    )
    assert sentences(rule) == [
        "Thu 18 March 2027, 08:00 CET (07:00 UTC) — to 1 speaker",
        "Thu 18 March 2027, 10:00 CET (09:00 UTC) — to 2 speakers",
    ]


def test_a_rule_that_is_not_saved_is_shown_and_not_kept():
    conference = conference_at("2027-03-18T10:00")
    values = {
        "name": "x",
        "audience": "attendees",
        "anchor": "conference_start",
        "offset": "-P2D",
        "template": "reminder",
    }
    found = preview_rule(conference=conference, rule=None, values=values)
    assert [m.due_at for m in found.moments] == [
        resolve_local(dt.datetime(2027, 3, 16, 10), "Europe/Belgrade")
    ]
    assert not ReminderRule.objects.exists()
    rule = ReminderRuleFactory(conference=conference)
    changed = preview_rule(conference=conference, rule=rule, values={"offset": "-P3D"})
    assert changed.moments[0].local.day == 15
    assert (rule.offset, ReminderRule.objects.get().offset) == ("-P1D", "-P1D")
    with pytest.raises(DomainError):
        preview_rule(conference=conference, rule=rule, values={"offset": "soon"})
