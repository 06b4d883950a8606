"""Who hears what of a move, a postponement, a cancellation: each human once, and what is right."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.actors import SYSTEM, Actor
from events.services.conferences import (
    cancel_conference,
    change_conference,
    postpone_conference,
    reopen_conference,
)
from notifications.enums import MessageState, SuppressionReason, SuppressionScope
from notifications.models import Message, Notice, Suppression
from notifications.services.delivery import send_due_messages
from notifications.services.explaining import explain_for
from notifications.services.rendering import render
from notifications.services.suppression import opt_out, suppress_by_organiser
from notifications.services.sweeping import sweep
from notifications.services.telling import tell
from notifications.services.unsubscribing import unsubscribe_url
from registrations.models import Registration
from tests.factories.events import ConferenceFactory, PersonFactory
from tests.factories.notifications import SentInvitationFactory, guests_of

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def go(verb, conference):
    return verb(conference=fresh(conference), expected=None, actor=SYSTEM)


def move(conference, **by):
    away = dt.timedelta(**by)
    row = fresh(conference)
    return change_conference(
        conference=row,
        changes={"start_local": row.start_local + away, "end_local": row.end_local + away},
        expected=None,
        actor=SYSTEM,
    )


def waiting():
    """Return (kind, template, recipient) of what waits."""
    rows = Message.objects.filter(state="queued").order_by("id")
    return list(rows.values_list("kind", "template", "to_email"))


def opt_out_of(message):
    opt_out(
        message=message,
        scope=SuppressionScope.CONFERENCE,
        reason=SuppressionReason.PREFERENCE,
        actor=Actor("guest"),
    )


def why(invitation, kind="changed_time"):
    """Return the code and the sentence of why a notice did not go to an invited guest."""
    conference = fresh(invitation.conference)
    found = explain_for(conference, invitation=invitation.code).reasons
    ((code, sentence),) = [(row.code, row.sentence) for row in found if row.kind == kind]
    return code, sentence


def all_went():
    Message.objects.filter(state="queued").update(state=MessageState.SENT, sent_at=timezone.now())


@pytest.fixture
def conference():
    start = dt.datetime.combine(timezone.now().date() + dt.timedelta(days=20), dt.time(10))
    return ConferenceFactory(start_local=start, end_local=start + dt.timedelta(hours=3))


@pytest.fixture
def guest(conference):
    return guests_of(conference)[0]


@pytest.fixture
def invite(conference, guest):
    """Return a function that makes an invitation to the conference."""

    def make(**fields):
        fields.setdefault("registration_type", guest.registration_type)
        return SentInvitationFactory(**fields)

    return make


class TestAnotherDay:
    def test_each_yes_is_asked_anew_and_a_move_within_the_day_asks_nobody(self, conference, guest):
        offered = guests_of(conference, status="offered", confirmed_day=None)[0]
        move(conference, days=1)
        sweep()
        assert waiting() == [
            ("new_date", "new_date", guest.email),
            ("changed_time", "changed_time", offered.email),
        ]
        all_went()
        Registration.objects.filter(pk=guest.pk).update(
            confirmed_day=fresh(conference).start_local.date()
        )
        move(conference, hours=1)
        sweep()
        assert waiting() == [
            ("changed_time", "changed_time", guest.email),
            ("changed_time", "changed_time", offered.email),
        ]

    def test_a_yes_to_the_old_day_holds_again_after_the_move_back(self, conference, guest):
        move(conference, days=1)
        sweep()
        move(conference, days=-1)
        sweep()
        assert waiting() == []
        move(conference, days=1)
        sweep()
        all_went()
        move(conference, days=-1)
        sweep()
        assert waiting() == [("changed_time", "changed_time", guest.email)]

    def test_who_registers_between_the_move_and_its_telling_knows(self, conference, guest):
        move(conference, days=1)
        guests_of(fresh(conference))
        sweep()
        assert waiting() == [("new_date", "new_date", guest.email)]

    def test_a_yes_that_comes_before_the_question_takes_it_back(self, conference, guest, transport):
        moved = move(conference, days=1)
        sweep()
        Registration.objects.filter(pk=guest.pk).update(confirmed_day=moved.start_local.date())
        assert send_due_messages().sent == 0
        assert list(Message.objects.values_list("state", "cancelled_for")) == [
            ("cancelled", "registration")
        ]

    def test_invited_guests_hear_of_it_unless_they_declined_or_are_registered(
        self, conference, guest, invite
    ):
        silent = invite()
        answered = {"answered_at": timezone.now(), "answered_via": "link"}
        perhaps = invite(response="tentative", **answered)
        invite(response="declined", **answered)
        invite(response="accepted", registration=guest, **answered)
        invite(sent_at=None, last_sent_at=None)
        invite(withdrawn_at=timezone.now())
        move(conference, days=1)
        invite()  # and who was invited after it has read the new date
        sweep()
        assert waiting() == [
            ("new_date", "new_date", guest.email),
            ("changed_time", "invitation_moved", silent.person.email),
            ("changed_time", "invitation_moved", perhaps.person.email),
        ]

    def test_who_opted_out_and_has_no_place_hears_nothing(self, conference, guest, invite):
        silent = invite()
        for email in (silent.person.email, guest.email):
            suppress_by_organiser(
                organisation=conference.organisation, email=email, note="Asked to", actor=SYSTEM
            )
        move(conference, days=1)
        sweep()
        assert waiting() == [("new_date", "new_date", guest.email)]
        said = "Not for them. They have opted out and have no place."
        assert why(silent) == ("opted-out", said)

    def test_opting_out_stops_what_waits_for_who_has_no_place(self, conference, guest, invite):
        silent, booked = invite(), invite()
        move(conference, days=1)
        sweep()
        guests_of(conference, person=booked.person)
        for message in Message.objects.all():
            opt_out_of(message)
        assert waiting() == [
            ("new_date", "new_date", guest.email),
            ("changed_time", "invitation_moved", booked.person.email),
        ]
        code, sentence = why(silent)
        assert (code, sentence[:13]) == ("opted-out", "Opted out on ")
        assert why(booked)[0] == "waits-for-a-sender"

    def test_opting_out_at_the_last_moment_stops_it_too(self, conference, guest, invite, transport):
        silent, booked = invite(), invite()
        move(conference, days=1)
        sweep()
        guests_of(conference, person=booked.person)
        for email in (silent.person.email, booked.person.email, guest.email):
            # As if it were written between planning and sending, unseen by what takes back.
            Suppression.objects.create(
                organisation=conference.organisation, email_key=email, reason="preference"
            )
        assert send_due_messages().sent == 2
        assert transport.recipients == [guest.email, booked.person.email]
        assert why(silent)[0] == "opted-out"

    def test_a_notice_to_the_invited_says_how_to_stop_it(self, conference, guest, invite):
        silent = invite()
        move(conference, days=1)
        sweep()
        owed, told = Message.objects.order_by("pk")
        assert (owed.registration, told.invitation) == (guest, silent)
        assert "List-Unsubscribe" not in render(owed).headers
        assert unsubscribe_url(told) in render(told).text


class TestPostponed:
    def test_all_who_are_in_hear_of_it_and_the_invited_who_did_not_decline(
        self, conference, guest, invite
    ):
        pending = guests_of(conference, status="pending_approval")[0]
        guests_of(conference, status="cancelled")
        silent = invite()
        invite(response="declined", answered_at=timezone.now(), answered_via="phone")
        go(postpone_conference, conference)
        sweep()
        assert waiting() == [
            ("postponed", "postponed", guest.email),
            ("postponed", "postponed", pending.email),
            ("postponed", "invitation_postponed", silent.person.email),
        ]

    def test_a_new_date_is_a_new_question_when_it_reopens(self, conference, guest, invite):
        silent = invite()
        go(postpone_conference, conference)
        sweep()
        all_went()
        move(conference, days=30)
        sweep()
        assert waiting() == []
        go(reopen_conference, conference)
        sweep()
        assert waiting() == [
            ("new_date", "new_date", guest.email),
            ("changed_time", "invitation_moved", silent.person.email),
        ]
        facts = Message.objects.get(kind="new_date").facts
        assert facts["former_start"] == conference.start_local.isoformat(timespec="minutes")

    def test_the_old_date_after_all_is_told_to_who_heard_otherwise(self, conference, guest):
        go(postpone_conference, conference)
        sweep()
        all_went()
        go(reopen_conference, conference)
        sweep()
        assert waiting() == [("changed_time", "changed_time", guest.email)]
        assert Message.objects.get(state="queued").facts == {}

    def test_a_slip_that_nobody_heard_of_is_not_told(self, conference, guest):
        go(postpone_conference, conference)
        sweep()
        go(reopen_conference, conference)
        sweep()
        assert waiting() == []

    def test_it_is_not_sent_once_the_conference_is_open_again(self, conference, guest, transport):
        go(postpone_conference, conference)
        sweep()
        go(reopen_conference, conference)
        assert send_due_messages().sent == 0
        assert list(Message.objects.values_list("state", "cancelled_for")) == [
            ("cancelled", "conference")
        ]


class TestCancelled:
    def test_one_human_is_told_once(self, conference, guest, invite):
        """By the registration where there is one: a known person, or the same mailbox."""
        both = PersonFactory(organisation=conference.organisation)
        guests_of(conference, person=both, email="both@example.org", email_key="both@example.org")
        invite(person=both)
        same = PersonFactory(organisation=conference.organisation, email=guest.email)
        invite(person=same)
        alone = invite()
        go(cancel_conference, conference)
        sweep()
        assert waiting() == [
            ("conference_cancelled", "conference_cancelled", guest.email),
            ("conference_cancelled", "conference_cancelled", "both@example.org"),
            ("conference_cancelled", "invitation_cancelled", alone.person.email),
        ]

    def test_who_declines_before_it_goes_hears_nothing(self, conference, invite, transport):
        silent = invite()
        Registration.objects.all().delete()
        go(cancel_conference, conference)
        sweep()
        silent.response, silent.answered_at, silent.answered_via = (
            "declined",
            timezone.now(),
            "link",
        )
        silent.save()
        assert send_due_messages().sent == 0
        assert Message.objects.get().state == "cancelled"

    def test_it_takes_place_after_all(self, conference, guest):
        go(cancel_conference, conference)
        sweep()
        all_went()
        go(reopen_conference, conference)
        sweep()
        assert waiting() == [("changed_time", "changed_time", guest.email)]


def test_telling_takes_as_many_queries_for_many_as_for_one(conference, invite):
    def queries(number):
        guests_of(conference, number)
        for _ in range(number):
            invite()
        notice = Notice.objects.create(
            conference=conference,
            kind="new_date",
            revision=100 + number,
            facts={"former_start": "2020-01-01T10:00"},
        )
        with CaptureQueriesContext(connection) as seen:
            assert tell(notice.pk) >= number
        return len(seen)

    assert queries(1) == queries(5)
