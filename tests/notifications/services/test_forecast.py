"""The mail calendar says what planning then writes, and writes nothing itself."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.actors import SYSTEM
from core.clock import to_local
from events.enums import ParticipationRole
from events.services.schedules import publish_schedule
from notifications.enums import MessageState
from notifications.models import Message, ReminderRule
from notifications.services import recipients
from notifications.services.forecast import forecast, mail_calendar
from notifications.services.replanning import plan_rules
from registrations.models import Invitation
from tests.factories.events import (
    ConferenceFactory,
    ParticipationFactory,
    PersonFactory,
    SessionFactory,
)
from tests.factories.notifications import (
    AnnouncementFactory,
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db
ZONE = "Europe/Belgrade"
LONG = dt.timedelta(days=900)


def under_way(conference, subject, at, **fields):
    return AnnouncementFactory(
        conference=conference,
        subject={"en": subject},
        undo_until=at,
        round=1,
        **{"state": "scheduled", **fields},
    )


def change_of_clocks(month):
    """Return the last Sunday of a month of the year after next, when clocks change."""
    year = timezone.now().year + 2
    last = dt.date(year, month, monthrange(year, month)[1])
    return last - dt.timedelta(days=(last.weekday() + 1) % 7)


def conference_on(day, hour, **fields):
    start = dt.datetime.combine(day, dt.time(hour))
    return ConferenceFactory(
        start_local=start, end_local=start + dt.timedelta(hours=4), time_zone=ZONE, **fields
    )


def invite(conference, number, **fields):
    guests = []
    for _ in range(number):
        person = PersonFactory(organisation=conference.organisation)
        person.email = f"{person.code.lower()}@example.org"
        person.save(update_fields=["email"])
        guests.append(
            Invitation.objects.create(
                conference=conference,
                person=person,
                registration_type=guests_of(conference, 0) or conference.registration_types.get(),
                sent_at=timezone.now(),
                **fields,
            )
        )
    return guests


def foretold(conference, until=LONG):
    """Return (rule, moment, language) -> how many wait, as the calendar has it."""
    found = Counter()
    for mail in forecast(conference, timezone.now() + until):
        at = "now" if mail.is_due else mail.due_at.replace(second=0, microsecond=0)
        for language, number in mail.languages.items():
            found[mail.name, at, language] += number
    return found


def written(conference):
    """Return the same of what the outbox holds, day by day where each has a moment of their own."""
    now = timezone.now()
    found, first = Counter(), {}
    rows = Message.objects.filter(conference=conference, state=MessageState.QUEUED)
    for row in rows.select_related("rule").order_by("due_at"):
        at = "now" if row.due_at <= now else row.due_at.replace(second=0, microsecond=0)
        if at != "now" and row.rule.anchor in {"registered", "invitation_sent"}:
            day = to_local(row.due_at, ZONE).date()
            at = first.setdefault((row.rule_id, day), at)
        found[row.rule.name, at, row.language] += 1
    return found


def plan_all(conference):
    plan_rules(conference.reminder_rules.values_list("pk", flat=True))


def furnish(conference):
    """Give a conference attendees, people who wait, guests without an answer, and speakers."""
    guests_of(conference, 3)
    guests_of(conference, 2, language="ru")
    guests_of(conference, 1, email="", email_key=None)
    guests_of(conference, 2, status="waiting_list")
    invite(conference, 2)
    early = conference.start_local - dt.timedelta(days=40)
    invite(conference, 1, reply_until_local=early, reply_until_at=timezone.now())
    for hour, number in ((1, 2), (2, 1)):
        session = SessionFactory(
            conference=conference,
            start_local=conference.start_local + dt.timedelta(hours=hour),
            end_local=conference.start_local + dt.timedelta(hours=hour, minutes=45),
        )
        for _ in range(number):
            person = PersonFactory(organisation=conference.organisation)
            person.email = f"{person.code.lower()}@example.org"
            person.save(update_fields=["email"])
            ParticipationFactory(session=session, person=person, role=ParticipationRole.PANELLIST)
    publish_schedule(conference=conference, name="First", actor=SYSTEM)
    conference.refresh_from_db()
    return session


def rules_of(conference, session):
    """Give it rules with every audience and anchor that go together."""
    for number, values in enumerate(
        [
            {"offset": "-P1D"},
            {"offset": "-PT24H"},
            {"offset": "-P3D", "quiet_hours": True},
            {"offset": "-P2D", "at": dt.time(2, 30)},
            {"offset": "P1D", "anchor": "conference_end", "working_days": True},
            {"offset": "PT2H", "anchor": "registered"},
            {"offset": "P3D", "anchor": "registered", "at": dt.time(9)},
            {"offset": "-P2D", "anchor": "rsvp_deadline"},
            {"offset": "-P1D", "audience": "waiting_list"},
            {"offset": "-P2D", "audience": "speakers"},
            {"offset": "-PT1H", "audience": "speakers", "anchor": "session_start"},
            {"offset": "-PT1H", "audience": "session", "session": session,
             "anchor": "session_start"},
            {"offset": "-P7D", "audience": "unanswered", "anchor": "rsvp_deadline"},
            {"offset": "P5D", "audience": "unanswered", "anchor": "invitation_sent"},
            {"offset": "P1D", "audience": "no_shows", "anchor": "conference_end"},
            {"offset": "-P4D", "enabled": False},
        ]
    ):  # fmt: skip
        ReminderRuleFactory(conference=conference, name=f"Rule {number}", **values)


@pytest.mark.parametrize(("month", "hour"), [(3, 10), (10, 10), (3, 3), (10, 2), (6, 21)], ids=str)
def test_the_calendar_says_what_planning_then_writes_and_goes_on_saying_it(month, hour):
    day = change_of_clocks(month)
    before = dt.datetime.combine(day, dt.time(18)) - dt.timedelta(days=30)
    conference = conference_on(day, hour, reply_until_local=before)
    rules_of(conference, furnish(conference))
    said = foretold(conference)
    plan_all(conference)
    conference.refresh_from_db()
    assert said == written(conference)
    assert foretold(conference) == said
    assert sum(said.values()) > 20


def test_after_a_move_the_calendar_says_at_once_what_the_sweeper_will_write():
    conference = conference_in(days=30)
    rules_of(conference, furnish(conference))
    plan_all(conference)
    conference.start_local += dt.timedelta(days=7)
    conference.end_local += dt.timedelta(days=7)
    conference.plan_revision += 1
    conference.save()
    said = foretold(conference)
    plan_all(conference)
    assert said == written(conference)


def test_a_short_time_is_said_as_it_is_compressed():
    conference = conference_in(days=2)
    guests_of(conference, 2)
    for step, offset in (("practical", "-P3D"), ("reminder", "-P1D"), ("find_us", "-PT2H")):
        ReminderRuleFactory(conference=conference, name=step, step=step, offset=offset)
    said = foretold(conference)
    short = {s.rule.name for s in mail_calendar(conference, timezone.now() + LONG).silences}
    plan_all(conference)
    assert said == written(conference)
    assert short == {r.name for r in conference.reminder_rules.all()} - {n for n, _, _ in said}


def test_it_writes_nothing_and_asks_only():
    conference = conference_in(days=20)
    rules_of(conference, furnish(conference))
    before = (Message.objects.count(), list(ReminderRule.objects.values_list("planned_revision")))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        mail_calendar(conference, timezone.now() + LONG)
    verbs = {query["sql"].lstrip("( ").split()[0] for query in queries}
    assert verbs == {"SELECT"}
    assert before == (
        Message.objects.count(),
        list(ReminderRule.objects.values_list("planned_revision")),
    )


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("is_planned", [True, False])
def test_more_people_and_rules_take_no_more_queries(number, is_planned, django_assert_num_queries):
    conference = conference_in(days=20)
    guests_of(conference, number)
    for _ in range(number):
        ReminderRuleFactory(conference=conference)
    if is_planned:
        plan_all(conference)
    # Rules, the clock, the outbox, announcements, what was sent; where planning is foretold, also
    # the audience, who of it opted out, and twice what is there already.
    with django_assert_num_queries(5 if is_planned else 9):
        mails = forecast(conference, timezone.now() + LONG)
    assert [mail.count for mail in mails] == [number] * number


class TestAnnouncements:
    """Those in the outbox and those about to leave; each is a line of its own."""

    def test_two_at_one_moment_are_two_lines_and_have_their_subjects(self):
        conference = conference_in(days=20)
        guests = guests_of(conference, 3)
        at = timezone.now() + dt.timedelta(days=1)
        rows = [under_way(conference, name, at, planned_at=at) for name in ("Doors", "Lunch")]
        for row, number in zip(rows, (2, 3), strict=True):
            for guest in guests[:number]:
                MessageFactory(registration=guest, kind="announcement", announcement=row, due_at=at)
        found = forecast(conference, timezone.now() + LONG)
        assert [(mail.name, mail.count, mail.notes) for mail in found] == [
            ("Doors", 2, ()),
            ("Lunch", 3, ()),
        ]
        assert [mail.announcement for mail in found] == rows

    def test_one_about_to_leave_is_said_before_it_is_in_the_outbox(self):
        conference = conference_in(days=20)
        at = timezone.now() + dt.timedelta(hours=9)
        row = under_way(conference, "Doors", at, expected=40)
        under_way(conference, "Later", at + 2 * LONG, expected=7)
        under_way(conference_in(), "Elsewhere", at, expected=7)
        [mail] = forecast(conference, timezone.now() + LONG)
        assert (mail.announcement, mail.count, mail.languages) == (row, 40, {})
        assert (mail.due_at, mail.is_about) == (at, True)
        assert "looked up a minute before" in mail.notes[0]

    def test_one_that_is_paused_says_so_and_one_that_was_stopped_is_gone(self):
        conference = conference_in(days=20)
        [guest] = guests_of(conference)
        at = timezone.now() + dt.timedelta(days=1)
        paused = under_way(conference, "Doors", at, state="paused", planned_at=at)
        stopped = under_way(conference, "Lunch", at, state="stopped", planned_at=at, done_at=at)
        for row in (paused, stopped):
            MessageFactory(registration=guest, kind="announcement", announcement=row, due_at=at)
        [mail] = forecast(conference, timezone.now() + LONG)
        assert (mail.name, mail.notes) == ("Doors", ("Paused: it goes when somebody resumes it.",))


def test_a_large_audience_is_counted_and_said_to_be_about(monkeypatch):
    conference = conference_in(days=20)
    guests_of(conference, 7)
    ReminderRuleFactory(conference=conference)
    monkeypatch.setattr(recipients, "CHUNK", 2)
    (mail,) = forecast(conference, timezone.now() + LONG)
    assert (mail.count, mail.is_about) == (7, True)
    plan_all(conference)
    (mail,) = forecast(conference, timezone.now() + LONG)
    assert (mail.count, mail.is_about) == (7, False)


def test_what_waits_without_a_rule_stands_there_too_and_what_is_due_is_one_line():
    conference = conference_in(days=20)
    for guest in guests_of(conference, 2):
        MessageFactory(registration=guest)
    late = guests_of(conference)[0]
    MessageFactory(registration=late, attempts=2, due_at=timezone.now() + dt.timedelta(minutes=5))
    due, again = forecast(conference, timezone.now() + LONG)
    assert (due.name, due.count, due.is_due, due.retried) == ("Confirmation", 2, True, 0)
    assert (again.name, again.count, again.is_due, again.retried) == ("Confirmation", 1, False, 1)


def test_who_does_not_get_it_is_counted_by_reason():
    conference = conference_in(days=20)
    guests_of(conference, 3)
    ReminderRuleFactory(conference=conference)
    plan_all(conference)
    first, second, _third = Message.objects.order_by("pk")
    Message.objects.filter(pk=first.pk).update(state="cancelled", cancelled_for="suppressed")
    Message.objects.filter(pk=second.pk).update(state="cancelled", cancelled_for="organiser")
    (mail,) = forecast(conference, timezone.now() + LONG)
    assert (mail.count, mail.held_back) == (1, {"suppressed": 1, "organiser": 1})


def test_another_houses_mail_is_not_in_it():
    other = conference_in(days=20)
    ReminderRuleFactory(conference=other)
    MessageFactory(registration=guests_of(other)[0])
    conference = conference_in(days=20)
    calendar = mail_calendar(conference, timezone.now() + LONG)
    assert (calendar.mails, calendar.silences) == ([], [])


class TestSilences:
    def said(self, conference, until=LONG):
        return [
            (one.code, one.why)
            for one in mail_calendar(conference, timezone.now() + until).silences
        ]

    def test_a_rule_that_is_off(self):
        rule = ReminderRuleFactory(enabled=False)
        assert self.said(rule.conference) == [("off", "It is switched off.")]

    @pytest.mark.parametrize("state", ["postponed", "cancelled"])
    def test_a_conference_that_has_stopped(self, state):
        rule = ReminderRuleFactory(conference=conference_in(days=20, state=state))
        guests_of(rule.conference)
        assert self.said(rule.conference) == [
            (state, f"The conference is {state}, so rules have stopped.")
        ]
        assert forecast(rule.conference, timezone.now() + LONG) == []

    @pytest.mark.parametrize(
        ("values", "code", "words"),
        [
            ({"anchor": "rsvp_deadline"}, "no-moment", "No deadline for answers is set"),
            ({"anchor": "outcome_published", "offset": "PT0M"}, "no-moment", "published"),
            ({"anchor": "session_start", "audience": "speakers"}, "no-moment", "No session"),
            ({"anchor": "registered", "offset": "P1D"}, "own", "own moment"),
            ({"offset": "-P25D"}, "past", "nothing was sent, and who comes later does not get it"),
            ({"offset": "-P25D", "late": "merge"}, "past", "reads it in the confirmation"),
        ],
    )
    def test_a_rule_without_a_moment_to_come(self, values, code, words):
        rule = ReminderRuleFactory(conference=conference_in(days=20), **values)
        plan_all(rule.conference)
        ((found, why),) = self.said(rule.conference)
        assert found == code
        assert words in why

    def test_what_was_sent_is_counted(self):
        conference = conference_in(days=20)
        ReminderRuleFactory(conference=conference, offset="-P25D")
        guests_of(conference)
        plan_all(conference)
        assert self.said(conference) == []  # it goes at once
        Message.objects.update(state="sent", sent_at=timezone.now())
        assert "1 sent" in self.said(conference)[0][1]

    def test_what_comes_after_these_weeks(self):
        rule = ReminderRuleFactory(conference=conference_in(days=20))
        guests_of(rule.conference)
        plan_all(rule.conference)
        assert self.said(rule.conference, dt.timedelta(days=7)) == [
            ("later", "It goes after these weeks.")
        ]

    def test_who_is_not_there_yet_leaves_an_empty_mail(self):
        conference = conference_in(days=20)
        ReminderRuleFactory(
            conference=conference, audience="no_shows", anchor="conference_end", offset="P1D"
        )
        calendar = mail_calendar(conference, timezone.now() + LONG)
        assert [(m.count, m.notes) for m in calendar.mails] == [
            (0, ("Who did not come is known after the end",))
        ]
        assert calendar.silences == []

    def test_a_draft_says_what_it_will_do(self):
        rule = ReminderRuleFactory(conference=conference_in(days=20, state="draft"))
        guests_of(rule.conference, 2)
        calendar = mail_calendar(rule.conference, timezone.now() + LONG)
        assert calendar.waits_for_publication
        assert [mail.count for mail in calendar.mails] == [2]
