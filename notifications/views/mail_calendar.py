"""The mail calendar of a conference: what will go, to whom and when; and what will not, and why."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.views.access import may
from core.clock import to_local
from core.text import LANGUAGES
from events import dates
from events.views.access import get_conference
from events.views.manage.base import console_page
from notifications.enums import CancelReason
from notifications.services.forecast import PlannedMail, Silence, mail_calendar
from notifications.services.horizon import WEEKS, end_of_weeks, usual_weeks
from notifications.services.pausing import why_paused
from notifications.services.sentences import people_in_words
from notifications.views.mail_drawing import draw

_HELD_BACK: Final = {
    CancelReason.SUPPRESSED: "opted out",
    CancelReason.LATE: "came too late",
    CancelReason.MERGED: "read it in the confirmation",
    CancelReason.ORGANISER: "taken back",
    CancelReason.ANSWERED: "answered",
    CancelReason.ENOUGH: "nudged twice",
}


@require_safe
@console_page
def mail_calendar_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """What will go in the coming weeks, drawn and as a table."""
    row = get_conference(request, organisation, conference, Permission.MAIL_READ)
    asked = request.GET.get("weeks", "")
    weeks = int(asked) if asked in {str(n) for n in WEEKS} else usual_weeks(row)
    calendar = mail_calendar(row, end_of_weeks(row, weeks))
    zone = row.time_zone
    return render(
        request,
        "notifications/calendar.html",
        {
            "conference": row,
            "calendar": calendar,
            "lines": [_line(n, mail, zone) for n, mail in enumerate(calendar.mails, 1)],
            "silences": [_silence(one, zone) for one in calendar.silences],
            "drawing": draw(calendar) if calendar.mails else None,
            "city": dates.zone_city(zone, "en"),
            "until": dates.say_day(to_local(calendar.until, zone), "en"),
            "spans": _spans(weeks),
            "weeks": weeks,
            "paused": why_paused(row),
            "may_write": may(request, Permission.MAIL_WRITE),
        },
    )


def _spans(weeks: int) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{number} weeks" if number < WEEKS[-1] else "A year",
            "url": f"?weeks={number}",
            "current": number == weeks,
            "count": None,
        }
        for number in WEEKS
    ]


def _line(number: int, mail: PlannedMail, zone: str) -> dict[str, Any]:
    return {
        "number": number,
        "mail": mail,
        "when": "Now" if mail.is_due else _when(mail, zone),
        "to": _to(mail),
        "held_back": ", ".join(
            f"{n} {_HELD_BACK.get(CancelReason(reason), 'do not get it')}"
            for reason, n in mail.held_back.items()
        ),
        "languages": ", ".join(
            f"{n} {LANGUAGES.get(name, name)}" for name, n in mail.languages.items()
        )
        if len(mail.languages) > 1
        else "",
    }


def _when(mail: PlannedMail, zone: str) -> str:
    first, last = to_local(mail.due_at, zone), to_local(mail.last_at, zone)
    day = dates.say_date(first, "en")
    times = [dates.say_time(first, "en"), dates.say_time(last, "en")]
    return f"{day}, {'–'.join(dict.fromkeys(times))}"


def _to(mail: PlannedMail) -> str:
    if mail.rule is not None:
        people = people_in_words(mail.rule.audience, mail.count)
    else:
        people = f"{mail.count} {'person' if mail.count == 1 else 'people'}"
    return f"about {people}" if mail.is_about else people


def _silence(one: Silence, zone: str) -> dict[str, Any]:
    at = to_local(one.at, zone) if one.at is not None else None
    moment = f"{dates.say_date(at, 'en')}, {dates.say_time(at, 'en')}" if at is not None else ""
    return {"rule": one.rule, "code": one.code, "why": one.why, "moment": moment}
