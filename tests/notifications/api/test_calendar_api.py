"""The mail calendar and "why" by API: shapes and refusals."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.permissions import Permission
from core.api.serializers import instant_text
from notifications.models import Message
from notifications.services.replanning import plan_rules
from tests.factories.events import PersonFactory
from tests.factories.notifications import ReminderRuleFactory, conference_in, guests_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference(organisation):
    return conference_in(organisation=organisation, slug="open-forum", days=10)


@pytest.fixture
def base(conference):
    return f"/api/v1/organisations/institute/conferences/{conference.slug}"


def problem(response):
    body = response.json()
    return response.status_code, body["type"].rpartition("/")[2]


def test_the_calendar_says_what_goes_and_what_does_not(api, base, conference):
    rule = ReminderRuleFactory(conference=conference)
    off = ReminderRuleFactory(conference=conference, enabled=False)
    guests_of(conference, 2)
    plan_rules([rule.pk])
    body = api.get(f"{base}/mail-calendar/").json()
    due = instant_text(Message.objects.first().due_at)
    assert body["mails"] == [
        {
            "rule": rule.code,
            "announcement": None,
            "kind": "reminder",
            "name": rule.name,
            "due_at": due,
            "last_at": due,
            "recipients": 2,
            "is_about": False,
            "languages": {"en": 2},
            "held_back": {},
            "notes": [],
        }
    ]
    assert body["silences"] == [
        {"rule": off.code, "code": "off", "sentence": "It is switched off.", "at": None}
    ]
    assert body["waits_for_publication"] is False


def test_until_says_how_far(api, base, conference):
    ReminderRuleFactory(conference=conference)
    guests_of(conference)
    day = (timezone.now() + dt.timedelta(days=3)).date()
    assert api.get(f"{base}/mail-calendar/?until={day}").json()["mails"] == []
    assert problem(api.get(f"{base}/mail-calendar/?until=soon")) == (400, "validation-failed")
    assert problem(api.get(f"{base}/mail-calendar/?to=soon")) == (400, "validation-failed")


def test_why_says_each_message_of_a_person(api, base, conference):
    rule = ReminderRuleFactory(conference=conference)
    person = PersonFactory(organisation=conference.organisation)
    guest = guests_of(conference, person=person)[0]
    plan_rules([rule.pk])
    message = Message.objects.get()
    body = api.get(f"{base}/why/?registration={guest.code}").json()
    assert body["who"] == {
        "name": f"{guest.given_name} {guest.family_name}",
        "person": person.code,
        "registrations": [guest.code],
        "invitation": None,
    }
    assert body["messages"][0] == {
        "kind": "reminder",
        "rule": rule.code,
        "code": "waits",
        "sentence": body["messages"][0]["sentence"],
        "at": instant_text(message.due_at),
        "message": str(message.uid),
    }
    assert api.get(f"{base}/why/?person={person.code}").json()["messages"] == body["messages"]


def test_why_asks_for_one_of_this_conference(api, base, conference, other_organisation):
    foreign = guests_of(conference_in(organisation=other_organisation))[0]
    assert problem(api.get(f"{base}/why/")) == (400, "validation-failed")
    assert problem(api.get(f"{base}/why/?registration=A&person=B")) == (400, "validation-failed")
    assert problem(api.get(f"{base}/why/?registration={foreign.code}")) == (404, "not-found")
    assert problem(api.get(f"{base}/why/?guest=A")) == (400, "validation-failed")


def test_both_need_the_right_to_read_mail(api, base, conference):
    poor = api.of(Permission.REGISTRATION_READ)
    for path in ("mail-calendar", "why"):
        assert poor.get(f"{base}/{path}/").status_code == 403
