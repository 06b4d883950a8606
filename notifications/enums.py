"""The vocabulary of mail."""

from __future__ import annotations

from typing import Final

from django.db import models


class MessageState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    CLAIMED = "claimed", "Taken by a sender"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Too late"
    UNKNOWN = "unknown", "Not known whether sent"


# In a sender's hands, under a lease.
IN_HAND: Final = (MessageState.CLAIMED, MessageState.SENDING)
# What needs somebody: it did not go, or nobody knows.
LOST: Final = (MessageState.FAILED, MessageState.UNKNOWN)
FINAL: Final = (
    MessageState.SENT,
    MessageState.FAILED,
    MessageState.CANCELLED,
    MessageState.EXPIRED,
    MessageState.UNKNOWN,
)


class MessageKind(models.TextChoices):
    """What a message is about; notifications.services.kinds says how each is treated."""

    CONFIRMATION = "confirmation", "Confirmation"
    PENDING = "pending", "Received, waits for approval"
    WAITING_LIST = "waiting_list", "On the waiting list"
    CANCELLATION = "cancellation", "Cancellation"
    REJECTION = "rejection", "Not accepted"
    MANAGE_LINK = "manage_link", "Personal link"
    CHANGED_TIME = "changed_time", "New time"
    CONFERENCE_CANCELLED = "conference_cancelled", "Conference cancelled"
    REMINDER = "reminder", "Reminder"
    SAVE_THE_DATE = "save_the_date", "Save the date"
    INVITATION = "invitation", "Invitation"
    ANSWER = "answer", "Thanks for an answer"
    NEW_DATE = "new_date", "Please confirm the new date"
    POSTPONED = "postponed", "Postponed"
    OFFER = "offer", "A place is free"
    OFFER_EXPIRED = "offer_expired", "An offer has lapsed"
    STILL_COMING = "still_coming", "Still coming?"
    PLACE_RELEASED = "place_released", "A place has gone to others"
    SUBSTITUTED = "substituted", "Somebody else comes"
    SPEAKER_ASK = "speaker_ask", "Asked to speak"
    SPEAKER_ANSWER = "speaker_answer", "Thanks for a speaker's answer"
    SPEAKER_RELEASED = "speaker_released", "Not needed as a speaker after all"
    PROGRAMME_CHANGED = "programme_changed", "The programme has changed"
    QUOTE_ASK = "quote_ask", "May we quote you"
    FINDINGS = "findings", "The findings that they asked for"
    ANNOUNCEMENT = "announcement", "Announcement"
    TEST = "test", "Test"


class AfterAmbiguity(models.TextChoices):
    """What happens when nobody knows whether a mail went out."""

    RESEND = "resend", "Send again"
    PARK = "park", "Ask the organiser"


class CancelReason(models.TextChoices):
    """Why a message was taken back."""

    ORGANISER = "organiser", "Taken back by an organiser"
    REGISTRATION = "registration", "No longer right for the registration"
    CONFERENCE = "conference", "The conference does not take place then"
    PLAN = "plan", "No longer planned"
    LATE = "late", "Registered after the moment of the rule"
    MERGED = "merged", "Said in the confirmation"
    SUPPRESSED = "suppressed", "Opted out"
    ANSWERED = "answered", "Has answered"
    ENOUGH = "enough", "Nudged twice already"


# Not sent because somebody came too late for the rule, or did not want it then; a later moment
# makes them due again.
MISSED: Final = (CancelReason.LATE, CancelReason.MERGED, CancelReason.SUPPRESSED)


class Audience(models.TextChoices):
    """Whom a reminder rule reaches."""

    UNANSWERED = "unanswered", "Guests without an answer"
    ATTENDEES = "attendees", "Attendees"
    SPEAKERS = "speakers", "Speakers"
    ASKED = "asked", "Asked to speak, without an answer"
    WAITING_LIST = "waiting_list", "Waiting list"
    SESSION = "session", "One session's people"
    CHECKED_IN = "checked_in", "Who came"
    NO_SHOWS = "no_shows", "Who did not come"


class Anchor(models.TextChoices):
    CONFERENCE_START = "conference_start", "Start of the conference"
    CONFERENCE_END = "conference_end", "End of the conference"
    SESSION_START = "session_start", "Start of the session"
    RSVP_DEADLINE = "rsvp_deadline", "Deadline for answers"
    REGISTERED = "registered", "Registration"
    INVITATION_SENT = "invitation_sent", "Invitation sent"
    SPEAKER_ASKED = "speaker_asked", "Asked to speak"
    OUTCOME_PUBLISHED = "outcome_published", "Outcome published"


# These are nudged for an answer: twice at most, until any answer comes.
NUDGED: Final = (Audience.UNANSWERED, Audience.ASKED)
# Audiences that come from the programme, and those that are known by who was checked in.
SPEAKING: Final = (Audience.SPEAKERS, Audience.SESSION)
BY_ATTENDANCE: Final = (Audience.CHECKED_IN, Audience.NO_SHOWS)


class Step(models.TextChoices):
    """What a rule is in the plan that every conference begins with (services.default_plan).

    Steps keep a day's distance from each other and give way when time is short; a rule that an
    organiser made goes when it says.
    """

    NUDGE_FIRST = "nudge_first", "First nudge"
    NUDGE_LAST = "nudge_last", "Last nudge"
    SPEAKERS_NEEDS = "speakers_needs", "What we need from speakers"
    BRIEFING = "briefing", "Briefing for speakers"
    SPEAKER_NUDGE = "speaker_nudge", "First nudge to who was asked to speak"
    SPEAKER_NUDGE_2 = "speaker_nudge_2", "Second nudge to who was asked to speak"
    SPEAKER_LAST = "speaker_last", "Last nudge to who was asked to speak"
    PRACTICAL = "practical", "Practical information"
    REMINDER = "reminder", "Reminder"
    FIND_US = "find_us", "How to find us"
    THANKS = "thanks", "Thanks"
    MISSED_YOU = "missed_you", "Sorry we missed you"
    OUTCOME = "outcome", "Outcome"


class Late(models.TextChoices):
    """What happens to who registers after the rule's instant."""

    SKIP = "skip", "Skip"
    SEND = "send", "Send at once"
    MERGE = "merge", "Merge into the confirmation"


class DeliveryOutcome(models.TextChoices):
    ACCEPTED = "accepted", "Accepted by the mail server"
    DEFERRED = "deferred", "Refused for now"
    REFUSED = "refused", "Refused"
    LOST = "lost", "Connection lost before the message was given"
    AMBIGUOUS = "ambiguous", "Connection lost after the message was given"
    BROKEN = "broken", "Could not be made"


class TroubleKind(models.TextChoices):
    """What holds mail up without anybody having paused it."""

    STANDSTILL = "standstill", "Mail that is due does not go"
    LOST = "lost", "Many mails failed or are in doubt"
    UNSWEPT = "unswept", "Nobody looks after the outbox"


class SuppressionReason(models.TextChoices):
    """By which way an address came to get no more optional mail."""

    ONE_CLICK = "one_click", "The button of their mail program"
    PREFERENCE = "preference", "The link in a mail"
    ORGANISER = "organiser", "Added by an organiser"


# The reader's own word: nobody lifts it without having asked them.
OWN_WORD: Final = (SuppressionReason.ONE_CLICK, SuppressionReason.PREFERENCE)


class SuppressionScope(models.TextChoices):
    """Of what an address gets no more optional mail."""

    CONFERENCE = "conference", "This conference"
    ORGANISATION = "organisation", "All conferences"


class AnnouncementState(models.TextChoices):
    """From a text that an organiser writes to its end.

    Taking an announcement back before it leaves makes it a draft again. One that is held back has
    not left: when it was to, the flight check found what nobody had read.
    """

    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "About to leave"
    HELD = "held", "Held back"
    SENDING = "sending", "Being sent"
    PAUSED = "paused", "Paused"
    SENT = "sent", "Sent"
    STOPPED = "stopped", "Stopped"


# Somebody pressed the button, and it has come to no end. Mail leaves only while it is being sent.
UNDER_WAY: Final = (
    AnnouncementState.SCHEDULED,
    AnnouncementState.SENDING,
    AnnouncementState.PAUSED,
)
# A text to which somebody has still to say that it may leave.
TO_BE_SENT: Final = (AnnouncementState.DRAFT, AnnouncementState.HELD)


class Section(models.TextChoices):
    """As what somebody is in the audience of an announcement; the first one counts."""

    REGISTRATIONS = "registrations", "Registered"
    SPEAKERS = "speakers", "Speaks"
    INVITATIONS = "invitations", "Invited"


class InvitationStanding(models.TextChoices):
    """How an invitation stands: its answer, a part of those who gave it, or why there is none."""

    ACCEPTED = "accepted", "Coming"
    TENTATIVE = "tentative", "Maybe"
    DECLINED = "declined", "Not coming"
    WANTS_FINDINGS = "wants_findings", "Not coming, wants the findings"
    SILENT = "silent", "No answer yet"
    NOT_SENT = "not_sent", "Not invited yet"


class SkipReason(models.TextChoices):
    """Why one of an audience gets no mail."""

    NO_ADDRESS = "no_address", "Has no address"
    DOUBLE = "double", "Shares an address with another"
    OPTED_OUT = "opted_out", "Opted out"


class Level(models.TextChoices):
    """How a check of a flight check ended."""

    OK = "ok", "In order"
    WARNING = "warning", "Look at this"
    ERROR = "error", "Must be put right"
