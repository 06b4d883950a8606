"""Reading the list of registrations: what is asked of it, in which order, whom a selection means.

Everything is filtered and ordered by names from a fixed list. Both engines search by `search_key`,
so that "Cvijic" finds Cvijić and Цвијић.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce

from core.clock import FIRST_YEAR, LAST_YEAR, resolve_local
from core.slugs import is_slug
from core.text import search_key
from events.models import Conference, Tag
from registrations.enums import LIVE, OVER, TAKING_A_PLACE, RegistrationSource, RegistrationStatus
from registrations.models import Answer, Registration
from registrations.services.needs import comes_on_top
from registrations.services.reconfirming import unconfirmed

# One letter stands in nearly every row: asking for it would answer nothing.
SHORTEST_WORD: Final = 2
MOST_WORDS: Final = 8
FEW: Final = 500
ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "new": ("-created_at", "-id"),
    "old": ("created_at", "id"),
    "name": ("sort_key", "id"),
    "-name": ("-sort_key", "-id"),
    "status": ("status", "created_at", "id"),
    "-status": ("-status", "-created_at", "-id"),
}
YES: Final = "yes"
NO: Final = "no"
ANY: Final = "any"
# Statuses that are asked for together, as figures count them.
STATUS_GROUPS: Final[Mapping[str, tuple[RegistrationStatus, ...]]] = {
    "live": LIVE,
    "placed": TAKING_A_PLACE,
    "over": OVER,
}
UNCONFIRMED: Final = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the list; "" asks nothing.

    Arguments:
        status: one of them, or one of STATUS_GROUPS.
        answer: ``question:option``, slugs both; ``question:yes`` where it is a yes or no.
        code: ``any``, or the key of an access code.
        start, end: days in the conference's zone on which somebody registered, both included.
        date: ``unconfirmed`` for who has said no yes to the conference's new date.
    """

    text: str = ""
    status: str = ""
    type: str = ""
    source: str = ""
    tag: str = ""
    arrived: str = ""
    answer: str = ""
    code: str = ""
    over: str = ""
    start: str = ""
    end: str = ""
    date: str = ""

    @property
    def are_any(self) -> bool:
        return bool(self.query())

    def query(self) -> dict[str, str]:
        """Return what is asked as the query string's names and values."""
        asked = {_PARAMETERS.get(f.name, f.name): getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in asked.items() if value}


# Where the query string's name of a filter is not the field's.
_PARAMETERS: Final = {"text": "q", "start": "from", "end": "to"}
# All names by which a query string asks.
ASKED: Final = frozenset(_PARAMETERS.get(f.name, f.name) for f in fields(Filters))


def read_filters(given: Mapping[str, Any]) -> Filters:
    """Return the filters that a query string names; what is strange asks nothing."""
    values = {
        f.name: str(given.get(_PARAMETERS.get(f.name, f.name), ""))[:200].replace("\x00", "")
        for f in fields(Filters)
    }
    for name, is_known in _KNOWN.items():
        if values[name] and not is_known(values[name]):
            values[name] = ""
    return Filters(**values)


def day_or_none(text: str) -> dt.date | None:
    """Return the day that an ISO 8601 text names; None for any other text."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR < day.year < LAST_YEAR else None


def is_answer(text: str) -> bool:
    """Tell whether a text names a question and one of its options."""
    question, colon, option = text.partition(":")
    return bool(colon) and is_slug(question) and is_slug(option)


_KNOWN: Final[Mapping[str, Any]] = {
    "status": {*RegistrationStatus.values, *STATUS_GROUPS}.__contains__,
    "type": is_slug,
    "source": RegistrationSource.values.__contains__,
    "tag": is_slug,
    "arrived": {YES, NO}.__contains__,
    "answer": is_answer,
    "over": {YES}.__contains__,
    "start": day_or_none,
    "end": day_or_none,
    "date": {UNCONFIRMED}.__contains__,
}


def words_of(text: str) -> list[str]:
    """Return the words of a search that count, as search keys hold them."""
    return [word for word in search_key(text).split() if len(word) >= SHORTEST_WORD][:MOST_WORDS]


def filtered(
    rows: QuerySet[Registration], filters: Filters, conference: Conference
) -> QuerySet[Registration]:
    """Keep what the filters ask for; each of them is one condition on the registration's row."""
    for word in words_of(filters.text):
        rows = rows.filter(named(word))
    if filters.status:
        rows = rows.filter(has_status(filters.status))
    plain = {
        "registration_type__slug": filters.type,
        "source": filters.source,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    if filters.tag:
        rows = rows.filter(has_tag(filters.tag))
    if filters.arrived:
        rows = rows.filter(checked_in_at__isnull=filters.arrived == NO)
    if filters.answer:
        rows = rows.filter(answers(*filters.answer.split(":")))
    if filters.code:
        rows = rows.filter(_came_with(filters.code))
    if filters.over:
        rows = rows.filter(comes_on_top())
    if filters.start or filters.end:
        rows = rows.filter(registered(conference, filters.start, filters.end))
    if filters.date == UNCONFIRMED:
        rows = rows.filter(unconfirmed(conference))
    return rows


def named(word: str) -> Q:
    """Return the condition: a word of a search stands in what the row is found by.

    Who has no name yet is found by the name of who brings them.
    """
    nameless = Q(given_name="", family_name="", lead__search_key__contains=word)
    return Q(search_key__contains=word) | nameless


def _came_with(code: str) -> Q:
    return Q(access_code__isnull=False) if code == ANY else Q(access_code__code_key=code)


def has_status(name: str) -> Q:
    """Return the condition: has this status, or one of this group."""
    if name in STATUS_GROUPS:
        return Q(status__in=STATUS_GROUPS[name])
    return Q(status=name)


def has_tag(slug: str) -> Exists:
    """Return the condition: the person of the registration has this tag."""
    return Exists(Tag.objects.filter(people=OuterRef("person"), slug=slug))


def answers(question: str, option: str) -> Exists:
    """Return the condition: this was answered to a question; of what is sensitive nothing is."""
    given = Q(option__slug=option) | Q(option__isnull=True, text=option)
    return Exists(
        Answer.objects.filter(
            given, registration=OuterRef("pk"), question__slug=question, question__sensitivity=""
        )
    )


def registered(conference: Conference, start: str, end: str) -> Q:
    """Return the condition: registered on these days of the conference's zone."""
    condition = Q()
    if (first := day_or_none(start)) is not None:
        condition &= Q(created_at__gte=_midnight(first, conference))
    if (last := day_or_none(end)) is not None:
        condition &= Q(created_at__lt=_midnight(last + dt.timedelta(days=1), conference))
    return condition


def _midnight(day: dt.date, conference: Conference) -> dt.datetime:
    return resolve_local(dt.datetime.combine(day, dt.time()), conference.time_zone)


def rows_of(conference: Conference) -> QuerySet[Registration]:
    """Return all registrations of a conference."""
    return Registration.objects.filter(conference=conference)


def counted(rows: QuerySet[Registration]) -> tuple[QuerySet[Registration], int]:
    """Return rows and how many they are; few rows are found by their ids from then on.

    So a search that fits few of 50,000 reads the table once, whatever the order of its page; two
    queries where many fit.
    """
    ids = list(rows.order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(ids) > FEW:
        return rows, rows.count()
    return Registration.objects.filter(pk__in=ids), len(ids)


def with_columns(rows: QuerySet[Registration], columns: Collection[str]) -> QuerySet[Registration]:
    """Read beside the registrations what these columns show; two queries more for tags at most."""
    rows = rows.select_related("registration_type", "booking")
    if "lead" in columns:
        rows = rows.select_related("lead")
    if "access_code" in columns:
        rows = rows.select_related("access_code")
    if "person" in columns or "tags" in columns:
        rows = rows.select_related("person")
    if "tags" in columns:
        rows = rows.prefetch_related(
            Prefetch("person__tags", queryset=Tag.objects.order_by("name", "pk"))
        )
    return rows


def selected(
    conference: Conference, codes: Collection[str], filters: Filters, *, everybody: bool
) -> QuerySet[Registration]:
    """Return whom a selection means, who came first first: those with these codes, or all found."""
    rows = rows_of(conference)
    found = filtered(rows, filters, conference) if everybody else rows.filter(code__in=list(codes))
    return in_turn(found)


def in_turn(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """Return rows in the order in which a verb for many is done: who came first first."""
    return rows.order_by(Coalesce("waiting_since", "created_at"), "pk")
