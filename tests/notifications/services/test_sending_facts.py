"""What is looked at before its turn: the commit that begins a message holds that it is still so."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from core.actors import SYSTEM
from events.enums import ConferenceState
from events.models import Conference
from notifications.enums import AnnouncementState, Audience, DeliveryOutcome, MessageKind
from notifications.models import Announcement, Delivery, MailPause, Message, Suppression
from notifications.services import handing_over, sending_facts
from notifications.services import sql as sql_module
from notifications.services.claiming import claim
from notifications.services.composing import compose
from notifications.services.delivery import send_due_messages
from notifications.services.fitness import seen_as_right, seen_of, why_not
from notifications.services.handing_over import Made, hand_over
from notifications.services.limits import Limits
from notifications.services.refusals import Refusal
from notifications.services.rendering import render
from notifications.services.sending_switch import pause_sending
from notifications.services.smtp import Verdict
from registrations.enums import RegistrationStatus
from registrations.models import Registration
from tests.factories.notifications import (
    AnnouncementFactory,
    MessageFactory,
    ReminderRuleFactory,
    SentInvitationFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db
on_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite the same transaction asks again"
)
FIGURES = Limits()
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def announced(number=1):
    """Return messages of an announcement that is on its way."""
    conference = conference_in()
    now = timezone.now()
    row = AnnouncementFactory(
        conference=conference,
        state=AnnouncementState.SENDING,
        round=1,
        undo_until=now,
        planned_at=now,
        left_at=now,
    )
    return [
        MessageFactory(
            kind=MessageKind.ANNOUNCEMENT,
            registration=guest,
            announcement=row,
            occurrence=row.occurrence,
            facts={"section": "registrations"},
        )
        for guest in guests_of(conference, number)
    ]


def test_on_sqlite_nothing_is_seen_beforehand():
    seen = seen_as_right([MessageFactory()])
    assert bool(seen) == (connection.vendor == "postgresql")


@on_postgres
class TestWhatIsSeen:
    def test_one_question_for_all_that_are_alike(self, django_assert_num_queries):
        rows = announced(5)
        for row in rows:
            row.registration.registration_type  # noqa: B018 - read with the claim
        with django_assert_num_queries(0):  # it is asked past Django's cursors
            seen = seen_as_right(rows)
        assert list(seen) == [row.pk for row in rows]
        assert {one.facts["announcement_state"] for one in seen.values()} == {"sending"}

    def test_messages_are_found_by_their_keys_whatever_the_database_believes(self):
        """Told that an announcement has no mail, it would walk through all that it has."""
        for guest in guests_of(conference_in(), 200):
            MessageFactory(registration=guest)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE notifications_message, events_conference")
        about = ("announcement", "registration")
        questions = {
            sending_facts._question_for_one(about, "postgresql", at_once=True): "1",
            sending_facts._question_for_all(about): "ARRAY[1, 2], ARRAY['', '']",
        }
        announced(300)
        for question, values in questions.items():
            numbered = question.replace("%s", "$1", 1).replace("%s", "$2", 1)
            types = "bigint" if "$2" not in numbered else "bigint[], text[]"
            sql = sql_module._in_dialect(numbered, "postgresql").replace("%%", "%")
            with connection.cursor() as cursor:
                cursor.execute(f"PREPARE asked({types}) AS {sql}")
                cursor.execute("SET LOCAL plan_cache_mode TO force_generic_plan")
                cursor.execute(f"EXPLAIN EXECUTE asked({values})")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                cursor.execute("DEALLOCATE asked")
            assert "message_announcement" not in plan
            assert "notifications_message_pkey" in plan or "Function Scan on k" in plan

    def test_what_more_has_to_be_asked_of_is_not_among_it(self):
        invitation = SentInvitationFactory()
        guest = guests_of(invitation.conference)[0]
        rows = [
            MessageFactory(registration=guest, invitation=invitation),
            MessageFactory(registration=guest, kind=MessageKind.STILL_COMING),
            MessageFactory(registration=guest, kind=MessageKind.CHANGED_TIME),
            MessageFactory(registration=guest, kind=MessageKind.FINDINGS),
            MessageFactory(registration=guest, template="speakers_needs"),
        ]
        assert seen_as_right(rows) == {}

    def test_what_goes_to_another_address_by_now_was_not_seen(self):
        (row,) = announced()
        seen = seen_as_right([row])
        assert seen_of(row, seen) is seen[row.pk]
        row.to_email = "assistant@example.org"
        assert seen_of(row, seen) is None

    def test_nothing_is_seen_as_right_that_is_refused(self):
        conference = conference_in()
        guest = guests_of(conference)[0]
        rules = {
            audience: ReminderRuleFactory(conference=conference, audience=audience)
            for audience in Audience
            if audience is not Audience.SESSION
        }
        messages = [
            *(MessageFactory(registration=guest, kind=kind) for kind in MessageKind),
            *(
                MessageFactory(
                    registration=guest,
                    kind=MessageKind.REMINDER,
                    rule=rule,
                    plan_revision=conference.plan_revision,
                )
                for rule in rules.values()
            ),
        ]
        right = 0
        for state, status in product(ConferenceState, RegistrationStatus):
            Conference.objects.update(state=state)
            Registration.objects.update(
                status=status, waiting_since=timezone.now(), offer_expires_at=timezone.now()
            )
            rows = list(
                Message.objects.select_related(
                    "conference__organisation", "registration", "rule", "announcement"
                )
            )
            seen = seen_as_right(rows)
            refused = {row.pk: why_not(row) for row in rows if row.pk in seen}
            assert refused == dict.fromkeys(seen)
            right += len(seen)
        assert len(messages) == Message.objects.count()
        assert right > 20


@on_postgres
class TestHandingOver:
    """One statement writes that the one went out, and begins the other if nothing has changed."""

    @pytest.fixture
    def pair(self):
        return self._begun(announced(2))

    def _begun(self, rows):
        claimed = claim(FIGURES)
        done, following = claimed.messages
        Message.objects.filter(pk=done.pk).update(state="sending", attempts=1)
        content = render(following)
        made = Made(following, compose(following, content), content, claimed.seen[following.pk])
        assert [row.pk for row in rows] == [done.pk, following.pk]
        return claimed.token, done, made

    def _hand_over(self, pair):
        token, done, made = pair
        verdict = Verdict(DeliveryOutcome.ACCEPTED, "250 ok")
        return hand_over(done, verdict, 0.1, made, token, FIGURES)

    def _states(self):
        return list(Message.objects.order_by("id").values_list("state", flat=True))

    def test_both_are_written_down(self, pair):
        assert self._hand_over(pair) is None
        assert self._states() == ["sent", "sending"]
        _token, done, made = pair
        assert list(Delivery.objects.values_list("message_id", "outcome")) == [
            (done.pk, "accepted")
        ]
        kept = Message.objects.get(pk=made.message.pk).rendered
        assert (kept.subject, kept.html) == (made.content.subject, kept.html)
        assert kept.html

    @pytest.mark.parametrize(
        ("model", "change"),
        [
            (Conference, {"state": "cancelled"}),
            (Conference, {"version": 99}),
            (Conference, {"plan_revision": 99}),
            (Registration, {"status": "cancelled"}),
            (Registration, {"version": 99}),
            (Announcement, {"state": "paused"}),
            (Announcement, {"state": "stopped", "done_at": LONG_AGO}),
            (Announcement, {"round": 9}),
            (Announcement, {"audience": {"registrations": ["cancelled"]}}),
            (Message, {"not_after": LONG_AGO}),
        ],
        ids=str,
    )
    def test_what_changed_meanwhile_leaves_the_next_one_for_its_turn(self, pair, model, change):
        model.objects.update(**change)
        assert self._hand_over(pair) is Refusal.UNSURE
        assert self._states() == ["sent", "claimed"]

    @pytest.mark.parametrize("way", ["everywhere", "of the conference"])
    def test_a_pause_begins_nothing(self, pair, way):
        if way == "everywhere":
            pause_sending(reason="", actor=SYSTEM)
        else:
            MailPause.objects.create(conference=pair[2].message.conference)
        assert self._hand_over(pair) is Refusal.UNSURE
        assert self._states() == ["sent", "claimed"]

    @pytest.mark.parametrize("whose", [0, 1])
    def test_only_who_has_opted_out_meanwhile_is_left_out(self, pair, whose):
        _token, done, made = pair
        message = (done, made.message)[whose]
        Suppression.objects.create(
            organisation=message.conference.organisation,
            email_key=message.registration.email_key,
            reason="one_click",
            by_kind="guest",
        )
        assert self._hand_over(pair) is (Refusal.UNSURE if whose else None)
        assert self._states() == ["sent", "claimed" if whose else "sending"]

    def test_a_lost_lease_begins_nothing(self, pair):
        Message.objects.filter(pk=pair[2].message.pk).update(lease_until=LONG_AGO)
        assert self._hand_over(pair) is Refusal.UNSURE
        assert self._states() == ["sent", "claimed"]

    def test_a_message_that_is_gone_costs_the_other_nothing(self, pair):
        Message.objects.filter(pk=pair[2].message.pk).delete()
        assert self._hand_over(pair) is Refusal.UNSURE
        assert self._states() == ["sent"]

    def test_a_whole_announcement_goes_by_it(self, transport, monkeypatch):
        announced(4)
        real, seen = handing_over.write_both_as_seen, []
        monkeypatch.setattr(
            handing_over,
            "write_both_as_seen",
            lambda *args: seen.append(real(*args)) or seen[-1],
        )
        turn = send_due_messages()
        assert (turn.sent, seen, self._states()) == (4, [True] * 3, ["sent"] * 4)

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("model", [Conference, Announcement])
    def test_it_waits_for_nobody(self, model):
        pair = self._begun(announced(2))
        other = connection.copy()
        try:
            other.set_autocommit(False)
            with transaction.atomic():
                rows = model.objects.select_for_update(no_key=True)
                sql, params = rows.query.sql_with_params()
            with other.cursor() as cursor:
                cursor.execute(sql, params)
            with pytest.raises(OperationalError):
                self._hand_over(pair)
            assert self._states() == ["sending", "claimed"]
            assert not Delivery.objects.exists()
        finally:
            other.rollback()
            other.close()
        assert self._hand_over(pair) is None
        assert self._states() == ["sent", "sending"]


def test_a_claim_made_long_ago_is_sent_as_ever(transport):
    announced(3)
    Message.objects.update(due_at=timezone.now() - dt.timedelta(hours=1))
    assert send_due_messages().sent == 3
