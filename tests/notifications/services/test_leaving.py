"""The moment of leaving: what changed since the button was pressed holds an announcement back."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from core.actors import SYSTEM
from core.enums import Visibility
from core.errors import DomainError
from core.links import absolute_url
from core.models import AuditEntry
from events.models import Conference
from notifications.enums import AnnouncementState
from notifications.models import Announcement, Message
from notifications.services import leaving
from notifications.services.announcement_control import (
    pause_announcement,
    resume_announcement,
    stop_announcement,
    undo_announcement,
)
from notifications.services.announcing import change_announcement, send_announcement
from notifications.services.claiming import due_messages, messages_that_may_leave
from notifications.services.delivery import send_due_messages
from notifications.services.fan_out import run_announcements
from notifications.services.flight_check import CHECKS, fly
from notifications.services.leaving import CHECKS_AGAIN, let_leave
from notifications.services.pausing import pause_conference_mail, resume_conference_mail
from notifications.services.rescheduling import reschedule_announcement
from notifications.services.sending_switch import pause_sending, resume_sending
from notifications.services.sweeping import sweep
from notifications.signals import announcements_changed
from tests.factories.events import OutcomeFactory
from tests.factories.notifications import (
    AnnouncementFactory,
    conference_in,
    guests_of,
    many_guests,
)

S = AnnouncementState
IN_A_WEEK = dt.timedelta(days=7)


@pytest.fixture
def conference(organisation):
    organisation.contact_email = "desk@example.org"
    organisation.imprint = {"en": "Institute for Testing, Belgrade"}
    organisation.save()
    found = conference_in(days=30, organisation=organisation, contact_phone="+381 11 123 456")
    guests_of(found, 3)
    return found


def timed(conference, *, send_at=None, **fields):
    """Return an announcement that an organiser has sent, with all its warnings read."""
    row = AnnouncementFactory(conference=conference, **fields)
    return send_announcement(
        announcement=row,
        recipients=fly(row).survey.total,
        read_warnings=True,
        in_quiet_hours=True,
        send_at=send_at,
        actor=SYSTEM,
    )


def come_to(row):
    """Let its moment be there, and plan it."""
    past = timezone.now() - dt.timedelta(seconds=1)
    Announcement.objects.filter(pk=row.pk).update(undo_until=past)
    run_announcements()


def leave(row):
    """Let it come to its moment and leave; return the checks for which it is held back."""
    come_to(row)
    let_leave()
    row.refresh_from_db()
    return [found["check"] for found in row.held_for]


def states(row):
    return sorted(row.messages.values_list("state", flat=True))


# --- What holds it back --------------------------------------------------------------------------
def cancel(conference):
    Conference.objects.filter(pk=conference.pk).update(state="cancelled")


def go_private(conference):
    Conference.objects.filter(pk=conference.pk).update(visibility=Visibility.PRIVATE)


def move(conference):
    conference.start_local += IN_A_WEEK
    conference.end_local += IN_A_WEEK
    conference.starts_at += IN_A_WEEK
    conference.ends_at += IN_A_WEEK
    conference.save()


def lose_contact(conference):
    conference.organisation.contact_email = ""
    conference.organisation.save()


def lose_imprint(conference):
    conference.organisation.imprint = {}
    conference.organisation.save()


def empty(conference):
    conference.registrations.update(status="cancelled")


def double(conference):
    many_guests(conference, 10)


def speak_russian(conference):
    first = conference.registrations.order_by("pk").first()
    conference.registrations.filter(pk=first.pk).update(language="ru")


def close_the_other(conference):
    Conference.objects.filter(slug="other").update(state="draft")


def withdraw_outcome(conference):
    conference.outcome.delete()


def lose_phone(conference):
    conference.contact_phone = ""
    conference.save()


@pytest.mark.django_db
class TestHolding:
    @pytest.mark.parametrize(
        ("change", "check", "said"),
        [
            (cancel, "conference-state", "The conference is cancelled."),
            (move, "date-differs", "none is the conference's"),
            (
                go_private,
                "link-private",
                "{conference_url} and {outcome_url} open for members",
            ),
            (lose_contact, "contact", "There is no contact address"),
            (lose_imprint, "unsubscribe", "The organisation has no imprint"),
            (lose_phone, "placeholder-empty", "{contact_phone} has no value"),
            (empty, "audience-empty", "Nobody in this audience can be written to."),
            (double, "audience-grown", "It was sent to 3 people and would go to 13 now."),
            (speak_russian, "language-missing", "1 person read Русский"),
            (close_the_other, "link-dead", "that conference is not public"),
            (withdraw_outcome, "outcome-unpublished", "The outcome is not published"),
        ],
    )
    def test_what_changed_meanwhile_is_found(self, conference, transport, change, check, said):
        conference_in(organisation=conference.organisation, slug="other")
        OutcomeFactory(conference=conference, published_at=timezone.now())
        house = conference.organisation.slug
        day = f"{conference.start_local:%Y-%m-%d}"
        body = (
            f"{{greeting}}\n\nOn {day}: {{conference_url}}, {{outcome_url}}.\n\n"
            f"{{contact_phone}}\n\n[the other]({absolute_url(f'/{house}/other/')})"
        )
        row = timed(conference, send_at=timezone.now() + IN_A_WEEK, body={"en": body})
        change(conference)
        assert leave(row) == [check]
        assert row.state == S.HELD
        assert said in row.held_for[0]["detail"]
        assert send_due_messages().sent == 0
        assert transport.recipients == []
        run_announcements()
        assert set(states(row)) <= {"cancelled"}, "it is planned anew when it is sent"

    def test_what_did_not_change_leaves(self, conference, transport):
        row = timed(conference, send_at=timezone.now() + IN_A_WEEK)
        assert leave(row) == []
        assert (row.state, row.left_at is not None) == (S.SENDING, True)
        assert send_due_messages().sent == 3
        run_announcements()
        row.refresh_from_db()
        assert (row.state, row.sent) == (S.SENT, 3)

    def test_its_minute_of_undo_is_looked_at_too(self, conference, transport):
        row = timed(conference)
        run_announcements()
        cancel(conference)
        assert leave(row) == ["conference-state"]
        assert send_due_messages().sent == 0

    def test_a_warning_that_was_read_holds_nothing_back(self, conference):
        cancel(conference)
        lose_imprint(conference)
        speak_russian(conference)
        conference.refresh_from_db()
        row = timed(conference, body={"en": "Hello on 1 February 2020."})
        assert set(row.agreed) >= {"conference-state", "date-past", "language-missing"}
        assert leave(row) == []

    def test_who_has_read_of_one_thing_has_not_read_of_another(self, conference):
        speak_russian(conference)
        row = timed(conference)
        conference.registrations.filter(language="en").update(language="sr-Latn")
        assert leave(row) == ["language-missing"]

    def test_more_people_of_a_language_that_was_read_of_are_nothing_new(self, conference):
        speak_russian(conference)
        row = timed(conference)
        conference.registrations.update(language="ru")
        assert leave(row) == []

    def test_a_date_that_passes_while_it_waits_is_said_when_it_is_sent(self, conference):
        soon = timezone.now() + dt.timedelta(days=2)
        row = AnnouncementFactory(
            conference=conference, body={"en": f"{{greeting}}\n\nBy {soon:%Y-%m-%d}."}
        )
        flown = fly(row, send_at=timezone.now() + IN_A_WEEK)
        found = next(one for one in flown.findings if one.slug == "date-past")
        assert found.sentence.startswith("Past when it leaves: ")
        assert found.about == (f"{soon:%Y-%m-%d}",)

    def test_a_date_that_has_passed_unread_holds_it_back(self, conference):
        tomorrow = timezone.now() + dt.timedelta(days=1)
        row = timed(conference, body={"en": f"{{greeting}}\n\nBy {tomorrow:%Y-%m-%d}."})
        Announcement.objects.filter(pk=row.pk).update(
            body={"en": "{greeting}\n\nBy 2020-02-01."}
        )  # as if time had gone by
        assert "date-past" in leave(row)

    @pytest.mark.parametrize(("more", "held"), [(9, []), (10, ["audience-grown"])])
    def test_an_audience_may_grow_by_half_and_by_a_few(self, conference, more, held):
        row = timed(conference)
        many_guests(conference, more)
        assert leave(row) == held

    def test_a_large_audience_may_grow_by_half(self, conference):
        many_guests(conference, 37)
        row = timed(conference)
        guests_of(conference, 19)
        assert leave(row) == []

    def test_of_one_sent_before_it_was_kept_what_was_read_only_errors_count(self, conference):
        row = timed(conference)
        Announcement.objects.filter(pk=row.pk).update(agreed=None)
        cancel(conference)
        assert leave(row) == []
        row = timed(conference)
        Announcement.objects.filter(pk=row.pk).update(agreed=None)
        lose_contact(conference)
        assert leave(row) == ["contact"]

    def test_all_that_is_checked_again_is_in_the_flight_check_or_compares(self):
        slugs = {check.slug for check in CHECKS}
        assert [c.slug for c in CHECKS_AGAIN if c.slug not in slugs] == ["audience-grown"]
        assert len(CHECKS_AGAIN) == len(leaving._AGAIN) + 1

    def test_looking_again_takes_as_many_queries_however_many_there_are(
        self, conference, django_assert_max_num_queries
    ):
        many_guests(conference, 60)
        row = timed(conference)
        come_to(row)
        with django_assert_max_num_queries(30):
            assert let_leave() == 1

    def test_it_is_written_down_and_wakes_a_planner(self, conference):
        row = timed(conference)
        cancel(conference)
        heard = []
        announcements_changed.connect(lambda **_kw: heard.append(1), weak=False, dispatch_uid="t")
        leave(row)
        announcements_changed.disconnect(dispatch_uid="t")
        assert heard == [1]
        entry = AuditEntry.objects.get(verb="hold_announcement")
        assert entry.actor_kind == "system"
        assert entry.facts["checks"] == ["conference-state"]

    def test_one_that_can_not_be_looked_at_stops_no_other(self, conference, monkeypatch):
        broken, fine = timed(conference), timed(conference)
        original = leaving.speaks_against

        def look(row):
            if row.pk == broken.pk:
                raise ValueError("no time")
            return original(row)

        monkeypatch.setattr(leaving, "speaks_against", look)
        come_to(broken)
        come_to(fine)
        assert let_leave() == 1
        broken.refresh_from_db()
        fine.refresh_from_db()
        assert (broken.state, fine.state) == (S.SCHEDULED, S.SENDING)


# --- What it waits for ---------------------------------------------------------------------------
@pytest.mark.django_db
class TestWaiting:
    def test_before_its_moment_nothing_is_decided(self, conference):
        row = timed(conference)
        run_announcements()
        cancel(conference)
        assert let_leave() == 0
        row.refresh_from_db()
        assert row.state == S.SCHEDULED

    def test_until_all_of_it_is_planned_nothing_leaves(self, conference, transport):
        row = timed(conference)
        come_to(row)
        Announcement.objects.filter(pk=row.pk).update(planned_at=None)
        Message.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
        assert (let_leave(), send_due_messages().sent) == (0, 0)

    def test_meanwhile_its_mail_is_due_for_who_looks_and_for_no_sender(self, conference):
        row = timed(conference)
        come_to(row)
        Message.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
        assert (due_messages().count(), messages_that_may_leave().count()) == (0, 3)
        let_leave()
        assert (due_messages().count(), messages_that_may_leave().count()) == (3, 3)

    @pytest.mark.parametrize("everywhere", [True, False])
    def test_while_mail_is_paused_it_waits_and_is_looked_at_when_it_goes_on(
        self, conference, everywhere
    ):
        row = timed(conference)
        if everywhere:
            pause_sending(reason="restored", actor=SYSTEM)
        else:
            pause_conference_mail(conference=conference, reason="moved", actor=SYSTEM)
        assert leave(row) == []
        assert row.state == S.SCHEDULED
        cancel(conference)
        if everywhere:
            resume_sending(actor=SYSTEM)
        else:
            resume_conference_mail(conference=conference, actor=SYSTEM)
        assert leave(row) == ["conference-state"]

    def test_paused_before_it_left_it_is_looked_at_when_it_goes_on(self, conference, transport):
        row = timed(conference)
        come_to(row)
        pause_announcement(announcement=row, actor=SYSTEM)
        assert let_leave() == 0
        cancel(conference)
        row = resume_announcement(announcement=row, actor=SYSTEM)
        assert row.state == S.SCHEDULED
        assert leave(row) == ["conference-state"]

    def test_the_sweeper_lets_leave_what_no_nudge_reached(self, conference):
        row = timed(conference)
        Announcement.objects.update(undo_until=timezone.now() - dt.timedelta(seconds=1))
        sweep()
        row.refresh_from_db()
        assert row.state == S.SENDING


# --- Sent after all, or taken back ---------------------------------------------------------------
def release(row, **choices):
    values = {"recipients": 3, "read_warnings": True, "in_quiet_hours": True, "actor": SYSTEM}
    return send_announcement(announcement=row, **{**values, **choices})


@pytest.mark.django_db
class TestHeld:
    @pytest.fixture
    def held(self, conference):
        row = timed(conference)
        cancel(conference)
        assert leave(row) == ["conference-state"]
        return row

    def test_sent_after_all_it_leaves_once_to_everybody(self, held, transport):
        row = release(held, expected=held.version)
        assert (row.state, row.held_at, row.held_for, row.round) == (S.SCHEDULED, None, [], 2)
        assert "conference-state" in row.agreed
        assert leave(row) == []
        assert send_due_messages().sent == 3
        assert len(set(transport.recipients)) == len(transport.recipients) == 3
        assert states(row) == ["cancelled"] * 3 + ["sent"] * 3
        assert AuditEntry.objects.filter(verb="release_announcement").count() == 1

    def test_what_comes_up_after_that_holds_it_back_once_more(self, held, conference):
        row = release(held)
        lose_contact(conference)
        assert leave(row) == ["contact"]

    def test_the_number_and_the_warnings_are_agreed_to_anew(self, held, conference):
        with pytest.raises(DomainError, match="Read what the flight check warns of"):
            release(held, read_warnings=False)
        guests_of(conference, 1)
        with pytest.raises(DomainError, match="it is 4 now, not 3"):
            release(held)
        held.refresh_from_db()
        assert (held.state, held.round) == (S.HELD, 1)

    def test_an_error_is_put_right_first(self, conference):
        row = timed(conference)
        lose_contact(conference)
        leave(row)
        with pytest.raises(DomainError) as refused:
            release(row)
        assert [error.pointer for error in refused.value.errors] == ["/checks/contact"]
        conference.organisation.contact_email = "new@example.org"
        conference.organisation.save()
        assert release(row).state == S.SCHEDULED

    def test_released_twice_it_is_one(self, held):
        release(held)
        with pytest.raises(DomainError, match="on its way already"):
            release(held)

    def test_another_version_than_was_seen_is_stale(self, held):
        with pytest.raises(DomainError) as refused:
            release(held, expected=held.version - 1)
        assert refused.value.kind == "stale"

    def test_taken_back_it_is_a_draft_that_can_be_changed(self, held):
        row = undo_announcement(announcement=held, actor=SYSTEM)
        assert (row.state, row.held_at, row.held_for) == (S.DRAFT, None, [])
        row = change_announcement(
            announcement=row, changes={"subject": {"en": "Sorry"}}, expected=None, actor=SYSTEM
        )
        assert row.subject == {"en": "Sorry"}
        assert release(row).round == 2

    def test_nothing_else_can_be_done_with_it(self, held):
        for verb in (pause_announcement, resume_announcement, stop_announcement):
            with pytest.raises(DomainError) as refused:
                verb(announcement=held, actor=SYSTEM)
            assert refused.value.kind == "wrong-state"
        with pytest.raises(DomainError, match="waits for no moment"):
            reschedule_announcement(
                announcement=held, send_at=None, read_warnings=True, actor=SYSTEM
            )

    def test_what_a_sender_has_taken_by_mistake_is_not_begun(self, held, transport):
        past = timezone.now() - dt.timedelta(seconds=1)
        held.messages.update(state="queued", due_at=past)
        assert send_due_messages().sent == 0
        assert transport.recipients == []

    def test_the_database_knows_it_too(self, held, conference):
        sent = timed(conference)
        for row, columns in (
            (held, {"held_at": None}),
            (held, {"left_at": timezone.now()}),
            (held, {"done_at": timezone.now()}),
            (held, {"state": "scheduled"}),
            (sent, {"state": "sending"}),
            (sent, {"held_at": timezone.now()}),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                Announcement.objects.filter(pk=row.pk).update(**columns)


# --- Many at once --------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("deed", "state"),
    [
        (stop_announcement, S.STOPPED),
        (pause_announcement, S.PAUSED),
    ],
)
def test_stopped_or_paused_while_it_is_looked_at(conference, monkeypatch, deed, state):
    row = timed(conference)
    come_to(row)
    during(monkeypatch, lambda: deed(announcement=row, actor=SYSTEM))
    assert let_leave() == 0
    row.refresh_from_db()
    assert row.state == state


@pytest.mark.django_db
def test_a_conference_cancelled_while_it_is_looked_at_is_seen(conference, monkeypatch):
    row = timed(conference)
    come_to(row)

    def change():
        found = Conference.objects.get(pk=conference.pk)
        Conference.objects.filter(pk=found.pk).update(state="cancelled", version=found.version + 1)

    during(monkeypatch, change)
    assert let_leave() == 0, "what was looked at is not what holds"
    assert let_leave() == 1
    row.refresh_from_db()
    assert row.state == S.HELD


def during(monkeypatch, deed):
    """Do something once, after an announcement was looked at and before that is written down."""
    original, done = leaving.speaks_against, []

    def look(row):
        found = list(original(row))
        if not done:
            done.append(1)
            deed()
        return found

    monkeypatch.setattr(leaving, "speaks_against", look)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_cancelled", [True, False])
def test_many_at_once_decide_once(is_cancelled):
    conference = conference_in()
    conference.organisation.contact_email = "desk@example.org"
    conference.organisation.save()
    guests_of(conference, 2)
    row = timed(conference)
    if is_cancelled:
        cancel(conference)
    come_to(row)
    done = []

    def run():
        try:
            done.append(let_leave())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 0, 0, 1]
    row.refresh_from_db()
    assert row.state == (S.HELD if is_cancelled else S.SENDING)
    assert AuditEntry.objects.filter(verb="hold_announcement").count() == int(is_cancelled)
