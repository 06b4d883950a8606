"""Reminder rules: what they may be, and what making, changing and deleting them does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from events.models import Conference
from notifications.models import Message, ReminderRule
from notifications.services.replanning import plan_rule
from notifications.services.rules import (
    change_reminder_rule,
    create_reminder_rule,
    delete_reminder_rule,
    rule_templates,
)
from tests.factories.events import SessionFactory
from tests.factories.notifications import ReminderRuleFactory, conference_in, guests_of

pytestmark = pytest.mark.django_db
VALUES = {
    "name": "Day before",
    "audience": "attendees",
    "anchor": "conference_start",
    "offset": "-P1D",
    "template": "reminder",
}


@pytest.fixture
def conference():
    return conference_in()


def create(conference, **values):
    return create_reminder_rule(conference=conference, values={**VALUES, **values}, actor=SYSTEM)


def refusal(call):
    """Return (pointer, code) of each error of a refusal that left no trace."""
    before = (ReminderRule.objects.count(), AuditEntry.objects.count())
    with pytest.raises(DomainError) as caught, transaction.atomic():
        call()
    assert (ReminderRule.objects.count(), AuditEntry.objects.count()) == before
    assert caught.value.kind == "validation-failed"
    return [(error.pointer, error.code) for error in caught.value.errors]


def test_a_rule_is_kept_as_it_was_given(conference):
    rule = create(conference, at="09:00", late="merge", quiet_hours=True)
    assert (rule.name, rule.at, rule.late, rule.quiet_hours, rule.role, rule.session) == (
        "Day before",
        dt.time(9, 0),
        "merge",
        True,
        "",
        None,
    )
    assert (rule.enabled, rule.version, rule.planned_revision, len(rule.code)) == (True, 1, 0, 6)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.organisation_id_value) == (
        "create_reminder_rule",
        conference.organisation_id,
    )


@pytest.mark.parametrize("missing", VALUES)
def test_what_a_rule_needs_is_asked_for(conference, missing):
    for nothing in ({missing: ""}, {missing: None}):
        assert refusal(lambda more=nothing: create(conference, **more)) == [
            (f"/{missing}", "required")
        ]


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"offset": "1 day"}, [("/offset", "invalid")]),
        ({"offset": "-P1M"}, [("/offset", "invalid")]),
        ({"offset": "P"}, [("/offset", "invalid")]),
        ({"offset": "-P401D"}, [("/offset", "range")]),
        ({"offset": "-PT99999H"}, [("/offset", "range")]),
        ({"offset": "-P" + "0" * 20 + "1D"}, [("/offset", "too-long")]),
        ({"offset": 1}, [("/offset", "invalid")]),
        ({"at": "9 o'clock"}, [("/at", "invalid")]),
        ({"at": "09:00:30"}, [("/at", "invalid")]),
        ({"at": "09:00+02:00"}, [("/at", "invalid")]),
        ({"at": 9}, [("/at", "invalid")]),
        ({"at": "09:00", "offset": "-PT24H"}, [("/at", "whole-days")]),
        ({"audience": "everybody"}, [("/audience", "choice")]),
        (
            {"audience": "unanswered", "anchor": "registered", "offset": "PT1H"},
            [("/anchor", "audience")],
        ),
        (
            {"audience": "unanswered", "anchor": "session_start"},
            [("/anchor", "audience"), ("/session", "required")],
        ),
        ({"anchor": "invitation_sent", "offset": "PT1H"}, [("/anchor", "audience")]),
        ({"anchor": "invitation_sent", "audience": "unanswered"}, [("/offset", "before")]),
        ({"audience": "no_shows"}, [("/offset", "before")]),
        ({"late": "perhaps"}, [("/late", "choice")]),
        ({"template": "confirmation"}, [("/template", "choice")]),
        ({"template": "../../etc/passwd"}, [("/template", "choice")]),
        ({"name": "x" * 121}, [("/name", "too-long")]),
        ({"name": "a\x00b"}, [("/name", "control-character")]),
        ({"enabled": "yes"}, [("/enabled", "invalid")]),
        ({"quiet_hours": 1}, [("/quiet_hours", "invalid")]),
        ({"colour": "red"}, [("/colour", "unknown")]),
        ({"role": "moderator"}, [("/role", "audience")]),
        ({"role": "singer", "audience": "speakers"}, [("/role", "choice")]),
        ({"audience": "session"}, [("/session", "required")]),
        ({"anchor": "session_start"}, [("/session", "required")]),
        ({"session": "NOWHER"}, [("/session", "unknown")]),
        ({"anchor": "registered"}, [("/offset", "before")]),
        ({"anchor": "outcome_published"}, [("/offset", "before")]),
        (
            {"anchor": "registered", "offset": "PT1H", "audience": "speakers"},
            [("/anchor", "audience")],
        ),
        ({"offset": "x", "late": "y"}, [("/late", "choice"), ("/offset", "invalid")]),
    ],
)
def test_what_can_not_be_is_refused_with_a_pointer(conference, values, errors):
    assert refusal(lambda: create(conference, **values)) == errors


def test_a_session_is_named_by_its_code_and_belongs_to_the_conference(conference):
    mine, other = SessionFactory(conference=conference), SessionFactory()
    about = {"anchor": "session_start", "offset": "-PT2H"}
    assert create(conference, session=mine.code, **about).session == mine
    assert create(conference, session=mine, **about).session == mine
    for foreign in (other, other.code):
        assert refusal(lambda s=foreign: create(conference, session=s, **about)) == [
            ("/session", "unknown"),
        ]
    assert refusal(lambda: create(conference, session=mine)) == [("/session", "unused")]
    assert create(conference, session=mine, audience="session", role="moderator").role == (
        "moderator"
    )


def test_the_database_keeps_the_rules_too(conference):
    for fields in (
        {"audience": "session"},
        {"role": "moderator"},
        {"at": dt.time(9), "offset": "-PT24H"},
        {"anchor": "somewhen"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReminderRuleFactory(conference=conference, **fields)


def test_a_change_raises_both_numbers_and_is_written_down(conference):
    rule = create(conference)
    changed = change_reminder_rule(
        rule=rule, changes={"offset": "-P2D", "name": "Day before"}, expected=1, actor=SYSTEM
    )
    assert (changed.version, changed.offset) == (2, "-P2D")
    assert Conference.objects.get(pk=conference.pk).plan_revision == conference.plan_revision + 1
    entry = AuditEntry.objects.first()
    assert (entry.verb, entry.changed) == ("change_reminder_rule", ["offset"])


def test_a_change_of_nothing_changes_nothing(conference):
    rule = create(conference)
    same = change_reminder_rule(rule=rule, changes={"offset": "-P1D"}, expected=1, actor=SYSTEM)
    assert same.version == 1
    assert Conference.objects.get(pk=conference.pk).plan_revision == conference.plan_revision


def test_a_change_on_an_older_version_is_refused(conference):
    rule = create(conference)
    with pytest.raises(DomainError) as caught:
        change_reminder_rule(rule=rule, changes={"offset": "-P2D"}, expected=7, actor=SYSTEM)
    assert caught.value.kind == "stale"


def test_a_change_must_leave_a_rule_that_can_be(conference):
    rule = create(conference, at="09:00")
    with pytest.raises(DomainError) as caught:
        change_reminder_rule(rule=rule, changes={"offset": "-PT3H"}, expected=None, actor=SYSTEM)
    assert [error.pointer for error in caught.value.errors] == ["/at"]


def test_a_rule_that_has_sent_nothing_can_be_deleted_and_takes_back_what_it_planned(conference):
    rule = create(conference)
    guests_of(conference)
    plan_rule(rule.pk)
    delete_reminder_rule(rule=rule, expected=1, actor=SYSTEM)
    assert not ReminderRule.objects.exists()
    message = Message.objects.get()
    assert (message.state, message.cancelled_for, message.rule) == ("cancelled", "plan", None)
    assert AuditEntry.objects.first().verb == "delete_reminder_rule"


@pytest.mark.parametrize("state", ["sent", "failed", "unknown", "expired"])
def test_a_rule_that_has_a_history_stays(conference, state):
    rule = create(conference)
    guests_of(conference, 2)
    plan_rule(rule.pk)
    first = Message.objects.first()
    Message.objects.filter(pk=first.pk).update(state=state, sent_at=timezone.now())
    with pytest.raises(DomainError) as caught, transaction.atomic():
        delete_reminder_rule(rule=rule, expected=None, actor=SYSTEM)
    assert caught.value.kind == "in-use"
    assert set(Message.objects.values_list("state", flat=True)) == {state, "queued"}


def test_texts_of_acts_are_not_for_rules():
    assert {"reminder", "practical", "thanks"} <= set(rule_templates())
    assert not {"confirmation", "rejection", "changed_time"} & set(rule_templates())
