"""Who came and who did not: known at the end, changed by whoever is checked in after it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from events.models import Conference
from notifications.enums import Anchor, Audience, CancelReason
from notifications.models import Message, ReminderRule
from notifications.services.delivery import send_due_messages
from notifications.services.replanning import plan_rule, plan_rules, rules_to_plan
from notifications.services.sweeping import sweep
from registrations.services.attendance import check_in, undo_check_in
from tests.factories.notifications import ReminderRuleFactory, conference_in, guests_of

pytestmark = pytest.mark.django_db


def rule_for(conference, audience, **fields):
    values = {"anchor": Anchor.CONFERENCE_END, "offset": "PT1H", "template": "thanks"}
    return ReminderRuleFactory(conference=conference, audience=audience, **{**values, **fields})


def rows(rule):
    found = Message.objects.filter(rule=rule).order_by("registration_id")
    return list(found.values_list("registration_id", "state", "cancelled_for"))


@pytest.fixture
def over():
    """A conference that ended half an hour ago."""
    return conference_in(days=0, hours=-3, minutes=-30)


@pytest.fixture
def running():
    return conference_in(days=0, hours=-1)


def test_nobody_is_missing_where_nobody_looked(over):
    missing, came = rule_for(over, Audience.NO_SHOWS), rule_for(over, Audience.CHECKED_IN)
    guests_of(over, 2)
    assert (plan_rule(missing.pk), plan_rule(came.pk)) == (0, 0)


def test_after_the_end_each_belongs_to_one_of_the_two(over):
    missing, came = rule_for(over, Audience.NO_SHOWS), rule_for(over, Audience.CHECKED_IN)
    there, away = guests_of(over, 2)
    guests_of(over, status="cancelled")
    guests_of(over, status="waiting_list")
    check_in(registration=there, actor=SYSTEM)
    sweep()
    assert rows(missing) == [(away.pk, "queued", "")]
    assert rows(came) == [(there.pk, "queued", "")]


def test_before_the_end_nobody_is_missing_and_the_end_is_noticed(running):
    missing, came = rule_for(running, Audience.NO_SHOWS), rule_for(running, Audience.CHECKED_IN)
    there, away = guests_of(running, 2)
    sweep()
    check_in(registration=there, actor=SYSTEM)
    assert rows(came) == [(there.pk, "queued", "")]
    sweep()
    assert (rows(missing), rules_to_plan()) == ([], [])
    before = timezone.now() - dt.timedelta(hours=1)
    ReminderRule.objects.update(planned_at=before)
    Conference.objects.update(ends_at=timezone.now() - dt.timedelta(minutes=1))
    assert rules_to_plan() == [missing.pk, came.pk]
    plan_rules(rules_to_plan())
    assert rows(missing) == [(away.pk, "queued", "")]
    assert rules_to_plan() == []


def test_who_is_checked_in_late_is_no_longer_missing(over):
    missing, came = rule_for(over, Audience.NO_SHOWS), rule_for(over, Audience.CHECKED_IN)
    there, late = guests_of(over, 2)
    check_in(registration=there, actor=SYSTEM)
    sweep()
    check_in(registration=late, actor=SYSTEM)
    assert rows(missing) == [(late.pk, "cancelled", CancelReason.REGISTRATION)]
    assert rows(came) == [(there.pk, "queued", ""), (late.pk, "queued", "")]
    sweep()
    assert rows(missing) == [(late.pk, "cancelled", CancelReason.REGISTRATION)]
    undo_check_in(registration=late, actor=SYSTEM)
    sweep()
    assert rows(missing) == [(late.pk, "queued", "")]
    assert rows(came)[1] == (late.pk, "cancelled", CancelReason.REGISTRATION)


def test_a_check_in_that_nobody_heard_of_is_seen_at_sending(over, transport):
    missing = rule_for(over, Audience.NO_SHOWS, offset="PT0M")
    there, late, away = guests_of(over, 3)
    check_in(registration=there, actor=SYSTEM)
    sweep()
    type(late).objects.filter(pk=late.pk).update(checked_in_at=timezone.now())
    assert send_due_messages().sent == 1
    assert transport.recipients == [away.email]
    assert rows(missing) == [
        (late.pk, "cancelled", CancelReason.REGISTRATION),
        (away.pk, "sent", ""),
    ]


def test_when_the_only_check_in_was_a_mistake_nobody_is_missing(over, transport):
    missing = rule_for(over, Audience.NO_SHOWS, offset="PT0M")
    there, away = guests_of(over, 2)
    check_in(registration=there, actor=SYSTEM)
    sweep()
    undo_check_in(registration=there, actor=SYSTEM)
    assert send_due_messages().sent == 0
    assert rows(missing) == [(away.pk, "cancelled", CancelReason.REGISTRATION)]


def test_a_check_in_takes_as_many_queries_whoever_else_is_there(
    running, django_assert_max_num_queries
):
    rule_for(running, Audience.CHECKED_IN)
    rule_for(running, Audience.NO_SHOWS)
    guests = guests_of(running, 5)
    with django_assert_max_num_queries(26):
        check_in(registration=guests[0], actor=SYSTEM)
