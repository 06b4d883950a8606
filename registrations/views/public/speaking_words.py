"""What the page of who was asked to speak says: how things stand, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import to_local
from events import dates
from events.enums import ConferenceState, ParticipationState, SessionState
from events.languages import Reader
from events.models import Conference, Participation
from events.services.asked_sessions import asked_session, begins_at
from events.services.schedules import current_programme

_CLOSED: Final = {
    "revoked": (
        gettext_lazy("This link has been replaced"),
        gettext_lazy(
            "It opens nothing any more. The newest letter from the hosts has one that does."
        ),
    ),
    "released": (
        gettext_lazy("Nothing is asked of you any more"),
        gettext_lazy(
            "The programme has changed, and the hosts do not ask you to speak. Thank you for your "
            "time."
        ),
    ),
    "taken": (
        gettext_lazy("Somebody else speaks in this place"),
        gettext_lazy(
            "The hosts have asked somebody else meanwhile. If you said that you would speak after "
            "all, they can read it. Write to them, or call."
        ),
    ),
    "cancelled": (
        gettext_lazy("This will not take place"),
        gettext_lazy("It was cancelled, so no answer is needed. Thank you for your time."),
    ),
    "postponed": (
        gettext_lazy("This has been postponed"),
        gettext_lazy(
            "The new date is not known yet. What you have answered is kept; you will get a letter "
            "when there is a date, and can answer again then."
        ),
    ),
    "over": (gettext_lazy("This is over"), gettext_lazy("Answers are no longer taken.")),
    "too_late": (
        gettext_lazy("It is too late to answer here"),
        gettext_lazy("The hosts can still change it for you. Write to them, or call."),
    ),
}
ANSWERS: Final = {
    ParticipationState.CONFIRMED: gettext_lazy("Yes, I will speak"),
    ParticipationState.TENTATIVE: gettext_lazy("I do not know yet"),
    ParticipationState.DECLINED: gettext_lazy("No, I can not"),
}


@dataclass(frozen=True, slots=True)
class Closed:
    """Why nothing can be answered at this moment."""

    kind: str

    @property
    def heading(self) -> str:
        return str(_CLOSED[self.kind][0])

    @property
    def sentence(self) -> str:
        return str(_CLOSED[self.kind][1])


def closed_because(row: Participation) -> Closed | None:
    """Return why somebody can not answer now; None while they can."""
    conference = row.session.conference
    states = {
        ConferenceState.CANCELLED: "cancelled",
        ConferenceState.POSTPONED: "postponed",
        ConferenceState.ARCHIVED: "over",
    }
    kind = states.get(ConferenceState(conference.state), "")
    if row.state == ParticipationState.REPLACED:
        kind = "taken" if Participation.objects.filter(replaces=row).exists() else "released"
    elif not kind and row.session.state == SessionState.CANCELLED:
        kind = "cancelled"
    elif not kind and conference.ends_at <= timezone.now():
        kind = "over"
    elif not kind and _has_begun(row, conference):
        kind = "too_late"
    return Closed(kind) if kind else None


def _has_begun(row: Participation, conference: Conference) -> bool:
    session = asked_session(row, current_programme(conference))
    return begins_at(session, conference) <= timezone.now()


def reply_sentence(row: Participation, conference: Conference, reader: Reader) -> str:
    """Return until when an answer is asked for; "" where no day was said, or it is past."""
    if row.reply_until_at is None or row.reply_until_at <= timezone.now():
        return ""
    day = dates.say_day(to_local(row.reply_until_at, conference.time_zone), reader.tag)
    return _("Please answer by %(day)s.") % {"day": day}


def in_words(row: Participation, conference: Conference, reader: Reader) -> str:
    """Return what was answered, when, and by whom where it was not the person."""
    if row.answered_at is None or row.state not in ANSWERS:
        return ""
    local = to_local(row.answered_at, conference.time_zone)
    known = {
        "answer": str(ANSWERS[ParticipationState(row.state)]),
        "day": dates.say_day(local, reader.tag),
        "time": dates.say_time(local, reader.tag),
        "who": row.answered_by,
    }
    if row.answered_by:
        return _("Answered by %(who)s on %(day)s at %(time)s: %(answer)s.") % known
    return _("Answered on %(day)s at %(time)s: %(answer)s.") % known
