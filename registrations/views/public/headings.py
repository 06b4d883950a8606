"""How a personal page greets: "See you on Thursday"."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import to_local
from events import dates
from events.enums import ConferenceState
from events.languages import Reader
from events.models import Conference
from registrations.enums import RegistrationStatus
from registrations.models import Registration
from registrations.services.reconfirming import is_asked

# So many days ahead a weekday alone says which day is meant.
_A_WEEK: Final = 6
_WITHOUT_A_PLACE: Final = {
    RegistrationStatus.PENDING_APPROVAL: gettext_lazy("We have your request"),
    RegistrationStatus.WAITING_LIST: gettext_lazy("You are on the waiting list"),
    RegistrationStatus.OFFERED: gettext_lazy("A place is free for you"),
    RegistrationStatus.CANCELLED: gettext_lazy("You have given your place back"),
    RegistrationStatus.REJECTED: gettext_lazy("There was no place for you this time"),
    RegistrationStatus.EXPIRED: gettext_lazy("Your place has gone to somebody else"),
}
# A day's name changes its form in some languages, so each sentence is whole.
_ON_A_WEEKDAY: Final = (
    gettext_lazy("See you on Monday"),
    gettext_lazy("See you on Tuesday"),
    gettext_lazy("See you on Wednesday"),
    gettext_lazy("See you on Thursday"),
    gettext_lazy("See you on Friday"),
    gettext_lazy("See you on Saturday"),
    gettext_lazy("See you on Sunday"),
)


def heading(registration: Registration, conference: Conference, reader: Reader) -> str:
    """Return the first line of the page, for this status on this day."""
    if conference.state == ConferenceState.CANCELLED:
        return _("This will not take place")
    status = RegistrationStatus(registration.status)
    if status in _WITHOUT_A_PLACE:
        return str(_WITHOUT_A_PLACE[status])
    if conference.state == ConferenceState.POSTPONED:
        return _("Your place is kept")
    if is_asked(registration, conference):
        start, _end = dates.span_of(conference)
        return _("The date is new: %(day)s") % {"day": dates.say_day(start, reader.tag)}
    return _see_you(conference, reader)


def _see_you(conference: Conference, reader: Reader) -> str:
    now = timezone.now()
    start, _end = dates.span_of(conference)
    days = (start.date() - to_local(now, conference.time_zone).date()).days
    if now >= conference.ends_at:
        return _("This is over")
    if days <= 0:
        return _("See you today")
    if days == 1:
        return _("See you tomorrow")
    if days <= _A_WEEK:
        return str(_ON_A_WEEKDAY[start.weekday()])
    return _("See you on %(day)s") % {"day": dates.say_day(start, reader.tag)}
