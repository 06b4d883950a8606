"""What all pages behind a speaker's link do around their own work.

The address is the secret and the only right there is: no cookie counts, so a foreign page can send
nothing, and the pages need no other token against forged requests. Nobody keeps them or learns
their address. GET changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from core.actors import Actor
from core.counting import client_of, count_try
from core.enums import Visibility
from core.errors import DomainError
from core.logging import request_id
from core.text import full_name
from core.views.links import count_wrong_link, kept_by_nobody
from events import words
from events.enums import ConferenceState, ParticipationRole, ParticipationState
from events.languages import Reader, choose, name_in
from events.models import Participation
from events.services.needs import NEEDED_OF
from events.services.speaker_links import find_by_former_speaker_link, find_by_speaker_link
from events.views.public.context import conference_context, conference_of, language_links

View = Callable[[HttpRequest, Participation], HttpResponse]
GONE: Final = 410
SENDS_A_MINUTE: Final = 120


def behind_speaker_link(
    *methods: str, revoked: View
) -> Callable[[View], Callable[..., HttpResponse]]:
    """Make a view of one that gets the participation that the link opens, as nobody may keep it.

    Arguments:
        revoked: answers who holds a link that was revoked.
    """

    def make(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def page(request: HttpRequest, code: str, token: str) -> HttpResponse:
            if request.method not in methods:
                return kept_by_nobody(HttpResponseNotAllowed(methods))
            row = find_by_speaker_link(code, token)
            if row is not None:
                return kept_by_nobody(view(request, row))
            former = find_by_former_speaker_link(code, token)
            if former is None:
                count_wrong_link(request)
                raise Http404
            return kept_by_nobody(revoked(request, former))

        return page

    return make


def by_speaker_link(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Make a view of one that gets the participation of who is asked or has confirmed.

    Who is not asked, has declined or was replaced reads a sentence instead.
    """

    def make(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def open_or_closed(request: HttpRequest, row: Participation) -> HttpResponse:
            if row.state in NEEDED_OF:
                return view(request, row)
            return _closed(request, row, _CLOSED.get(row.state, _NOT_ASKED), 200)

        return behind_speaker_link(*methods, revoked=_revoked)(open_or_closed)

    return make


def check_sends(request: HttpRequest) -> None:
    """Refuse too many sends of one client.

    Raises:
        DomainError: ``throttled``.
    """
    if not settings.THROTTLE:
        return
    tries = count_try(f"speaker-form:{client_of(request)}", 60)
    if tries.number > SENDS_A_MINUTE:
        raise DomainError(
            "throttled",
            gettext("This is sent very often from your network. Wait a minute and send it again."),
            retry_after=tries.seconds_left,
        )


def guest() -> Actor:
    """Return who acts: whoever holds the link, the person or their assistant."""
    return Actor("guest", "", request_id.get())


def reader_for(request: HttpRequest, row: Participation) -> Reader:
    """Read in the person's language, unless the address names another one."""
    conference = row.session.conference
    own = row.person.language or conference.first_language
    return choose(request.GET.get("lang"), "", list(dict.fromkeys([own, *conference.languages])))


def name_of(row: Participation, reader: Reader) -> str:
    """Return who reads, with the honorific of that day."""
    name = full_name(*name_in(reader.tag, row.person))
    return f"{row.honorific} {name}" if row.honorific else name


def show(
    request: HttpRequest,
    row: Participation,
    template: str,
    reader: Reader,
    more: Mapping[str, Any] = MappingProxyType({}),
    status: int = 200,
) -> HttpResponse:
    """Render a page behind the link in the reader's language."""
    conference = conference_of(row.session.conference_id)
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    is_public = conference.visibility != Visibility.PRIVATE
    with translation.override(reader.catalogue):
        context = conference_context(conference, reader, "conference", at) | {
            "page": "speaker",
            "noindex": True,
            "languages": language_links(request.path, reader),
            "part": row,
            "session": row.session,
            "person": row.person,
            "who": name_of(row, reader),
            "role": words.ROLES[ParticipationRole(row.role)],
            "has_page": is_public and conference.state != ConferenceState.DRAFT,
            "mail_to": conference.contact_email or conference.organisation.contact_email,
            "phone_to": conference.contact_phone or conference.organisation.contact_phone,
            **more,
        }
        response = render(request, f"events/speaker/{template}.html", context, status=status)
    response["Content-Language"] = reader.tag
    return response


def _revoked(request: HttpRequest, row: Participation) -> HttpResponse:
    return _closed(request, row, _REVOKED, GONE)


def _closed(request: HttpRequest, row: Participation, sentence: Any, status: int) -> HttpResponse:
    return show(request, row, "closed", reader_for(request, row), {"sentence": sentence}, status)


_NOT_ASKED: Final = _("Nothing is needed from you here yet. You will get a letter.")
_REVOKED: Final = _("This link does not open anything any more. Use the one in our last letter.")
_CLOSED: Final[Mapping[str, Any]] = {
    ParticipationState.DECLINED: _(
        "You have told us that you can not take part, so nothing is needed from you. If that "
        "changes, write to us."
    ),
    ParticipationState.REPLACED: _(
        "Somebody else speaks in your place, so nothing is needed from you. Thank you for your "
        "time."
    ),
}
