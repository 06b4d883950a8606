"""What needs somebody now, as sentences with one button each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Permission
from console.overview.figures import figures_of
from console.overview.mails import mail_trouble
from console.overview.panels import Panel, panels_of
from core.clock import to_local
from core.text import pick_text
from events import dates
from events.enums import ConferenceState
from events.models import Conference, ScheduleVersion
from notifications.services.pausing import pauses_of
from notifications.services.reading import STANDSTILL
from notifications.services.sending_switch import paused_because
from notifications.services.troubles import trouble_of
from registrations.enums import RegistrationStatus
from registrations.models import Registration, RegistrationType
from registrations.services.funnel import stages_of
from registrations.services.reconfirming import date_answers_of

# Who has not answered is a matter for the last weeks; before, a panel is still being made.
SOON: Final = dt.timedelta(days=30)
DEADLINE_SOON: Final = dt.timedelta(days=14)
OPENS_SOON: Final = dt.timedelta(days=3)
May = Callable[[Permission], bool]
Panels = Mapping[int, list[Panel]]


@dataclass(frozen=True, slots=True)
class Need:
    """A sentence and the page where it is dealt with."""

    sentence: str
    label: str
    url: str
    tone: str = ""


def needs_of(
    organisation: str,
    conferences: Sequence[Conference],
    may: May,
    panels: Panels | None = None,
) -> list[Need]:
    """Return what the conferences need, the most pressing kind first; fourteen queries at the most,
    and one for each conference that has more guests than places.

    Arguments:
        organisation: its slug.
        may: tells what the reader may see and do.
        panels: those of the conferences, where the caller has read them already.
    """
    found = _Needs(organisation, list(conferences), panels)
    if may(Permission.MAIL_READ):
        found.mail()
    if may(Permission.REGISTRATION_READ):
        found.approvals()
        found.over_capacity()
        found.guests()
        found.new_dates()
    if may(Permission.CONFERENCE_WRITE):
        found.drafts()
    if may(Permission.PROGRAMME_WRITE):
        found.programmes()
        found.panels()
    return found.needs


class _Needs:
    def __init__(
        self, organisation: str, conferences: list[Conference], panels: Panels | None
    ) -> None:
        self.known_panels = panels
        self.organisation = organisation
        self.conferences = conferences
        self.titles = {row.pk: pick_text(row.title, "en", row.languages) for row in conferences}
        self.needs: list[Need] = []
        self.now = timezone.now()

    def add(
        self,
        sentence: str,
        label: str,
        page: str,
        conference: Conference | None = None,
        *,
        tone: str = "",
        query: str = "",
        code: str = "",
    ) -> None:
        kwargs = {"organisation": self.organisation}
        if conference is not None:
            kwargs["conference"] = conference.slug
        if code:
            kwargs["code"] = code
        self.needs.append(Need(sentence, label, reverse(page, kwargs=kwargs) + query, tone))

    def mail(self) -> None:
        reason = paused_because()
        if reason is not None:
            self.needs.append(Need(f"No mail leaves: {reason}", "", "", "bad"))
        elif self.conferences and (held := trouble_of(self.conferences[0].organisation_id)):
            zone = self.conferences[0].time_zone
            self.needs.append(Need(f"{held.title()}: {held.sentence(zone)}", "", "", "bad"))
        pauses = pauses_of(self.conferences)
        trouble = mail_trouble(self.conferences, STANDSTILL)
        for row in self.conferences:
            title = self.titles[row.pk]
            if row.pk in pauses:
                sentence = f"The mail of {title} is paused: {pauses[row.pk]}"
                self.add(sentence, "Resume", "manage-mail-resume", row, tone="warn")
            one = trouble.get(row.pk)
            if one is None:
                continue
            if one.late and reason is None and row.pk not in pauses:
                sentence = f"{_mails(one.late)} of {title} should have gone by now."
                self.add(sentence, "Open the outbox", "manage-outbox", row, tone="bad")
            if one.failed:
                sentence = f"{_mails(one.failed)} of {title} could not be delivered."
                self.add(
                    sentence,
                    "See why",
                    "manage-outbox",
                    row,
                    tone="bad",
                    query="?state=failed",
                )
            if one.unknown:
                sentence = f"Of {_mails(one.unknown)} of {title} nobody knows whether they went."
                self.add(
                    sentence,
                    "Decide",
                    "manage-outbox",
                    row,
                    tone="warn",
                    query="?state=unknown",
                )

    def approvals(self) -> None:
        rows = (
            Registration.objects.filter(
                conference__in=self.conferences, status=RegistrationStatus.PENDING_APPROVAL
            )
            .order_by()
            .values_list("conference_id")
            .annotate(number=Count("pk"))
        )
        pending = dict(rows)
        for row in self.conferences:
            if number := pending.get(row.pk):
                waits = "registration waits" if number == 1 else "registrations wait"
                self.add(
                    f"{number} {waits} for your yes to {self.titles[row.pk]}.",
                    "Look at them",
                    "manage-registrations",
                    row,
                    tone="warn",
                    query="?status=pending_approval",
                )

    def guests(self) -> None:
        """Say who is silent near the deadline, and who has not been asked yet."""
        stages = stages_of(self.conferences)
        for row in self.conferences:
            stage = stages.get(row.pk)
            if stage is None or row.starts_at <= self.now:
                continue
            title = self.titles[row.pk]
            deadline = row.reply_until_at or row.starts_at
            if stage.silent and deadline - self.now < DEADLINE_SOON:
                guests = "1 guest is" if stage.silent == 1 else f"{stage.silent} guests are"
                sentence = f"{guests} silent about {title}, {_until(row, deadline, self.now)}."
                self.add(sentence, "Call list", "manage-call-list", row, tone="warn")
            if stage.not_asked:
                some = f"{stage.not_asked} invitations to {title} are"
                if stage.not_asked == 1:
                    some = f"1 invitation to {title} is"
                self.add(
                    f"{some} not sent yet.",
                    "Look at them",
                    "manage-invitations",
                    row,
                    query="?sent=no",
                )

    def over_capacity(self) -> None:
        """Invited guests who have said yes when no place was left: they come all the same."""
        on_top = Q(invitation__over_capacity=True) | Q(companion_of__over_capacity=True)
        rows = (
            Registration.objects.filter(on_top, conference__in=self.conferences)
            .filter(status=RegistrationStatus.CONFIRMED, places__isnull=True)
            .order_by()
            .values_list("conference_id")
            .annotate(number=Count("pk"))
        )
        numbers = dict(rows)
        for row in self.conferences:
            if number := numbers.get(row.pk):
                come = "guest comes" if number == 1 else "guests come"
                places = figures_of(row).capacity
                of = "the places" if places is None else f"the {places} places"
                where = f" of {self.titles[row.pk]}" if len(self.conferences) > 1 else ""
                self.add(
                    f"{number} {come} on top of {of}{where}.",
                    "See the places",
                    "manage-types",
                    row,
                    tone="warn",
                )

    def new_dates(self) -> None:
        """Whose yes is for another day, by conference; one query."""
        coming = [
            row
            for row in self.conferences
            if row.state == ConferenceState.PUBLISHED and row.ends_at > self.now
        ]
        answers = date_answers_of(coming)
        for row in coming:
            one = answers.get(row.pk)
            if one is not None and one.unconfirmed:
                have = "has" if one.unconfirmed == 1 else "have"
                self.add(
                    f"{one.unconfirmed} of {one.confirmed} {have} not confirmed the new date of "
                    f"{self.titles[row.pk]}.",
                    "See who",
                    "manage-registrations",
                    row,
                    tone="warn",
                    query="?date=unconfirmed",
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

    def panels(self) -> None:
        alive = {ConferenceState.DRAFT, ConferenceState.PUBLISHED}
        near = [
            row
            for row in self.conferences
            if row.state in alive and row.starts_at - self.now < SOON
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


def _until(conference: Conference, deadline: dt.datetime, now: dt.datetime) -> str:
    """Say how near a deadline is on the conference's calendar."""
    zone = conference.time_zone
    days = (to_local(deadline, zone).date() - to_local(now, zone).date()).days
    if deadline <= now:
        return "and the deadline has passed"
    near = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    return f"the deadline is {near}"


def _mails(number: int) -> str:
    return "1 mail" if number == 1 else f"{number} mails"


def _remedy(panel: Panel) -> str:
    if not panel.has_moderator:
        return "Find a moderator"
    return "Find a panellist" if not panel.has_panellists else "See the panel"
