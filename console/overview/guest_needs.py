"""What needs an organiser about those who come: approvals, silent guests, places, new dates."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db.models import Count, Q

from console.overview.figures import figures_of
from console.overview.finding import Finding
from core.clock import to_local
from events.enums import ConferenceState
from events.models import Conference
from registrations.enums import RegistrationStatus
from registrations.models import Registration
from registrations.services.funnel import stages_of
from registrations.services.reconfirming import date_answers_of

DEADLINE_SOON: Final = dt.timedelta(days=14)


class GuestNeeds(Finding):
    """What is found among registrations and invitations."""

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
                    "manage-queue",
                    row,
                    tone="warn",
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


def _until(conference: Conference, deadline: dt.datetime, now: dt.datetime) -> str:
    """Say how near a deadline is on the conference's calendar."""
    zone = conference.time_zone
    days = (to_local(deadline, zone).date() - to_local(now, zone).date()).days
    if deadline <= now:
        return "and the deadline has passed"
    near = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    return f"the deadline is {near}"
