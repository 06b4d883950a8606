"""A reader's own selection: chosen without an account, kept behind a link of its own.

The link is the secret and the only right there is: no cookie counts, so a foreign page can send
nothing in anybody's name, and the forms need no other token. Who keeps a new one has no link yet:
browsers say from where a form was sent, and only our own pages' are taken.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from core.actors import Actor
from core.calendars import MEDIA_TYPE
from core.counting import client_of, count_try
from core.errors import DomainError
from core.links import absolute_url
from core.logging import request_id
from core.views.links import count_wrong_link, kept_by_nobody
from events.enums import SessionKind, SessionState
from events.languages import Reader, choose
from events.models import Conference, PersonalSelection
from events.programme import Day, Programme
from events.services.calendar_feeds import selection_calendar as calendar_of_selection
from events.services.schedules import current_programme
from events.services.selections import (
    change_selection,
    create_selection,
    delete_selection,
    find_by_selection_link,
    revoke_selection_link,
    selection_path,
)
from events.services.stamps import Stamp, conference_stamp
from events.views.public.context import conference_context, conference_of, language_links
from events.views.public.serving import Page, public_page
from events.views.public.timetable import timetable

SENDS_A_MINUTE: Final = 60
_PAUSES: Final = frozenset({SessionKind.BREAK, SessionKind.RECEPTION})


@csrf_exempt
def selection_new(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
    """Offer all sessions to choose from; POST keeps what was chosen and leads to its page."""
    if request.method != "POST":
        return _form_page(request, **kwargs)
    stamp = conference_stamp(kwargs["organisation"], kwargs["conference"])
    if stamp is None:
        raise Http404
    if not _is_from_here(request):
        raise PermissionDenied
    conference = conference_of(stamp.pk)
    reader = _reader(request, conference)
    with translation.override(reader.catalogue):
        programme = current_programme(conference)
        chosen = _sent(request)
        try:
            _check_sends(request)
            row = create_selection(
                conference=conference, programme=programme, sessions=chosen, actor=_anybody()
            )
        except DomainError as error:
            context = _form(conference, programme, reader, kwargs, chosen) | {"refusal": error}
            response = _render(request, "selection_new", context, reader, error)
            # Without a referrer browsers would not say that the next try comes from here.
            response["Referrer-Policy"] = "same-origin"
            return response
    return kept_by_nobody(_see(selection_path(row) + reader.query))


@public_page
def _form_page(stamp: Stamp, reader: Reader, at: dict[str, str]) -> Page:
    conference = conference_of(stamp.pk)
    context = _form(conference, current_programme(conference), reader, at)
    return "events/public/selection_new.html", context


@csrf_exempt
def selection_page(
    request: HttpRequest, organisation: str, conference: str, code: str, token: str
) -> HttpResponse:
    """What somebody chose; POST changes it, gives it a new link or deletes it."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return kept_by_nobody(HttpResponseNotAllowed(["GET", "HEAD", "POST"]))
    row = _opened(request, organisation, conference, code, token)
    reader = _reader(request, row.conference)
    refusal = None
    with translation.override(reader.catalogue):
        if request.method == "POST":
            try:
                _check_sends(request)
                return kept_by_nobody(_see(_do(request, row) + reader.query))
            except DomainError as error:
                refusal = error
        context = _own(row, reader, request) | {"refusal": refusal}
        return _render(request, "selection", context, reader, refusal)


@csrf_exempt
def selection_calendar(
    request: HttpRequest, organisation: str, conference: str, code: str, token: str
) -> HttpResponse:
    """What somebody chose as a calendar."""
    if request.method not in {"GET", "HEAD"}:
        return kept_by_nobody(HttpResponseNotAllowed(["GET", "HEAD"]))
    row = _opened(request, organisation, conference, code, token)
    whole = conference_of(row.conference_id)
    reader = _reader(request, whole)
    body = calendar_of_selection(row, whole, current_programme(whole), reader, selection_path(row))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    unchanged = get_conditional_response(request, etag)
    response = unchanged or HttpResponse(body, content_type=MEDIA_TYPE)
    if unchanged is None:
        response["Content-Disposition"] = f'inline; filename="{whole.slug}-selection.ics"'
    response["ETag"] = etag
    return kept_by_nobody(response)


def _opened(
    request: HttpRequest, organisation: str, conference: str, code: str, token: str
) -> PersonalSelection:
    row = find_by_selection_link(organisation, conference, code, token)
    if row is None:
        count_wrong_link(request)
        raise Http404
    return row


def _do(request: HttpRequest, row: PersonalSelection) -> str:
    """Do what the button says and return where to go."""
    verb = request.POST.get("verb", "save")
    if verb == "delete":
        delete_selection(selection=row, actor=_anybody())
        conference = row.conference
        return reverse("programme", args=[conference.organisation.slug, conference.slug])
    if verb == "revoke":
        return selection_path(revoke_selection_link(selection=row, actor=_anybody()))
    programme = current_programme(row.conference)
    changed = change_selection(
        selection=row, programme=programme, sessions=_sent(request), actor=_anybody()
    )
    return selection_path(changed)


def _sent(request: HttpRequest) -> list[str]:
    """Return the codes that were sent: a field each, or all in one with commas."""
    return [code for text in request.POST.getlist("sessions") for code in text.split(",")]


def _check_sends(request: HttpRequest) -> None:
    if not settings.THROTTLE:
        return
    tries = count_try(f"selection:{client_of(request)}", 60)
    if tries.number > SENDS_A_MINUTE:
        raise DomainError(
            "throttled",
            _("This is sent very often from your network. Wait a minute and send it again."),
            retry_after=tries.seconds_left,
        )


def _is_from_here(request: HttpRequest) -> bool:
    """Tell whether a form was sent by a page of ours, as the browser says."""
    sender = request.headers.get("Origin", "")
    if not sender:
        parts = urlsplit(request.headers.get("Referer", ""))
        sender = f"{parts.scheme}://{parts.netloc}"
    own = f"{request.scheme}://{request.get_host()}"
    return sender in {own, *settings.CSRF_TRUSTED_ORIGINS}


def _anybody() -> Actor:
    return Actor("anonymous", "", request_id.get())


def _reader(request: HttpRequest, conference: Conference) -> Reader:
    accepted = request.headers.get("Accept-Language", "")
    return choose(request.GET.get("lang"), accepted, conference.languages)


def _see(url: str) -> HttpResponse:
    response = redirect(url)
    response.status_code = 303
    return response


def _days(programme: Programme, codes: set[str]) -> list[Day]:
    days = (
        Day(day.date, tuple(s for s in day.sessions if s.code in codes)) for day in programme.days
    )
    return [day for day in days if day.sessions]


def _form(
    conference: Conference,
    programme: Programme,
    reader: Reader,
    at: dict[str, str],
    chosen: list[str] | tuple[str, ...] = (),
) -> dict[str, Any]:
    """Return the form with all sessions that can be chosen."""
    return conference_context(conference, reader, "selection-new", at) | {
        "choices": _choices(programme, frozenset(chosen))
    }


def _choices(programme: Programme, chosen: frozenset[str]) -> list[dict[str, Any]]:
    days = []
    for day in programme.days:
        rows = [
            {"session": session, "is_chosen": session.code in chosen}
            for session in day.sessions
            if session.code in chosen
            or (session.kind not in _PAUSES and session.state != SessionState.CANCELLED)
        ]
        if rows:
            days.append({"date": day.date, "rows": rows})
    return days


def _own(row: PersonalSelection, reader: Reader, request: HttpRequest) -> dict[str, Any]:
    conference = conference_of(row.conference_id)
    programme = current_programme(conference)
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    codes = set(row.sessions)
    page = selection_path(row)
    calendar = f"{page}calendar.ics?lang={reader.tag}"
    there = {session.code for session in programme.sessions()}
    return conference_context(conference, reader, "programme", at) | {
        "page": "selection",
        "noindex": True,
        "languages": language_links(page, reader),
        "canonical": absolute_url(page),
        "main_width": "wide",
        "selection": row,
        "own_path": page,
        "programme": programme,
        "days": timetable(programme, reader, at, _days(programme, codes)),
        "unscheduled": [s for s in programme.unscheduled if s.code in codes],
        "gone": len(codes - there),
        "choices": _choices(programme, frozenset(codes)),
        "is_changing": "change" in request.GET,
        "calendar_path": calendar,
        "calendar_url": absolute_url(calendar),
        "briefly": True,
        "live": True,
    }


def _render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] = MappingProxyType({}),
    reader: Reader | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    status = refusal.status if refusal is not None else 200
    response = render(request, f"events/public/{template}.html", dict(context), status=status)
    if refusal is not None and refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    if reader is not None:
        response["Content-Language"] = reader.tag
    return kept_by_nobody(response)
