"""The pipeline of one seat: record an answer, let go, replace."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.text import full_name
from events.enums import ParticipationState as State
from events.forms.speaking import RecordAnswerForm, ReplaceForm
from events.models import Participation, Person, Session
from events.services.asking import ASKED_OR_THERE, release_speaker, revoke_speaker_link
from events.services.panels import change_participation
from events.services.replacing import replace_speaker
from events.services.speaker_answers import answer_ask
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from events.views.manage.panel import back_to, subject_of, url_of
from events.views.manage.searching import matching
from events.views.manage.seats import part_of
from events.views.manage.sessions import get_session
from events.views.manage.shortlist import shortlist_of

MOST_FOUND = 8


def _seat(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> tuple[Session, Participation]:
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    return session, part_of(session, part)


def _name(person: Person) -> str:
    return full_name(person.given_name, person.family_name)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def speaker_record_answer(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> HttpResponse:
    """Write down an answer that came by phone, by mail or in person."""
    session, chosen = _seat(request, organisation, conference, code, part)
    form = RecordAnswerForm(
        request.POST if request.method == "POST" else None,
        initial=RecordAnswerForm.initial_of(chosen),
    )
    if request.method == "POST" and form.is_valid():
        answered = attempt(
            form,
            subject_of(session),
            lambda: answer_ask(
                participation=chosen,
                expected=form.expected,
                actor=actor_of(request),
                **form.answer(),
            ),
        )
        if answered is not None:
            state = answered.get_state_display().lower()
            messages.success(request, f"Written down: {_name(chosen.person)} is {state}.")
            return back_to(session, part)
    context = _context(session, chosen) | {"form": form}
    return render(request, "events/manage/speaker_answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def speaker_release(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> HttpResponse:
    """Ask once more, then let somebody go who was asked; a mail goes only where it is ticked."""
    session, chosen = _seat(request, organisation, conference, code, part)
    name = _name(chosen.person)
    if request.method == "POST":
        tell_them = request.POST.get("tell_them") == "yes"
        told = "They get a letter that says so." if tell_them else "They were not told."
        try_verb(
            request,
            subject_of(session),
            f"{name} is not asked any more. {told}",
            lambda: release_speaker(
                participation=chosen,
                tell_them=tell_them,
                expected=posted_version(request),
                actor=actor_of(request),
            ),
        )
        return back_to(session)
    return render(request, "events/manage/speaker_release.html", _context(session, chosen))


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def speaker_replace(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> HttpResponse:
    """Put somebody in another one's place: who is considered, and the asking in the same step."""
    session, chosen = _seat(request, organisation, conference, code, part)
    organisation_row = session.conference.organisation
    form = ReplaceForm(
        request.POST if request.method == "POST" else None,
        initial={"version": session.version, "ask": True, "person": request.GET.get("person", "")},
    )
    wanted = request.POST.get("person") or request.GET.get("person", "")
    person = Person.objects.filter(organisation=organisation_row, code=wanted).first()
    is_valid = request.method == "POST" and form.is_valid()
    if request.method == "POST" and person is None:
        form.add_error(None, "Choose who comes instead. Nothing was changed.")
    elif is_valid and person is not None:
        newcomer = person
        row = attempt(
            form,
            subject_of(session),
            lambda: replace_speaker(
                participation=chosen,
                person=newcomer,
                ask=form.cleaned_data["ask"],
                tell_them=form.cleaned_data["tell_them"],
                expected=form.expected,
                actor=actor_of(request),
                **form.asking(),
            ),
        )
        if row is not None:
            asked = " and was asked" if form.cleaned_data["ask"] else ""
            messages.success(
                request, f"{_name(person)} sits in the place of {_name(chosen.person)}{asked}."
            )
            return back_to(session, row.code)
    context = _context(session, chosen) | {
        "form": form,
        "newcomer": person,
        "shortlist": shortlist_of(session, chosen.role),
        "may_search": may(request, Permission.PEOPLE_READ),
        "was_asked": chosen.state in ASKED_OR_THERE,
        "stays_declined": chosen.state == State.DECLINED,
        **_found(request, session, chosen),
    }
    return render(request, "events/manage/speaker_replace.html", context)


def _found(request: HttpRequest, session: Session, chosen: Participation) -> dict[str, Any]:
    """Return the people whom the search words find, and who of them sits there already."""
    text = request.GET.get("q", "").strip()
    if not text or not may(request, Permission.PEOPLE_READ):
        return {"text": text, "found": []}
    there = session.participations.filter(person=OuterRef("pk"), role=chosen.role)
    people = Person.objects.filter(organisation=session.conference.organisation)
    rows = matching(people, text).annotate(on_panel=Exists(there.exclude(state=State.REPLACED)))
    return {"text": text, "found": list(rows.order_by("sort_key", "pk")[:MOST_FOUND])}


@require_POST
@console_page
def speaker_link_revoke(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> HttpResponse:
    """Make the link that somebody was sent open nothing."""
    session, chosen = _seat(request, organisation, conference, code, part)
    name = _name(chosen.person)
    try_verb(
        request,
        subject_of(session),
        f"The link that {name} was sent opens nothing any more. The next letter has a new one.",
        lambda: revoke_speaker_link(
            participation=chosen, expected=posted_version(request), actor=actor_of(request)
        ),
    )
    return back_to(session, part)


@require_POST
@console_page
def speaker_shown(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> HttpResponse:
    """Show somebody in public before they confirm, or not any more. It acts at once."""
    session, chosen = _seat(request, organisation, conference, code, part)
    shown = request.POST.get("shown") == "yes"
    name = _name(chosen.person)
    said = "is shown before they confirm" if shown else "is shown only once they have confirmed"
    try_verb(
        request,
        subject_of(session),
        f"{name} {said}, in every published programme that has them.",
        lambda: change_participation(
            participation=chosen,
            changes={"shown_unconfirmed": shown},
            expected=posted_version(request),
            actor=actor_of(request),
        ),
    )
    return back_to(session, part)


def _context(session: Session, chosen: Participation) -> dict[str, Any]:
    return {
        "conference": session.conference,
        "session": session,
        "part": chosen,
        "person": chosen.person,
        "name": _name(chosen.person),
        "assistants": list(chosen.person.assistants.all()),
        "back_url": f"{url_of(session)}?part={chosen.code}#card",
    }
