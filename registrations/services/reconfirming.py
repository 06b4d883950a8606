"""A yes to one day is no yes to another: who was confirmed before a move is asked anew.

Nothing is written when a conference moves: whether a yes still holds is read from the day that it
was given for. A move back makes the old yeses valid again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from events.enums import ConferenceState
from events.models import Conference
from events.services.writing import load_root, save_root
from registrations.enums import RegistrationStatus
from registrations.models import Registration
from registrations.services.doors import day_of
from registrations.services.registration_rows import tell


@dataclass(frozen=True, slots=True)
class DateAnswers:
    """How many have a place, and how many of them were confirmed for another day."""

    confirmed: int
    unconfirmed: int


def is_date_confirmed(registration: Registration, conference: Conference) -> bool:
    """Tell whether a place is confirmed for the day on which the conference is now.

    Where nobody wrote down a day, the yes counts for any.
    """
    if registration.status != RegistrationStatus.CONFIRMED:
        return False
    return registration.confirmed_day in {None, day_of(conference)}


def unconfirmed(conference: Conference) -> Q:
    """Return the condition for places that were confirmed for another day."""
    return Q(status=RegistrationStatus.CONFIRMED, confirmed_day__isnull=False) & ~Q(
        confirmed_day=day_of(conference)
    )


def date_answers_of(conferences: Collection[Conference]) -> dict[int, DateAnswers]:
    """Return by conference how many have a place and have not confirmed the new date; one query."""
    others = Q()
    for conference in conferences:
        others |= Q(conference=conference) & unconfirmed(conference)
    if not others:
        return {}
    rows = (
        Registration.objects.filter(conference__in=conferences, status=RegistrationStatus.CONFIRMED)
        .order_by()
        .values_list("conference_id")
        .annotate(all=Count("pk"), others=Count("pk", filter=others))
    )
    return {pk: DateAnswers(all_, number) for pk, all_, number in rows}


def date_answers(conference: Conference) -> DateAnswers:
    """Return how many have a place and have not confirmed the new date; one query."""
    return date_answers_of([conference]).get(conference.pk, DateAnswers(0, 0))


def is_asked(registration: Registration, conference: Conference) -> bool:
    """Tell whether a guest is asked now whether they can come on the new date."""
    return (
        registration.status == RegistrationStatus.CONFIRMED
        and conference.state == ConferenceState.PUBLISHED
        and conference.ends_at > timezone.now()
        and not is_date_confirmed(registration, conference)
    )


@transaction.atomic
def confirm_new_date(
    *,
    registration: Registration,
    actor: Actor,
    day: dt.date | None = None,
    by_guest: bool = False,
    expected: int | None = None,
) -> Registration:
    """Write down a yes to the conference's present day; once more changes nothing.

    Arguments:
        day: the day that was read and said yes to, where somebody read one.
        by_guest: whether the guest did it.

    Raises:
        DomainError: ``stale``, also when the conference has another day by now; ``wrong-state``
            without a confirmed place, or for a conference that does not take place.
    """
    row = load_root(registration, expected, "conference")
    conference = row.conference
    now_on = day_of(conference)
    if row.status != RegistrationStatus.CONFIRMED:
        raise DomainError("wrong-state", _("There is no place whose date could be confirmed."))
    if conference.state != ConferenceState.PUBLISHED or conference.ends_at <= timezone.now():
        raise DomainError("wrong-state", _("There is no new date to confirm at the moment."))
    if day is not None and day != now_on:
        raise DomainError(
            "stale", _("The date has changed once more. Read the new one and answer again.")
        )
    if row.confirmed_day == now_on:
        return row
    row.confirmed_day = now_on
    save_root(row, ["confirmed_day"], expected)
    audit.record(
        verb="confirm_new_date",
        obj=row,
        organisation_id=conference.organisation_id,
        actor=actor,
        changed=["confirmed_day"],
    )
    tell(row, "date_confirmed", by_guest=by_guest)
    return row
