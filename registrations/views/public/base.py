"""What all guests' pages do around their own work."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from core.actors import Actor
from core.counting import client_of, count_try
from core.errors import DomainError
from core.logging import request_id
from events.languages import Reader
from events.models import Conference
from registrations.services.doors import find_conference

# How often one address may send a public form in a minute: a lecture hall behind one address can
# register, a program that tries out what it can fill up is slowed down.
SENDS_A_MINUTE: Final = 120


def visible_conference(organisation: str, conference: str) -> Conference:
    """Return the conference at this address.

    Raises:
        Http404: for drafts, private ones and what is not there.
    """
    row = find_conference(organisation, conference)
    if row is None:
        raise Http404
    return row


def check_sends(request: HttpRequest) -> None:
    """Refuse too many sends of one client.

    Raises:
        DomainError: ``throttled``.
    """
    if not settings.THROTTLE:
        return
    tries = count_try(f"public-form:{client_of(request)}", 60)
    if tries.number > SENDS_A_MINUTE:
        raise DomainError(
            "throttled",
            _(
                "Very many people are registering from your network. Nothing you typed is lost: "
                "wait %(seconds)d seconds and send it again."
            )
            % {"seconds": tries.seconds_left},
            retry_after=tries.seconds_left,
        )


def chosen_query(request: HttpRequest) -> str:
    """Return the language that the address names, for the address of the next page."""
    lang = request.GET.get("lang", "")
    return f"lang={lang}&" if lang.replace("-", "").isalnum() and lang.isascii() else ""


def guest() -> Actor:
    """Return who acts on a page that asks for no sign-in."""
    return Actor("anonymous", "", request_id.get())


def answer(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    reader: Reader,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a page in the reader's language; nobody keeps it."""
    with translation.override(reader.catalogue):
        response = render(request, template, context, status=refusal.status if refusal else status)
    if refusal is not None and refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = reader.tag
    patch_vary_headers(response, ["Accept-Language"])
    return response
