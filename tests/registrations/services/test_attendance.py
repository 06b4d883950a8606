"""Who came is a fact beside the status: written once, taken back, told to those above."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from events.models import Conference
from registrations.models import Registration
from registrations.services.attendance import check_in, undo_check_in
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(guest_type):
    return RegistrationFactory(registration_type=guest_type)


def fresh(row):
    return Registration.objects.get(pk=row.pk)


def test_a_check_in_says_when_and_changes_no_status(registration, told):
    done = check_in(registration=registration, actor=SYSTEM, expected=1)
    assert (done.checked_in_at, done.status, done.version) == (timezone.now(), "confirmed", 2)
    assert told == [("checked_in", 1, False)]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.changed) == ("check_in", ["checked_in_at"])
    again = check_in(registration=registration, actor=SYSTEM)
    assert (again.version, len(told), AuditEntry.objects.count()) == (2, 1, 1)


def test_an_arrival_is_never_in_the_future(registration):
    before = timezone.now() - dt.timedelta(minutes=5)
    assert check_in(registration=registration, at=before, actor=SYSTEM).checked_in_at == before
    undo_check_in(registration=registration, actor=SYSTEM)
    later = timezone.now() + dt.timedelta(hours=1)
    row = check_in(registration=registration, at=later, actor=SYSTEM)
    assert row.checked_in_at == timezone.now()


def test_undoing_takes_it_back_once(registration, told):
    assert undo_check_in(registration=registration, actor=SYSTEM).version == 1
    check_in(registration=registration, actor=SYSTEM)
    assert undo_check_in(registration=registration, actor=SYSTEM).checked_in_at is None
    assert [verb for verb, _n, _g in told] == ["checked_in", "check_in_undone"]


@pytest.mark.parametrize(
    "status", ["pending_approval", "waiting_list", "offered", "cancelled", "rejected", "expired"]
)
def test_only_a_confirmed_place_can_be_checked_in(guest_type, status, told):
    row = RegistrationFactory(registration_type=guest_type, status=status)
    with pytest.raises(DomainError) as caught:
        check_in(registration=row, actor=SYSTEM)
    assert caught.value.kind == "wrong-state"
    assert (fresh(row).checked_in_at, told, AuditEntry.objects.count()) == (None, [], 0)


@pytest.mark.parametrize("state", ["draft", "postponed", "cancelled"])
def test_nobody_comes_to_what_does_not_take_place(registration, conference, state):
    Conference.objects.update(state=state)
    conference.refresh_from_db()
    with pytest.raises(DomainError) as caught:
        check_in(registration=registration, actor=SYSTEM)
    assert caught.value.kind == "wrong-state"
    assert fresh(registration).checked_in_at is None


def test_an_older_version_is_refused(registration):
    for verb in (check_in, undo_check_in):
        with pytest.raises(DomainError) as caught:
            verb(registration=registration, actor=SYSTEM, expected=7)
        assert caught.value.kind == "stale"
