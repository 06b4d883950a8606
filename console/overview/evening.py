"""The evening before: from the day before a conference until it ends, what matters is tomorrow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from console.overview.figures import Figures
from console.overview.mails import NextMail
from console.overview.panels import Panel
from core.clock import to_local
from core.text import full_name, pick_text
from events import dates
from events.enums import ConferenceState
from events.models import Conference, Participation
from registrations.services.funnel import silent_vips
from registrations.services.turnout import Turnout, expected_turnout


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody on the programme who has not said yes."""

    name: str
    panel: Panel
    part: Participation


@dataclass(frozen=True, slots=True)
class Guests:
    """What is known of invited guests the evening before."""

    turnout: Turnout | None
    silent: int
    vips: int


@dataclass(frozen=True, slots=True)
class Evening:
    """What stands above everything else on the day before and on the day itself."""

    title: str
    who_comes: str
    panels: str
    incomplete: list[Panel]
    silent: list[Silent]
    mail: str
    guests: str = ""


def is_near(conference: Conference, now: dt.datetime | None = None) -> bool:
    """Tell whether it is the day before in the conference's zone, or the day itself."""
    now = now or timezone.now()
    if conference.state != ConferenceState.PUBLISHED or conference.ends_at <= now:
        return False
    today = to_local(now, conference.time_zone).date()
    return today >= dates.span_of(conference)[0].date() - dt.timedelta(days=1)


def evening_before(
    conference: Conference,
    figures: Figures,
    panels: Sequence[Panel],
    mails: Sequence[NextMail],
    guests: Guests | None = None,
) -> Evening:
    """Return the evening before as sentences.

    Arguments:
        guests: what is known of invited guests, where the reader may see it.
    """
    now = timezone.now()
    return Evening(
        title=f"{moment_of(conference)}{_place(conference)}.",
        who_comes=_who_comes(figures, guests),
        panels=_panels(panels),
        incomplete=[panel for panel in panels if not panel.is_complete],
        silent=[
            Silent(full_name(part.person.given_name, part.person.family_name), panel, part)
            for panel in panels
            for part in panel.silent
        ],
        mail=_mail(mails, now),
        guests=_silent(guests),
    )


def moment_of(conference: Conference) -> str:
    """Return when it is for somebody who reads this now: "Tomorrow 10:00"."""
    now = timezone.now()
    start, end = dates.span_of(conference)
    if conference.starts_at <= now:
        return f"Now, until {dates.say_time(end, 'en')}"
    today = to_local(now, conference.time_zone).date()
    day = "Today" if start.date() == today else "Tomorrow"
    return f"{day} {dates.say_time(start, 'en')}"


def _place(conference: Conference) -> str:
    first = next(iter(conference.conference_venues.all()), None)
    if first is None:
        return ""
    name = pick_text(first.venue.name, "en", conference.languages)
    return f", {name}" if name else ""


def guests_of(conference: Conference) -> Guests:
    """Return how many will really come, and who is silent; four queries at the most."""
    silent, vips = silent_vips(conference)
    return Guests(expected_turnout(conference), silent, vips)


def _silent(guests: Guests | None) -> str:
    if guests is None or not guests.silent:
        return ""
    if guests.vips:
        vips = "1 VIP" if guests.vips == 1 else f"{guests.vips} VIPs"
        others = guests.silent - guests.vips
        return f"{vips} silent" + (f", and {others} other guests." if others else ".")
    return "1 guest silent." if guests.silent == 1 else f"{guests.silent} guests silent."


def _who_comes(figures: Figures, guests: Guests | None) -> str:
    of = "" if figures.capacity is None else f" of {figures.capacity}"
    parts = [f"{figures.guests}{of} guests coming"]
    if guests is not None and guests.turnout is not None:
        parts.append(f"expect {guests.turnout.words}")
    if figures.speakers:
        parts.append(f"{figures.speakers} on the programme")
    if figures.pending:
        parts.append(f"{figures.pending} without your answer yet")
    if figures.waiting:
        parts.append(f"{figures.waiting} on the waiting list")
    return ", ".join(parts) + "."


def _panels(panels: Sequence[Panel]) -> str:
    if not panels:
        return "The programme has no panel."
    complete = sum(panel.is_complete for panel in panels)
    if complete == len(panels):
        number = "The only session" if complete == 1 else f"All {complete} sessions"
        return f"{number} with people on it {'is' if complete == 1 else 'are'} complete."
    return f"{complete} of {len(panels)} sessions with people on them are complete."


def _mail(mails: Sequence[NextMail], now: dt.datetime) -> str:
    """Name the next mail that has a time; what is due already goes by itself."""
    mail = next((one for one in mails if not one.is_due), next(iter(mails), None))
    if mail is None:
        return "No mail is planned."
    local_now = to_local(now, mail.conference.time_zone)
    days = (mail.due_local.date() - local_now.date()).days
    day = {0: "", 1: "tomorrow "}.get(days, f"{dates.say_day(mail.due_local, 'en')}, ")
    when = "now" if mail.is_due else f"{day}{dates.say_time(mail.due_local, 'en')}"
    return f"Next mail: {mail.name}, {when}, to {mail.count}."
