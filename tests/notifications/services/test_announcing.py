"""Announcements from the draft to their end: undo, pause, stop, and what two clicks come to."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from events.models import Assistant
from notifications.enums import AnnouncementState, MessageState, SkipReason
from notifications.models import Announcement, Message
from notifications.services import fan_out
from notifications.services.announcement_control import (
    pause_announcement,
    resume_announcement,
    stop_announcement,
    undo_announcement,
)
from notifications.services.announcing import (
    change_announcement,
    create_announcement,
    delete_announcement,
    leaves_at,
    send_announcement,
)
from notifications.services.claiming import claim
from notifications.services.delivery import send_due_messages
from notifications.services.fan_out import run_announcements
from notifications.services.flight_check import fly
from notifications.services.leaving import let_leave
from notifications.services.limits import limits
from notifications.services.rescheduling import reschedule_announcement
from notifications.services.suppression import suppress_by_organiser
from notifications.services.sweeping import sweep
from registrations.models import Invitation
from registrations.services.invitation_links import invitation_url
from tests.factories.events import ParticipationFactory, SessionFactory
from tests.factories.notifications import AnnouncementFactory, conference_in, guests_of
from tests.factories.registrations import InvitationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db
S = AnnouncementState


@pytest.fixture
def conference(organisation):
    organisation.contact_email = "desk@example.org"
    organisation.imprint = {"en": "Institute for Testing, Belgrade"}
    organisation.save()
    return conference_in(organisation=organisation)


def draft(conference, guests=3, **fields):
    guests_of(conference, guests)
    return AnnouncementFactory(conference=conference, **fields)


def send(row, recipients=3, **choices):
    values = {"read_warnings": True, "in_quiet_hours": True, "actor": SYSTEM, **choices}
    return send_announcement(announcement=row, recipients=recipients, **values)


def come_to(row):
    """Let the time to take it back be over; what is planned leaves."""
    past = timezone.now() - dt.timedelta(seconds=1)
    Announcement.objects.filter(pk=row.pk).update(undo_until=past)
    Message.objects.filter(announcement=row).update(due_at=past)
    let_leave()
    row.refresh_from_db()
    return row


def on_its_way(conference, guests=3, **fields):
    row = send(draft(conference, guests, **fields), guests)
    run_announcements()
    come_to(row)
    run_announcements()
    row.refresh_from_db()
    assert row.state == S.SENDING
    return row


def states(row):
    return sorted(row.messages.values_list("state", flat=True))


# --- Writing -------------------------------------------------------------------------------------
def test_a_draft_may_lack_everything(conference):
    row = create_announcement(conference=conference, values={}, actor=SYSTEM)
    assert (row.state, row.subject, row.body, row.audience) == (S.DRAFT, {}, {}, {})
    assert AuditEntry.objects.filter(verb="create_announcement").count() == 1


def test_a_draft_is_changed_at_the_version_that_was_read(conference):
    row = draft(conference)
    change_announcement(
        announcement=row, changes={"subject": {"en": "New"}}, expected=1, actor=SYSTEM
    )
    with pytest.raises(DomainError) as refused:
        change_announcement(
            announcement=row, changes={"subject": {"en": "Old"}}, expected=1, actor=SYSTEM
        )
    assert refused.value.kind == "stale"
    row.refresh_from_db()
    assert (row.subject, row.version) == ({"en": "New"}, 2)


@pytest.mark.parametrize(
    ("audience", "pointer"),
    [
        ({"registrations": ["nobody"]}, "/audience/registrations"),
        ({"types": ["there-is-none"]}, "/audience/types"),
        ({"tags": ["there-is-none"]}, "/audience/tags"),
        ({"sessions": ["ZZZZZZ"]}, "/audience/sessions"),
        ({"languages": ["xx"]}, "/audience/languages"),
        ({"checked_in": "yes"}, "/audience/checked_in"),
        ({"speakers": "confirmed"}, "/audience/speakers"),
        ({"where": ["1=1"]}, "/audience/where"),
    ],
)
def test_a_filter_that_there_is_not_is_refused(conference, audience, pointer):
    with pytest.raises(DomainError) as refused:
        create_announcement(conference=conference, values={"audience": audience}, actor=SYSTEM)
    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert not Announcement.objects.exists()


def test_what_was_sent_is_neither_changed_nor_deleted(conference):
    row = send(draft(conference))
    with pytest.raises(DomainError, match="Only a draft"):
        change_announcement(announcement=row, changes={"subject": {}}, expected=None, actor=SYSTEM)
    with pytest.raises(DomainError) as refused:
        delete_announcement(announcement=row, expected=None, actor=SYSTEM)
    assert refused.value.kind == "in-use"


def test_a_draft_is_deleted_with_what_is_left_of_a_time_before(conference):
    row = send(draft(conference))
    run_announcements()
    row = undo_announcement(announcement=row, actor=SYSTEM)
    delete_announcement(announcement=row, expected=None, actor=SYSTEM)
    assert set(Message.objects.values_list("state", "announcement")) == {("cancelled", None)}


def test_the_database_knows_the_states_too(conference):
    row = draft(conference)
    for columns in (
        {"state": "gone"},
        {"state": "sending"},
        {"state": "sent"},
        {"undo_until": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Announcement.objects.filter(pk=row.pk).update(**columns)


# --- Sending -------------------------------------------------------------------------------------
def test_sent_it_waits_a_minute_and_then_everybody_gets_one(conference, transport, owner):
    row = send(draft(conference), actor=Actor("account", str(owner.pk)))
    assert (row.state, row.expected, row.round) == (S.SCHEDULED, 3, 1)
    assert row.sent_by == owner
    left = row.undo_until - timezone.now()
    assert dt.timedelta(seconds=55) < left <= dt.timedelta(seconds=60)
    run_announcements()
    assert send_due_messages().sent == 0, "nothing leaves while it can be taken back"
    assert states(row) == ["queued"] * 3
    come_to(row)
    assert send_due_messages().sent == 3
    run_announcements()
    run_announcements()
    row.refresh_from_db()
    assert (row.state, row.planned, row.sent) == (S.SENT, 3, 3)
    assert sorted(transport.recipients) == sorted(row.messages.values_list("to_email", flat=True))


def test_the_sweeper_plans_what_no_nudge_reached(conference):
    row = send(draft(conference))
    assert sweep().told == 3
    row.refresh_from_db()
    assert row.planned == 3
    assert row.planned_at is not None


def test_two_clicks_are_one_announcement(conference):
    row = draft(conference)
    send(row)
    with pytest.raises(DomainError, match="on its way already"):
        send(row)
    run_announcements()
    run_announcements()
    assert Message.objects.count() == 3


def test_another_number_than_was_said_sends_nothing(conference):
    row = draft(conference)
    guests_of(conference)
    with pytest.raises(DomainError, match="it is 4 now, not 3") as refused:
        send(row)
    assert refused.value.status == 409
    row.refresh_from_db()
    assert (row.state, Message.objects.count()) == (S.DRAFT, 0)


def test_errors_of_the_flight_check_stop_it(conference):
    row = draft(conference, body={"en": "Hello {who}"})
    with pytest.raises(DomainError) as refused:
        send(row)
    assert "/checks/placeholder-unknown" in [e.pointer for e in refused.value.errors]


def test_warnings_want_to_be_read(conference):
    row = draft(conference, subject={"en": "COME TO THE FORUM"})
    with pytest.raises(DomainError, match="Read what the flight check warns of"):
        send(row, read_warnings=False)
    assert send(row).state == S.SCHEDULED


def test_what_changed_since_it_was_read_is_not_sent(conference):
    row = draft(conference)
    change_announcement(
        announcement=row, changes={"subject": {"en": "Other"}}, expected=None, actor=SYSTEM
    )
    with pytest.raises(DomainError) as refused:
        send(row, expected=1)
    assert refused.value.kind == "stale"


def test_the_skipped_are_counted(conference):
    row = draft(conference)
    twin = guests_of(conference, email="twin@example.org")[0]
    guests_of(conference, email="TWIN@example.org", email_key=None)
    gone = guests_of(conference)[0]
    suppress_by_organiser(
        organisation=conference.organisation, email=gone.email, note="asked", actor=SYSTEM
    )
    row = send(row, 4)
    assert row.skipped == {SkipReason.DOUBLE: 1, SkipReason.OPTED_OUT: 1}
    run_announcements()
    assert row.messages.filter(to_email__iexact=twin.email).count() == 1
    assert not row.messages.filter(to_email=gone.email).exists()


# --- Quiet hours ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("now", "quiet", "leaves"),
    [
        ("2027-03-10T12:00:00", False, "2027-03-10T12:01:00"),
        ("2027-03-10T21:30:00", False, "2027-03-11T07:00:00"),
        ("2027-03-10T21:30:00", True, "2027-03-10T21:31:00"),
        ("2027-03-10T03:00:00", False, "2027-03-10T07:00:00"),
        ("2027-03-10T18:59:30", False, "2027-03-11T07:00:00"),
    ],
)
def test_the_night_is_kept_unless_somebody_says_otherwise(conference, now, quiet, leaves):
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    found = leaves_at(conference, moment, in_quiet_hours=quiet)
    assert found == dt.datetime.fromisoformat(leaves).replace(tzinfo=dt.UTC)


def test_one_for_tomorrow_is_looked_up_tomorrow(conference):
    row = send(draft(conference), send_at=timezone.now() + dt.timedelta(days=1))
    assert run_announcements().planned == 0
    assert row.messages.count() == 0
    Announcement.objects.filter(pk=row.pk).update(
        undo_until=timezone.now() + dt.timedelta(seconds=30)
    )
    assert run_announcements().planned == 3


def test_one_that_waits_gets_another_moment_and_is_planned_for_that(conference):
    row = send(
        draft(conference), send_at=timezone.now() + dt.timedelta(days=1), in_quiet_hours=True
    )
    row = again(row, timezone.now() + dt.timedelta(days=2))
    assert row.undo_until - timezone.now() > dt.timedelta(days=1)
    assert again(row, None).send_at is None  # and at once after all
    assert run_announcements().planned == 3
    assert AuditEntry.objects.filter(verb="reschedule_announcement").count() == 2
    with pytest.raises(DomainError, match="leaves in a moment"):
        again(row, timezone.now() + dt.timedelta(days=2))
    with pytest.raises(DomainError, match="waits for no moment"):
        again(draft(conference), None)


def test_a_planner_that_has_read_the_former_moment_writes_nothing(conference):
    row = send(draft(conference), send_at=timezone.now() + dt.timedelta(hours=1))
    seen = Announcement.objects.get(pk=row.pk)
    again(row, timezone.now() + dt.timedelta(days=2))
    chunk = next(iter(fan_out.recipients_of(seen)))
    assert not fan_out._write(seen, chunk)
    assert row.messages.count() == 0


def again(row, moment, **choices):
    values = {"in_quiet_hours": True, "read_warnings": True, "actor": SYSTEM, **choices}
    return reschedule_announcement(announcement=row, send_at=moment, **values)


def test_the_flight_check_is_made_anew_for_another_moment(conference):
    row = send(draft(conference), send_at=timezone.now() + dt.timedelta(days=1))
    waits_until = row.undo_until
    moment = timezone.now() + dt.timedelta(days=2)
    guests_of(conference, 1)
    with pytest.raises(DomainError, match="Read what the flight check warns of"):
        again(row, moment, read_warnings=False)
    assert again(row, moment).expected == 4  # somebody has registered since

    Announcement.objects.filter(pk=row.pk).update(subject={"en": ""}, undo_until=waits_until)
    with pytest.raises(DomainError) as refused:
        again(row, moment)
    assert "/checks/subject-empty" in {error.pointer for error in refused.value.errors}
    row.refresh_from_db()
    assert (row.state, row.undo_until, row.round) == (S.SCHEDULED, waits_until, 2)


def test_a_moment_that_has_passed_is_refused(conference):
    with pytest.raises(DomainError, match="has passed"):
        send(draft(conference), send_at=timezone.now() - dt.timedelta(minutes=1))


# --- Taking back ---------------------------------------------------------------------------------
def test_taken_back_it_is_a_draft_and_nobody_gets_it(conference, transport):
    row = send(draft(conference))
    run_announcements()
    row = undo_announcement(announcement=row, actor=SYSTEM)
    assert (row.state, row.undo_until) == (S.DRAFT, None)
    Message.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    assert send_due_messages().sent == 0
    run_announcements()
    assert states(row) == ["cancelled"] * 3
    assert transport.recipients == []


def test_taken_back_and_sent_again_it_is_another_round(conference, transport):
    row = send(draft(conference))
    run_announcements()
    row = undo_announcement(announcement=row, actor=SYSTEM)
    row = send(row)
    run_announcements()
    assert row.round == 2
    come_to(row)
    send_due_messages()
    assert len(transport.recipients) == 3
    assert states(row) == ["cancelled"] * 3 + ["sent"] * 3


def test_a_row_of_a_round_that_was_taken_back_is_never_begun(conference, transport):
    row = send(draft(conference))
    run_announcements()
    old = list(row.messages.values_list("pk", flat=True))
    row = send(undo_announcement(announcement=row, actor=SYSTEM))
    past = timezone.now() - dt.timedelta(seconds=1)
    Message.objects.filter(pk__in=old).update(due_at=past)
    assert send_due_messages().sent == 0, "not one of any round, until it is let go"
    Announcement.objects.filter(pk=row.pk).update(state="sending", left_at=past, undo_until=past)
    send_due_messages()
    assert transport.recipients == []
    assert set(Message.objects.filter(pk__in=old).values_list("state", flat=True)) == {"cancelled"}


def test_when_it_has_begun_to_leave_it_can_not_be_taken_back(conference):
    row = come_to(send(draft(conference)))
    with pytest.raises(DomainError, match="Stop it"):
        undo_announcement(announcement=row, actor=SYSTEM)


# --- Pause and stop ------------------------------------------------------------------------------
def test_paused_nothing_leaves_and_resumed_all_does(conference, transport):
    row = on_its_way(conference)
    pause_announcement(announcement=row, actor=SYSTEM)
    assert send_due_messages().sent == 0
    assert states(row) == ["queued"] * 3
    resume_announcement(announcement=row, actor=SYSTEM)
    assert send_due_messages().sent == 3


@pytest.mark.parametrize(
    ("verb", "state", "after"),
    [
        (pause_announcement, "queued", ["queued", "queued", "sent"]),
        (stop_announcement, "cancelled", ["cancelled", "cancelled", "sent"]),
    ],
)
def test_what_a_sender_has_taken_and_not_begun_is_held_too(
    conference, transport, verb, state, after
):
    """Between the claim and the commit of `sending` an organiser presses the button."""
    row = on_its_way(conference)

    def press(_mail):
        if len(transport.mails) == 1:
            verb(announcement=row, actor=SYSTEM)

    transport.on_send = press
    send_due_messages()
    assert len(transport.mails) == 1, "only what was being sent at that moment"
    assert states(row) == after


def test_stopped_what_was_not_begun_is_taken_back(conference, transport):
    row = on_its_way(conference)
    assert len(claim(limits()).messages) == 3
    row = stop_announcement(announcement=row, actor=SYSTEM)
    assert row.state == S.STOPPED
    assert row.done_at is not None
    assert run_announcements().taken_back == 3
    assert states(row) == ["cancelled"] * 3
    for verb in (resume_announcement, pause_announcement, undo_announcement, stop_announcement):
        with pytest.raises(DomainError) as refused:
            verb(announcement=row, actor=SYSTEM)
        assert refused.value.kind == "wrong-state"


def test_stopping_is_a_few_statements_however_many_there_are(
    conference, django_assert_max_num_queries
):
    row = on_its_way(conference, guests=30)
    with django_assert_max_num_queries(9):
        stop_announcement(announcement=row, actor=SYSTEM)


def test_paused_before_it_left_is_a_matter_of_taking_it_back(conference):
    with pytest.raises(DomainError, match="Take it back instead"):
        pause_announcement(announcement=send(draft(conference)), actor=SYSTEM)


# --- What changes meanwhile ----------------------------------------------------------------------
def test_who_cancelled_meanwhile_gets_nothing(conference, transport):
    row = on_its_way(conference)
    gone = row.messages.first()
    gone.registration.status = "cancelled"
    gone.registration.save()
    send_due_messages()
    assert gone.to_email not in transport.recipients
    assert len(transport.recipients) == 2
    gone.refresh_from_db()
    assert (gone.state, gone.cancelled_for) == ("cancelled", "registration")


@pytest.fixture
def invited(conference):
    """Two silent guests; the mail of the first goes to an assistant."""
    kind = RegistrationTypeFactory(conference=conference)
    found = InvitationFactory.create_batch(2, registration_type=kind, sent_at=timezone.now())
    first = found[0].person
    first.given_name, first.family_name, first.honorific = "Astrid", "Halvorsen", "H.E."
    first.save()
    Assistant.objects.create(person=first, name="Help", email="help@example.org")
    return found


def to_the_silent(conference):
    row = AnnouncementFactory(
        conference=conference,
        body={"en": "{greeting}\n\nYour answer: {answer_url}"},
        audience={"invitations": ["silent"]},
    )
    row = send(row, 2)
    run_announcements()
    return come_to(row)


def test_the_silent_get_the_link_to_their_answer_and_assistants_greet_the_guest(
    conference, invited, transport
):
    row = to_the_silent(conference)
    assert send_due_messages().sent == 2
    message = row.messages.get(to_email="help@example.org")
    assert "Dear H.E. Astrid Halvorsen," in message.rendered.text
    assert "⟦invitation:1⟧" in message.rendered.text, "kept without the right"
    sent = next(mail for mail in transport.mails if mail.recipient == "help@example.org")
    assert invitation_url(invited[0]) in sent.raw.decode().replace("=\n", "").replace("=3D", "=")


def test_who_answers_meanwhile_is_no_longer_silent(conference, invited, transport):
    row = to_the_silent(conference)
    Invitation.objects.filter(pk=invited[1].pk).update(
        response="declined", answered_at=timezone.now(), answered_via="link"
    )
    assert send_due_messages().sent == 1
    gone = row.messages.get(invitation=invited[1])
    assert (gone.state, gone.cancelled_for) == ("cancelled", "registration")


def test_a_speaker_who_declines_meanwhile_gets_nothing(conference, transport):
    part = ParticipationFactory(session=SessionFactory(conference=conference))
    row = AnnouncementFactory(conference=conference, audience={"speakers": ["confirmed"]})
    row = send(row, 1)
    run_announcements()
    come_to(row)
    part.state = "declined"
    part.save()
    assert send_due_messages().sent == 0
    assert states(row) == ["cancelled"]


def test_who_opted_out_meanwhile_gets_nothing(conference, transport):
    row = on_its_way(conference)
    gone = row.messages.first()
    suppress_by_organiser(
        organisation=conference.organisation, email=gone.to_email, note="asked", actor=SYSTEM
    )
    send_due_messages()
    assert gone.to_email not in transport.recipients


def test_a_message_that_lost_its_announcement_is_not_sent(conference, transport):
    row = on_its_way(conference)
    Message.objects.filter(announcement=row).update(announcement=None)
    assert send_due_messages().sent == 0
    assert transport.mails == []
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.CANCELLED}


def test_every_mail_can_be_stopped_by_its_reader(conference, transport):
    on_its_way(conference, guests=1)
    send_due_messages()
    raw = transport.mails[0].raw.decode()
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    assert "Reply-To: desk@example.org" in raw
    assert "Auto-Submitted" not in raw, "a person wrote it"


def test_the_flight_check_of_an_ordinary_draft_finds_no_error(conference):
    flown = fly(draft(conference))
    assert flown.errors == []
    assert flown.survey.total == 3
