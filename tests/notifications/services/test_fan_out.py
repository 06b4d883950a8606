"""From an announcement to the outbox: in chunks, by many planners, through crashes, once each."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone

from core.actors import SYSTEM
from core.errors import DomainError
from notifications.models import Announcement, Message
from notifications.services import announcement_audiences, fan_out
from notifications.services.announcement_control import (
    pause_announcement,
    stop_announcement,
    undo_announcement,
)
from notifications.services.announcing import send_announcement
from notifications.services.fan_out import plan_announcement, run_announcements
from notifications.services.flight_check import fly
from notifications.services.rendering import render
from notifications.signals import announcements_changed
from tests.factories.notifications import (
    AnnouncementFactory,
    conference_in,
    guests_of,
    many_guests,
)


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(announcement_audiences, "CHUNK", 3)


def scheduled(guests=10, **fields):
    conference = conference_in()
    conference.organisation.contact_email = "desk@example.org"
    conference.organisation.save()
    many_guests(conference, guests)
    row = AnnouncementFactory(conference=conference, **fields)
    return send_announcement(
        announcement=row,
        recipients=fly(row).survey.total,
        read_warnings=True,
        in_quiet_hours=True,
        actor=SYSTEM,
    )


def rows_of(row):
    return sorted(row.messages.values_list("to_email", flat=True))


class Crash(Exception):  # noqa: N818 - it is what it says
    """The planner's end."""


@pytest.mark.django_db
class TestPlanning:
    def test_a_planner_that_dies_leaves_a_place_to_go_on_from(self, small_chunks, monkeypatch):
        row = scheduled()
        original, calls = fan_out.recipients_of, []

        def dies(*args, **kwargs):
            for chunk in original(*args, **kwargs):
                calls.append(chunk)
                if len(calls) == 3:
                    raise Crash
                yield chunk

        monkeypatch.setattr(fan_out, "recipients_of", dies)
        with pytest.raises(Crash):
            plan_announcement(row.pk)
        row.refresh_from_db()
        assert (row.planned_at, Message.objects.count()) == (None, 6)
        monkeypatch.setattr(fan_out, "recipients_of", original)
        assert plan_announcement(row.pk) == 4, "it goes on, and does not begin anew"
        row.refresh_from_db()
        assert (row.planned, len(set(rows_of(row)))) == (10, 10)

    def test_a_planner_that_dies_before_its_commit_doubles_nobody(self, small_chunks, monkeypatch):
        row = scheduled()
        manager = type(Message.objects)
        original = manager.bulk_create

        def writes_and_dies(self, *args, **kwargs):
            original(self, *args, **kwargs)
            raise Crash

        monkeypatch.setattr(manager, "bulk_create", writes_and_dies)
        with pytest.raises(Crash):
            plan_announcement(row.pk)
        monkeypatch.setattr(manager, "bulk_create", original)
        assert Message.objects.count() == 0, "the chunk and its place are one commit"
        plan_announcement(row.pk)
        assert len(rows_of(row)) == 10

    def test_planning_again_adds_nothing(self, small_chunks):
        row = scheduled()
        plan_announcement(row.pk)
        Announcement.objects.filter(pk=row.pk).update(planned_at=None, plan_cursor="")
        plan_announcement(row.pk)
        assert len(rows_of(row)) == 10

    def test_one_address_in_two_chunks_is_one_mail(self, small_chunks):
        row = scheduled(4)
        twin = row.conference.registrations.order_by("pk").first()
        guests_of(row.conference, email=twin.email.upper(), email_key=None)
        plan_announcement(row.pk)
        assert len(rows_of(row)) == 4

    def test_an_announcement_stopped_meanwhile_gets_no_further_row(self, small_chunks, monkeypatch):
        row = scheduled()
        original, stopped = fan_out.as_message, []

        def stop_after(announcement, reader):
            if Message.objects.count() == 3 and not stopped:
                stopped.append(1)
                stop_announcement(announcement=row, actor=SYSTEM)
            return original(announcement, reader)

        monkeypatch.setattr(fan_out, "as_message", stop_after)
        plan_announcement(row.pk)
        assert Message.objects.count() == 3
        run_announcements()
        assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}

    def test_a_paused_one_is_still_planned_to_its_end(self, small_chunks):
        row = scheduled()
        Announcement.objects.update(undo_until=timezone.now() - dt.timedelta(seconds=1))
        pause_announcement(announcement=row, actor=SYSTEM)
        run_announcements()
        assert len(rows_of(row)) == 10

    def test_a_turn_ends_in_time_and_says_that_there_is_more(self, small_chunks):
        scheduled()
        work = run_announcements(seconds=0)
        assert work.more
        assert not run_announcements().more
        assert Message.objects.count() == 10

    def test_a_chunk_takes_few_queries_however_many_there_are(self, django_assert_max_num_queries):
        row = scheduled(60)
        with django_assert_max_num_queries(22):
            plan_announcement(row.pk)

    def test_the_reader_of_each_row_is_who_it_says(self):
        row = scheduled(2)
        plan_announcement(row.pk)
        for message in row.messages.select_related("registration"):
            assert message.to_email == message.registration.email
            mail = render(message)
            assert "has changed" in mail.text
            assert mail.headers["Content-Language"] == "en"

    def test_every_verb_wakes_a_planner_once_its_commit_is_there(self):
        heard = []
        announcements_changed.connect(lambda **_kw: heard.append(1), weak=False, dispatch_uid="t")
        row = scheduled(1)
        undo_announcement(announcement=row, actor=SYSTEM)
        announcements_changed.disconnect(dispatch_uid="t")
        assert heard == [1, 1]


# --- Languages -----------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reads", "gets"),
    [
        ("en", "Hello"),
        ("sr-Latn", "Zdravo"),
        ("sr-Cyrl", "Zdravo"),
        ("ru", "Hello"),
    ],
)
def test_readers_get_their_language_or_the_conferences_first(reads, gets):
    row = scheduled(
        1,
        subject={"en": "A", "sr-Latn": "B"},
        body={"en": "{greeting}\n\nHello", "sr-Latn": "{greeting}\n\nZdravo"},
    )
    row.conference.registrations.update(language=reads)
    plan_announcement(row.pk)
    assert gets in render(row.messages.get()).text


# --- Many at once --------------------------------------------------------------------------------
def at_once(*calls):
    """Run calls in threads of their own and return what they raised."""
    raised = []

    def run(call):
        try:
            call()
        except DomainError as error:
            raised.append(error.kind)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_many_planners_at_once_write_one_row_an_address(small_chunks):
    row = scheduled(20)
    at_once(*[lambda: plan_announcement(row.pk)] * 4)
    run_announcements()
    row.refresh_from_db()
    assert row.planned == len(rows_of(row)) == 20


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_announcement():
    conference = conference_in()
    conference.organisation.contact_email = "desk@example.org"
    conference.organisation.save()
    guests_of(conference, 2)
    row = AnnouncementFactory(conference=conference)

    def click():
        send_announcement(
            announcement=row, recipients=2, read_warnings=True, in_quiet_hours=True, actor=SYSTEM
        )

    assert at_once(click, click, click) == ["wrong-state"] * 2
    row.refresh_from_db()
    assert row.round == 1
    plan_announcement(row.pk)
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_undo_and_planner_at_once_leave_nothing_that_goes(small_chunks):
    row = scheduled(12)
    at_once(
        lambda: plan_announcement(row.pk),
        lambda: (time.sleep(0.01), undo_announcement(announcement=row, actor=SYSTEM)),
    )
    run_announcements()
    assert not Message.objects.exclude(state="cancelled").exists()
