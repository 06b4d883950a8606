"""For any person of a conference: found by code or name, and explained in a few queries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.clock import to_local
from core.errors import DomainError
from events import dates
from events.enums import ParticipationRole
from notifications.models import Message
from notifications.services.explaining import explain_for
from notifications.services.humans import candidates
from notifications.services.message_reasons import Code
from notifications.services.outbox import cancel_message
from notifications.services.pausing import pause_conference_mail
from notifications.services.replanning import plan_rules
from notifications.services.suppression import suppress_by_organiser
from registrations.models import Invitation
from tests.factories.accounts import AccountFactory
from tests.factories.events import PersonFactory
from tests.factories.notifications import (
    AnnouncementFactory,
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)
from tests.notifications.mailroom import furnish

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference(organisation):
    return conference_in(organisation=organisation, days=30)


def plan_all(conference):
    plan_rules(conference.reminder_rules.values_list("pk", flat=True))
    conference.refresh_from_db()


def codes(found, rule=None):
    return [
        r.code for r in found.reasons if r.rule is not None and (rule is None or r.rule == rule)
    ]


def invite(conference, **fields):
    person = PersonFactory(
        organisation=conference.organisation, email="", given_name="Ana", family_name="Цвијић"
    )
    person.search_key = "ana cvijic"
    person.save(update_fields=["search_key"])
    person.assistants.create(name="The desk", email="desk@example.org")
    guests_of(conference)
    return Invitation.objects.create(
        conference=conference,
        person=person,
        registration_type=conference.registration_types.get(),
        search_key="ana cvijic",
        **fields,
    )


def test_what_waits_and_what_is_for_others_are_said_of_one_guest(conference):
    day_before = ReminderRuleFactory(conference=conference)
    waiting = ReminderRuleFactory(conference=conference, audience="waiting_list")
    off = ReminderRuleFactory(conference=conference, enabled=False)
    guest = guests_of(conference)[0]
    plan_all(conference)
    found = explain_for(conference, registration=guest.code)
    assert found.human.name == f"{guest.given_name} {guest.family_name}"
    assert (codes(found, day_before), codes(found, waiting), codes(found, off)) == (
        [Code.WAITS],
        [Code.NOT_IN_AUDIENCE],
        [Code.RULE_OFF],
    )


def test_the_assistants_mail_explains_the_guest(conference):
    conference.reply_until_local = conference.start_local - dt.timedelta(days=10)
    conference.save()
    nudge = ReminderRuleFactory(
        conference=conference, audience="unanswered", anchor="rsvp_deadline", offset="-P5D"
    )
    own = ReminderRuleFactory(
        conference=conference, audience="unanswered", anchor="invitation_sent", offset="P3D"
    )
    invitation = invite(conference, sent_at=timezone.now())
    plan_all(conference)
    by_invitation = explain_for(conference, invitation=invitation.code)
    by_person = explain_for(conference, person=invitation.person.code)
    assert by_invitation.reasons == by_person.reasons
    assert codes(by_person, nudge) == codes(by_person, own) == [Code.WAITS]
    assert all("desk@example.org" in r.sentence for r in by_person.reasons if r.message)


def test_a_guest_whose_invitation_is_not_sent_has_no_nudge_yet(conference):
    rule = ReminderRuleFactory(
        conference=conference, audience="unanswered", anchor="invitation_sent", offset="P3D"
    )
    found = explain_for(conference, invitation=invite(conference).code)
    assert codes(found, rule) == [Code.NOT_IN_AUDIENCE]
    kinds = {r.kind: r.sentence for r in found.reasons if r.rule is None}
    assert (
        kinds["invitation"].startswith("Waits for an organiser’s click")
        or "click" in (kinds["invitation"])
    )


def test_a_speaker_is_explained_by_the_published_programme():
    room = furnish()
    for role, session in (("", None), (ParticipationRole.MODERATOR, None), ("", room.panel)):
        ReminderRuleFactory(
            conference=room.conference,
            audience="session" if session else "speakers",
            role=role,
            session=session,
        )
    ReminderRuleFactory(
        conference=room.conference, audience="speakers", role=ParticipationRole.KEYNOTE
    )
    plan_all(room.conference)
    found = explain_for(room.conference, person=room.moderator.code)
    expected = [Code.NOT_IN_AUDIENCE, *[Code.WAITS] * 3]
    assert sorted(codes(found)) == sorted(expected)


def test_announcements_pauses_and_opt_outs_are_said(conference):
    guest = guests_of(conference)[0]
    row = AnnouncementFactory(conference=conference)
    mail = MessageFactory(registration=guest, kind="announcement", announcement=row)
    opted_out = MessageFactory(
        registration=guest,
        kind="announcement",
        to_email="desk@example.org",
        state="cancelled",
        cancelled_for="suppressed",
    )
    suppress_by_organiser(
        organisation=conference.organisation,
        email="desk@example.org",
        note="By phone",
        actor=SYSTEM,
    )
    pause_conference_mail(conference=conference, reason="Wrong room", actor=SYSTEM)
    said = {
        reason.message: reason.sentence
        for reason in explain_for(conference, registration=guest.code).reasons
        if reason.message is not None
    }
    assert said[mail].startswith("No mail leaves at the moment: Wrong room.")
    today = dates.say_short_date(to_local(timezone.now(), conference.time_zone), "en")
    assert said[opted_out].startswith(f"Opted out on {today} of mails like this one")


def test_before_it_is_planned_the_calendar_of_one_person_says_so(conference):
    ReminderRuleFactory(conference=conference)
    guest = guests_of(conference)[0]
    assert codes(explain_for(conference, registration=guest.code)) == [Code.PLANNED_SOON]
    conference.state = "draft"
    conference.save()
    assert codes(explain_for(conference, registration=guest.code)) == [Code.WAITS_FOR_PUBLICATION]


def test_who_took_it_back_is_read_from_the_audit_trail(conference):
    ReminderRuleFactory(conference=conference)
    guest = guests_of(conference)[0]
    plan_all(conference)
    account = AccountFactory(name="Mila Jović")
    cancel_message(message=Message.objects.get(), actor=Actor("account", str(account.pk)))
    found = explain_for(conference, registration=guest.code)
    (taken_back,) = [r for r in found.reasons if r.code == Code.TAKEN_BACK]
    assert taken_back.sentence.startswith("Taken back by Mila Jović on ")


def test_an_earlier_registration_of_the_same_person_is_explained_with_it(conference):
    person = PersonFactory(organisation=conference.organisation)
    first = guests_of(conference, person=person, status="cancelled")[0]
    second = guests_of(conference, person=person)[0]
    for row in (first, second):
        MessageFactory(registration=row, kind="confirmation")
    found = explain_for(conference, registration=second.code)
    assert found.human.registrations == [second, first]
    assert len([r for r in found.reasons if r.message is not None]) == 2


def test_what_belongs_to_another_conference_is_not_there(conference, other_organisation):
    foreign = conference_in(organisation=other_organisation)
    guest = guests_of(foreign)[0]
    invitation = invite(foreign)
    stranger = PersonFactory(organisation=conference.organisation)
    for asked in (
        {"registration": guest.code},
        {"invitation": invitation.code},
        {"person": invitation.person.code},
        {"person": stranger.code},
        {},
    ):
        with pytest.raises(DomainError) as refused:
            explain_for(conference, **asked)
        assert refused.value.kind == "not-found"


@pytest.mark.parametrize("number", [1, 3])
def test_more_messages_and_rules_take_no_more_queries(
    conference, number, django_assert_num_queries
):
    person = PersonFactory(organisation=conference.organisation)
    guest = guests_of(conference, person=person)[0]
    guests_of(conference, number)
    for _ in range(number):
        ReminderRuleFactory(conference=conference)
        MessageFactory(registration=guest)
    plan_all(conference)
    # Two of them are the pauses: of the installation, and of the conference.
    with django_assert_num_queries(11):
        explain_for(conference, registration=guest.code)


class TestFinding:
    def test_names_are_found_in_whichever_script(self, conference, django_assert_num_queries):
        invitation = invite(conference)
        speaker = PersonFactory(organisation=conference.organisation)
        assert speaker
        guest = guests_of(conference, given_name="Jovan", family_name="Đurić")[0]
        with django_assert_num_queries(3):
            found = candidates(conference, "Цвијић")
        assert [(c.kind, c.code) for c in found] == [("invitation", invitation.code)]
        assert [(c.kind, c.code) for c in candidates(conference, "djuric")] == [
            ("registration", guest.code)
        ]
        assert candidates(conference, guest.email[:5].upper()) != []

    def test_speakers_are_found_and_nobody_twice(self):
        room = furnish()
        room.registration.person = room.moderator
        room.registration.search_key = "radina vasic"
        room.registration.save()
        assert [c.kind for c in candidates(room.conference, "Vasić")] == ["registration"]
        assert [c.kind for c in candidates(room.conference, "brien")] == ["person"]

    @pytest.mark.parametrize("typed", ["", "   ", "\x00", "nobody at all"])
    def test_nothing_finds_nobody(self, conference, typed):
        guests_of(conference)
        assert candidates(conference, typed) == []

    def test_another_houses_people_are_not_found(self, conference, other_organisation):
        guests_of(conference_in(organisation=other_organisation), family_name="Stranac")
        assert candidates(conference, "stranac") == []
