"""One verb for many registrations: what it is, whom it fits, and what it would come to.

Who is left out is told by conditions on the rows, so that a look at 50,000 costs two queries. The
deed itself calls the verb of one registration for each of them (services/bulk_running.py).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.permissions import Permission
from core.actors import Actor
from core.cleaning import clean, flag, line
from core.cleaning import slug as slug_line
from core.errors import DomainError
from events.enums import ConferenceState
from events.models import Conference, Person
from events.services.people import change_person
from registrations.enums import LIVE, RegistrationStatus
from registrations.models import Allotment, Registration
from registrations.services.approving import (
    TOLD,
    TURNED_DOWN_FROM,
    approve_registration,
    reject_registration,
)
from registrations.services.attendance import check_in
from registrations.services.cancelling import cancel_registration
from registrations.services.links import ORGANISER_PAUSE, resend_link
from registrations.services.registration_list import has_tag

S = RegistrationStatus
# How many of those who are left out are shown by name.
EXAMPLES: Final = 5
WAITS_NOW: Final = "There is no place left: went to the waiting list."
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why some are left out, how many they are, and the first few of them."""

    reason: str
    number: int
    examples: list[Registration] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a verb would come to.

    Arguments:
        fits: for how many it would be done, as far as there are places.
        short: for how many of these there is no place left, told by the places of their types.
    """

    total: int
    fits: int
    short: int
    left_out: list[LeftOut]

    @property
    def would_be(self) -> int:
        return self.fits - self.short


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb.

    Arguments:
        do: the service for one registration; a text that it returns says what became of who got
            something else.
        unfit: conditions with the reason why who meets them is left out; the first one counts.
        asks: what it takes beside the registrations, with how that is cleaned.
    """

    do: Callable[..., Any]
    unfit: Callable[[Conference, Values], list[tuple[Any, str]]]
    asks: Mapping[str, Any] = field(default_factory=dict)
    takes_places: bool = False


def _unfit_for(decided: Collection[str]) -> list[tuple[Any, str]]:
    """Say why who is none of these can not be decided; which they are is said by `approving`."""
    return [
        (Q(status__in={S.CONFIRMED} - set(decided)), "Has a place already."),
        (Q(status__in={S.OFFERED} - set(decided)), "Has an offer that waits for an answer."),
        (~Q(status__in=decided), "Is over already."),
    ]


def _approvable(_conference: Conference, _values: Values) -> list[tuple[Any, str]]:
    return _unfit_for(tuple(TOLD))


def _rejectable(_conference: Conference, _values: Values) -> list[tuple[Any, str]]:
    return _unfit_for(TURNED_DOWN_FROM)


def _live(_conference: Conference, _values: Values) -> list[tuple[Any, str]]:
    return [(~Q(status__in=LIVE), "Is over already.")]


def _arriving(conference: Conference, _values: Values) -> list[tuple[Any, str]]:
    if conference.state not in {ConferenceState.PUBLISHED, ConferenceState.ARCHIVED}:
        word = ConferenceState(conference.state).label.lower()
        raise DomainError("wrong-state", f"The conference is {word}: nobody can have come.")
    return [
        (~Q(status=S.CONFIRMED), "Has no confirmed place."),
        (Q(checked_in_at__isnull=False), "Is checked in already."),
    ]


def _mailable(_conference: Conference, _values: Values) -> list[tuple[Any, str]]:
    lately: dt.datetime = timezone.now() - ORGANISER_PAUSE
    return [
        (~Q(status__in=LIVE), "Is over, so there is no link to send."),
        (Q(email="", booking__contact_email=""), "Has no e-mail address."),
        (Q(link_sent_at__gt=lately), "Got the link less than a minute ago."),
    ]


def _known(_conference: Conference, values: Values) -> list[tuple[Any, str]]:
    unfit: list[tuple[Any, str]] = [
        (Q(person__isnull=True), "Is nobody whom the organisation keeps as a person.")
    ]
    if values.get("tag"):
        unfit.append((Q(has_tag(values["tag"])), "Has this tag already."))
    return unfit


def _add_tag(*, registration: Registration, actor: Actor, tag: str) -> Person:
    person = registration.person
    if person is None:
        raise DomainError("wrong-state", "Is nobody whom the organisation keeps as a person.")
    tags = set(person.tags.values_list("slug", flat=True))
    if tag in tags:
        raise DomainError("wrong-state", "Has this tag already.")
    return change_person(
        person=person, changes={"tags": sorted(tags | {tag})}, expected=None, actor=actor
    )


def _or_wait(value: Any) -> bool:
    """Return whether who finds no place left waits; of many they do unless it is said."""
    return True if value in {"", None} else flag(value)


def _approve(*, registration: Registration, actor: Actor, or_wait: bool = False) -> str:
    row = approve_registration(registration=registration, actor=actor, or_wait=or_wait)
    return "" if row.status == S.CONFIRMED else WAITS_NOW


def _arrive(*, registration: Registration, actor: Actor) -> Registration:
    if registration.checked_in_at is not None:
        raise DomainError("wrong-state", "Is checked in already.")
    return check_in(registration=registration, actor=actor)


VERBS: Final[Mapping[str, Verb]] = {
    "approve": Verb(_approve, _approvable, {"or_wait": _or_wait}, takes_places=True),
    "reject": Verb(reject_registration, _rejectable),
    "cancel": Verb(cancel_registration, _live, {"reason": line(500)}),
    "arrive": Verb(_arrive, _arriving),
    "resend-link": Verb(resend_link, _mailable),
    "tag": Verb(_add_tag, _known, {"tag": slug_line(60)}),
}

# What a verb asks for beside writing registrations.
ALSO_NEEDED: Final = {"resend-link": Permission.MAIL_WRITE, "tag": Permission.PEOPLE_WRITE}


def clean_values(verb: str, values: Values) -> dict[str, Any]:
    """Return what a verb asks for as it takes it.

    Raises:
        DomainError: ``validation-failed``.
    """
    asks = VERBS[verb].asks
    return clean({name: values.get(name, "") for name in asks}, asks)


def look_ahead(
    *, conference: Conference, rows: QuerySet[Registration], verb: str, values: Values
) -> Outlook:
    """Return what a verb would come to for these registrations; nothing is written.

    Arguments:
        values: what the verb asks for; on the first look it may be missing.

    Raises:
        DomainError: ``wrong-state`` when it can be done for nobody at this conference.
    """
    unfit, told = _with_reasons(conference, rows, verb, values)
    counts: Counter[int] = Counter()
    fitting: Counter[int] = Counter()
    groups = told.order_by().values_list("why", "registration_type_id").annotate(n=Count("pk"))
    for index, type_id, number in groups:
        counts[index] += number
        if index == len(unfit):
            fitting[type_id] += number
    left_out = [
        LeftOut(reason, counts[index], list(told.filter(why=index)[:EXAMPLES]))
        for index, (_condition, reason) in enumerate(unfit)
        if counts[index]
    ]
    return Outlook(
        total=sum(counts.values()),
        fits=counts[len(unfit)],
        short=_short(fitting) if VERBS[verb].takes_places else 0,
        left_out=left_out,
    )


def reasons_against(
    *, conference: Conference, rows: QuerySet[Registration], verb: str, values: Values
) -> dict[int, str]:
    """Return why those of these registrations are left out that are, by their ids; one query."""
    unfit, told = _with_reasons(conference, rows, verb, values)
    found = told.filter(why__lt=len(unfit)).order_by().values_list("pk", "why")
    return {pk: unfit[index][1] for pk, index in found}


def _with_reasons(
    conference: Conference, rows: QuerySet[Registration], verb: str, values: Values
) -> tuple[list[tuple[Any, str]], Any]:
    """Say on each row, as `why`, which condition leaves it out; the number of them for none."""
    unfit = VERBS[verb].unfit(conference, values)
    why = Case(
        *(When(condition, then=Value(index)) for index, (condition, _why) in enumerate(unfit)),
        default=Value(len(unfit)),
        output_field=IntegerField(),
    )
    return unfit, rows.annotate(why=why)


def _short(fitting: Mapping[int, int]) -> int:
    """Return how many of so many by type would find their type's places gone."""
    wanted: Counter[int] = Counter()
    left: dict[int, int] = {}
    rows = Allotment.objects.filter(registration_types__in=list(fitting), capacity__isnull=False)
    for pk, capacity, taken, held, type_id in rows.values_list(
        "pk", "capacity", "taken", "held", "registration_types"
    ):
        wanted[pk] += fitting[type_id]
        left[pk] = max((capacity or 0) - taken - held, 0)
    return min(sum(max(wanted[pk] - left[pk], 0) for pk in left), sum(fitting.values()))


def do_to_one(*, registration: Registration, verb: str, values: Values, actor: Actor) -> str:
    """Do a verb to one registration, as its own button does; return what became of it instead.

    That is empty for all but those who were to get a place, found none and wait now.

    Raises:
        DomainError: what the verb refuses.
    """
    done = VERBS[verb].do(registration=registration, actor=actor, **values)
    return done if isinstance(done, str) else ""
