"""The donor pack of a conference: what it would lack, having it made, taking it along."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, demand
from console.donor_pack.missing import missing_of
from console.donor_pack.sending import file_response
from console.tasks import make_donor_packs
from core.errors import DomainError
from core.nudging import nudge
from events.enums import JobState
from events.models import Conference, DonorPack
from events.services.donor_packs import KEPT, UNFINISHED, ask_for_pack, delete_pack
from events.views.access import get_conference
from events.views.manage.base import console_page

_SHAPES = {
    JobState.WAITING.value: "queued",
    JobState.RUNNING.value: "sending",
    JobState.DONE.value: "sent",
    JobState.FAILED.value: "failed",
    JobState.STOPPED.value: "cancelled",
}


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def donor_pack(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """What is in a pack and what is missing; POST has one made."""
    row = _conference(request, organisation, conference)
    if request.method == "POST":
        ask_for_pack(conference=row, actor=actor_of(request))
        transaction.on_commit(lambda: nudge(make_donor_packs))
        return redirect("manage-donor-pack", organisation, conference)
    packs = list(row.donor_packs.select_related("file"))
    context = {
        "conference": row,
        "missing": missing_of(row),
        "packs": [
            {
                "row": pack,
                "shape": _SHAPES[pack.state],
                "gone_at": pack.created_at + KEPT,
                "is_working": pack.state in UNFINISHED,
            }
            for pack in packs
        ],
        "is_working": any(pack.state in UNFINISHED for pack in packs),
    }
    return render(request, "console/donor_pack.html", context)


@require_safe
@console_page
def donor_pack_file(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponseBase:
    """The ZIP."""
    row = _conference(request, organisation, conference)
    try:
        return file_response(_pack(row, code))
    except DomainError as refusal:
        raise Http404 from refusal


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def donor_pack_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask once more, then delete a pack."""
    row = _conference(request, organisation, conference)
    pack = _pack(row, code)
    if request.method == "POST":
        delete_pack(pack=pack, actor=actor_of(request))
        messages.success(request, "The pack is deleted.")
        return redirect("manage-donor-pack", organisation, conference)
    context = {
        "conference": row,
        "words": {"title": "Delete this pack?", "label": "Delete the pack", "danger": True},
        "text": "What was downloaded stays where it is. A new pack can be made at any time.",
        "cancel_url": reverse("manage-donor-pack", args=[organisation, conference]),
    }
    return render(request, "events/manage/confirm.html", context)


def _conference(request: HttpRequest, organisation: str, conference: str) -> Conference:
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    demand(request, Permission.MAIL_READ)
    return row


def _pack(conference: Conference, code: str) -> DonorPack:
    pack = conference.donor_packs.filter(code=code).select_related("file").first()
    if pack is None:
        raise Http404
    pack.conference = conference
    return pack
