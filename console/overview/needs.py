"""What needs somebody now, as sentences with one button each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery

from accounts.models import Organisation
from accounts.permissions import Permission
from console.overview.finding import Need, Panels
from console.overview.guest_needs import GuestNeeds
from console.overview.mail_needs import MailNeeds
from console.overview.panels import Panel, panels_of
from console.overview.speakers import PATIENCE, speakers_of
from core.clock import to_local
from core.text import full_name, pick_text
from events import dates
from events.enums import ConferenceState, QuoteState
from events.models import Conference, Participation, Quote, ScheduleVersion, Session
from events.services.panel_writing import name_of
from registrations.models import RegistrationType

# Who has not answered is a matter for the last weeks; before, a panel is still being made.
SOON: Final = dt.timedelta(days=30)
_ALIVE: Final = frozenset({ConferenceState.DRAFT, ConferenceState.PUBLISHED})
_MOST_DECLINED: Final = 3
OPENS_SOON: Final = dt.timedelta(days=3)
May = Callable[[Permission], bool]


def needs_of(
    organisation: str,
    conferences: Sequence[Conference],
    may: May,
    panels: Panels | None = None,
    house: Organisation | None = None,
) -> list[Need]:
    """Return what the conferences need, the most pressing kind first; eighteen queries at most,
    and one for each conference that has more guests than places.

    Arguments:
        organisation: its slug.
        may: tells what the reader may see and do.
        panels: those of the conferences, where the caller has read them already.
        house: the organisation itself, where what is held back is said of all its conferences.
    """
    found = _Needs(organisation, list(conferences), panels)
    if may(Permission.MAIL_READ):
        found.held_back(house)
        found.mail()
    if may(Permission.REGISTRATION_READ):
        found.approvals()
        found.over_capacity()
        found.guests()
        found.new_dates()
    if may(Permission.CONFERENCE_WRITE):
        found.drafts()
        found.quotes()
    if may(Permission.PROGRAMME_WRITE):
        found.programmes()
        found.speakers()
        found.panels()
    return found.needs


class _Needs(MailNeeds, GuestNeeds):
    def quotes(self) -> None:
        """Who is quoted and wishes other words waits for the organiser's yes."""
        rows = (
            Quote.objects.filter(
                outcome__conference__in=self.conferences, state=QuoteState.PROPOSED
            )
            .order_by()
            .values_list("outcome__conference_id")
            .annotate(number=Count("pk"))
        )
        numbers = dict(rows)
        for row in self.conferences:
            if number := numbers.get(row.pk, 0):
                what = "1 quote" if number == 1 else f"{number} quotes"
                self.add(
                    f"Other words are proposed for {what} of {self.titles[row.pk]}.",
                    "Look at them",
                    "manage-outcome",
                    row,
                    tone="warn",
                )

    def drafts(self) -> None:
        drafts = [row for row in self.conferences if row.state == ConferenceState.DRAFT]
        rows = (
            RegistrationType.objects.filter(conference__in=drafts, public=True)
            .order_by()
            .values_list("conference_id")
            .annotate(first=Min("opens_at"), always=Count("pk", filter=Q(opens_at__isnull=True)))
        )
        opens = {pk: (first, always) for pk, first, always in rows}
        for row in drafts:
            first, always = opens.get(row.pk, (None, 0))
            if always and row.starts_at - self.now < SOON:
                when = "takes place " + dates.say_day(dates.span_of(row)[0], "en")
            elif first is not None and first - self.now < OPENS_SOON:
                local = to_local(first, row.time_zone)
                verb = "opened" if first <= self.now else "opens"
                when = f"{verb} its registration {dates.say_day(local, 'en')}"
            else:
                continue
            self.add(
                f"{self.titles[row.pk]} {when}, and its page is still a draft.",
                "Publish the page",
                "manage-conference-settings",
                row,
                tone="warn",
            )

    def programmes(self) -> None:
        last = ScheduleVersion.objects.filter(conference=OuterRef("pk")).order_by("-number")
        rows = (
            Conference.objects.filter(pk__in=[row.pk for row in self.conferences])
            .order_by()
            .annotate(
                number=Count("sessions"),
                touched=Max("sessions__updated_at"),
                published=Subquery(last.values("created_at")[:1]),
                name=Subquery(last.values("name")[:1]),
            )
            .values_list("pk", "number", "touched", "published", "name")
        )
        states = {pk: rest for pk, *rest in rows}
        for row in self.conferences:
            number, touched, published, name = states[row.pk]
            title = self.titles[row.pk]
            if not number:
                continue
            if published is None:
                said = "session is" if number == 1 else "sessions are"
                sentence = f"{number} {said} in the draft of {title}; no programme is public."
                self.add(sentence, "Publish the programme", "manage-schedule", row)
            elif touched > published:
                sentence = f"The draft of {title} has been worked on since “{name}” was published."
                self.add(sentence, "See what readers do not", "manage-schedule", row)

    def speakers(self) -> None:
        alive = [row for row in self.conferences if row.state in _ALIVE]
        found = speakers_of(alive, self.now) if alive else {}
        for row in alive:
            one = found[row.pk]
            if one.silent:
                sessions = {part.session.code for part in one.silent}
                only = {"code": sessions.pop()} if len(sessions) == 1 else {}
                self.add(
                    f"{_silent(one.silent)} at {self.titles[row.pk]} for {PATIENCE.days} days.",
                    "See who",
                    "manage-session" if only else "manage-sessions",
                    row,
                    tone="warn",
                    **only,
                )
            for part in one.declined[:_MOST_DECLINED]:
                self.add(
                    f"{name_of(part)} declined {_title(part.session, row)}.",
                    "Replace",
                    "manage-speaker-replace",
                    row,
                    code=part.session.code,
                    part=part.code,
                    tone="warn",
                )
            more = len(one.declined) - _MOST_DECLINED
            if more > 0:
                sentence = f"{more} more have declined to speak at {self.titles[row.pk]}."
                self.add(sentence, "See the sessions", "manage-sessions", row, tone="warn")
            for offer in one.after_all:
                who = full_name(offer.person.given_name, offer.person.family_name)
                self.add(
                    f"{who} would speak in {_title(offer.session, row)} after all; somebody else "
                    "has the seat.",
                    "See the shortlist",
                    "manage-session",
                    row,
                    code=offer.session.code,
                )

    def panels(self) -> None:
        near = [
            row
            for row in self.conferences
            if row.state in _ALIVE and row.starts_at - self.now < SOON
        ]
        by_conference = self.known_panels or panels_of(near)
        for row in near:
            for panel in by_conference[row.pk]:
                if not panel.is_complete:
                    where = f" of {self.titles[row.pk]}" if len(self.conferences) > 1 else ""
                    self.add(
                        f"“{panel.title}”{where} {panel.lacks}.",
                        _remedy(panel),
                        "manage-session",
                        row,
                        code=panel.session.code,
                        tone="warn" if not panel.has_moderator else "",
                    )


def _silent(parts: Sequence[Participation]) -> str:
    if len(parts) == 1:
        return f"{name_of(parts[0])} has not answered whether they speak"
    return f"{len(parts)} people have not answered whether they speak"


def _title(session: Session, conference: Conference) -> str:
    return f"“{pick_text(session.title, 'en', conference.languages)}”"


def _remedy(panel: Panel) -> str:
    if not panel.has_moderator:
        return "Find a moderator"
    return "Find a panellist" if not panel.has_panellists else "See the panel"
