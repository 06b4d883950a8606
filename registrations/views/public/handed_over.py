"""What a personal link says when somebody else has the place; and who may send somebody else."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from core.text import email_key
from core.views.links import count_wrong_link
from events.languages import choose
from events.views.public.context import conference_context, conference_of, language_links
from registrations.models import Invitation, Registration
from registrations.services.contacts import address_of
from registrations.services.following import seen_invitation_of
from registrations.services.invitation_links import invitation_path
from registrations.services.substituting import handed_over, why_no_substitute
from registrations.views.public.base import answer, chosen_query


def opens_nothing(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Tell who had the place that somebody else has it, by whatever page they come back.

    The form that did it, sent twice, leads there too. Of the other one nothing is said.

    Raises:
        Http404: for a link that never opened anything, or was ended in another way.
        DomainError: ``throttled`` for too many of those.
    """
    row = handed_over(code, token)
    page = request.resolver_match.url_name if request.resolver_match else ""
    if row is None:
        count_wrong_link(request)
        raise Http404
    if page == "ticket":
        raise Http404
    if page != "personal" or request.method not in {"GET", "HEAD"}:
        return redirect(f"{handed_over_path(code, token)}?{chosen_query(request)}".rstrip("?&"))
    conference = conference_of(row.conference_id)
    accepted = request.headers.get("Accept-Language", "")
    reader = choose(request.GET.get("lang"), accepted, conference.languages)
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    with translation.override(reader.catalogue):
        context = conference_context(conference, reader, "conference", at) | {
            "page": "personal",
            "noindex": True,
            "languages": language_links(request.path, reader),
            "mail_to": conference.contact_email or conference.organisation.contact_email,
        }
    return answer(request, "registrations/public/handed_over.html", context, reader)


def handed_over_path(code: str, token: str) -> str:
    """Return the personal page's path at a link as it was."""
    return reverse("personal", kwargs={"code": code, "token": token})


def somebody_else(registration: Registration) -> dict[str, Any]:
    """Return whether the guest can send somebody else here, or where they name a colleague."""
    refusal = why_no_substitute(registration, None, by_guest=True)
    if refusal is not None:
        return {"may_substitute": False}
    invitation = seen_invitation_of(registration)
    if invitation is None:
        return {"may_substitute": True}
    return {"may_substitute": False, "colleague_path": colleague_path(registration, invitation)}


def colleague_path(registration: Registration, invitation: Invitation) -> str:
    """Return the path of the page of an invitation, for whom it was sent to alone; else "".

    A colleague's or a companion's link does not answer for who was invited.
    """
    is_own = invitation.registration_id == registration.pk and not invitation.by_delegate
    invited = address_of(invitation.person)
    same = bool(invited and registration.email) and email_key(invited) == registration.email_key
    return invitation_path(invitation) if is_own and same else ""
