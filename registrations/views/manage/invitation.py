"""One invited guest: the answer, who gave it and how, what went out, and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account
from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.actors import Actor
from core.clock import to_local
from core.enums import AnsweredVia
from core.errors import DomainError
from core.text import full_name
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from registrations.enums import InvitationResponse
from registrations.forms.invitations import DELEGATE, AnswerForm, InvitationForm, members_of
from registrations.models import Invitation, InvitationEvent
from registrations.services.answering import answer_invitation
from registrations.services.guest_bulk import do_to_guests
from registrations.services.holding import reply_deadline
from registrations.services.invitation_links import invitation_url, revoke_invitation_link
from registrations.services.inviting import change_invitation, withdraw_invitation
from registrations.services.salutations import salutation_of
from registrations.views.manage.guests import get_invitation

_DEEDS: Final = {
    "add": "Put on the list",
    "add_to_answer": "Added to the answer",
    "answer": "Answered",
    "cancel_companion": "The companion was cancelled",
    "cancel_registration": "The registration was cancelled",
    "change": "Changed",
    "hold": "A place is kept",
    "release_hold": "The kept place was released",
    "revoke_link": "The link was ended",
    "see": "Saw the page",
    "send": "Invitation sent",
    "send_save_the_date": "Save-the-date sent",
    "uncancel_companion": "The companion has a place again",
    "uncancel_registration": "Has a place again",
    "withdraw": "Withdrawn",
}
_ACTORS: Final = {
    "anonymous": "the guest",
    "guest": "the guest",
    "token": "a program",
    "system": "Lectern",
    "rule": "the clock",
}
_DONE: Final = {
    "withdraw": "The invitation of {name} is withdrawn.",
    "revoke-link": "The link that {name} has opens nothing any more.",
    "hold": "A place is kept for {name}.",
    "release": "The place of {name} is free for others.",
}
_OWN_LINK: Final = "through their link"
_SENDING: Final = {"send": "send", "save-the-date": "save-the-date"}


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of what happened.

    Arguments:
        what: the deed: "Answered: coming,".
        who: who did it and how: "by the guest, through their link".
    """

    at: Any
    what: str
    who: str
    detail: str


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def invitation_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Who it is, how things stand, what happened; POST saves what organisers say of it."""
    posting = request.method == "POST"
    needed = Permission.REGISTRATION_WRITE if posting else Permission.REGISTRATION_READ
    row = get_conference(request, organisation, conference, needed)
    invitation = get_invitation(row, code)
    may_write = may(request, Permission.REGISTRATION_WRITE)
    form = InvitationForm(
        request.POST or None,
        invitation=invitation,
        types=list(row.registration_types.all()) if may_write else [],
        members=members_of(row) if may_write else [],
    )
    if posting and form.is_valid():
        changed = attempt(
            form,
            [invitation],
            lambda: change_invitation(
                invitation=invitation,
                changes=form.changes(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved.")
            return redirect("manage-invitation", organisation, conference, code)
    person = invitation.person
    language = person.language or row.first_language
    context = {
        "conference": row,
        "invitation": invitation,
        "person": person,
        "name": full_name(person.given_name, person.family_name),
        "form": form,
        "may_write": may_write,
        "may_write_people": may(request, Permission.PEOPLE_WRITE),
        "sees_people": may(request, Permission.PEOPLE_READ),
        "sees_mail": may(request, Permission.MAIL_READ),
        # Whoever has the link can answer as the guest, so it is shown only to those who may anyway.
        "link": invitation_url(invitation) if may_write and invitation.is_live else "",
        "assistants": list(person.assistants.all()),
        "salutation": salutation_of(person, language),
        "language": language,
        "held": sum(invitation.held_places.values_list("count", flat=True)),
        "deadline": to_local(reply_deadline(invitation), row.time_zone),
        "history": _history(invitation),
    }
    return render(request, "registrations/manage/invitation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def invitation_answer(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Record an answer that came by phone, by mail or in person."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    invitation = get_invitation(row, code)
    initial = {
        "version": invitation.version,
        "via": AnsweredVia.PHONE,
        "response": DELEGATE if invitation.by_delegate else invitation.response,
        "wants_findings": invitation.wants_findings,
    }
    form = AnswerForm(request.POST or None, initial=initial)
    name = full_name(invitation.person.given_name, invitation.person.family_name)
    if request.method == "POST" and form.is_valid():
        answered = attempt(
            form,
            [invitation],
            lambda: answer_invitation(
                invitation=invitation,
                actor=actor_of(request),
                expected=form.expected,
                **form.values(),
            ),
        )
        if answered is not None:
            word = InvitationResponse(answered.response).label.lower()
            messages.success(request, f"{name}: {word}. It is written down.")
            if answered.over_capacity:
                messages.warning(request, "No place was left: this one comes on top.")
            if request.POST.get("next") == "call-list":
                return redirect("manage-call-list", organisation, conference)
            return redirect("manage-invitation", organisation, conference, code)
    context = {
        "conference": row,
        "invitation": invitation,
        "name": name,
        "form": form,
        "next": request.POST.get("next", "") or request.GET.get("next", ""),
        "assistants": list(invitation.person.assistants.all()),
    }
    return render(request, "registrations/manage/invitation_answer.html", context)


@require_POST
@console_page
def invitation_verb(
    request: HttpRequest, organisation: str, conference: str, code: str, verb: str
) -> HttpResponse:
    """Send, withdraw, end the link, keep or release a place: one button each."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    invitation = get_invitation(row, code)
    name = full_name(invitation.person.given_name, invitation.person.family_name)
    if verb in _SENDING:
        if not may(request, Permission.MAIL_WRITE):
            raise PermissionDenied
        _send(request, row, invitation, name, verb)
    elif verb in _DONE:
        call = _verbs(request, invitation, actor_of(request))[verb]
        try_verb(request, [invitation], _DONE[verb].format(name=name), call)
    else:
        raise Http404
    return redirect("manage-invitation", organisation, conference, code)


def _verbs(
    request: HttpRequest, invitation: Invitation, actor: Actor
) -> Mapping[str, Callable[[], Any]]:
    about: dict[str, Any] = {
        "invitation": invitation,
        "expected": posted_version(request),
        "actor": actor,
    }
    return {
        "withdraw": lambda: withdraw_invitation(reason=request.POST.get("reason", ""), **about),
        "revoke-link": lambda: revoke_invitation_link(**about),
        "hold": lambda: change_invitation(changes={"hold": True}, **about),
        "release": lambda: change_invitation(changes={"hold": False}, **about),
    }


def _send(
    request: HttpRequest, row: Conference, invitation: Invitation, name: str, verb: str
) -> None:
    try:
        outcome = do_to_guests(
            conference=row,
            invitations=[invitation],
            verb=verb,
            values={},
            actor=actor_of(request),
        )
    except DomainError as refusal:
        messages.error(request, refusal.detail)
        return
    for _one, reason in outcome.skipped:
        messages.error(request, reason)
    if outcome.done:
        messages.success(request, f"The mail is on its way to {name}.")


def _history(invitation: Invitation) -> list[Deed]:
    """Return who did what and how, the first deed first; two queries."""
    events = list(invitation.events.order_by("at", "pk"))
    ids = {event.actor_id for event in events if event.actor_kind == "account"}
    accounts = {str(one.pk): one for one in Account.objects.filter(pk__in=ids)}
    deeds = []
    for event in events:
        account = accounts.get(event.actor_id)
        who = account.get_full_name() if account else _ACTORS.get(event.actor_kind, "somebody")
        what = _DEEDS.get(event.verb, event.verb.replace("_", " ").capitalize())
        if event.response:
            what = f"{what}: {InvitationResponse(event.response).label.lower()},"
        at = to_local(event.at, invitation.conference.time_zone)
        deeds.append(Deed(at, what, _by(event, who), event.detail))
    return deeds


def _by(event: InvitationEvent, who: str) -> str:
    """Return who did something and how, as the end of a sentence."""
    if event.via == AnsweredVia.LINK:
        return (
            f"by {event.by}, through the guest's link"
            if event.by
            else f"by {who}, through their link"
        )
    if event.via == AnsweredVia.ASSISTANT:
        return f"by {event.by or 'an assistant'} for the guest, through the guest's link"
    if not event.via:
        return f"by {who}"
    way = str(AnsweredVia(event.via).label).lower()
    told = f" from {event.by}" if event.by else ""
    return f"{way}{told}, written down by {who}"
