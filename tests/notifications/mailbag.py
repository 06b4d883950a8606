"""Every mail that the outbox can send: one table, and each of them as the bytes that a server gets.

Unlike the mailroom's rows these are saved, so that what their links open is there.
"""

from __future__ import annotations

import datetime as dt
import email
import email.message
import email.policy
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from core.enums import AnsweredVia, Visibility
from events.enums import ConferenceState
from events.models import Person
from notifications.enums import MessageKind
from notifications.models import Message, message_uid
from notifications.services.archive import MailContent
from notifications.services.composing import Mail, compose
from notifications.services.quote_facts import facts_of_asking
from notifications.services.rendering import render
from notifications.services.texts import delivered
from notifications.services.trials import facts_of
from registrations.enums import InvitationResponse, RegistrationStatus
from registrations.models import Reconfirmation
from tests.factories.events import OutcomeFactory, QuoteFactory
from tests.factories.notifications import AnnouncementFactory
from tests.notifications.mailroom import Mailroom, furnish

GUEST, SPEAKER, INVITED = "a guest", "a speaker", "an invited guest"
ASKED = "somebody who was asked to speak"
QUOTED = "somebody who is quoted"
_ANNOUNCED = """\
{greeting}

The programme of **{title}** has changed: see [what is new]({programme_url}), or write to
{contact_email}.
"""
_ROUND = "R2UNDCODE7"
_FORMER = {"former_start": "2027-03-17T10:00", "former_end": "2027-03-17T13:30"}


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of mail: of which kind, with which words, and about whom."""

    kind: MessageKind
    template: str
    about: str = GUEST
    status: RegistrationStatus = RegistrationStatus.CONFIRMED
    state: ConferenceState = ConferenceState.PUBLISHED
    response: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


_K, _S, _R = MessageKind, RegistrationStatus, InvitationResponse
_C = ConferenceState
SORTS = {
    sort.template: sort
    for sort in (
        Sort(_K.CONFIRMATION, "confirmation"),
        Sort(_K.PENDING, "pending", status=_S.PENDING_APPROVAL),
        Sort(_K.WAITING_LIST, "waiting_list", status=_S.WAITING_LIST),
        Sort(_K.CANCELLATION, "cancellation", status=_S.CANCELLED),
        Sort(_K.REJECTION, "rejection", status=_S.REJECTED),
        Sort(_K.MANAGE_LINK, "manage_link"),
        Sort(_K.CHANGED_TIME, "changed_time", facts=_FORMER),
        Sort(_K.NEW_DATE, "new_date", facts=_FORMER),
        Sort(_K.POSTPONED, "postponed", state=_C.POSTPONED, facts=_FORMER),
        Sort(_K.CONFERENCE_CANCELLED, "conference_cancelled", state=_C.CANCELLED),
        Sort(_K.OFFER, "offer", status=_S.OFFERED),
        Sort(_K.OFFER_EXPIRED, "offer_expired", status=_S.EXPIRED),
        Sort(_K.STILL_COMING, "still_coming", facts={"round": _ROUND}),
        Sort(_K.PLACE_RELEASED, "place_released", status=_S.EXPIRED),
        Sort(_K.SUBSTITUTED, "substituted"),
        Sort(_K.CHANGED_TIME, "invitation_moved", INVITED, facts=_FORMER),
        Sort(_K.POSTPONED, "invitation_postponed", INVITED, state=_C.POSTPONED, facts=_FORMER),
        Sort(_K.CONFERENCE_CANCELLED, "invitation_cancelled", INVITED, state=_C.CANCELLED),
        Sort(_K.SAVE_THE_DATE, "save_the_date", INVITED),
        Sort(_K.INVITATION, "invitation", INVITED),
        Sort(_K.ANSWER, "answer", INVITED, response=_R.DECLINED),
        Sort(_K.ANSWER, "answer_maybe", INVITED, response=_R.TENTATIVE),
        Sort(_K.FINDINGS, "findings", INVITED, response=_R.DECLINED),
        Sort(_K.REMINDER, "nudge", INVITED),
        Sort(_K.SPEAKER_ASK, "speaker_ask", ASKED, response="invited"),
        Sort(_K.SPEAKER_ANSWER, "speaker_answer", ASKED, response="confirmed"),
        Sort(_K.SPEAKER_ANSWER, "speaker_answer_maybe", ASKED, response="tentative"),
        Sort(_K.SPEAKER_ANSWER, "speaker_answer_no", ASKED, response="declined"),
        Sort(_K.SPEAKER_RELEASED, "speaker_released", ASKED, response="replaced"),
        Sort(_K.REMINDER, "speaker_nudge", ASKED, response="invited"),
        Sort(_K.PROGRAMME_CHANGED, "programme_changed"),
        Sort(_K.QUOTE_ASK, "quote_ask", QUOTED),
        Sort(_K.REMINDER, "reminder"),
        Sort(_K.REMINDER, "practical"),
        Sort(_K.REMINDER, "find_us"),
        Sort(_K.REMINDER, "briefing", SPEAKER),
        Sort(_K.REMINDER, "speakers_needs", SPEAKER),
        Sort(_K.REMINDER, "thanks"),
        Sort(_K.REMINDER, "missed_you"),
        Sort(_K.REMINDER, "outcome"),
        Sort(_K.ANNOUNCEMENT, "announcement"),
    )
}


@dataclass
class Posted:
    """A mail as it goes out, and as a mail program reads it."""

    message: Message
    content: MailContent
    mail: Mail
    read: email.message.EmailMessage

    def body(self, kind: str) -> str:
        """Return the words of the plain or the HTML form."""
        part = self.read.get_body((kind,))
        assert part is not None
        return part.get_content()

    def calendar(self) -> bytes:
        """Return the calendar object that comes along; b"" where there is none."""
        found = [p.content for p in self.content.attachments if p.name == "invite.ics"]
        return found[0] if found else b""


class Mailbag:
    """The conference of the mailroom with everything that its mails can speak of."""

    def __init__(self) -> None:
        self.room: Mailroom = furnish()
        conference = self.room.conference
        conference.visibility = Visibility.PUBLIC
        conference.mode = "hybrid"
        conference.online_note = {
            "en": "The link follows.",
            "sr-Latn": "Link sledi.",
            "sr-Cyrl": "Линк следи.",
            "ru": "Ссылка придёт.",
        }
        conference.reply_until_local = dt.datetime.fromisoformat("2027-03-10T18:00")
        conference.reply_until_at = dt.datetime(2027, 3, 10, 17, tzinfo=dt.UTC)
        conference.save()
        now = timezone.now()
        Reconfirmation.objects.create(
            conference=conference,
            code=_ROUND,
            ask_local=now.replace(tzinfo=None),
            ask_at=now - dt.timedelta(hours=1),
            until_local=now.replace(tzinfo=None) + dt.timedelta(days=3),
            until_at=now + dt.timedelta(days=3),
            releases=True,
            asked_at=now,
        )
        outcome = OutcomeFactory(conference=conference, published_at=timezone.now())
        self.quote = QuoteFactory(outcome=outcome, person=self.room.moderator, asked=True)
        self.room.invitation.sent_at = self.room.invitation.last_sent_at = timezone.now()
        self.room.invitation.plus_one = True
        self.announcement = AnnouncementFactory(
            conference=conference,
            subject=dict.fromkeys(conference.languages, "A word on the programme"),
            body=dict.fromkeys(conference.languages, _ANNOUNCED),
        )
        self.asked = self.room.panel.participations.get(person=self.room.moderator)
        self.room.invitation.conference = conference
        self.room.invitation.save()

    def post(self, sort: Sort, language: str) -> Posted:
        """Return a mail of this sort from a row that is kept, as all that it speaks of is."""
        return _posted(self._message(sort, language))

    def trial(self, language: str) -> Posted:
        """Return the test mail of an invitation, as an organiser sends it to themselves."""
        message = self._new(SORTS["invitation"], language)
        message.kind, message.key = MessageKind.TEST, f"test:{language}"
        message.uid = message_uid(message.key)
        message.invitation = message.person = None
        source = delivered("invitation", language)
        message.facts = facts_of(source, f"i.{self.room.invitation.code}")
        message.save()
        return _posted(message)

    def _message(self, sort: Sort, language: str) -> Message:
        message = self._new(sort, language)
        message.save()
        return message

    def _new(self, sort: Sort, language: str) -> Message:
        room = self.room
        person: Person | None = None
        room.conference.state = sort.state
        room.conference.save()
        if sort.about == INVITED:
            person = room.invitation.person
            room.invitation.response = sort.response
            room.invitation.answered_at = timezone.now() if sort.response else None
            room.invitation.answered_via = AnsweredVia.LINK if sort.response else ""
            room.invitation.save()
        elif sort.about == ASKED:
            person = self._ask(sort.response)
        elif sort.about in (SPEAKER, QUOTED):
            person = room.moderator
        else:
            now = timezone.now()
            room.registration.status = sort.status
            room.registration.waiting_since = now
            room.registration.offer_expires_at = now + dt.timedelta(days=2)
            is_asked = sort.kind == MessageKind.STILL_COMING
            room.registration.asked_again_at = now if is_asked else None
            room.registration.save()
        key = f"{sort.kind}:{sort.template}:{language}"
        return Message(
            key=key,
            uid=message_uid(key),
            kind=sort.kind,
            template=sort.template,
            conference=room.conference,
            registration=room.registration if sort.about == GUEST else None,
            invitation=room.invitation if sort.about == INVITED else None,
            announcement=self.announcement if sort.kind == MessageKind.ANNOUNCEMENT else None,
            participation=self.asked if sort.about == ASKED else None,
            person=person,
            to_email="ana@example.org",
            to_name="Ana Petrović",
            language=language,
            due_at=timezone.now(),
            not_after=timezone.now() + dt.timedelta(days=3),
            facts=self._facts(sort),
        )

    def _facts(self, sort: Sort) -> dict[str, Any]:
        if sort.about == QUOTED:
            return facts_of_asking(self.quote)
        return {"state": sort.response} if sort.about == ASKED else sort.facts

    def _ask(self, state: str) -> Person:
        """Let the moderator have been asked, and stand as this says."""
        row, now = self.asked, timezone.now()
        row.state = state
        row.asked_at = row.last_asked_at = now
        row.asked_words = "You know the river better than anybody.\nThree minutes are enough."
        row.reply_until_local = dt.datetime.fromisoformat("2027-03-05T18:00")
        row.reply_until_at = dt.datetime(2027, 3, 5, 17, tzinfo=dt.UTC)
        answered = state in {"confirmed", "tentative", "declined"}
        row.answered_at = now if answered else None
        row.answered_via = AnsweredVia.LINK if answered else ""
        row.save()
        return row.person


def _posted(message: Message) -> Posted:
    content = render(message)
    mail = compose(message, content)
    read = email.message_from_bytes(mail.raw, policy=email.policy.default)
    assert isinstance(read, email.message.EmailMessage)
    return Posted(message, content, mail, read)
