"""Reading the guest list: filters with their numbers, whom a selection means, who is called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When

from core.text import LANGUAGES, pick_text, search_key
from events.models import Assistant, Conference, Tag
from registrations.enums import InvitationResponse
from registrations.models import Invitation

MOST_WORDS: Final = 8
# How a guest can stand, beside the three answers.
SILENT: Final = "silent"
ANSWERS: Final[dict[str, str]] = {
    **{value: str(label) for value, label in InvitationResponse.choices},
    SILENT: "No answer",
    "withdrawn": "Withdrawn",
}
FILTERS: Final = ("answer", "findings", "wave", "tag", "owner", "sent", "doubtful", "hold")
SENDING: Final[dict[str, str]] = {
    "sent": "Sent",
    "save_the_date": "Only save-the-date",
    "no": "Not sent",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the list; "" asks nothing."""

    text: str = ""
    answer: str = ""
    findings: str = ""
    wave: str = ""
    tag: str = ""
    owner: str = ""
    sent: str = ""
    doubtful: str = ""
    hold: str = ""

    @property
    def are_any(self) -> bool:
        return bool(self.text) or any(getattr(self, name) for name in FILTERS)

    def query(self) -> dict[str, str]:
        """Return what is asked as the query string's names and values."""
        asked = {"q": self.text} | {name: getattr(self, name) for name in FILTERS}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter with its number."""

    name: str
    value: str
    label: str
    count: int
    current: bool


def read_filters(given: Mapping[str, Any]) -> Filters:
    """Return the filters that a query string names; what is strange asks nothing."""
    values = {
        name: str(given.get("q" if name == "text" else name, ""))[:200].replace("\x00", "")
        for name in ("text", *FILTERS)
    }
    if values["answer"] not in ANSWERS:
        values["answer"] = ""
    if values["sent"] not in SENDING:
        values["sent"] = ""
    for name in ("wave", "owner"):
        if not (values[name].isascii() and values[name].isdigit() and len(values[name]) < 10):  # noqa: PLR2004 - a 32-bit number
            values[name] = ""
    return Filters(**values)


def rows_of(conference: Conference) -> QuerySet[Invitation]:
    """Return all invitations of a conference, each with its person, as the list shows them."""
    return (
        Invitation.objects.filter(conference=conference)
        .select_related("person", "registration_type", "owner", "registration", "companion")
        .annotate(is_doubtful=_true(is_doubtful(conference)))
    )


def with_people(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """Add tags and assistants, one query each."""
    return rows.prefetch_related(
        Prefetch("person__tags", queryset=Tag.objects.order_by("name", "pk")),
        Prefetch("person__assistants", queryset=Assistant.objects.order_by("created_at", "pk")),
    )


def filtered(
    rows: QuerySet[Invitation], filters: Filters, conference: Conference
) -> QuerySet[Invitation]:
    """Keep what the filters ask for; withdrawn ones are shown only when they are asked for."""
    for word in search_key(filters.text).split()[:MOST_WORDS]:
        rows = rows.filter(search_key__contains=word)
    rows = _answered(rows, filters.answer)
    if filters.findings:
        rows = rows.filter(wants_findings=True)
    if filters.wave:
        rows = rows.filter(wave=int(filters.wave))
    if filters.tag:
        tagged = Tag.objects.filter(people=OuterRef("person"), slug=filters.tag)
        rows = rows.filter(Exists(tagged))
    if filters.owner:
        owner = int(filters.owner)
        rows = rows.filter(owner=owner) if owner else rows.filter(owner__isnull=True)
    if filters.sent:
        rows = rows.filter(_SENT[filters.sent])
    if filters.doubtful:
        rows = rows.filter(is_doubtful(conference))
    if filters.hold:
        rows = rows.filter(pk__in=rows.filter(held_places__isnull=False).values("pk"))
    return rows


def _answered(rows: QuerySet[Invitation], answer: str) -> QuerySet[Invitation]:
    if answer == "withdrawn":
        return rows.filter(withdrawn_at__isnull=False)
    live = rows.filter(withdrawn_at__isnull=True)
    return live.filter(response="" if answer == SILENT else answer) if answer else live


_SENT: Final = {
    "sent": Q(sent_at__isnull=False),
    "save_the_date": Q(sent_at__isnull=True, save_the_date_at__isnull=False),
    "no": Q(sent_at__isnull=True, save_the_date_at__isnull=True),
}


def is_doubtful(conference: Conference) -> Q:
    """Return the condition: nobody has typed a salutation in the language of their letters."""
    found = Q()
    for tag in LANGUAGES:
        speaks = Q(person__language=tag)
        if tag == conference.first_language:
            speaks |= Q(person__language="")
        found |= speaks & ~Q(person__salutation__has_key=tag)
    return found


def _true(condition: Q) -> Case:
    return Case(When(condition, then=Value(value=True)), default=Value(value=False))


def choices_of(conference: Conference, filters: Filters) -> dict[str, list[Choice]]:
    """Return the filters of live invitations with their numbers; three queries."""
    rows = Invitation.objects.filter(conference=conference)
    live = rows.live().order_by()
    numbers: dict[str, Counter[Any]] = {name: Counter() for name in FILTERS}
    labels: dict[tuple[str, str], str] = {}
    groups = (
        rows.order_by()
        .annotate(
            is_withdrawn=_true(Q(withdrawn_at__isnull=False)),
            is_sent=_true(Q(sent_at__isnull=False)),
            is_saved=_true(Q(save_the_date_at__isnull=False)),
            doubtful=_true(is_doubtful(conference)),
        )
        .values_list(
            *("is_withdrawn", "response", "wave", "owner_id", "owner__name", "owner__email"),
            *("is_sent", "is_saved", "doubtful", "wants_findings"),
        )
        .annotate(number=Count("pk"))
    )
    for gone, response, wave, owner, name, email, sent, saved, doubtful, reads, number in groups:
        if gone:
            numbers["answer"]["withdrawn"] += number
            continue
        numbers["answer"][response or SILENT] += number
        numbers["wave"][str(wave)] += number
        labels["wave", str(wave)] = f"Wave {wave}"
        numbers["owner"][str(owner or 0)] += number
        labels["owner", str(owner or 0)] = (name or email) if owner else "Nobody's"
        how = "sent" if sent else "save_the_date" if saved else "no"
        numbers["sent"][how] += number
        if doubtful:
            numbers["doubtful"]["1"] += number
        if reads:
            numbers["findings"]["1"] += number
    for slug, name, number in (
        live.filter(person__tags__isnull=False)
        .values_list("person__tags__slug", "person__tags__name")
        .annotate(number=Count("pk"))
        .order_by("person__tags__name", "person__tags__slug")
    ):
        numbers["tag"][slug] = number
        labels["tag", slug] = name
    held = live.filter(held_places__isnull=False).values("pk").distinct().count()
    if held:
        numbers["hold"]["1"] = held
    labels |= {("answer", value): label for value, label in ANSWERS.items()}
    labels |= {("sent", value): label for value, label in SENDING.items()}
    labels |= {("doubtful", "1"): "Salutation nobody typed", ("hold", "1"): "Place held"}
    labels |= {("findings", "1"): "Wants the findings"}
    order = {"answer": list(ANSWERS), "sent": list(SENDING), "tag": list(numbers["tag"])}
    found = {}
    for name, counts in numbers.items():
        values = [v for v in order.get(name, _in_order(counts)) if v in counts]
        now = getattr(filters, name)
        found[name] = [
            Choice(name, value, labels[name, value], counts[value], value == now)
            for value in values
            # What all are is no choice.
            if value == now or name not in {"wave", "owner"} or len(counts) > 1
        ]
    return found


def _in_order(numbers: Iterable[str]) -> list[str]:
    """Sort numbers that are written as text."""
    return sorted(numbers, key=lambda text: (len(text), text))


def chosen(
    conference: Conference, codes: Collection[str], filters: Filters, *, everybody: bool
) -> QuerySet[Invitation]:
    """Return the live invitations that a selection means: those with these codes, or all found."""
    rows = with_people(rows_of(conference)).order_by("sort_key", "pk")
    if everybody:
        return filtered(rows, filters, conference)
    return rows.filter(code__in=list(codes))


def silent_guests(conference: Conference) -> QuerySet[Invitation]:
    """Return who got an invitation and is silent, owner by owner: the call list."""
    rows = with_people(rows_of(conference)).filter(
        pk__in=Invitation.objects.silent().filter(conference=conference).values("pk")
    )
    return rows.order_by(F("owner_id").asc(nulls_last=True), "sort_key", "pk")


def held_by_allotment(conference: Conference) -> list[dict[str, Any]]:
    """Return per allotment how many places are held, for how many invitations; two queries.

    What one type alone draws from is called as the type is.
    """
    rows = (
        conference.allotments.filter(held__gt=0)
        .annotate(
            guests=Count(
                "held_places__invitation",
                filter=Q(held_places__invitation__withdrawn_at__isnull=True),
                distinct=True,
            )
        )
        .values("name", "capacity", "taken", "held", "guests")
        .order_by("pk")
    )
    found = [dict(row) for row in rows]
    if not found:
        return []
    names = {
        slug: pick_text(name, "en", conference.languages)
        for slug, name in conference.registration_types.values_list("slug", "name")
    }
    return [row | {"name": names.get(str(row["name"]), row["name"])} for row in found]
