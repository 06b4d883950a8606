"""A move or a cancellation, told once to everybody concerned and to nobody else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from events.models import Conference
from events.services.conferences import (
    cancel_conference,
    change_conference,
    postpone_conference,
    reopen_conference,
)
from events.services.instants import resolve_again
from notifications.enums import CancelReason, MessageState
from notifications.models import Message, Notice
from notifications.services.notices import notices_to_tell, tell
from notifications.services.sweeping import sweep
from tests.factories.notifications import NoticeFactory, conference_in, guests_of

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def change(conference, **changes):
    return change_conference(
        conference=fresh(conference), changes=changes, expected=None, actor=SYSTEM
    )


def move(conference, **by):
    away = dt.timedelta(**by)
    now = fresh(conference)
    return change(conference, start_local=now.start_local + away, end_local=now.end_local + away)


@pytest.fixture
def conference():
    return conference_in()


def told(*kinds):
    kinds = kinds or ("changed_time", "new_date")
    rows = Message.objects.filter(kind__in=kinds).order_by("id")
    return list(rows.values_list("to_email", "state"))


def text(moment):
    return moment.isoformat(timespec="minutes")


def test_a_move_is_one_row_and_then_one_message_a_place(conference):
    guests = guests_of(conference, 3)
    guests_of(conference, 1, status="cancelled")
    guests_of(conference, 1, status="pending_approval")
    moved = move(conference, days=2)
    notice = Notice.objects.get()
    assert (notice.kind, notice.revision, notice.done_at) == (
        "new_date",
        moved.plan_revision,
        None,
    )
    assert notice.facts == {
        "former_start": text(conference.start_local),
        "former_end": text(conference.end_local),
        "former_time_zone": "Europe/Belgrade",
    }
    assert told() == []
    assert sweep().told == 3
    assert told() == [(guest.email, "queued") for guest in guests]
    message = Message.objects.first()
    assert message.facts == notice.facts
    assert message.key == f"new_date:{guests[0].code}:{moved.plan_revision}"
    assert (message.plan_revision, message.not_after) == (None, moved.ends_at)
    assert (sweep().told, notices_to_tell()) == (0, [])


def test_telling_twice_adds_none(conference):
    guests_of(conference, 2)
    move(conference, days=2)
    (pk,) = notices_to_tell()
    assert tell(pk) == 2
    Notice.objects.update(done_at=None)
    tell(pk)
    assert Message.objects.count() == 2


def test_another_zone_and_another_hour_are_new_times_too(conference):
    guests_of(conference)
    change(conference, time_zone="Europe/London")
    sweep()
    move(conference, hours=1)
    sweep()
    assert [state for _email, state in told()] == ["cancelled", "queued"]


def test_two_moves_in_a_row_are_told_once_with_the_time_known_before_both(conference):
    guest = guests_of(conference)[0]
    move(conference, days=1)
    move(conference, days=1)
    sweep()
    assert told() == [(guest.email, "queued")]
    assert Message.objects.get().facts["former_start"] == text(conference.start_local)


def test_a_move_there_and_back_is_not_told(conference):
    guests_of(conference)
    move(conference, days=1)
    move(conference, days=-1)
    sweep()
    assert (told(), notices_to_tell()) == ([], [])


def test_who_was_told_of_a_move_is_told_of_the_move_back(conference):
    guests_of(conference)
    move(conference, days=1)
    sweep()
    Message.objects.update(state=MessageState.SENT, sent_at=timezone.now())
    move(conference, days=-1)
    sweep()
    assert [state for _email, state in told()] == ["sent", "queued"]


def test_a_notice_told_in_part_is_not_forgotten_by_a_move_back(conference):
    """Who heard of the move hears of the move back; who did not is left in peace."""
    heard, spared = guests_of(conference, 2)
    move(conference, days=1)
    tell(notices_to_tell()[0])
    Message.objects.filter(registration=heard).update(state="sent", sent_at=timezone.now())
    Notice.objects.update(done_at=None)
    move(conference, days=-1)
    sweep()
    assert told("new_date") == [(heard.email, "sent"), (spared.email, "cancelled")]
    assert told("changed_time") == [(heard.email, "queued")]


def test_a_later_notice_takes_back_what_waits_of_the_earlier(conference):
    guests_of(conference)
    move(conference, days=1)
    sweep()
    move(conference, days=1)
    sweep()
    assert [(row.state, row.cancelled_for) for row in Message.objects.order_by("id")] == [
        ("cancelled", CancelReason.PLAN),
        ("queued", ""),
    ]


@pytest.mark.parametrize("state", ["draft", "postponed"])
def test_nobody_is_told_of_what_is_not_announced(conference, state):
    Conference.objects.update(state=state)
    guests_of(conference)
    move(conference, days=1)
    assert notices_to_tell() == []


def test_nobody_is_told_of_the_past():
    over = conference_in(days=-3)
    guests_of(over)
    move(over, days=-1)
    cancel_conference(conference=fresh(over), expected=None, actor=SYSTEM)
    assert notices_to_tell() == []


def test_new_rules_of_a_zone_change_no_clock_and_tell_nobody(conference):
    guests_of(conference)
    Conference.objects.update(starts_at=conference.starts_at - dt.timedelta(hours=1))
    assert resolve_again(conference=fresh(conference), actor=SYSTEM)
    assert notices_to_tell() == []


def test_a_cancellation_is_told_to_all_who_are_in(conference):
    live = [
        guests_of(conference, 1, status=status)[0]
        for status in ("confirmed", "pending_approval", "waiting_list")
    ]
    guests_of(conference, 1, status="cancelled")
    move(conference, days=1)
    cancel_conference(conference=fresh(conference), expected=None, actor=SYSTEM)
    sweep()
    assert told() == []
    assert told("conference_cancelled") == [(guest.email, "queued") for guest in live]


def test_a_draft_that_is_cancelled_is_nobodys_news():
    quiet = conference_in(state="draft", announced_at=None)
    guests_of(quiet)
    cancel_conference(conference=quiet, expected=None, actor=SYSTEM)
    assert notices_to_tell() == []


def test_a_cancellation_that_was_not_told_is_forgotten_when_it_no_longer_holds(conference):
    guests_of(conference)
    cancel_conference(conference=fresh(conference), expected=None, actor=SYSTEM)
    assert len(notices_to_tell()) == 1
    reopen_conference(conference=fresh(conference), expected=None, actor=SYSTEM)
    assert notices_to_tell() == []
    sweep()
    assert Message.objects.count() == 0


def test_a_move_that_was_not_told_goes_with_the_postponement(conference):
    guest = guests_of(conference)[0]
    move(conference, days=1)
    postpone_conference(conference=fresh(conference), expected=None, actor=SYSTEM)
    sweep()
    assert (told(), told("postponed")) == ([], [(guest.email, "queued")])
    # The date that the guest knows, not the one of which nobody was told.
    assert Message.objects.get().facts["former_start"] == text(conference.start_local)


def test_a_notice_that_is_void_by_now_is_not_told(conference):
    notice = NoticeFactory(conference=conference, done_at=timezone.now())
    guests_of(conference)
    assert (tell(notice.pk), tell(notice.pk + 1)) == (0, 0)


def test_a_thousand_at_a_time(conference, monkeypatch):
    monkeypatch.setattr("notifications.services.telling.CHUNK", 2)
    guests_of(conference, 5)
    guests_of(conference, 1, email="", email_key=None, booking__contact_email="")
    move(conference, days=1)
    assert sweep().told == 5
