"""Who hears of an outcome: by the rules, and who declined and asked for it; nobody twice."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from core.errors import DomainError
from events.services.outcome_publishing import publish_outcome, unpublish_outcome
from notifications.models import Message, ReminderRule
from notifications.services.delivery import send_due_messages
from notifications.services.outcome_mail import outcome_telling
from notifications.services.rendering import render
from notifications.services.replanning import plan_rules, rules_to_plan
from notifications.services.suppression import suppress_by_organiser
from tests.factories.events import OutcomeFactory
from tests.factories.notifications import ReminderRuleFactory, conference_in, guests_of
from tests.factories.registrations import InvitationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference():
    row = conference_in(slug="forum")
    past = timezone.now() - dt.timedelta(days=2)
    row.starts_at, row.ends_at = past, past + dt.timedelta(hours=3)
    row.start_local, row.end_local = (
        moment.replace(tzinfo=None, second=0, microsecond=0)
        for moment in (row.starts_at, row.ends_at)
    )
    row.save()
    OutcomeFactory(conference=row)
    guests_of(row, 2)
    row.reminder_rules.all().delete()
    ReminderRuleFactory(
        conference=row,
        name="The outcome",
        audience="attendees",
        anchor="outcome_published",
        offset="PT0M",
        template="outcome",
    )
    return row


@pytest.fixture
def wants(conference):
    return InvitationFactory(
        registration_type=conference.registration_types.first()
        or guests_of(conference)[0].registration_type,
        person__email="eva@example.org",
        response="declined",
        answered_at=timezone.now(),
        answered_via="link",
        wants_findings=True,
    )


def publish(conference, **more):
    return publish_outcome(conference=conference, expected=None, actor=SYSTEM, **more)


def plan():
    plan_rules(rules_to_plan())


def found():
    return sorted(Message.objects.values_list("kind", "state"))


def test_the_number_is_what_goes(conference, wants):
    telling = outcome_telling(conference)
    assert [(pile.name, pile.count) for pile in telling.piles] == [
        ("The outcome", 2),
        ("Who declined and asked for the findings", 1),
    ]
    publish(conference, telling=telling.mails)
    plan()
    assert found() == [("findings", "queued"), ("reminder", "queued"), ("reminder", "queued")]


def test_another_number_than_was_shown_refuses_the_deed(conference, wants):
    with pytest.raises(DomainError) as refusal:
        publish(conference, telling=2)
    assert refusal.value.kind == "conflict"
    conference.outcome.refresh_from_db()
    assert (conference.outcome.published_at, found()) == (None, [])


def test_quietly_nobody_hears_and_the_rule_is_switched_off(conference, wants):
    publish(conference, tell=False)
    plan()
    assert found() == []
    assert list(ReminderRule.objects.values_list("enabled", flat=True)) == [False]
    assert [rule.name for rule in outcome_telling(conference).resting] == ["The outcome"]


def test_offline_again_nothing_goes_and_back_online_nobody_hears_twice(conference, wants):
    publish(conference)
    plan()
    sent = Message.objects.filter(kind="reminder").first()
    Message.objects.filter(pk=sent.pk).update(state="sent", sent_at=timezone.now())
    unpublish_outcome(conference=conference, expected=None, actor=SYSTEM)
    plan()
    assert found() == [("findings", "cancelled"), ("reminder", "cancelled"), ("reminder", "sent")]
    conference.refresh_from_db()
    telling = outcome_telling(conference, conference.outcome.first_published_at)
    assert telling.mails == 2
    publish(conference, telling=2)
    plan()
    assert found() == [("findings", "queued"), ("reminder", "queued"), ("reminder", "sent")]


def test_who_opted_out_or_changed_their_mind_hears_nothing(conference, wants):
    publish(conference)
    wants.wants_findings = False
    wants.save()
    send_due_messages()
    assert Message.objects.get(kind="findings").cancelled_for == "registration"
    suppress_by_organiser(
        organisation=conference.organisation, email="eva@example.org", note="Phone", actor=SYSTEM
    )
    wants.wants_findings = True
    wants.save()
    assert all(pile.rule is not None for pile in outcome_telling(conference).piles)


def test_the_letter_says_why_one_gets_it(conference, wants):
    publish(conference)
    mail = render(Message.objects.get(kind="findings"))
    assert mail.subject == f"What came of it: {conference.title['en']}"
    assert "/outcome/" in mail.text
    assert "asked for the findings" in mail.text
