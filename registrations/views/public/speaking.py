"""The page of who was asked to speak: whoever holds the link answers for them, with one press.

As with personal pages the address is the secret and the only right there is: see personal.py. GET
changes nothing, so mail programs may open the link as often as they like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.enums import AnsweredVia, Visibility
from core.errors import DomainError
from core.logging import request_id
from events.enums import ConferenceState, ParticipationRole, ParticipationState
from events.languages import Reader
from events.models import Conference, Participation
from events.services.asked_sessions import asked_session, confirmed_beside
from events.services.asking import note_speaker_page_seen
from events.services.schedules import current_programme
from events.services.speaker_answers import answer_ask
from events.services.speaker_links import (
    speaker_path,
)
from events.views.public.context import conference_context, conference_of, language_links
from events.views.speaker.base import behind_speaker_link, reader_for
from events.words import ROLES
from registrations.enums import RegistrationStatus
from registrations.forms.invitation import SpeakerAnswerForm
from registrations.models import Registration
from registrations.services.links import manage_path
from registrations.services.salutations import salutation_of
from registrations.views.public.base import answer, check_sends, chosen_query
from registrations.views.public.speaking_words import (
    Closed,
    closed_because,
    in_words,
    reply_sentence,
)

View = Callable[[HttpRequest, Participation], HttpResponse]
GONE: Final = 410
_S = ParticipationState
# What is pressed -> what is answered by that.
_DEEDS: Final[Mapping[str, ParticipationState]] = {
    "yes": _S.CONFIRMED,
    "maybe": _S.TENTATIVE,
    "no": _S.DECLINED,
    "reason": _S.DECLINED,
}
# Pages that a speaker has below this one (events.views.speaker), and what the links say.
_MORE: Final = (
    ("give", _("What we still need from you")),
    ("briefing", _("Briefing")),
)


def by_speaker_link(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Make a view of one that gets the participation that the link opens, as nobody may keep it."""

    return behind_speaker_link(*methods, revoked=_revoked)


def _revoked(request: HttpRequest, row: Participation) -> HttpResponse:
    return _page(request, row, {"closed": Closed("revoked")})


@by_speaker_link("GET", "HEAD", "POST")
def speaker_answer_page(request: HttpRequest, row: Participation) -> HttpResponse:
    """What somebody is asked for and how it stands; POST answers."""
    closed = closed_because(row)
    if closed is not None:
        return _page(request, row, {"closed": closed})
    if request.method != "POST":
        return _page(request, row)
    check_sends(request)
    with translation.override(reader_for(request, row).catalogue):
        return _answer(request, row, request.POST.get("answer", ""))


@by_speaker_link("POST")
def speaker_seen(request: HttpRequest, row: Participation) -> HttpResponse:
    """The page's script says that somebody has looked at it."""
    check_sends(request)
    note_speaker_page_seen(participation=row)
    return HttpResponse(status=204)


def _answer(request: HttpRequest, row: Participation, deed: str) -> HttpResponse:
    form = SpeakerAnswerForm(request.POST)
    if deed not in _DEEDS or not form.is_valid():
        return _page(request, row, {"form": form}, status=400)
    said = form.cleaned_data
    wanted = _DEEDS[deed]
    try:
        answered = answer_ask(
            participation=row,
            state=wanted,
            via=AnsweredVia.ASSISTANT if said["answered_by"] else AnsweredVia.LINK,
            answered_by=said["answered_by"],
            reason=said["reason"] if deed == "reason" else "",
            by_speaker=True,
            actor=Actor("guest", "", request_id.get()),
        )
    except DomainError as refusal:
        form.refuse(refusal)
        row.refresh_from_db()
        more = {"form": form, "closed": closed_because(row)}
        return _page(request, row, more, refusal=refusal)
    if answered.state != wanted:
        return _page(request, answered, {"closed": Closed("taken")})
    return redirect(f"{speaker_path(row)}?{chosen_query(request)}".rstrip("?&"))


def _page(
    request: HttpRequest,
    row: Participation,
    more: Mapping[str, Any] = MappingProxyType({}),
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    reader = reader_for(request, row)
    conference = conference_of(row.session.conference_id)
    row.session.conference = conference
    closed = more.get("closed")
    page = "speaking"
    if closed is not None:
        page = "speaking_closed"
        status = GONE if closed.kind == "revoked" else status
    with translation.override(reader.catalogue):
        context = _context(request, row, conference, reader)
        if closed is None:
            context |= _standing(row, conference, reader)
        context |= more
    template = f"registrations/public/{page}.html"
    return answer(request, template, context, reader, refusal, status)


def _context(
    request: HttpRequest, row: Participation, conference: Conference, reader: Reader
) -> dict[str, Any]:
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    is_public = conference.visibility != Visibility.PRIVATE
    return conference_context(conference, reader, "conference", at) | {
        "page": "speaking",
        "noindex": True,
        "languages": language_links(request.path, reader),
        "part": row,
        "person": row.person,
        "path": request.path,
        "has_page": is_public and conference.state != ConferenceState.DRAFT,
        "mail_to": conference.contact_email or conference.organisation.contact_email,
        "phone_to": conference.contact_phone or conference.organisation.contact_phone,
        "answered": in_words(row, conference, reader),
    }


def _standing(row: Participation, conference: Conference, reader: Reader) -> dict[str, Any]:
    """Return what stands on the page by the answer that there is."""
    comes = row.state == _S.CONFIRMED
    place = _place(row) if comes else None
    return {
        "salutation": salutation_of(row.person, reader.tag).text,
        "asked": asked_session(row, current_programme(conference)),
        "role": _role(row),
        "beside": [
            (other, ROLES[ParticipationRole(other.role)]) for other in confirmed_beside(row)
        ],
        "reply": reply_sentence(row, conference, reader),
        "manage_path": manage_path(place) + reader.query if place is not None else "",
        "more_pages": _more_pages(row, reader) if comes else (),
        "reason": SpeakerAnswerForm(initial={"reason": row.decline_reason}),
    }


def _role(row: Participation) -> str:
    return str(ROLES[ParticipationRole(row.role)])


def _place(row: Participation) -> Registration | None:
    """Return the place that a yes has given."""
    return (
        Registration.objects.filter(
            conference_id=row.session.conference_id,
            person_id=row.person_id,
            status=RegistrationStatus.CONFIRMED,
        )
        .order_by("pk")
        .first()
    )


def _more_pages(row: Participation, reader: Reader) -> list[tuple[str, str]]:
    """Return address and words of the other pages of a speaker."""
    path = speaker_path(row)
    return [(f"{path}{page}/{reader.query}", str(label)) for page, label in _MORE]
