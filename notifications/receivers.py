"""Where what happened below becomes a row in the outbox, in the same transaction; and where senders
are woken, once a transaction and after its commit.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.dispatch import receiver

from core.actors import SYSTEM
from events.models import Conference
from events.services.instants import raise_plan_revision
from events.signals import (
    ConferenceCreated,
    ConferenceMoved,
    OutcomePublished,
    OutcomeWithdrawn,
    ParticipationChanged,
    PeopleMerged,
    PeopleParted,
    QuoteChanged,
    SchedulePublished,
    TagsChanged,
    conference_created,
    conference_moved,
    outcome_published,
    outcome_withdrawn,
    participation_changed,
    people_merged,
    people_parted,
    quote_changed,
    schedule_published,
    tags_changed,
)
from notifications.enums import SPEAKING, CancelReason, MessageKind
from notifications.models import ReminderRule
from notifications.services import (
    attendance_mail,
    default_plan,
    invitation_mail,
    invitation_rules,
    merging_people,
    notices,
    outcome_mail,
    programme_mail,
    quote_mail,
    registration_mail,
    speaker_mail,
    speaker_rules,
)
from notifications.services.known_rules import ASKED_AS, FIGURES
from notifications.signals import announcements_changed, messages_queued
from notifications.tasks import wake_planner, wake_senders_soon
from registrations.signals import (
    InvitationChanged,
    RegistrationChanged,
    asked_along,
    invitation_changed,
    registration_changed,
)


@receiver(messages_queued)
def wake_after_commit(sender: Any, **kwargs: Any) -> None:
    """Wake senders once a transaction. A nudge that fails is nobody's fault: the sweeper comes."""
    if not any(entry[1] is wake_senders_soon for entry in connection.run_on_commit):
        transaction.on_commit(wake_senders_soon, robust=True)


@receiver(announcements_changed)
def plan_after_commit(sender: Any, **kwargs: Any) -> None:
    """Wake a planner once a transaction; the sweeper finds what no nudge reached."""
    if not any(entry[1] is wake_planner for entry in connection.run_on_commit):
        transaction.on_commit(wake_planner, robust=True)


asked_along[ASKED_AS] = FIGURES


@receiver(registration_changed)
def tell_registrations(sender: Any, event: RegistrationChanged, **kwargs: Any) -> None:
    """Queue what guests are told, and plan for them or take back what was planned."""
    ids = event.registration_ids
    loaded = kwargs.get("registrations", ())
    match event.verb:
        case "registered":
            answers = kwargs.get("answers")
            registration_mail.welcome(ids, is_new=True, loaded=loaded, answers=answers)
        case "approved" | "promoted" | "uncancelled" | "put_on_list" | "accepted":
            registration_mail.welcome(
                ids, is_new=False, loaded=loaded, with_reason=event.with_reason
            )
        case "cancelled" | "rejected":
            registration_mail.say_goodbye(ids, with_reason=event.with_reason)
        case "changed":
            registration_mail.follow_change(ids)
        case "substituted":
            registration_mail.hand_over(ids, event.former)
        case "link_requested":
            registration_mail.send_link(ids)
        case "leads_party":
            registration_mail.lead_on(ids)
        case "checked_in" | "check_in_undone":
            attendance_mail.follow_attendance(ids)


@receiver(registration_changed)
def tell_those_in_line(sender: Any, event: RegistrationChanged, **kwargs: Any) -> None:
    """Queue what the waiting list gives and silence takes."""
    ids = event.registration_ids
    match event.verb:
        case "offered":
            registration_mail.offer(ids)
        case "offer_expired":
            registration_mail.tell_lapse(ids, MessageKind.OFFER_EXPIRED)
        case "released":
            registration_mail.tell_lapse(ids, MessageKind.PLACE_RELEASED)
        case "asked_again":
            registration_mail.ask_again(ids, event.occasion)


@receiver(invitation_changed)
def plan_for_the_silent(sender: Any, event: InvitationChanged, **kwargs: Any) -> None:
    """Plan what rules have for who was invited, and stop it with any answer."""
    ids = event.invitation_ids
    match event.verb:
        case "sent" | "changed":
            invitation_rules.plan_nudges(conference_id=event.conference_id, invitation_ids=ids)
        case "answered":
            invitation_rules.stop_nudges(invitation_ids=ids, reason=CancelReason.ANSWERED)
        case "withdrawn":
            invitation_rules.stop_nudges(invitation_ids=ids, reason=CancelReason.PLAN)


@receiver(invitation_changed)
def tell_invited(sender: Any, event: InvitationChanged, **kwargs: Any) -> None:
    """Queue what an organiser sends to invited guests, and take back what an answer makes idle."""
    ids = event.invitation_ids
    match event.verb:
        case "sent":
            invitation_mail.invite(ids, kind=MessageKind.INVITATION, occasion=event.occasion)
        case "save_the_date":
            invitation_mail.invite(ids, kind=MessageKind.SAVE_THE_DATE, occasion=event.occasion)
        case "answered":
            invitation_mail.follow_answer(ids, by_guest=event.by_guest)
        case "withdrawn":
            invitation_mail.take_back(ids)


@receiver(conference_created)
def give_default_rules(sender: Any, event: ConferenceCreated, **kwargs: Any) -> None:
    """A new conference begins with a plan, until somebody changes that."""
    conference = Conference.objects.get(pk=event.conference_id)
    default_plan.ensure_default_rules(conference=conference)


@receiver(conference_moved)
def note_move(sender: Any, event: ConferenceMoved, **kwargs: Any) -> None:
    """Note what everybody is to be told; rules follow by the revision that the move raised."""
    conference = Conference.objects.get(pk=event.conference_id)
    if event.reason in notices.MOVE_REASONS:
        notices.note_move(conference=conference, event=event)
        return
    note = {
        "cancelled": notices.note_cancellation,
        "postponed": notices.note_postponement,
        "reopened": notices.note_reopening,
    }[event.reason]
    note(conference=conference)


@receiver(participation_changed)
def plan_for_speakers(sender: Any, event: ParticipationChanged, **kwargs: Any) -> None:
    """Who speaks has changed: what rules have for speakers is planned anew."""
    if event.verb == "given" and event.by_speaker:
        return  # whether a mail still asks for something is looked at when it goes
    speaking = ReminderRule.objects.filter(
        conference_id=event.conference_id,
        enabled=True,
        planned_revision__gt=0,
        audience__in=SPEAKING,
    )
    if speaking.exists():
        raise_plan_revision(Conference.objects.get(pk=event.conference_id))


@receiver(schedule_published)
def tell_new_programme(sender: Any, event: SchedulePublished, **kwargs: Any) -> None:
    """Queue what those hear whom a new version of the programme concerns, unless it is quiet."""
    if event.tell:
        programme_mail.tell_version(version_id=event.schedule_version_id, telling=event.telling)


@receiver(participation_changed)
def tell_speakers(sender: Any, event: ParticipationChanged, **kwargs: Any) -> None:
    """Queue what organisers send to who is asked to speak, and follow the answers."""
    ids = event.participation_ids
    if event.removed:
        speaker_mail.follow_removal(event.conference_id, {person for person, _ in event.removed})
    match event.verb:
        case "asked":
            speaker_mail.ask(ids, occasion=event.occasion)
            speaker_rules.plan_speaker_nudges(
                conference_id=event.conference_id, participation_ids=ids
            )
        case "answered":
            speaker_mail.follow_speaker_answer(ids, by_speaker=event.by_speaker)
        case "released":
            speaker_mail.release(ids, occasion=event.occasion)
        case "replaced":
            speaker_mail.release(ids, occasion="")


@receiver(outcome_published)
def plan_after_outcome(sender: Any, event: OutcomePublished, **kwargs: Any) -> None:
    """Rules that wait for the outcome have their moment now, and who asked for it is told."""
    conference = Conference.objects.get(pk=event.conference_id)
    if event.tell:
        published_at = conference.outcome.published_at
        outcome_mail.tell_outcome(conference, published_at, telling=event.telling)
    else:
        outcome_mail.keep_outcome_quiet(conference, SYSTEM)


@receiver(outcome_withdrawn)
def follow_withdrawal(sender: Any, event: OutcomeWithdrawn, **kwargs: Any) -> None:
    """What waits to tell of an outcome that can not be read does not go."""
    outcome_mail.take_back_outcome(Conference.objects.get(pk=event.conference_id))


@receiver(quote_changed)
def tell_who_is_quoted(sender: Any, event: QuoteChanged, **kwargs: Any) -> None:
    """Queue the question to who is quoted, and take it back when it is none any more."""
    match event.verb:
        case "asked":
            quote_mail.ask_for_approval(event.codes)
        case "answered":
            quote_mail.take_back_quotes(event.conference_id, event.codes, CancelReason.ANSWERED)
        case "taken_back":
            quote_mail.take_back_quotes(event.conference_id, event.codes, CancelReason.ORGANISER)


@receiver(people_merged)
def follow_merge(sender: Any, event: PeopleMerged, **kwargs: Any) -> None:
    """Mail to somebody who is another one now is that one's; what is planned is planned anew."""
    merging_people.move_people(event.kept_id, event.gone_id, event.joined, event.moved)


@receiver(people_parted)
def follow_parting(sender: Any, event: PeopleParted, **kwargs: Any) -> None:
    """What a merge had moved goes back."""
    merging_people.move_people_back(event.kept_id, event.again_id, event.moved)


@receiver(tags_changed)
def follow_tags(sender: Any, event: TagsChanged, **kwargs: Any) -> None:
    """Announcements choose their readers by the slugs of tags."""
    merging_people.follow_tags(event.organisation_id, event.slugs)
