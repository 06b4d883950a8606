"""One verb for many registrations: look what it comes to, do it, watch it, stop it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of, demand
from core.errors import DomainError
from core.nudging import nudge
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import console_page
from registrations.downloads import csv_response, xlsx_response
from registrations.enums import DeedState
from registrations.models import BulkDeed, Registration
from registrations.services.bulk import ALSO_NEEDED, VERBS, Outlook, look_ahead
from registrations.services.bulk_running import AT_ONCE, start_deed, stop_deed
from registrations.services.registration_list import Filters, read_filters, selected
from registrations.tasks import go_on_with_bulk_deeds
from registrations.views.manage.registration_files import columns_of_file

MOST_PICKED: Final = 200
_FILES: Final = {"csv": csv_response, "xlsx": xlsx_response}
_SHAPES: Final = {
    DeedState.RUNNING.value: "sending",
    DeedState.DONE.value: "sent",
    DeedState.STOPPED.value: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Words:
    """How a verb is said: "Approve 118 registrations", "118 registrations have a place."."""

    button: str
    done: str
    about: str
    danger: bool = False


WORDS: Final[dict[str, Words]] = {
    "approve": Words(
        "Give {n} a place",
        "{n} got a place.",
        "Each gets a letter with the ticket. Who came first is served first.",
    ),
    "reject": Words("Turn down {n}", "{n} turned down.", "A letter says that there is no place."),
    "cancel": Words(
        "Cancel {n}",
        "{n} cancelled.",
        "Their places are free at once, and each gets a letter.",
        danger=True,
    ),
    "arrive": Words("Mark {n} as arrived", "{n} marked as arrived.", "No mail says so."),
    "resend-link": Words(
        "Send {n} their link",
        "The link is on its way to {n}.",
        "A mail with the personal link, to the address of each or of the booking.",
    ),
    "tag": Words(
        "Add a tag to {n}",
        "{n} have the tag.",
        "The tag stands at the person, for all conferences of the organisation.",
    ),
}


@require_POST
@console_page
def registrations_bulk(
    request: HttpRequest, organisation: str, conference: str
) -> HttpResponseBase:
    """Say what a verb would come to and who is left out; the second POST does it."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    verb = request.POST.get("verb", "") or request.POST.get("more", "")
    filters = read_filters(request.POST)
    rows, codes = _chosen(request, row, filters)
    back = _back(organisation, conference, filters)
    if verb in _FILES and (codes or "everybody" in request.POST):
        found = rows.order_by("created_at", "pk")
        chosen = columns_of_file(request, request.POST, row)
        return _FILES[verb](found, row, chosen, actor_of(request))
    if verb not in VERBS or not (codes or "everybody" in request.POST):
        messages.error(request, "Choose registrations first, and then what to do.")
        return redirect(back)
    if verb in ALSO_NEEDED:
        demand(request, ALSO_NEEDED[verb])
    values = _asked(request, verb)
    try:
        outlook = look_ahead(conference=row, rows=rows, verb=verb, values=values)
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect(back)
    error = ""
    if "confirm" in request.POST:
        # Who registered since the look is not done something to unseen.
        if str(outlook.total) == request.POST.get("seen", ""):
            try:
                deed = start_deed(
                    conference=row, rows=rows, verb=verb, values=values, actor=actor_of(request)
                )
            except DomainError as refusal:
                error = refusal.detail
            else:
                if deed.state == DeedState.RUNNING:
                    nudge(go_on_with_bulk_deeds)
                return redirect("manage-deed", organisation, conference, deed.code)
        else:
            error = f"These are {outlook.total} by now. Nothing was done; look once more."
    context = _context(row, verb, outlook) | {
        "codes": ",".join(codes),
        "filters": filters,
        "values": values,
        "error": error,
        "cancel_url": back,
    }
    return render(request, "registrations/manage/bulk.html", context)


def _chosen(
    request: HttpRequest, row: Conference, filters: Filters
) -> tuple[QuerySet[Registration], list[str]]:
    picked = request.POST.getlist("pick") or request.POST.get("codes", "").split(",")
    codes = [code[:10] for code in picked if code][:MOST_PICKED]
    everybody = "everybody" in request.POST
    return selected(row, codes, filters, everybody=everybody), [] if everybody else codes


def _asked(request: HttpRequest, verb: str) -> dict[str, Any]:
    """Return what the verb asks for; the box for the waiting list is ticked at the first look."""
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in VERBS[verb].asks}
    if "or_wait" in values:
        values["or_wait"] = "confirm" not in request.POST or "or_wait" in request.POST
    return values


def _back(organisation: str, conference: str, filters: Filters) -> str:
    back = reverse("manage-registrations", args=[organisation, conference])
    return f"{back}?{urlencode(filters.query())}" if filters.are_any else back


def _context(row: Conference, verb: str, outlook: Outlook) -> dict[str, Any]:
    words = WORDS[verb]
    return {
        "conference": row,
        "verb": verb,
        "words": words,
        "outlook": outlook,
        "button": words.button.format(n=_number(outlook.would_be)),
        "title": words.button.format(n=_number(outlook.total)),
        "in_background": outlook.total > AT_ONCE,
    }


def _number(number: int) -> str:
    return "1 registration" if number == 1 else f"{number:,} registrations"


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def deed_page(request: HttpRequest, organisation: str, conference: str, code: str) -> HttpResponse:
    """How far a verb is and who was left out; POST stops it."""
    posting = request.method == "POST"
    needed = Permission.REGISTRATION_WRITE if posting else Permission.REGISTRATION_READ
    row = get_conference(request, organisation, conference, needed)
    deed = BulkDeed.objects.filter(conference=row, code=code).defer("registration_ids").first()
    if deed is None:
        raise Http404
    if posting:
        try:
            stop_deed(deed=deed, actor=actor_of(request))
        except DomainError as refusal:
            messages.error(request, refusal.detail)
        return redirect("manage-deed", organisation, conference, code)
    ids = [pk for one in deed.left_out for pk in one["ids"]]
    found = Registration.objects.filter(conference=row).in_bulk(ids)
    context = {
        "conference": row,
        "deed": deed,
        "shape": _SHAPES[deed.state],
        "title": WORDS[deed.verb].button.format(n=_number(deed.total)),
        "said": WORDS[deed.verb].done.format(n=_number(deed.succeeded)),
        "left_out": [
            {
                "reason": one["reason"],
                "number": one["number"],
                "examples": [found[pk] for pk in one["ids"] if pk in found],
            }
            for one in deed.left_out
        ],
        "number_left_out": deed.done - deed.succeeded,
        "not_reached": deed.total - deed.done,
    }
    return render(request, "registrations/manage/deed.html", context)
