"""Every state, reason, audience, anchor and way of being late has a sentence of its own."""

from __future__ import annotations

import datetime as dt

import pytest

from core.enums import AnsweredVia
from events.models import Conference, Session
from notifications.enums import (
    Anchor,
    Audience,
    CancelReason,
    Late,
    MessageKind,
    MessageState,
    Step,
)
from notifications.models import Announcement, Message, ReminderRule
from notifications.services.audience_reasons import Door, Human, why_not_for
from notifications.services.message_reasons import Code, Mail, say_mail
from notifications.services.moments import why_no_moment
from notifications.services.reasons import _OCCASIONS, Facts, OwnMoment, RuleFacts, explain
from registrations.enums import InvitationResponse, RegistrationStatus
from registrations.models import Invitation, Registration

NOW = dt.datetime(2027, 3, 20, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def conference(**fields):
    return Conference(
        **{
            "pk": 1,
            "title": {"en": "Forum"},
            "languages": ["en"],
            "time_zone": "Europe/Belgrade",
            "state": "published",
            "plan_revision": 3,
            "start_local": dt.datetime(2027, 3, 28, 10),
            **fields,
        }
    )


def rule(**fields):
    return ReminderRule(
        **{
            "pk": 7,
            "code": "ABCDEF",
            "name": "Day before",
            "audience": "attendees",
            "anchor": "conference_start",
            "offset": "-P1D",
            "template": "reminder",
            "planned_revision": 3,
            **fields,
        }
    )


def message(**fields):
    where = fields.pop("conference", None) or conference()
    return Message(
        **{
            "key": "reminder:ABCDEF:G1:start@2027-03-28T10:00",
            "kind": "reminder",
            "conference": where,
            "rule": rule(),
            "plan_revision": 3,
            "occurrence": "start@2027-03-28T10:00",
            "to_email": "ana@example.org",
            "due_at": NOW + DAY,
            "not_after": NOW + 7 * DAY,
            "updated_at": NOW,
            **fields,
        }
    )


def human(**fields):
    return Human(
        "Ana Petrović",
        registrations=[Registration(code="G1", status="confirmed", status_at=NOW - 9 * DAY)],
        **fields,
    )


def moment(**fields):
    return OwnMoment(
        **{
            "key": "reminder:ABCDEF:G1:start@2027-03-28T10:00",
            "occurrence": "start@2027-03-28T10:00",
            "planned_at": NOW + DAY,
            "due_at": NOW + DAY,
            "not_after": NOW + 8 * DAY,
            **fields,
        }
    )


def said(mail, **how):
    code, sentence = say_mail(mail, NOW, how.pop("paused", None), **how)
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    return code, sentence


def of_rule(one=None, moments=(), who=None, mails=(), **fields):
    """Return (code, sentence) of what is said of one rule."""
    facts = Facts(
        conference=fields.pop("conference", None) or conference(),
        now=NOW,
        human=who or human(),
        door=Door(),
        mails=mails,
        rules=[RuleFacts(one or rule(), moments, **fields)],
    )
    return [(r.code, r.sentence) for r in explain(facts) if r.rule is not None]


class TestMessages:
    @pytest.mark.parametrize("state", [s for s in MessageState if s != MessageState.CANCELLED])
    def test_every_state_says_why(self, state):
        code, sentence = said(Mail(message(state=state, sent_at=NOW, attempts=1)))
        assert code in Code
        assert len(sentence) > 20

    def test_every_reason_for_taking_back_says_its_own(self):
        found = {
            reason: said(Mail(message(state="cancelled", cancelled_for=reason)))
            for reason in CancelReason
        }
        assert len({sentence for _code, sentence in found.values()}) == len(CancelReason)

    def test_mails_of_announcements_say_what_became_of_theirs(self):
        def of(state, announcement="sending", **fields):
            about = {"rule": None, "plan_revision": None, "kind": "announcement"}
            row = Announcement(pk=3, state=announcement)
            return said(Mail(message(state=state, announcement=row, **about, **fields)))

        assert of("queued", "paused") == (
            Code.PAUSED,
            "Its announcement is paused. It is due on 21 Mar 2027, 13:00 (Belgrade).",
        )
        assert of("queued")[0] == Code.WAITS
        assert of("cancelled", "stopped", cancelled_for="organiser") == (
            Code.TAKEN_BACK,
            "Its announcement was stopped or taken back by then, on 20 Mar 2027, 13:00 (Belgrade).",
        )
        assert of("cancelled", cancelled_for="registration") == (
            Code.REGISTRATION,
            "They were no longer in its audience when it was to go.",
        )

    def test_what_was_sent_says_when_where_and_at_which_try(self):
        row = message(state="sent", sent_at=NOW, attempts=1)
        assert said(Mail(row))[1] == (
            "Sent on 20 Mar 2027, 13:00 (Belgrade) to ana@example.org, accepted by the mail server "
            "at the first try."
        )
        row.attempts = 3
        assert "at try 3." in said(Mail(row))[1]

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({}, Code.WAITS),
            ({"attempts": 2, "last_error": "450 later"}, Code.WAITS_AGAIN),
            ({"due_at": NOW - DAY}, Code.WAITS_FOR_SENDER),
            ({"plan_revision": 2}, Code.WAITS_FOR_PLANNING),
            ({"conference": conference(state="postponed")}, Code.CONFERENCE_STOPPED),
            ({"rule": None, "plan_revision": None, "kind": "confirmation"}, Code.WAITS),
        ],
    )
    def test_what_waits_says_for_what(self, fields, code):
        assert said(Mail(message(state="queued", **fields)))[0] == code

    def test_what_waits_says_what_its_rule_says(self):
        assert said(Mail(message(state="queued")))[1] == (
            "Waits until 21 Mar 2027, 13:00 (Belgrade), one day before the start, at the same "
            "time. It goes to ana@example.org."
        )

    def test_a_pause_goes_before_all_else(self):
        code, sentence = said(Mail(message(state="queued")), paused="Restored from a copy")
        assert (code, sentence.startswith("No mail leaves at the moment: Restored")) == (
            Code.PAUSED,
            True,
        )

    def test_a_refusal_is_quoted(self):
        row = message(state="failed", last_error="550 no such user")
        assert said(Mail(row)) == (
            Code.FAILED,
            "The mail to ana@example.org failed. The last answer was “550 no such user”.",
        )

    def test_who_took_it_back_is_named(self):
        row = message(state="cancelled", cancelled_for="organiser")
        assert said(Mail(row, taken_back_by="Mila Jović"))[1] == (
            "Taken back by Mila Jović on 20 Mar 2027, 13:00 (Belgrade)."
        )

    def test_since_when_somebody_has_opted_out_is_said(self):
        row = message(state="cancelled", cancelled_for="suppressed")
        assert said(Mail(row, opted_out="Opted out on 3 Mar 2027"))[1] == (
            "Opted out on 3 Mar 2027 of mails like this one (ana@example.org)."
        )

    def test_a_move_says_which_one_came_in_its_place(self):
        row = message(
            state="cancelled", cancelled_for="plan", occurrence="start@2027-03-27T10:00", key="old"
        )
        found = dict(of_rule(moments=[moment()], mails=[Mail(row)]))
        assert found.keys() == {Code.REPLACED, Code.PLANNED_SOON}
        assert found[Code.REPLACED] == (
            "What it was about moved: that for 27 Mar 2027, 10:00 was replaced by that for "
            "28 Mar 2027, 10:00."
        )


class TestRules:
    @pytest.mark.parametrize("anchor", list(Anchor))
    def test_every_anchor_without_a_moment_says_so(self, anchor):
        code, sentence = of_rule(rule(anchor=anchor))[0]
        assert (code, sentence) == (Code.NO_MOMENT, why_no_moment(rule(anchor=anchor)))
        assert len(sentence) > 20

    @pytest.mark.parametrize("late", list(Late))
    def test_who_came_late_reads_what_the_rule_says(self, late):
        code, sentence = of_rule(
            rule(late=late), [moment(is_late=True, planned_at=NOW - DAY, not_after=NOW)]
        )[0]
        assert code == Code.LATE
        assert "after this moment" in sentence

    @pytest.mark.parametrize(
        ("one", "moments", "fields", "code"),
        [
            (rule(enabled=False), [moment()], {}, Code.RULE_OFF),
            (rule(), [moment()], {"conference": conference(state="postponed")},
             Code.CONFERENCE_STOPPED),
            (rule(), [moment()], {"conference": conference(state="cancelled")},
             Code.CONFERENCE_STOPPED),
            (rule(), [moment()], {"conference": conference(state="draft")},
             Code.WAITS_FOR_PUBLICATION),
            (rule(), [moment()], {"has_address": False}, Code.NO_ADDRESS),
            (rule(audience="waiting_list"), [], {}, Code.NOT_IN_AUDIENCE),
            (rule(), [moment(is_enough=True)], {}, Code.ENOUGH),
            (rule(), [moment(due_at=None, why="Time is short: “X” says it.")], {},
             Code.TIME_SHORT),
            (rule(), [moment(not_after=NOW)], {}, Code.PAST),
            (rule(), [moment()], {}, Code.PLANNED_SOON),
            (rule(), [moment(is_late=True)], {}, Code.LATE),
            (rule(late="send"), [moment(is_late=True)], {}, Code.PLANNED_SOON),
            (rule(planned_revision=0), [moment(is_late=True)], {}, Code.PLANNED_SOON),
        ],
    )  # fmt: skip
    def test_a_rule_without_a_message_says_why(self, one, moments, fields, code):
        ((found, sentence),) = of_rule(one, moments, **fields)
        assert found == code
        assert sentence.endswith(".")

    def test_a_rule_with_its_message_says_it_once(self):
        found = of_rule(moments=[moment()], mails=[Mail(message(state="queued"))])
        assert [code for code, _sentence in found] == [Code.WAITS]


class TestAudiences:
    def why(self, one, who, **door):
        return why_not_for(who, one, Door(**door), conference())

    @pytest.mark.parametrize("audience", list(Audience))
    def test_a_stranger_to_it_reads_whom_it_is_for(self, audience):
        one = rule(audience=audience, session=Session(code="S1"))
        sentence = self.why(one, Human("Ana"))
        assert sentence.startswith("Only ")
        assert sentence.endswith(".")

    def test_a_guest_who_answered_reads_when_and_how(self):
        invitation = Invitation(
            sent_at=NOW,
            response=InvitationResponse.ACCEPTED,
            answered_at=NOW,
            answered_via=AnsweredVia.ASSISTANT,
            answered_by="Mila Jović",
        )
        assert self.why(rule(audience="unanswered"), Human("Ana", invitation=invitation)) == (
            "Only guests without an answer get it: the answer of 20 Mar 2027 is “coming”, by an "
            "assistant (Mila Jović)."
        )

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"sent_at": None}, "has not been sent"),
            ({"sent_at": NOW, "withdrawn_at": NOW}, "withdrawn on 20 Mar 2027"),
            ({"sent_at": NOW}, ""),
        ],
    )
    def test_an_invitation_says_how_far_it_is(self, fields, words):
        who = Human("Ana", invitation=Invitation(**fields))
        found = self.why(rule(audience="unanswered"), who)
        assert words in found
        assert bool(found) == bool(words)

    def test_the_door_decides_who_came(self):
        came, missing = rule(audience="checked_in"), rule(audience="no_shows")
        thanks = rule(audience="checked_in", step=Step.THANKS)
        away = human()
        here = human()
        here.registrations[0].checked_in_at = NOW
        over = {"is_over": True, "somebody_came": True}
        assert self.why(came, here) == ""
        assert "so far" in self.why(came, away)
        assert "checked in on" in self.why(missing, here, **over)
        assert "after the end" in self.why(missing, away)
        assert self.why(missing, away, **over) == ""
        assert "nobody was looked for" in self.why(missing, away, is_over=True)
        assert self.why(thanks, away, is_over=True) == ""

    def test_a_speaker_is_one_by_role_and_session(self):
        who = Human("Ana", roles=[("S1", "panellist")])
        assert self.why(rule(audience="speakers"), who) == ""
        assert self.why(rule(audience="speakers", role="moderator"), who) != ""
        assert self.why(rule(audience="session", session=Session(code="S1")), who) == ""
        assert self.why(rule(audience="session", session=Session(code="S2")), who) != ""

    def test_another_status_is_named(self):
        who = Human("Ana", registrations=[
            Registration(status=RegistrationStatus.CANCELLED, status_at=NOW)
        ])  # fmt: skip
        assert self.why(rule(), who) == (
            "Only attendees get it: the registration is “cancelled” since 20 Mar 2027."
        )


def test_every_kind_without_a_message_says_when_it_goes():
    facts = Facts(conference=conference(), now=NOW, human=Human("Ana"), door=Door())
    listed = {reason.kind for reason in explain(facts)}
    assert set(_OCCASIONS) == set(MessageKind)
    assert listed == set(MessageKind) - {MessageKind.REMINDER, MessageKind.TEST}
    assert all(reason.sentence.endswith(".") for reason in explain(facts))


def test_an_imported_place_and_an_invitation_that_waits_say_so():
    who = Human(
        "Ana",
        registrations=[Registration(status="confirmed", source="import")],
        invitation=Invitation(),
    )
    facts = Facts(conference=conference(), now=NOW, human=who, door=Door())
    found = {reason.kind: reason.sentence for reason in explain(facts)}
    assert "imported" in found[MessageKind.CONFIRMATION]
    assert "click" in found[MessageKind.INVITATION]


@pytest.mark.parametrize(
    ("response", "opted_out", "code"),
    [("declined", False, "not-in-audience"), ("", True, "opted-out"), ("", False, "no-occasion")],
)
def test_who_is_not_concerned_by_a_postponement_reads_why(response, opted_out, code):
    who = Human("Ana", invitation=Invitation(response=response))
    facts = Facts(conference=conference(), now=NOW, human=who, door=Door(), opted_out=opted_out)
    found = {reason.kind: reason.code for reason in explain(facts)}
    assert found[MessageKind.POSTPONED] == found[MessageKind.NEW_DATE] == code


def test_reasons_stand_in_the_order_of_time():
    sent = message(state="sent", sent_at=NOW - DAY, key="a")
    waits = message(state="queued", key="b", due_at=NOW + 2 * DAY)
    facts = Facts(
        conference=conference(),
        now=NOW,
        human=human(),
        door=Door(),
        mails=[Mail(waits), Mail(sent)],
        rules=[RuleFacts(rule(), [moment()])],
    )
    found = [r.at for r in explain(facts) if r.at is not None]
    assert found == [NOW - DAY, NOW + DAY, NOW + 2 * DAY]
