"""From the day before a conference until it ends, what matters is tomorrow."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from console.overview.evening import Guests, Silent, evening_before, guests_of, is_near
from console.overview.figures import figures_of
from console.overview.mails import next_mails
from console.overview.panels import panels_of
from registrations.services.turnout import Turnout
from tests.console.conftest import NOON_THE_DAY_BEFORE
from tests.factories.events import TagFactory
from tests.factories.notifications import MessageFactory, ReminderRuleFactory
from tests.factories.registrations import InvitationFactory


def evening_of(forum, guests=None):
    conference = forum.conference
    return evening_before(
        conference,
        figures_of(conference),
        panels_of([conference])[conference.pk],
        next_mails([conference]),
        guests,
    )


@pytest.mark.parametrize(
    ("moment", "near"),
    [
        ("2027-03-16T22:59", False),  # 23:59 in Belgrade, two days before
        ("2027-03-16T23:00", True),  # midnight in Belgrade
        ("2027-03-18T12:29", True),
        ("2027-03-18T12:30", False),  # over
    ],
)
def test_it_begins_at_midnight_before_the_day_before_and_ends_with_the_conference(
    forum, frozen, moment, near
):
    frozen(moment)
    assert is_near(forum.conference) is near


@pytest.mark.parametrize("state", ["draft", "postponed", "cancelled", "archived"])
def test_what_does_not_take_place_has_no_evening(forum, frozen, state):
    frozen(NOON_THE_DAY_BEFORE)
    forum.conference.state = state
    assert is_near(forum.conference) is False


@pytest.mark.parametrize(
    ("moment", "title"),
    [
        ("2027-03-17T11:00", "Tomorrow 10:00, River House."),
        ("2027-03-18T07:00", "Today 10:00, River House."),
        ("2027-03-18T09:00", "Now, until 13:30, River House."),
    ],
)
def test_it_says_when_and_where(forum, frozen, moment, title):
    frozen(moment)
    assert evening_of(forum).title == title


def test_without_a_venue_it_says_when(forum, frozen):
    frozen(NOON_THE_DAY_BEFORE)
    forum.conference.conference_venues.all().delete()
    assert evening_of(forum).title == "Tomorrow 10:00."


def test_it_says_who_comes_which_panels_are_complete_and_what_mail_goes(forum, guests, frozen):
    frozen(NOON_THE_DAY_BEFORE)
    guest, *_ = guests(94)
    guests(2, "pending_approval")
    guests(3, "waiting_list")
    rule = ReminderRuleFactory(conference=forum.conference, name="How to find us")
    due = dt.datetime(2027, 3, 18, 7, tzinfo=dt.UTC)
    for _ in range(2):
        MessageFactory(registration=guest, rule=rule, kind="reminder", due_at=due)
    evening = evening_of(forum)
    assert evening.who_comes == (
        "94 of 120 guests coming, 2 without your answer yet, 3 on the waiting list."
    )
    assert evening.panels == "The only session with people on it is complete."
    assert evening.mail == "Next mail: How to find us, tomorrow 08:00, to 2."
    assert (evening.incomplete, evening.silent) == ([], [])


@pytest.mark.parametrize(
    ("vips", "others", "words"),
    [
        (4, 0, "4 VIPs silent."),
        (1, 2, "1 VIP silent, and 2 other guests."),
        (0, 1, "1 guest silent."),
        (0, 3, "3 guests silent."),
        (0, 0, ""),
    ],
)
def test_it_says_which_guests_are_silent(
    forum, organisation, frozen, vips, others, words, django_assert_num_queries
):
    frozen(NOON_THE_DAY_BEFORE)
    vip = TagFactory(organisation=organisation, slug="vip")
    rows = InvitationFactory.create_batch(
        vips + others, registration_type=forum.guest_type, sent_at=timezone.now()
    )
    for row in rows[:vips]:
        row.person.tags.add(vip)
    with django_assert_num_queries(3):
        guests = guests_of(forum.conference)
    assert evening_of(forum, guests).guests == words


def test_it_says_how_many_to_expect(forum, guests, frozen):
    frozen(NOON_THE_DAY_BEFORE)
    guests(94)
    known = Guests(turnout=Turnout(70, 94, 3), silent=0, vips=0)
    assert evening_of(forum, known).who_comes == (
        "94 of 120 guests coming, expect about 70 of 94; from 3 earlier conferences."
    )


def test_it_names_who_is_silent(forum, frozen):
    frozen(NOON_THE_DAY_BEFORE)
    forum.panellist.state = "invited"
    forum.panellist.save()
    evening = evening_of(forum)
    assert evening.panels == "0 of 1 sessions with people on them are complete."
    assert [panel.lacks for panel in evening.incomplete] == ["waits for Petar Ilić"]
    assert evening.silent == [Silent("Petar Ilić", evening.incomplete[0], forum.panellist)]
    assert evening.mail == "No mail is planned."


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (dt.datetime(2027, 3, 17, 18, tzinfo=dt.UTC), "Confirmation, 19:00, to 1."),
        (dt.datetime(2027, 3, 17, 10, tzinfo=dt.UTC), "Confirmation, now, to 1."),
        (
            dt.datetime(2027, 3, 22, 9, tzinfo=dt.UTC),
            "Confirmation, Monday, 22 March, 10:00, to 1.",
        ),
    ],
)
def test_a_mail_of_another_day_names_the_day(forum, guests, frozen, due, words):
    frozen(NOON_THE_DAY_BEFORE)
    MessageFactory(registration=guests(1)[0], due_at=due)
    assert evening_of(forum).mail == f"Next mail: {words}"


def test_mail_of_an_older_plan_is_not_announced(forum, guests, frozen):
    frozen(NOON_THE_DAY_BEFORE)
    rule = ReminderRuleFactory(conference=forum.conference)
    MessageFactory(
        registration=guests(1)[0],
        rule=rule,
        kind="reminder",
        plan_revision=forum.conference.plan_revision - 1,
        due_at=dt.datetime(2027, 3, 18, 7, tzinfo=dt.UTC),
    )
    assert next_mails([forum.conference]) == []


def test_what_goes_together_is_one_line(forum, guests, django_assert_num_queries):
    guest, *_ = guests(1)
    for second in (0, 59, 60):
        due = dt.datetime(2027, 3, 18, 7, tzinfo=dt.UTC) + dt.timedelta(seconds=second)
        MessageFactory(registration=guest, due_at=due)
    for hour in (9, 10):  # due already
        MessageFactory(registration=guest, due_at=dt.datetime(2027, 3, 4, hour, tzinfo=dt.UTC))
    with django_assert_num_queries(1):
        found = next_mails([forum.conference])
    assert [(mail.when, mail.name, mail.count, mail.title) for mail in found] == [
        ("now", "Confirmation", 2, "Open Forum"),
        ("18 Mar, 08:00", "Confirmation", 2, "Open Forum"),
        ("18 Mar, 08:01", "Confirmation", 1, "Open Forum"),
    ]


def test_what_is_due_already_does_not_hide_what_is_planned(forum, guests, frozen):
    frozen(NOON_THE_DAY_BEFORE)
    guest, *_ = guests(1)
    MessageFactory(registration=guest)
    MessageFactory(registration=guest, due_at=dt.datetime(2027, 3, 18, 7, tzinfo=dt.UTC))
    assert evening_of(forum).mail == "Next mail: Confirmation, tomorrow 08:00, to 1."
