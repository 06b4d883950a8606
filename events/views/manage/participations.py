"""What is done with somebody who is on a panel: change, move, drag, take off."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.errors import DomainError
from events.forms.session import ParticipationForm
from events.services.panels import (
    change_participation,
    remove_participation,
    reorder_participations,
)
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, stale_sentence, try_verb
from events.views.manage.panel import back_to, show_panel, subject_of, url_of
from events.views.manage.seats import part_of, seats_of, whole_order
from events.views.manage.sessions import get_session


@require_POST
@console_page
def participation_change(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> HttpResponse:
    """Save what somebody is on this session."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    chosen = part_of(session, part)
    form = ParticipationForm(request.POST, participation=chosen)
    if form.is_valid():
        changed = attempt(
            form,
            subject_of(session),
            lambda: change_participation(
                participation=chosen,
                changes=form.changes(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved in the draft.")
            return back_to(session, part)
    return show_panel(request, session, {"chosen": chosen, "part_form": form})


@require_POST
@console_page
def participation_move(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> HttpResponse:
    """Move somebody one seat earlier or later."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    codes = [seat.part.code for seat in seats_of(session)]
    if part not in codes:
        raise Http404
    here = codes.index(part)
    there = here + (1 if request.POST.get("to") == "later" else -1)
    if 0 <= there < len(codes):
        codes[here], codes[there] = codes[there], codes[here]
        try_verb(
            request,
            subject_of(session),
            "The order is saved in the draft.",
            lambda: reorder_participations(
                session=session,
                codes=whole_order(session, codes),
                expected=posted_version(request),
                actor=actor_of(request),
            ),
        )
    return back_to(session)


@require_POST
@console_page
def session_order(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Take the order in which seats were dragged."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    try:
        reorder_participations(
            session=session,
            codes=whole_order(session, request.POST.get("order", "").split(",")),
            expected=posted_version(request),
            actor=actor_of(request),
        )
    except DomainError as refusal:
        stale = stale_sentence(subject_of(session)) if refusal.kind == "stale" else ""
        messages.error(request, stale or refusal.detail)
        return HttpResponse(status=refusal.status)
    messages.success(request, "The order is saved in the draft.")
    return HttpResponse(status=204)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def participation_remove(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> HttpResponse:
    """Ask once more, then take somebody off the panel."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    chosen = part_of(session, part)
    name = f"{chosen.person.given_name} {chosen.person.family_name}".strip()
    if request.method == "POST":
        try_verb(
            request,
            subject_of(session),
            f"{name} is off the panel in the draft.",
            lambda: remove_participation(
                participation=chosen,
                expected=posted_version(request),
                actor=actor_of(request),
            ),
        )
        return back_to(session)
    words = {"title": f"Take {name} off the panel?", "label": "Take off the panel", "danger": True}
    return render(
        request,
        "events/manage/confirm.html",
        {
            "conference": row,
            "session": session,
            "words": words,
            "text": "The published programme stays as it is until you publish the next version.",
            "version": session.version,
            "cancel_url": f"{url_of(session)}?part={part}",
        },
    )
