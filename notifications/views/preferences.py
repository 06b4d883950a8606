"""Whoever has a mail stops more like it, by the mail program's button (RFC 8058) or on this page.

Looking changes nothing, because mail scanners open every link. The address itself is the secret, as
on the personal pages (registrations.views.public.personal): no cookie gives any right here, and the
button of a mail program brings neither a cookie nor a token.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.actors import Actor
from core.enums import Visibility
from core.logging import request_id
from core.views.links import count_wrong_link, kept_by_nobody
from events.enums import ConferenceState
from events.languages import Reader, choose
from events.models import Conference
from events.views.public.context import conference_context, conference_of, language_links
from notifications.enums import SuppressionReason, SuppressionScope
from notifications.models import Message
from notifications.services.suppression import opt_in_again, opt_out, scopes_stopped
from notifications.services.unsubscribing import ONE_CLICK, find_by_unsubscribe_link
from registrations.views.public.base import answer


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def preferences_page(request: HttpRequest, token: str) -> HttpResponse:
    """Say what comes and what can be stopped; POST stops it, or lets it come again."""
    message = find_by_unsubscribe_link(token)
    if message is None:
        count_wrong_link(request)
        raise Http404
    reader = _reader(request, message)
    with translation.override(reader.catalogue):
        if request.method == "POST":
            response = _post(request, message, reader)
        else:
            response = _page(request, message, reader)
    return kept_by_nobody(response)


def _post(request: HttpRequest, message: Message, reader: Reader) -> HttpResponse:
    name, value = ONE_CLICK
    actor = Actor("guest", "", request_id.get())
    wanted, scope = request.POST.get("do"), request.POST.get("scope")
    if request.POST.get(name) == value:
        opt_out(
            message=message,
            scope=SuppressionScope.CONFERENCE,
            reason=SuppressionReason.ONE_CLICK,
            actor=actor,
        )
        return _stopped(message, reader)
    if wanted == "again":
        opt_in_again(message=message, actor=actor)
    elif wanted == "stop" and scope in SuppressionScope.values:
        opt_out(
            message=message,
            scope=SuppressionScope(scope),
            reason=SuppressionReason.PREFERENCE,
            actor=actor,
        )
    else:
        return _page(request, message, reader, status=400)
    return redirect(f"{request.path}{reader.query}")


def _stopped(message: Message, reader: Reader) -> HttpResponse:
    """Answer a mail program: no page, nowhere to go on to."""
    sentence = _(
        "You get no more mails about %(title)s. What you ask for and changes to your place still "
        "come."
    ) % {"title": reader.text(message.conference.title)}
    response = HttpResponse(f"{sentence}\n", content_type="text/plain; charset=utf-8")
    response["Content-Language"] = reader.tag
    return response


def _reader(request: HttpRequest, message: Message) -> Reader:
    """Read in the language of the mail, unless the address names another one."""
    offered = dict.fromkeys([message.language, *message.conference.languages])
    return choose(request.GET.get("lang"), "", list(offered))


def _page(
    request: HttpRequest, message: Message, reader: Reader, status: int = 200
) -> HttpResponse:
    conference = conference_of(message.conference_id)
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    context: dict[str, Any] = conference_context(conference, reader, "conference", at) | {
        "page": "preferences",
        "noindex": True,
        "languages": language_links(request.path, reader),
        "address": message.to_email,
        "stopped": scopes_stopped(message),
        "title": reader.text(conference.title),
        "host": conference.organisation.name,
        "has_place": message.registration is not None and message.registration.is_live,
        "is_open": _is_open(conference),
        "nothing_changed": status != 200,  # noqa: PLR2004 - HTTP's word for yes
    }
    template = "notifications/preferences.html"
    return answer(request, template, context, reader, status=status)


def _is_open(conference: Conference) -> bool:
    """Tell whether its public pages, such as the one that mails the personal link, open."""
    return conference.visibility != Visibility.PRIVATE and conference.state != ConferenceState.DRAFT
