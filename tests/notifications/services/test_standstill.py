"""A standstill is seen, said and written to the owners: once, and by a way that still goes."""

from __future__ import annotations

import datetime as dt
import smtplib
import threading

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from accounts.enums import Role
from core.actors import SYSTEM
from notifications import tasks
from notifications.models import Delivery, Message, OutboxPulse, OutboxTrouble
from notifications.services.limits import Limits
from notifications.services.pausing import pause_conference_mail, resume_conference_mail
from notifications.services.pulse import note_sweep
from notifications.services.sending_switch import pause_sending, resume_sending
from notifications.services.standstill import warn_about_standstill, warn_if_unswept
from notifications.services.troubles import Trouble, find_troubles, trouble_of
from tests.factories.accounts import AccountFactory, MembershipFactory, OrganisationFactory
from tests.factories.notifications import MessageFactory, conference_in, guests_of

FIGURES = Limits()


def ago(**span):
    return timezone.now() - dt.timedelta(**span)


@pytest.fixture
def house(db):
    row = OrganisationFactory(slug="house", name="House of Rivers")
    for role, name in ((Role.OWNER, "olga"), (Role.ORGANISER, "oscar")):
        account = AccountFactory(email=f"{name}@house.example.org", name=name.title())
        MembershipFactory(organisation=row, account=account, role=role)
    gone = AccountFactory(email="gone@house.example.org", is_active=False)
    MembershipFactory(organisation=row, account=gone, role=Role.OWNER)
    return row


@pytest.fixture
def guest(house):
    return guests_of(conference_in(organisation=house))[0]


def late(guest, minutes=20, **columns):
    return MessageFactory(registration=guest, due_at=ago(minutes=minutes), **columns)


def sent(message, minutes=1, outcome="accepted"):
    at = ago(minutes=minutes)
    Delivery.objects.create(message=message, attempt=1, started_at=at, ended_at=at, outcome=outcome)


def kinds():
    return {pk: str(trouble.kind) for pk, trouble in find_troubles(FIGURES).items()}


def look_twice():
    """Look, and look again when the trouble has been there for a while."""
    first = warn_about_standstill()
    OutboxTrouble.objects.update(noted_at=ago(minutes=2))
    return first, warn_about_standstill()


def written_to():
    return [(message.to, message.subject) for message in mail.outbox]


@pytest.mark.django_db
class TestSeeing:
    def test_mail_that_is_due_for_long_with_nothing_sent_meanwhile(self, house, guest):
        late(guest, 9)
        assert kinds() == {}
        first, _second = late(guest, 20), late(guest, 12)
        (found,) = find_troubles(FIGURES).values()
        assert (found.kind, found.number, found.since) == ("standstill", 2, first.due_at)
        sent(first, 11)
        sent(first, 1, "deferred")
        assert kinds() == {house.pk: "standstill"}
        sent(first, 9)
        assert kinds() == {}

    def test_the_setting_says_after_how_long(self, guest, house, settings):
        settings.OUTBOX = {"standstill": 60, "look_twice": 0}
        late(guest, 2)
        assert warn_about_standstill() == 1

    def test_what_is_put_off_while_no_server_answers(self, house, guest):
        MessageFactory(
            registration=guest,
            due_at=timezone.now() + dt.timedelta(seconds=15),
            held_since=ago(minutes=11),
        )
        assert kinds() == {house.pk: "standstill"}

    def test_many_that_the_mail_server_puts_off_while_none_goes(self, house, guest):
        later = timezone.now() + dt.timedelta(minutes=50)
        rows = MessageFactory.create_batch(20, registration=guest, due_at=later)
        for row in rows[1:]:
            sent(row, 12, "deferred")
            sent(row, 5, "deferred")
        assert kinds() == {}  # a few
        sent(rows[0], 12, "lost")
        (found,) = find_troubles(FIGURES).values()
        assert (found.kind, found.number) == ("standstill", 20)
        sent(rows[0], 9)
        assert kinds() == {}

    def test_what_somebody_paused_is_no_trouble_and_counts_anew_afterwards(self, house, guest):
        late(guest)
        pause_conference_mail(conference=guest.conference, reason="moved", actor=SYSTEM)
        assert kinds() == {}
        resume_conference_mail(conference=guest.conference, actor=SYSTEM)
        assert kinds() == {}
        OutboxPulse.objects.update(resumed_at=ago(minutes=11))
        assert kinds() == {house.pk: "standstill"}
        pause_sending(reason="restored", actor=SYSTEM)
        assert kinds() == {}
        resume_sending(actor=SYSTEM)
        assert kinds() == {}

    def test_many_that_failed_or_are_in_doubt_within_an_hour(self, house, guest):
        MessageFactory.create_batch(12, registration=guest, state="failed")
        MessageFactory.create_batch(7, registration=guest, state="unknown")
        old = MessageFactory(registration=guest, state="failed")
        Message.objects.filter(pk=old.pk).update(updated_at=ago(minutes=61))
        MessageFactory.create_batch(3, state="failed")  # of others, and few
        assert kinds() == {}
        MessageFactory(registration=guest, state="failed")
        (found,) = find_troubles(FIGURES).values()
        assert (found.kind, found.number) == ("lost", 20)

    def test_sweeps_that_have_stopped(self, house, guest):
        MessageFactory(registration=guest)
        MessageFactory(registration=guest, due_at=ago(days=-3))
        assert kinds() == {}  # none ever came: nobody can say
        note_sweep()
        assert kinds() == {}
        OutboxPulse.objects.update(swept_at=ago(seconds=125))
        (found,) = find_troubles(FIGURES).values()
        assert (found.kind, found.number) == ("unswept", 2)

    def test_the_cost_does_not_grow(self, guest, django_assert_num_queries):
        for number in (1, 5):
            MessageFactory.create_batch(number, registration=guest, due_at=ago(minutes=30))
            late(guests_of(conference_in())[0])
            with django_assert_num_queries(7):
                find_troubles(FIGURES)


@pytest.mark.django_db
class TestWarning:
    def test_owners_are_told_once_in_six_hours(self, house, guest, transport):
        late(guest)
        assert look_twice() == (0, 1)
        (message,) = mail.outbox
        assert (message.to, message.subject) == (
            ["olga@house.example.org"],
            "House of Rivers: mail stands still",
        )
        assert "Dear Olga," in message.body
        assert "1 mail is due, the oldest since " in message.body
        assert "/manage/house/" in message.body
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"
        assert warn_about_standstill() == 0
        OutboxTrouble.objects.update(warned_at=ago(hours=5, minutes=59))
        assert warn_about_standstill() == 0
        OutboxTrouble.objects.update(warned_at=ago(hours=6, minutes=1))
        assert warn_about_standstill() == 1
        assert len(mail.outbox) == 2
        assert transport.mails == []  # never by the outbox

    def test_after_a_night_without_power_nobody_is_told(self, house, guest):
        note_sweep()
        OutboxPulse.objects.update(swept_at=ago(hours=9))
        row = late(guest, 300)
        assert warn_about_standstill() == 0
        sent(row, 0)
        Message.objects.update(state="sent", sent_at=timezone.now())
        note_sweep()
        OutboxTrouble.objects.update(noted_at=ago(minutes=2))
        assert warn_about_standstill() == 0
        assert (mail.outbox, OutboxTrouble.objects.get().kind) == ([], "")

    def test_a_trouble_that_comes_again_is_looked_at_twice_again(self, house, guest):
        row = late(guest)
        warn_about_standstill()
        Message.objects.update(state="sent", sent_at=timezone.now())
        OutboxTrouble.objects.update(noted_at=ago(hours=1))
        assert warn_about_standstill() == 0
        Message.objects.filter(pk=row.pk).update(state="queued")
        assert warn_about_standstill() == 0
        assert OutboxTrouble.objects.get().noted_at > ago(minutes=1)

    def test_each_house_hears_of_its_own(self, house, guest):
        other = OrganisationFactory(slug="other", name="Other House")
        owner = AccountFactory(email="owner@other.example.org")
        MembershipFactory(organisation=other, account=owner, role=Role.OWNER)
        late(guest)
        MessageFactory.create_batch(
            20, registration=guests_of(conference_in(organisation=other))[0], state="failed"
        )
        OrganisationFactory()  # nothing is wrong there
        assert look_twice() == (0, 2)
        assert written_to() == [
            (["olga@house.example.org"], "House of Rivers: mail stands still"),
            (["owner@other.example.org"], "Other House: many mails do not arrive"),
        ]

    def test_without_a_mail_server_nobody_is_taken_to_be_warned(
        self, house, guest, monkeypatch, caplog
    ):
        def away(self):
            raise ConnectionRefusedError

        late(guest)
        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "open", away)
            assert look_twice() == (0, 0)
        assert "can not be reached to say so" in caplog.text
        assert OutboxTrouble.objects.get().warned_at is None
        assert warn_about_standstill() == 1

    def test_one_owner_who_can_not_be_reached_keeps_none_from_it(
        self, house, guest, monkeypatch, caplog
    ):
        second = AccountFactory(email="second@house.example.org")
        MembershipFactory(organisation=house, account=second, role=Role.OWNER)
        send = EmailBackend.send_messages

        def picky(self, messages):
            if messages[0].to == ["olga@house.example.org"]:
                raise smtplib.SMTPRecipientsRefused({})
            return send(self, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", picky)
        late(guest)
        assert look_twice() == (0, 1)
        assert [to for to, _subject in written_to()] == [["second@house.example.org"]]
        assert warn_about_standstill() == 0

    def test_senders_say_it_when_the_clock_has_stopped(self, house, guest, transport):
        later = dt.timedelta(days=2)
        MessageFactory(registration=guest, due_at=timezone.now() + later)
        assert warn_if_unswept() == 0
        note_sweep()
        tasks.send_due()
        assert not OutboxTrouble.objects.exists()
        OutboxPulse.objects.update(swept_at=ago(minutes=3))
        tasks.send_due()
        OutboxTrouble.objects.update(noted_at=ago(minutes=2))
        tasks.send_due()
        assert [subject for _to, subject in written_to()] == [
            "House of Rivers: nobody looks after the outbox"
        ]

    def test_the_clock_asks_for_it_each_minute(self, house, guest, settings):
        entry = settings.CELERY_BEAT_SCHEDULE["warn-about-standstill"]
        assert (entry["task"], entry["schedule"]) == (
            tasks.warn_about_standstill.name,
            60.0,
        )
        late(guest)
        tasks.warn_about_standstill()
        assert OutboxTrouble.objects.get().kind == "standstill"

    def test_when_all_is_well_nothing_is_written(self, guest, django_assert_num_queries):
        MessageFactory(registration=guest)
        with django_assert_num_queries(7) as seen:
            warn_about_standstill()
        assert all(query["sql"].startswith("SELECT") for query in seen.captured_queries)


@pytest.mark.django_db
class TestOnPages:
    def test_what_was_seen_lately_is_said(self, house, guest, django_assert_num_queries):
        assert trouble_of(house.pk) is None
        late(guest)
        warn_about_standstill()
        with django_assert_num_queries(1):
            found = trouble_of(house.pk)
        assert isinstance(found, Trouble)
        assert (found.kind, found.number) == ("standstill", 1)
        assert "1 mail is due, the oldest since " in found.sentence("Europe/Belgrade")
        OutboxTrouble.objects.update(seen_at=ago(minutes=6))
        assert trouble_of(house.pk) is None

    def test_that_nobody_looks_is_said_by_itself(self, house):
        note_sweep()
        OutboxPulse.objects.update(swept_at=dt.datetime(2026, 2, 2, 9, tzinfo=dt.UTC))
        assert trouble_of(house.pk).sentence("Europe/Belgrade") == (
            "The scheduler has not come since 2 Feb 2026, 10:00 (Belgrade). Mail that is due may "
            "wait, and rules are not planned."
        )

    def test_words_for_many_that_are_lost(self, house):
        found = Trouble("lost", 21, dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC))
        assert found.sentence("Europe/Belgrade") == (
            "21 mails failed or are in doubt since 2 Dec 2026, 10:00 (Belgrade). The outbox says "
            "why of each."
        )


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_write_one_mail(house, guest):
    late(guest)
    warn_about_standstill()
    OutboxTrouble.objects.update(noted_at=ago(minutes=2))
    start, told, errors = threading.Barrier(4), [], []

    def work():
        start.wait()
        try:
            told.append(warn_about_standstill())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (errors, sum(told), len(mail.outbox)) == ([], 1, 1)
