"""Who got an invitation and is silent: phone, owner, deadline, and the answer in one tap."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.clock import to_local
from core.enums import AnsweredVia
from core.text import full_name
from events.views.access import get_conference
from events.views.manage.base import console_page, posted_version, try_verb
from registrations.downloads import invitations_response
from registrations.enums import InvitationResponse
from registrations.services.answering import answer_invitation
from registrations.services.guest_list import rows_of, silent_guests
from registrations.services.holding import reply_deadline
from registrations.views.manage.guests import tabs_of

MOST: Final = 300


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def call_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """The silent, whoever looks after them first; POST records what one said on the phone."""
    posting = request.method == "POST"
    needed = Permission.REGISTRATION_WRITE if posting else Permission.REGISTRATION_READ
    row = get_conference(request, organisation, conference, needed)
    if posting:
        response = request.POST.get("response", "")
        invitation = rows_of(row).filter(code=request.POST.get("code", "")).first()
        if invitation is None:
            messages.error(request, "This guest is not on the list any more.")
            return redirect("manage-call-list", organisation, conference)
        name = full_name(invitation.person.given_name, invitation.person.family_name)
        label = dict(InvitationResponse.choices).get(response, "")
        try_verb(
            request,
            [invitation],
            f"{name}: {label.lower()}. It is written down.",
            lambda: answer_invitation(
                invitation=invitation,
                response=response,
                via=AnsweredVia.PHONE,
                expected=posted_version(request),
                actor=actor_of(request),
            ),
        )
        return redirect("manage-call-list", organisation, conference)
    rows = silent_guests(row)
    mine = "mine" in request.GET
    if mine:
        rows = rows.filter(owner_id=request.user.pk)
    found = list(rows[: MOST + 1])
    lines = []
    for one in found[:MOST]:
        one.conference = row
        assistants = list(one.person.assistants.all())
        lines.append(
            {
                "invitation": one,
                "person": one.person,
                "assistant": assistants[0] if assistants else None,
                "deadline": to_local(reply_deadline(one), row.time_zone),
            }
        )
    context = {
        "conference": row,
        "lines": lines,
        "is_cut": len(found) > MOST,
        "most": MOST,
        "mine": mine,
        "tabs": tabs_of(request, row, "manage-call-list"),
        "may_write": may(request, Permission.REGISTRATION_WRITE),
    }
    return render(request, "registrations/manage/call_list.html", context)


@require_safe
def call_list_csv(request: HttpRequest, organisation: str, conference: str) -> HttpResponseBase:
    """The silent with their phones, for a spreadsheet."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_READ)
    return invitations_response(silent_guests(row), row, "call-list")
