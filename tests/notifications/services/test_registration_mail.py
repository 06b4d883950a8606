"""What guests are told, in the transaction of what happened to them."""

from __future__ import annotations

import pytest
from django.db import transaction

from core.actors import ANONYMOUS, SYSTEM
from notifications.enums import CancelReason
from notifications.models import Message
from notifications.services.delivery import send_due_messages
from registrations.services.approving import approve_registration, reject_registration
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.changing import change_registration
from registrations.services.links import resend_link
from registrations.services.registering import register
from tests.factories.notifications import ReminderRuleFactory, conference_in
from tests.factories.registrations import RegistrationTypeFactory

pytestmark = pytest.mark.django_db
ANA = "ana@example.org"


@pytest.fixture
def conference():
    return conference_in()


@pytest.fixture
def join(conference):
    """Return a function: register Ana through the public form."""

    def make(of=None, source="form", email=ANA, **type_fields):
        kind = RegistrationTypeFactory(conference=of or conference, **type_fields)
        return register(
            conference=of or conference,
            type_slug=kind.slug,
            given_name="Ana",
            family_name="Petrović",
            email=email,
            language="sr-Latn",
            source=source,
            actor=ANONYMOUS,
        )

    return make


def fresh(row):
    return type(row).objects.get(pk=row.pk)


class TestStatus:
    @pytest.mark.parametrize(
        ("kind_of_place", "kind"),
        [
            ({}, "confirmation"),
            ({"approval": True}, "pending"),
            ({"capacity": 0}, "waiting_list"),
        ],
    )
    def test_a_guest_is_told_what_they_are(self, join, outbox, kind_of_place, kind):
        guest = join(**kind_of_place)
        assert outbox() == [(kind, ANA, "queued")]
        row = Message.objects.get()
        assert (row.registration, row.to_name, row.language, row.requested) == (
            guest,
            "Ana Petrović",
            "sr-Latn",
            True,
        )

    def test_an_approval_and_a_place_from_the_waiting_list_are_confirmed(self, join, outbox):
        approve_registration(registration=join(approval=True), actor=SYSTEM)
        assert outbox() == [("pending", ANA, "queued"), ("confirmation", ANA, "queued")]

    def test_a_refusal_is_told_and_takes_back_what_waited(self, join, outbox):
        reject_registration(registration=join(approval=True), actor=SYSTEM)
        assert outbox() == [("pending", ANA, "cancelled"), ("rejection", ANA, "queued")]

    def test_cancelling_and_coming_back_are_mails_of_their_own(self, join, outbox, transport):
        guest = join()
        send_due_messages()
        cancel_registration(registration=guest, actor=ANONYMOUS, by_guest=True)
        send_due_messages()
        uncancel_registration(registration=fresh(guest), actor=SYSTEM)
        send_due_messages()
        assert outbox() == [
            ("confirmation", ANA, "sent"),
            ("cancellation", ANA, "sent"),
            ("confirmation", ANA, "sent"),
        ]
        assert len({mail.message_id for mail in transport.mails}) == 3

    def test_cancelling_before_the_confirmation_left_takes_it_back(self, join, outbox):
        cancel_registration(registration=join(), actor=ANONYMOUS, by_guest=True)
        assert outbox() == [("confirmation", ANA, "cancelled"), ("cancellation", ANA, "queued")]
        assert Message.objects.first().cancelled_for == CancelReason.REGISTRATION

    def test_who_has_no_address_is_told_nothing(self, join, outbox):
        join(source="organiser", email="")
        assert outbox() == []

    def test_an_import_tells_nobody_until_something_happens(self, join, outbox):
        guest = join(source="import")
        assert outbox() == []
        cancel_registration(registration=guest, actor=SYSTEM)
        assert outbox() == [("cancellation", ANA, "queued")]

    def test_nobody_is_told_of_a_conference_that_is_over(self, join, outbox):
        join(of=conference_in(days=-2), source="import")
        guest = join(of=conference_in(days=-2), source="participation", email="b@example.org")
        cancel_registration(registration=guest, actor=SYSTEM)
        assert outbox() == []

    def test_a_refused_registration_leaves_no_mail(self, join, outbox):
        with transaction.atomic():
            join()
            assert outbox() == [("confirmation", ANA, "queued")]
            transaction.set_rollback(True)
        assert outbox() == []

    def test_registering_adds_two_statements_for_its_mail(
        self, conference, join, django_assert_num_queries
    ):
        """The registration; its conference's rules and who opted out; one INSERT for all mails."""
        from notifications.services.registration_mail import welcome

        ReminderRuleFactory(conference=conference)
        guest = join()
        Message.objects.all().delete()
        with django_assert_num_queries(3):
            welcome([guest.pk], is_new=True)
        assert Message.objects.count() == 2


class TestChanges:
    def test_what_waits_follows_the_new_address_and_language(self, conference, join):
        ReminderRuleFactory(conference=conference)
        guest = join()
        change_registration(
            registration=guest,
            changes={"email": "new@example.org", "language": "en", "given_name": "Mara"},
            expected=None,
            actor=SYSTEM,
        )
        waiting = Message.objects.filter(state="queued").order_by("id")
        assert {(m.to_email, m.to_name, m.language) for m in waiting} == {
            ("new@example.org", "Mara Petrović", "en")
        }

    def test_a_new_address_is_told_what_it_is_registered_for(self, join, outbox, transport):
        guest = join()
        send_due_messages()
        change = {"email": "new@example.org"}
        change_registration(registration=guest, changes=change, expected=None, actor=SYSTEM)
        assert outbox(state="queued") == [("confirmation", "new@example.org", "queued")]

    def test_a_new_name_is_no_news(self, join, outbox, transport):
        guest = join()
        send_due_messages()
        change_registration(
            registration=guest, changes={"given_name": "Mara"}, expected=None, actor=SYSTEM
        )
        assert outbox() == [("confirmation", ANA, "sent")]

    def test_an_address_that_is_taken_away_leaves_the_bookings_contact(self, join, outbox):
        guest = join()
        type(guest.booking).objects.update(contact_email="office@example.org")
        change_registration(registration=guest, changes={"email": ""}, expected=None, actor=SYSTEM)
        assert outbox()[0] == ("confirmation", "office@example.org", "queued")
        type(guest.booking).objects.update(contact_email="")
        change_registration(
            registration=fresh(guest), changes={"given_name": "Mara"}, expected=None, actor=SYSTEM
        )
        assert outbox()[0] == ("confirmation", "office@example.org", "queued")


def test_a_personal_link_is_sent_when_it_is_asked_for(join, outbox, transport):
    guest = join()
    send_due_messages()
    resend_link(registration=guest, actor=SYSTEM)
    assert outbox(state="queued") == [("manage_link", ANA, "queued")]
    send_due_messages()
    assert b"Subject" in transport.mails[-1].raw
