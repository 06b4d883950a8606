"""Nudges: to the silent only, two at most, ended by any answer at whatever moment it comes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.clock import to_local
from notifications.enums import Anchor, Audience, CancelReason, MessageState
from notifications.models import Message
from notifications.services import delivery
from notifications.services.delivery import send_due_messages
from notifications.services.refusals import Refusal
from notifications.services.replanning import plan_rule
from registrations.models import Invitation
from registrations.signals import InvitationChanged, invitation_changed
from tests.factories.notifications import ReminderRuleFactory, SentInvitationFactory, conference_in
from tests.factories.registrations import RegistrationTypeFactory

pytestmark = pytest.mark.django_db


def in_days(days):
    local = to_local(timezone.now(), "Europe/Belgrade") + dt.timedelta(days=days)
    return local.replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def conference():
    return conference_in(days=60, reply_until_local=in_days(30))


@pytest.fixture
def invite(conference):
    kind = RegistrationTypeFactory(conference=conference)
    return lambda **fields: SentInvitationFactory(registration_type=kind, **fields)


@pytest.fixture
def rule(conference):
    return nudge(conference)


def nudge(conference, **fields):
    values = {
        "audience": Audience.UNANSWERED,
        "anchor": Anchor.RSVP_DEADLINE,
        "offset": "-P14D",
        "template": "nudge",
    }
    return ReminderRuleFactory(conference=conference, **{**values, **fields})


def tell(invitation, verb, **more):
    invitation_changed.send(
        sender=Invitation,
        event=InvitationChanged(
            conference_id=invitation.conference_id,
            invitation_ids=(invitation.pk,),
            verb=verb,
            **more,
        ),
    )


def answer(invitation, response="tentative"):
    Invitation.objects.filter(pk=invitation.pk).update(
        response=response, answered_at=timezone.now(), answered_via="phone"
    )
    tell(invitation, "answered")


def rows(**filters):
    found = Message.objects.filter(kind="reminder", **filters).order_by("id")
    return list(found.values_list("to_email", "state", "cancelled_for"))


def assist(invitation, email, **fields):
    invitation.person.assistants.create(name="Desk", email=email, **fields)


def make_due():
    Message.objects.filter(state="queued").update(due_at=timezone.now() - dt.timedelta(minutes=1))


class TestAudience:
    def test_only_the_silent_are_nudged(self, rule, invite):
        silent = invite()
        invite(response="declined", answered_at=timezone.now(), answered_via="link")
        invite(sent_at=None, last_sent_at=None)
        invite(withdrawn_at=timezone.now())
        SentInvitationFactory()  # of another conference
        assert plan_rule(rule.pk) == 1
        message = Message.objects.get()
        local = rule.conference.reply_until_local.isoformat(timespec="minutes")
        assert (message.invitation, message.person, message.registration) == (
            silent,
            silent.person,
            None,
        )
        assert message.key == f"reminder:{rule.code}:{silent.code}:reply@{local}"
        assert plan_rule(rule.pk) == 0

    def test_an_own_deadline_goes_before_the_conferences(self, rule, invite):
        invitation = invite(reply_until_local=in_days(45))
        plan_rule(rule.pk)
        assert Message.objects.get().occurrence == f"reply@{in_days(45):%Y-%m-%dT12:00}"
        assert Message.objects.get().not_after == invitation.reply_until_at

    def test_without_a_deadline_there_is_no_moment(self, invite):
        rule = nudge(conference_in())
        SentInvitationFactory(registration_type=RegistrationTypeFactory(conference=rule.conference))
        assert plan_rule(rule.pk) == 0

    def test_counted_from_the_invitation_it_is_each_guests_own(self, conference, invite):
        rule = nudge(conference, anchor=Anchor.INVITATION_SENT, offset="P7D")
        invitation = invite()
        plan_rule(rule.pk)
        due = Message.objects.get().due_at - invitation.sent_at
        # A weekend puts it off to the Monday, the night to the morning.
        assert dt.timedelta(days=6, hours=23) <= due <= dt.timedelta(days=9, hours=13)

    def test_the_assistant_is_nudged_and_the_guest_gets_a_copy_if_wished(self, rule, invite):
        invitation = invite()
        assist(invitation, "desk@embassy.example")
        other = invite()
        assist(other, "office@embassy.example", copy_to_principal=True)
        plan_rule(rule.pk)
        assert [row[0] for row in rows()] == [
            "desk@embassy.example",
            "office@embassy.example",
            other.person.email,
        ]

    def test_a_thousand_at_a_time_with_the_same_queries(self, rule, invite, monkeypatch):
        monkeypatch.setattr("notifications.services.recipients.CHUNK", 2)

        def queries():
            with CaptureQueriesContext(connection) as seen:
                plan_rule(rule.pk)
            return len(seen)

        invite(), invite()
        plan_rule(rule.pk)
        first = queries()
        invite(), invite()
        plan_rule(rule.pk)
        second = queries()
        invite(), invite()
        plan_rule(rule.pk)
        assert queries() - second == second - first
        assert Message.objects.count() == 6


class TestAnswers:
    def test_a_sent_invitation_has_its_nudges_at_once(self, rule, invite):
        invitation = invite()
        tell(invitation, "sent")
        assert rows() == [(invitation.person.email, "queued", "")]
        tell(invitation, "sent", occasion="again")
        assert len(rows()) == 1

    @pytest.mark.parametrize("response", ["accepted", "tentative", "declined"])
    def test_any_answer_takes_them_back(self, rule, invite, response):
        invitation, other = invite(), invite()
        tell(invitation, "sent")
        tell(other, "sent")
        answer(invitation, response)
        assert rows() == [
            (invitation.person.email, "cancelled", CancelReason.ANSWERED),
            (other.person.email, "queued", ""),
        ]
        plan_rule(rule.pk)
        assert rows()[0][1] == "cancelled"

    def test_so_does_a_withdrawal(self, rule, invite):
        invitation = invite()
        tell(invitation, "sent")
        Invitation.objects.update(withdrawn_at=timezone.now())
        tell(invitation, "withdrawn")
        assert rows() == [(invitation.person.email, "cancelled", CancelReason.PLAN)]

    def test_another_deadline_is_another_moment(self, rule, invite):
        invitation = invite()
        tell(invitation, "sent")
        Invitation.objects.update(reply_until_local=in_days(40))
        tell(invitation, "changed")
        assert [(row[1], row[2]) for row in rows()] == [
            ("cancelled", CancelReason.PLAN),
            ("queued", ""),
        ]
        assert Message.objects.get(kind="reminder", state="queued").occurrence.startswith(
            f"reply@{in_days(40):%Y-%m-%d}"
        )

    @pytest.mark.parametrize(
        ("late", "wanted"),
        [
            ("skip", [("cancelled", CancelReason.LATE)]),
            ("merge", [("cancelled", CancelReason.MERGED)]),
            ("send", [("queued", "")]),
        ],
    )
    def test_who_is_invited_after_its_moment_is_late(self, conference, invite, late, wanted):
        nudge(conference, offset="-P40D", late=late)
        tell(invite(), "sent")
        assert [row[1:] for row in rows()] == wanted

    def test_the_number_of_queries_does_not_grow_with_those_who_are_invited(self, rule, invite):
        def queries(number):
            ids = tuple(invite().pk for _ in range(number))
            event = InvitationChanged(rule.conference_id, ids, "sent")
            with CaptureQueriesContext(connection) as seen:
                invitation_changed.send(sender=Invitation, event=event)
            return len(seen)

        assert queries(1) == queries(4)


class TestTwoAtMost:
    def rules(self, conference):
        return [nudge(conference, offset=offset) for offset in ("-P14D", "-P7D", "-P2D")]

    def test_a_third_is_not_planned(self, conference, invite):
        invitation = invite()
        rules = self.rules(conference)
        for rule in rules[:2]:
            plan_rule(rule.pk)
        Message.objects.update(state=MessageState.SENT, sent_at=timezone.now())
        plan_rule(rules[2].pk)
        assert [row[1] for row in rows(invitation=invitation)] == ["sent", "sent"]

    def test_a_copy_counts_as_the_same_nudge(self, conference, invite):
        invitation = invite()
        assist(invitation, "desk@embassy.example", copy_to_principal=True)
        rules = self.rules(conference)
        plan_rule(rules[0].pk)
        Message.objects.update(state=MessageState.SENT, sent_at=timezone.now())
        plan_rule(rules[1].pk)
        assert [row[1] for row in rows()] == ["sent", "sent", "queued", "queued"]

    def test_a_third_that_was_planned_is_not_begun(self, conference, invite, transport):
        invite()
        for rule in self.rules(conference):
            plan_rule(rule.pk)
        make_due()
        assert send_due_messages().sent == 2
        assert [row[1:] for row in rows()] == [
            ("sent", ""),
            ("sent", ""),
            ("cancelled", CancelReason.ENOUGH),
        ]


class TestTheLastMoment:
    def test_an_answer_after_the_claim_stops_it_before_the_dialogue(
        self, rule, invite, transport, monkeypatch
    ):
        invitation = invite()
        plan_rule(rule.pk)
        make_due()
        begin = delivery.begin

        def answered_meanwhile(message, *args):
            Invitation.objects.filter(pk=invitation.pk).update(
                response="declined", answered_at=timezone.now(), answered_via="link"
            )
            refusal = begin(message, *args)
            assert refusal is Refusal.ANSWERED
            return refusal

        monkeypatch.setattr(delivery, "begin", answered_meanwhile)
        assert send_due_messages().sent == 0
        assert transport.mails == []
        assert rows() == [(invitation.person.email, "cancelled", CancelReason.ANSWERED)]

    def test_without_an_answer_the_same_nudge_goes(self, rule, invite, transport):
        """The control of the test above."""
        invitation = invite()
        plan_rule(rule.pk)
        make_due()
        assert send_due_messages().sent == 1
        assert transport.recipients == [invitation.person.email]

    def test_the_mail_links_to_the_answer_page_and_keeps_no_link(self, rule, invite, transport):
        invitation = invite()
        plan_rule(rule.pk)
        make_due()
        send_due_messages()
        message = Message.objects.select_related("rendered", "invitation").get()
        assert f"/i/{invitation.code}/" not in message.rendered.text + message.rendered.html
        assert "⟦invitation:1⟧" in message.rendered.text
        assert f"/i/{invitation.code}/".encode() in transport.mails[0].raw
