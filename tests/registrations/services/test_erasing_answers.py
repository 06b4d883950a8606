"""Sensitive answers are erased 14 days after the conference; nothing else is."""

from __future__ import annotations

import datetime as dt

import pytest

from core.models import AuditEntry
from registrations.models import Answer, SensitiveAnswer
from registrations.services import erasing_answers
from registrations.services.erasing_answers import KEPT, erase_sensitive_answers
from tests.factories.registrations import (
    QuestionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(guest_type):
    """Return a function: so many registrations with a plain and a sensitive answer."""

    def make(number, kind=guest_type):
        plain = QuestionFactory(conference=kind.conference)
        food = QuestionFactory(conference=kind.conference, sensitivity="dietary")
        for _ in range(number):
            row = RegistrationFactory(registration_type=kind)
            Answer.objects.create(registration=row, question=plain, text="x")
            SensitiveAnswer.objects.create(registration=row, question=food, text="No nuts")
        return kind.conference

    return make


def test_they_go_fourteen_days_after_the_end(answered, clock):
    conference = answered(3)
    clock.move_to(conference.ends_at + KEPT)
    assert erase_sensitive_answers() == 0
    assert SensitiveAnswer.objects.count() == 3

    clock.shift(1)
    assert erase_sensitive_answers() == 3
    assert erase_sensitive_answers() == 0
    assert (SensitiveAnswer.objects.count(), Answer.objects.count()) == (0, 3)
    entry = AuditEntry.objects.get(verb="erase_sensitive_answers")
    assert (entry.facts, entry.actor_kind, entry.object_uid) == (
        {"rows": 3},
        "rule",
        str(conference.uid),
    )


def test_many_go_in_bulks(answered, clock, monkeypatch):
    monkeypatch.setattr(erasing_answers, "_CHUNK", 2)
    conference = answered(5)
    clock.move_to(conference.ends_at + KEPT + dt.timedelta(days=1))
    assert erase_sensitive_answers() == 5
    entries = AuditEntry.objects.filter(verb="erase_sensitive_answers").order_by("pk")
    assert [entry.facts["rows"] for entry in entries] == [2, 2, 1]


def test_those_of_what_is_to_come_stay(answered, clock, conference):
    over = answered(1)
    later = answered(1, RegistrationTypeFactory())
    type(later).objects.filter(pk=later.pk).update(
        starts_at=over.starts_at + dt.timedelta(days=60),
        ends_at=over.ends_at + dt.timedelta(days=60),
    )
    clock.move_to(over.ends_at + KEPT + dt.timedelta(days=1))
    type(over).objects.filter(pk=over.pk).update(state="postponed")
    assert erase_sensitive_answers() == 0

    type(over).objects.filter(pk=over.pk).update(state="archived")
    assert erase_sensitive_answers() == 1
    assert SensitiveAnswer.objects.get().registration.conference == later
