"""Rules are read once, until one of them changes in any way."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from events.models import Conference
from events.services.conferences import change_conference
from notifications.models import ReminderRule
from notifications.services.known_rules import known_facts, known_rules, plan_for_arrivals
from notifications.services.planning import running_rules
from notifications.services.rules import (
    change_reminder_rule,
    create_reminder_rule,
    delete_reminder_rule,
)
from tests.factories.notifications import ReminderRuleFactory, conference_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference():
    return conference_in()


@pytest.fixture
def rules(conference):
    rows = [ReminderRuleFactory(conference=conference, name=name) for name in ("one", "two")]
    assert names(conference) == ["one", "two"]
    return rows


def names(conference):
    fresh = Conference.objects.get(pk=conference.pk)
    found = known_rules(fresh)
    assert list(found) == running_rules(conference.pk)
    return [rule.name for rule in found]


def test_a_second_registration_asks_for_figures_only(conference, rules, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = known_rules(conference)
    assert list(found) == rules


def test_a_new_rule_is_seen_at_once(conference, rules):
    values = {"name": "three", "audience": "attendees", "anchor": "conference_start"}
    create_reminder_rule(
        conference=conference,
        values={**values, "offset": "-P2D", "template": "reminder"},
        actor=SYSTEM,
    )
    assert names(conference) == ["one", "two", "three"]


def test_a_change_is_seen_at_once(conference, rules):
    change = {"name": "first"}
    change_reminder_rule(rule=rules[0], changes=change, expected=None, actor=SYSTEM)
    assert names(conference) == ["first", "two"]


def test_one_that_was_switched_off_and_on_again_is_seen_each_time(conference, rules):
    for enabled, left in ((False, ["two"]), (True, ["one", "two"])):
        change = {"enabled": enabled}
        change_reminder_rule(rule=rules[0], changes=change, expected=None, actor=SYSTEM)
        assert names(conference) == left


def test_one_that_was_deleted_is_gone_at_once(conference, rules):
    delete_reminder_rule(rule=rules[1], expected=None, actor=SYSTEM)
    assert names(conference) == ["one"]
    ReminderRuleFactory(conference=conference, name="another")
    assert names(conference) == ["one", "another"]


def test_none_runs_before_the_conference_is_published(conference, rules):
    Conference.objects.filter(pk=conference.pk).update(state="draft")
    assert names(conference) == []


def test_rules_of_another_conference_are_its_own(conference, rules):
    other = ReminderRuleFactory(name="other")
    assert names(other.conference) == ["other"]
    assert names(conference) == ["one", "two"]
    assert ReminderRule.objects.count() == 3


class TestThePlanForWhoComes:
    """One for all who come within a second, as long as nothing has changed."""

    def plan(self, conference):
        fresh = Conference.objects.get(pk=conference.pk)
        return plan_for_arrivals(fresh, known_facts(fresh))

    def test_it_is_made_once_a_second(self, conference, rules, frozen):
        frozen("2027-01-05T10:00:00.2")
        first = self.plan(conference)
        frozen("2027-01-05T10:00:00.9")
        assert self.plan(conference) is first
        frozen("2027-01-05T10:00:01")
        later = self.plan(conference)
        assert later is not first
        assert (later.now - first.now).total_seconds() == 1

    def test_a_changed_rule_or_conference_has_another(self, conference, rules, frozen):
        frozen("2027-01-05T10:00:00")
        first = self.plan(conference)
        change = {"offset": "-P3D"}
        change_reminder_rule(rule=rules[0], changes=change, expected=None, actor=SYSTEM)
        second = self.plan(conference)
        change_conference(
            conference=conference, changes={"title": {"en": "New"}}, expected=None, actor=SYSTEM
        )
        third = self.plan(conference)
        assert len({id(plan) for plan in (first, second, third)}) == 3
        assert third.conference.title == {"en": "New"}
