"""The guest list: everybody invited, what is filtered, and one verb for many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.errors import DomainError
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import console_page
from registrations.downloads import invitations_response
from registrations.forms.invitations import members_of
from registrations.models import Invitation
from registrations.services.guest_bulk import SENDING, VERBS, Outcome, do_to_guests, try_on_guests
from registrations.services.guest_list import (
    Choice,
    Filters,
    choices_of,
    chosen,
    filtered,
    held_by_allotment,
    read_filters,
    rows_of,
    with_people,
)
from registrations.views.manage.guests import tabs_of

PER_PAGE: Final = 50
_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Words:
    """How a verb is said: "Send the invitation to 118 guests", "12 guests were reminded."."""

    button: str
    done: str
    about: str
    danger: bool = False


WORDS: Final[dict[str, Words]] = {
    "send": Words(
        "Send the invitation to {n}",
        "The invitation is on its way to {n}.",
        "Each gets a mail with a link of their own. Who has an assistant gets it through them.",
    ),
    "save-the-date": Words(
        "Send save-the-date to {n}",
        "Save-the-date is on its way to {n}.",
        "A short mail with the day and the place; it asks for no answer.",
    ),
    "remind": Words(
        "Remind {n}",
        "The invitation is on its way once more to {n}.",
        "Who has answered gets nothing.",
    ),
    "wave": Words("Set the wave of {n}", "The wave of {n} is set.", ""),
    "owner": Words("Give {n} to them", "{n} have a new owner.", ""),
    "plus-one": Words(
        "Allow {n} to bring somebody",
        "{n} may bring somebody.",
        "Where a place is kept, a second one is kept beside it as far as there are any.",
    ),
    "no-plus-one": Words(
        "Let {n} come alone", "{n} come alone.", "Who brings somebody already stays as they are."
    ),
    "hold": Words("Keep places for {n}", "Places are kept for {n}.", ""),
    "release": Words(
        "Release the places of {n}",
        "The places of {n} are free for others.",
        "They stay invited: a later yes takes a free place or comes on top.",
    ),
    "withdraw": Words(
        "Withdraw {n}",
        "The invitations of {n} are withdrawn.",
        "Their links open nothing any more, their places are free. No mail says so.",
        danger=True,
    ),
}


@require_safe
@console_page
def invitation_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Everybody on the guest list, filtered by answer, wave, tag, owner and sending."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    filters = read_filters(request.GET)
    found = with_people(filtered(rows_of(row), filters, row)).order_by("sort_key", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    choices = choices_of(row, filters)
    context = {
        "conference": row,
        "page_obj": page,
        "groups": _groups(choices, filters),
        "kept": {name: value for name, value in filters.query().items() if name != "q"},
        "salutations_path": reverse("manage-salutations", args=[organisation, conference]),
        "total": sum(c.count for c in choices["answer"] if c.value != "withdrawn"),
        "doubtful": sum(c.count for c in choices["doubtful"]),
        "filters": filters,
        "held": held_by_allotment(row),
        "tabs": tabs_of(request, row, "manage-invitations"),
        "may_write": may(request, Permission.REGISTRATION_WRITE),
        "may_import": may(request, Permission.PEOPLE_WRITE),
    }
    return render(request, "registrations/manage/invitations.html", context)


def _groups(
    choices: Mapping[str, Sequence[Choice]], filters: Filters
) -> list[list[dict[str, Any]]]:
    """Return the chips in their rows, each with the address that it leads to."""
    query = filters.query()

    def chip(one: Choice) -> dict[str, Any]:
        rest = {name: value for name, value in query.items() if name != one.name}
        asked = rest if one.current else {**rest, one.name: one.value}
        return {
            "label": one.label,
            "count": one.count,
            "current": one.current,
            "url": f"?{urlencode(asked)}",
        }

    rows = (("answer", "findings"), ("sent", "wave", "owner", "doubtful", "hold"), ("tag",))
    return [[chip(one) for name in row for one in choices[name]] for row in rows]


@require_safe
def invitations_csv(request: HttpRequest, organisation: str, conference: str) -> HttpResponseBase:
    """The list as it is filtered, for a spreadsheet."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    found = filtered(rows_of(row), read_filters(request.GET), row).order_by("sort_key", "pk")
    return invitations_response(found, row, "guests")


@require_POST
@console_page
def invitation_bulk(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Show whom a verb would reach and whom not; the second POST does it."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    filters = read_filters(request.POST)
    back = reverse("manage-invitations", args=[organisation, conference])
    back += f"?{urlencode(filters.query())}" if filters.query() else ""
    verb = request.POST.get("verb", "") or request.POST.get("more", "")
    if verb in SENDING and not may(request, Permission.MAIL_WRITE):
        raise PermissionDenied
    rows = _chosen(request, row, filters)
    if verb not in VERBS or not rows:
        messages.error(request, "Choose guests first, and then what to do.")
        return redirect(back)
    members = members_of(row)
    arguments: dict[str, Any] = {
        "conference": row,
        "invitations": rows,
        "verb": verb,
        "values": _values(request, members, verb),
        "actor": actor_of(request),
    }
    try:
        if "confirm" in request.POST:
            outcome = do_to_guests(**arguments)
            _say(request, verb, outcome)
            return redirect(back)
        outcome = try_on_guests(**arguments)
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return redirect(back)
    context = {
        "conference": row,
        "verb": verb,
        "outcome": outcome,
        "words": WORDS[verb],
        "button": WORDS[verb].button.format(n=_people(outcome.done)),
        "codes": ",".join(one.code for one in rows),
        "skipped": _reasons(outcome),
        "again": _again(rows, outcome) if verb == "send" else 0,
        "doubtful": _doubtful(rows) if verb in SENDING else [],
        "members": members,
        "values": request.POST,
        "wave": request.POST.get("wave") or max(one.wave for one in rows) + 1,
        "filters": filters,
        "cancel_url": back,
    }
    return render(request, "registrations/manage/invitation_bulk.html", context)


def _chosen(request: HttpRequest, row: Conference, filters: Filters) -> list[Invitation]:
    codes = request.POST.getlist("pick") or request.POST.get("codes", "").split(",")
    everybody = "everybody" in request.POST and "codes" not in request.POST
    rows = list(chosen(row, [c for c in codes if c], filters, everybody=everybody))
    for one in rows:
        one.conference = row
    return rows


def _again(rows: Sequence[Invitation], outcome: Outcome) -> int:
    """Return how many of those who will get the invitation have had it before."""
    skipped = {one.pk for one, _reason in outcome.skipped}
    return sum(one.sent_at is not None and one.pk not in skipped for one in rows)


def _doubtful(rows: Sequence[Invitation]) -> list[Invitation]:
    """Return whose letters begin with words that nobody typed."""
    return [one for one in rows if getattr(one, "is_doubtful", False)][:_SHOWN]


def _values(request: HttpRequest, members: Sequence[Any], verb: str) -> dict[str, Any]:
    """Return what the verb asks for; on the first sight of the page something that can be done."""
    wave = request.POST.get("wave", "")
    owner = next((one for one in members if str(one.pk) == request.POST.get("owner", "")), None)
    reason = request.POST.get("reason", "") if verb == "withdraw" else ""
    is_number = wave.isascii() and wave.isdigit() and len(wave) < 3  # noqa: PLR2004 - 99 at the most
    return {"wave": int(wave) if is_number else 1, "owner": owner, "reason": reason}


def _reasons(outcome: Outcome) -> list[tuple[str, list[Invitation]]]:
    by_reason: dict[str, list[Invitation]] = {}
    for one, reason in outcome.skipped:
        by_reason.setdefault(reason, []).append(one)
    return list(by_reason.items())


def _people(number: int) -> str:
    return "1 guest" if number == 1 else f"{number} guests"


def _say(request: HttpRequest, verb: str, outcome: Outcome) -> None:
    if outcome.done:
        messages.success(request, WORDS[verb].done.format(n=_people(outcome.done)))
    for reason, rows in _reasons(outcome):
        messages.warning(request, f"{len(rows)} skipped: {reason}")
