"""What the answer page says: how things stand, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import to_local
from events import dates
from events.enums import ConferenceState
from events.languages import Reader
from events.models import Conference
from registrations.enums import InvitationResponse
from registrations.models import HeldPlace, Invitation
from registrations.services.cancelling import guests_may_change
from registrations.services.holding import reply_deadline

_CLOSED: Final = {
    "withdrawn": (
        gettext_lazy("This invitation does not hold any more"),
        gettext_lazy("The hosts have taken it back. Nothing is asked of you."),
    ),
    "revoked": (
        gettext_lazy("This link has been replaced"),
        gettext_lazy(
            "It opens nothing any more. The newest letter from the hosts has one that does."
        ),
    ),
    "draft": (
        gettext_lazy("This can not be answered yet"),
        gettext_lazy("The hosts are still preparing it. Try again in a few days."),
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
RESPONSES: Final = {
    "": gettext_lazy("No answer yet"),
    InvitationResponse.ACCEPTED: gettext_lazy("I will attend"),
    InvitationResponse.TENTATIVE: gettext_lazy("Maybe"),
    InvitationResponse.DECLINED: gettext_lazy("I regret"),
}


@dataclass(frozen=True, slots=True)
class Closed:
    """Why an invitation can not be answered at this moment."""

    kind: str

    @property
    def heading(self) -> str:
        return str(_CLOSED[self.kind][0])

    @property
    def sentence(self) -> str:
        return str(_CLOSED[self.kind][1])


def closed_because(row: Invitation, conference: Conference) -> Closed | None:
    """Return why a guest can not answer now; None while they can."""
    states = {
        ConferenceState.DRAFT: "draft",
        ConferenceState.CANCELLED: "cancelled",
        ConferenceState.POSTPONED: "postponed",
        ConferenceState.ARCHIVED: "over",
    }
    kind = states.get(ConferenceState(conference.state), "")
    if not row.is_live:
        kind = "withdrawn"
    elif not kind and conference.ends_at <= timezone.now():
        kind = "over"
    elif not kind and not guests_may_change(conference):
        kind = "too_late"
    return Closed(kind) if kind else None


def kept_sentence(row: Invitation, conference: Conference, reader: Reader) -> str:
    """Return what is kept and until when, for a guest who has not decided."""
    places = HeldPlace.objects.filter(invitation=row).aggregate(most=Max("count"))["most"] or 0
    local = to_local(reply_deadline(row), conference.time_zone)
    day = {"day": dates.say_day(local, reader.tag)}
    has_deadline = row.reply_until_at is not None or conference.reply_until_at is not None
    if timezone.now() >= reply_deadline(row):
        return _("Please tell us whether we may expect you.")
    if not has_deadline:
        if places > 1:
            return _("We have kept a place for you and one for a companion.")
        return _("We have kept a place for you.") if places else _("We would be glad to see you.")
    if places > 1:
        return _("We have kept a place for you and one for a companion until %(day)s.") % day
    if places:
        return _("We have kept a place for you until %(day)s.") % day
    return _("We would be glad to see you. Please answer by %(day)s.") % day


def in_words(row: Invitation, conference: Conference, reader: Reader) -> str:
    """Return what was answered, when, and by whom where it was not the guest."""
    if row.answered_at is None:
        return ""
    local = to_local(row.answered_at, conference.time_zone)
    word = gettext_lazy("A colleague will come for me") if row.by_delegate else ""
    known = {
        "answer": str(word or RESPONSES[row.response]),
        "day": dates.say_day(local, reader.tag),
        "time": dates.say_time(local, reader.tag),
        "who": row.answered_by,
    }
    if row.answered_by:
        return _("Answered by %(who)s on %(day)s at %(time)s: %(answer)s.") % known
    return _("Answered on %(day)s at %(time)s: %(answer)s.") % known


def thanks_for_more(row: Invitation) -> str:
    """Return what is said to a guest who has added something to a regret."""
    if row.decline_reason and row.wants_findings:
        return _("Thank you. The hosts can read it, and know that you would like the findings.")
    if row.wants_findings:
        return _("Thank you. The hosts know that you would like the findings.")
    if row.decline_reason:
        return _("Thank you. The hosts can read what you wrote.")
    return _("Thank you. It is saved.")
