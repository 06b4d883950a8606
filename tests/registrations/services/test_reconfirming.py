"""A yes is for a day: after a move to another one it is asked anew, and a move back renews it."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from events.models import Conference
from events.services.conferences import change_conference
from registrations.models import Registration
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.reconfirming import (
    DateAnswers,
    confirm_new_date,
    date_answers,
    is_asked,
    is_date_confirmed,
)
from tests.factories.registrations import RegistrationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guest_type")]
GUEST = Actor("guest")


def move(conference, **by):
    row = Conference.objects.get(pk=conference.pk)
    away = dt.timedelta(**by)
    return change_conference(
        conference=row,
        changes={"start_local": row.start_local + away, "end_local": row.end_local + away},
        expected=None,
        actor=SYSTEM,
    )


def holds(row, conference):
    return is_date_confirmed(Registration.objects.get(pk=row.pk), conference)


def test_a_move_writes_no_registrations_day_and_a_move_back_renews_the_yes(conference, guest):
    row = guest()
    assert holds(row, conference)
    moved = move(conference, days=1)
    assert (holds(row, moved), date_answers(moved)) == (False, DateAnswers(1, 1))
    assert Registration.objects.get().confirmed_day == conference.start_local.date()
    within = move(conference, hours=2)
    assert not holds(row, within)
    back = move(conference, days=-1)
    assert (holds(row, back), date_answers(back)) == (True, DateAnswers(1, 0))


def test_a_yes_to_the_new_day_is_written_once(conference, guest, told):
    row = guest()
    moved = move(conference, days=1)
    told.clear()
    done = confirm_new_date(registration=row, actor=GUEST, by_guest=True)
    assert (done.confirmed_day, done.status) == (moved.start_local.date(), "confirmed")
    assert told == [("date_confirmed", 1, True)]
    assert AuditEntry.objects.first().verb == "confirm_new_date"
    confirm_new_date(registration=row, actor=GUEST, by_guest=True)
    assert len(told) == 1
    assert date_answers(moved) == DateAnswers(1, 0)


def test_a_yes_to_a_day_that_has_changed_again_is_refused(conference, guest):
    row = guest()
    seen = move(conference, days=1).start_local.date()
    move(conference, days=1)
    with pytest.raises(DomainError) as caught:
        confirm_new_date(registration=row, day=seen, actor=GUEST, by_guest=True)
    assert caught.value.kind == "stale"
    assert Registration.objects.get().confirmed_day == conference.start_local.date()


@pytest.mark.parametrize("state", ["postponed", "cancelled", "archived", "draft"])
def test_there_is_nothing_to_confirm_of_what_does_not_take_place(conference, guest, state):
    row = guest()
    moved = move(conference, days=1)
    Conference.objects.update(state=state)
    moved.state = state
    assert not is_asked(Registration.objects.get(), moved)
    with pytest.raises(DomainError) as caught:
        confirm_new_date(registration=row, actor=SYSTEM)
    assert caught.value.kind == "wrong-state"


def test_without_a_place_there_is_no_date_to_confirm(conference, guest_type):
    row = RegistrationFactory(registration_type=guest_type, status="waiting_list")
    moved = move(conference, days=1)
    assert not is_asked(row, moved)
    with pytest.raises(DomainError) as caught:
        confirm_new_date(registration=row, actor=SYSTEM)
    assert caught.value.kind == "wrong-state"


def test_a_place_that_is_given_anew_is_for_the_new_day(conference, guest):
    row = guest()
    moved = move(conference, days=1)
    cancel_registration(registration=row, actor=SYSTEM)
    assert date_answers(moved) == DateAnswers(0, 0)
    uncancel_registration(registration=row, actor=SYSTEM)
    assert holds(row, moved)


def test_where_nobody_wrote_down_a_day_the_yes_counts(conference, guest_type):
    row = RegistrationFactory(registration_type=guest_type, confirmed_day=None)
    assert (holds(row, conference), date_answers(conference).unconfirmed) == (True, 0)
