"""Who asks for a place and who waits for one, oldest first; and one decision for many of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.errors import DomainError
from core.text import pick_text
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import console_page
from registrations.enums import RegistrationStatus
from registrations.models import Registration
from registrations.services.approving import MAX_REASON
from registrations.services.deciding import (
    APPROVE,
    DECISIONS,
    MOST,
    REJECT,
    WAIT,
    Decided,
    decide_registrations,
    foretell_decisions,
)
from registrations.services.type_states import places_left
from registrations.views.manage.waiting_tabs import waiting_tabs

PER_PAGE: Final = 100
_S: Final = RegistrationStatus
_SHOWN: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "pending": (_S.PENDING_APPROVAL, ("created_at", "pk")),
    "waiting": (_S.WAITING_LIST, ("waiting_since", "pk")),
    "offered": (_S.OFFERED, ("offer_expires_at", "pk")),
}
_BUTTONS: Final = {
    APPROVE: "Approve {}",
    WAIT: "Put {} on the waiting list",
    REJECT: "Turn {} down",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One of the list.

    Arguments:
        waits: for how long, in words.
        left: how many places of their type there are; None without limit.
        number: which one of the waiting list of their type they are.
        in_hand: how long an offer has to go, in words.
    """

    registration: Registration
    waits: str
    left: int | None
    number: int = 0
    in_hand: str = ""


@require_safe
@console_page
def queue(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Who asks for approval, who waits, who has an offer."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    show = request.GET.get("show", "pending")
    if show not in _SHOWN:
        show = "pending"
    status, order = _SHOWN[show]
    rows = _of(row, show, request.GET.get("type", ""))
    page = Paginator(rows.order_by(*order), PER_PAGE).get_page(request.GET.get("page"))
    lines = _lines(row, show, list(page.object_list))
    may_write = may(request, Permission.REGISTRATION_WRITE)
    kinds = _kinds(row, status, request.GET.get("type", ""))
    context = {
        "conference": row,
        "show": show,
        "page_obj": page,
        "lines": lines,
        "may_offer": may_write
        and show == "waiting"
        and any(line.left is None or line.left for line in lines),
        "kinds": kinds if len(kinds) > 1 else [],
        "chosen_kind": request.GET.get("type", ""),
        "tabs": waiting_tabs(row, show),
        "may_write": may_write,
    }
    return render(request, "registrations/manage/queue.html", context)


@require_POST
@console_page
def decide(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Say what a decision comes to, and ask for the reason; confirmed, do it."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    show, kind = request.POST.get("show", "pending"), request.POST.get("type", "")
    here = reverse("manage-queue", args=[organisation, conference])
    back = f"{here}?show={show if show in _SHOWN else 'pending'}"
    decision = request.POST.get("decision", "")
    codes = _codes(request, row, show, kind)
    if decision not in DECISIONS or not codes:
        messages.error(request, "Choose somebody first.")
        return redirect(back)
    reason, tells = request.POST.get("reason", ""), "tell" in request.POST
    refusal = None
    confirmed = request.POST.get("confirm") == "yes"
    # Asked on the page that comes next, and ticked there.
    or_wait = not confirmed or "or_wait" in request.POST
    try:
        if confirmed:
            decided = decide_registrations(
                conference=row,
                codes=codes,
                decision=decision,
                reason=reason,
                tell_reason=tells,
                or_wait=or_wait,
                actor=actor_of(request),
            )
            _say(request, decided)
            return redirect(back)
    except DomainError as error:
        refusal = error
    try:
        outcome = foretell_decisions(conference=row, codes=codes, decision=decision)
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect(back)
    context = {
        "conference": row,
        "decision": decision,
        "show": show,
        "codes": codes,
        "outcome": outcome,
        "button": _BUTTONS[decision].format(outcome.done),
        "sentence": sentence(outcome),
        "skipped": _grouped(outcome),
        "reason": reason,
        "tells": tells,
        "or_wait": or_wait,
        "refusal": refusal,
        "most": MAX_REASON,
        "cancel_url": back,
    }
    return render(
        request,
        "registrations/manage/queue_decide.html",
        context,
        status=refusal.status if refusal else 200,
    )


def sentence(outcome: Decided) -> str:
    """Say what a decision comes to: "10 get a place, 2 go to the waiting list"."""
    parts = [
        _people(len(outcome.confirmed), "gets a place", "get a place"),
        _people(len(outcome.waiting), "goes to the waiting list", "go to the waiting list"),
        _people(len(outcome.rejected), "is turned down", "are turned down"),
    ]
    return ", ".join(part for part in parts if part)


def _people(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""


def _say(request: HttpRequest, decided: Decided) -> None:
    if decided.done:
        messages.success(request, f"Done: {sentence(decided)}.")
    for reason, rows in _grouped(decided):
        messages.warning(request, f"{len(rows)} left as they were. {reason}")


def _grouped(outcome: Decided) -> list[tuple[str, list[Registration]]]:
    """Return who could not be decided, by the reason."""
    by_reason = sorted(outcome.skipped, key=lambda pair: pair[1])
    return [
        (reason, [row for row, _why in pairs])
        for reason, pairs in groupby(by_reason, key=lambda pair: pair[1])
    ]


def _codes(request: HttpRequest, row: Conference, show: str, kind: str) -> list[str]:
    """Return whom the decision is for: those who are ticked, or all of the list."""
    if "all" in request.POST and show in _SHOWN:
        rows = _of(row, show, kind).order_by(*_SHOWN[show][1])
        return list(rows.values_list("code", flat=True)[: MOST + 1])
    chosen = [*request.POST.getlist("pick"), *request.POST.get("codes", "").split()]
    return list(dict.fromkeys(chosen))[: MOST + 1]


def _of(row: Conference, show: str, kind: str) -> QuerySet[Registration]:
    rows = Registration.objects.filter(conference=row, status=_SHOWN[show][0]).select_related(
        "registration_type", "booking"
    )
    return rows.filter(registration_type__slug=kind) if kind else rows


def _kinds(row: Conference, status: str, chosen: str) -> list[dict[str, Any]]:
    groups = (
        Registration.objects.filter(conference=row, status=status)
        .order_by("registration_type__order", "registration_type_id")
        .values_list("registration_type__slug", "registration_type__name")
        .annotate(number=Count("pk"))
    )
    return [
        {
            "value": slug,
            "label": pick_text(name, "en", row.languages),
            "count": number,
            "current": slug == chosen,
        }
        for slug, name, number in groups
    ]


def _lines(conference: Conference, show: str, rows: Sequence[Registration]) -> list[Line]:
    types = conference.registration_types.prefetch_related("allotments")
    left = {one.pk: places_left(one.allotments.all()) for one in types}
    numbers = _numbers(conference, rows) if show == "waiting" else {}
    now = timezone.now()
    return [
        Line(
            registration=row,
            waits=in_words(now - (row.waiting_since or row.created_at)),
            left=left.get(row.registration_type_id),
            number=numbers.get(row.pk, 0),
            in_hand=in_words(row.offer_expires_at - now) if row.offer_expires_at else "",
        )
        for row in rows
    ]


def _numbers(conference: Conference, rows: Sequence[Registration]) -> dict[int, int]:
    """Return which one in the line of their type each of these is; one query."""
    wanted = {row.pk for row in rows}
    if not wanted:
        return {}
    line = (
        Registration.objects.filter(conference=conference, status=_S.WAITING_LIST)
        .order_by("waiting_since", "pk")
        .values_list("pk", "registration_type_id")
    )
    counts: dict[int, int] = {}
    found = {}
    for pk, kind in line.iterator(chunk_size=2000):
        counts[kind] = counts.get(kind, 0) + 1
        if pk in wanted:
            found[pk] = counts[kind]
    return found


def in_words(span: dt.timedelta) -> str:
    """Return a span of time in its largest unit: "3 days", "5 hours", "20 minutes"."""
    minutes = max(0, int(span.total_seconds() // 60))
    for unit, length in (("day", 1440), ("hour", 60)):
        if minutes >= length:
            number = minutes // length
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
