"""The answer page: whoever holds the link answers for the invited guest, with one press.

As with personal pages the address is the secret and the only right there is: see personal.py. GET
changes nothing, so mail programs may open the link as often as they like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from core.actors import Actor
from core.enums import AnsweredVia, Visibility
from core.errors import DomainError
from core.logging import request_id
from core.views.links import count_wrong_link, kept_by_nobody
from events.enums import ConferenceState
from events.languages import Reader, choose
from events.models import Conference
from events.views.public.context import conference_context, conference_of, language_links
from registrations.enums import InvitationResponse
from registrations.forms.invitation import (
    AnswerForm,
    ColleagueForm,
    CompanionForm,
    PhoneForm,
    RegretForm,
)
from registrations.models import Invitation
from registrations.services.answering import answer_invitation, note_seen
from registrations.services.invitation_links import (
    find_by_former_link,
    find_by_invitation_link,
    invitation_path,
)
from registrations.services.links import manage_path
from registrations.services.salutations import salutation_of
from registrations.views.public.asking import still_missing
from registrations.views.public.base import answer, check_sends, chosen_query
from registrations.views.public.headings import heading
from registrations.views.public.invitation_words import (
    RESPONSES,
    Closed,
    closed_because,
    in_words,
    kept_sentence,
    thanks_for_more,
)

View = Callable[[HttpRequest, Invitation], HttpResponse]
GONE: Final = 410


def by_invitation(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Make a view of one that gets the invitation that the link opens, as nobody may keep it."""

    def make(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def page(request: HttpRequest, code: str, token: str) -> HttpResponse:
            if request.method not in methods:
                return kept_by_nobody(HttpResponseNotAllowed(methods))
            row = find_by_invitation_link(code, token)
            if row is not None:
                return kept_by_nobody(view(request, row))
            former = find_by_former_link(code, token)
            if former is None:
                count_wrong_link(request)
                raise Http404
            return kept_by_nobody(_page(request, former, {"closed": Closed("revoked")}))

        return page

    return make


@by_invitation("GET", "HEAD", "POST")
def answer_page(request: HttpRequest, row: Invitation) -> HttpResponse:
    """How the invitation stands; POST answers it, or adds to the answer."""
    closed = closed_because(row, row.conference)
    if closed is not None:
        return _page(request, row, {"closed": closed})
    if request.method != "POST":
        return _page(request, row)
    check_sends(request)
    with translation.override(_reader(request, row).catalogue):
        return _answer(request, row, request.POST.get("answer", ""))


@by_invitation("POST")
def seen(request: HttpRequest, row: Invitation) -> HttpResponse:
    """The page's script says that somebody has looked at it."""
    check_sends(request)
    note_seen(invitation=row)
    return HttpResponse(status=204)


def _answer(request: HttpRequest, row: Invitation, deed: str) -> HttpResponse:
    if deed == "colleague" and "given_name" not in request.POST:
        # Nothing is written before it is known who comes.
        said = {"answered_by": request.POST.get("answered_by", ""), "version": row.version}
        return _page(request, row, {"colleague": ColleagueForm(initial=said)})
    form = _FORMS.get(deed, AnswerForm)(request.POST)
    if deed not in _DEEDS or not form.is_valid():
        return _page(request, row, {deed: form, "form": form}, status=400)
    answered_by = form.cleaned_data["answered_by"]
    try:
        answer_invitation(
            invitation=row,
            via=AnsweredVia.ASSISTANT if answered_by else AnsweredVia.LINK,
            answered_by=answered_by,
            actor=Actor("guest", "", request_id.get()),
            by_guest=True,
            expected=form.cleaned_data["version"],
            **_DEEDS[deed](row, form),
        )
    except DomainError as refusal:
        if refusal.kind == "stale":
            return _meanwhile(request, row, deed, refusal)
        form.refuse(refusal)
        return _page(request, row, {deed: form, "form": form}, refusal=refusal)
    thanks = "thanks=yes" if deed == "more" else ""
    return redirect(f"{invitation_path(row)}?{chosen_query(request)}{thanks}".rstrip("?&"))


def _meanwhile(
    request: HttpRequest, row: Invitation, deed: str, refusal: DomainError
) -> HttpResponse:
    """Show what somebody else has answered since the page was opened; twice the same is once."""
    row.refresh_from_db()
    closed = closed_because(row, row.conference)
    if closed is None and row.response and row.response == _PLAIN.get(deed) and not row.by_delegate:
        return redirect(f"{invitation_path(row)}?{chosen_query(request)}".rstrip("?&"))
    return _page(request, row, {"closed": closed, "meanwhile": True}, refusal=refusal)


def _reader(request: HttpRequest, row: Invitation) -> Reader:
    """Read in the person's language, unless the address names another one."""
    conference = row.conference
    own = row.person.language or conference.first_language
    return choose(request.GET.get("lang"), "", list(dict.fromkeys([own, *conference.languages])))


def _page(
    request: HttpRequest,
    row: Invitation,
    more: Mapping[str, Any] = MappingProxyType({}),
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    reader = _reader(request, row)
    conference = conference_of(row.conference_id)
    page, closed = "invitation", more.get("closed")
    if closed is not None:
        page = "invitation_closed"
        status = GONE if closed.kind in {"withdrawn", "revoked"} else status
    elif "colleague" in more:
        page = "invitation_colleague"
    with translation.override(reader.catalogue):
        context = _context(request, row, conference, reader)
        if page == "invitation":
            context |= _standing(row, conference, reader)
            context["thanks"] = thanks_for_more(row) if "thanks" in request.GET else ""
        context |= more
    template = f"registrations/public/{page}.html"
    return answer(request, template, context, reader, refusal, status)


def _context(
    request: HttpRequest, row: Invitation, conference: Conference, reader: Reader
) -> dict[str, Any]:
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    is_public = conference.visibility != Visibility.PRIVATE
    return conference_context(conference, reader, "conference", at) | {
        "page": "invitation",
        "noindex": True,
        "languages": language_links(request.path, reader),
        "invitation": row,
        "person": row.person,
        "path": request.path,
        "has_page": is_public and conference.state != ConferenceState.DRAFT,
        "mail_to": conference.contact_email or conference.organisation.contact_email,
        "phone_to": conference.contact_phone or conference.organisation.contact_phone,
        "response_word": RESPONSES[row.response],
    }


def _standing(row: Invitation, conference: Conference, reader: Reader) -> dict[str, Any]:
    """Return what stands on the page by the answer that there is."""
    known = {"version": row.version}
    comes = row.response == InvitationResponse.ACCEPTED
    registration = row.registration if comes else None
    companion = row.companion if row.companion is not None and row.companion.is_live else None
    context: dict[str, Any] = {
        "salutation": salutation_of(row.person, reader.tag).text,
        "registration": registration,
        "answered": in_words(row, conference, reader),
    }
    if registration is not None:
        return context | {
            "heading": heading(registration, conference, reader),
            "manage_path": manage_path(registration) + reader.query,
            "change_path": f"{manage_path(registration)}change/{reader.query}",
            "missing": still_missing(registration),
            "along": companion,
            "companion": CompanionForm(initial=known),
            "phone": PhoneForm(initial=known),
        }
    if row.response == InvitationResponse.DECLINED:
        said = {"reason": row.decline_reason, "wants_findings": row.wants_findings}
        return context | {"more": RegretForm(initial=known | said)}
    return context | {"kept": kept_sentence(row, conference, reader)}


def _colleague_or_guest(row: Invitation) -> dict[str, Any]:
    """Return the arguments of a yes that leaves open who comes: whoever was named before."""
    return {"response": InvitationResponse.ACCEPTED, "delegate": {} if row.by_delegate else None}


_PLAIN: Final[Mapping[str, InvitationResponse]] = {
    "attend": InvitationResponse.ACCEPTED,
    "maybe": InvitationResponse.TENTATIVE,
    "regret": InvitationResponse.DECLINED,
}
_FORMS: Final[Mapping[str, type[AnswerForm]]] = {
    "colleague": ColleagueForm,
    "companion": CompanionForm,
    "phone": PhoneForm,
    "more": RegretForm,
}
# What is pressed -> what is answered by that.
_DEEDS: Final[Mapping[str, Callable[[Invitation, Any], dict[str, Any]]]] = {
    "attend": lambda _row, _form: {"response": InvitationResponse.ACCEPTED},
    "maybe": lambda _row, _form: {"response": InvitationResponse.TENTATIVE},
    "regret": lambda _row, _form: {"response": InvitationResponse.DECLINED},
    "colleague": lambda _row, form: {
        "response": InvitationResponse.ACCEPTED,
        "delegate": form.colleague(),
    },
    "companion": lambda row, form: _colleague_or_guest(row) | {"companion": form.names()},
    "alone": lambda row, _form: _colleague_or_guest(row) | {"companion": {}},
    "phone": lambda row, form: (
        _colleague_or_guest(row) | {"details": {"phone": form.cleaned_data["phone"]}}
    ),
    "more": lambda _row, form: {
        "response": InvitationResponse.DECLINED,
        "reason": form.cleaned_data["reason"],
        "wants_findings": form.cleaned_data["wants_findings"],
    },
}
