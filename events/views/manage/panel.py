"""A session's own page: the panel seen from above, the person card beside it, the details below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.errors import DomainError
from events.enums import ParticipationRole as Role
from events.enums import ParticipationState as State
from events.enums import SessionKind
from events.forms.session import ROLE_FOR_KIND, NewOnPanelForm, ParticipationForm, SessionForm
from events.models import Conference, Participation, Person, Session
from events.services.panels import (
    add_participation,
    change_participation,
    remove_participation,
    reorder_participations,
)
from events.services.people import create_person
from events.services.sessions import change_session
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, stale_sentence, try_verb
from events.views.manage.searching import matching
from events.views.manage.sessions import get_session

MOST_FOUND: Final = 8
NEXT_STEP: Final = {
    State.PLANNED: "Not asked yet",
    State.INVITED: "Has not answered",
    State.TENTATIVE: "Is thinking about it",
    State.DECLINED: "Find somebody else",
    State.REPLACED: "Somebody else sits here",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """A place at the panel's table."""

    part: Participation
    is_moderator: bool
    is_open: bool
    next_step: str
    may_go_earlier: bool
    may_go_later: bool


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def session_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Compose the panel; POST saves the session's details."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    row = get_conference(request, organisation, conference, needed)
    session = get_session(row, code)
    form = SessionForm(request.POST or None, conference=row, session=session)
    if posting and form.is_valid():
        changed = attempt(
            form,
            subject_of(session),
            lambda: change_session(
                session=session,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved in the draft.")
            return _back(session)
    return _show(request, session, {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def session_people(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Find people for the panel (GET, a fragment for htmx); POST puts one on it."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PEOPLE_READ
    row = get_conference(request, organisation, conference, needed)
    session = get_session(row, code)
    if not posting:
        if not request.htmx:  # type: ignore[attr-defined]  # django_htmx's middleware
            query = request.META.get("QUERY_STRING", "")
            here = reverse("manage-session", args=[organisation, conference, code])
            return redirect(f"{here}?{query}#add")
        context = _searched(request, session)
        return render(
            request,
            "events/manage/people_found.html",
            context | {"session": session, "conference": row},
        )
    person = Person.objects.filter(
        organisation=row.organisation, code=request.POST.get("person", "")
    ).first()
    if person is None:
        messages.error(request, "Choose somebody from the list. Nobody was added.")
        return _back(session)
    try_verb(
        request,
        subject_of(session),
        f"{person.given_name} {person.family_name} is on the panel now.",
        lambda: add_participation(
            session=session,
            person=person,
            role=request.POST.get("role", ""),
            expected=posted_version(request),
            actor=actor_of(request),
        ),
    )
    return _back(session)


@require_POST
@console_page
def session_new_person(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Make a person and put them on the panel, both or neither."""
    row = get_conference(request, organisation, conference, Permission.PEOPLE_WRITE)
    get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    form = NewOnPanelForm(request.POST)
    if form.is_valid():
        added = attempt(form, subject_of(session), lambda: _add_new(request, session, form))
        if added is not None:
            messages.success(request, f"{added.person.given_name} is on the panel now.")
            return _back(session)
    return _show(request, session, {"new_person": form})


def _add_new(request: HttpRequest, session: Session, form: NewOnPanelForm) -> Participation:
    with transaction.atomic():
        actor = actor_of(request)
        person = create_person(
            organisation=session.conference.organisation, actor=actor, **form.person()
        )
        return add_participation(
            session=session,
            person=person,
            role=form.cleaned_data["role"],
            expected=form.expected,
            actor=actor,
        )


@require_POST
@console_page
def participation_change(
    request: HttpRequest, organisation: str, conference: str, code: str, part: str
) -> HttpResponse:
    """Save what somebody is on this session."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    chosen = _part(session, part)
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
            return _back(session, part)
    return _show(request, session, {"chosen": chosen, "part_form": form})


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
                codes=codes,
                expected=posted_version(request),
                actor=actor_of(request),
            ),
        )
    return _back(session)


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
            codes=request.POST.get("order", "").split(","),
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
    chosen = _part(session, part)
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
        return _back(session)
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
            "cancel_url": f"{_url(session)}?part={part}",
        },
    )


def seats_of(session: Session) -> list[Seat]:
    """Return the table: who moderates first, then the others in order."""
    parts = list(session.participations.select_related("person").order_by("order", "pk"))
    for part in parts:
        part.session = session
    parts.sort(key=lambda part: part.role != Role.MODERATOR)
    seats = []
    for index, part in enumerate(parts):
        group = part.role == Role.MODERATOR
        before = parts[index - 1] if index else None
        after = parts[index + 1] if index + 1 < len(parts) else None
        state = State(part.state)
        confirmed = f"{part.minutes} minutes" if part.minutes else ""
        seats.append(
            Seat(
                part=part,
                is_moderator=group,
                is_open=state in {State.DECLINED, State.REPLACED},
                next_step=NEXT_STEP.get(state, confirmed),
                may_go_earlier=before is not None and (before.role == Role.MODERATOR) == group,
                may_go_later=after is not None and (after.role == Role.MODERATOR) == group,
            )
        )
    return seats


def subject_of(session: Session) -> list[Any]:
    """Return the rows of which a stale session page may have been a part."""
    return [session, *session.participations.all()]


def _part(session: Session, code: str) -> Participation:
    part = session.participations.select_related("person").filter(code=code).first()
    if part is None:
        raise Http404
    part.session = session
    return part


def _searched(request: HttpRequest, session: Session) -> dict[str, Any]:
    """Return the people whom the search words find, and who of them is on the panel already."""
    text = request.GET.get("q", "").strip()
    found: list[Person] = []
    if text:
        on_it = session.participations.filter(person=OuterRef("pk"))
        people = Person.objects.filter(organisation=session.conference.organisation)
        rows = matching(people, text).annotate(on_panel=Exists(on_it))
        found = list(rows.order_by("sort_key", "pk")[: MOST_FOUND + 1])
    return {
        "text": text,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "role": request.GET.get("role", ""),
    }


def _usual_role(session: Session, seats: list[Seat]) -> str:
    if session.kind == SessionKind.PANEL:
        lacks = not any(seat.is_moderator and not seat.is_open for seat in seats)
        return Role.MODERATOR if lacks else Role.PANELLIST
    return ROLE_FOR_KIND.get(SessionKind(session.kind), Role.PANELLIST)


def _show(request: HttpRequest, session: Session, given: dict[str, Any]) -> HttpResponse:
    conference: Conference = session.conference
    seats = seats_of(session)
    usual = _usual_role(session, seats)
    chosen = given.get("chosen")
    if chosen is None and (code := request.GET.get("part")):
        chosen = next((seat.part for seat in seats if seat.part.code == code), None)
    context: dict[str, Any] = {
        "conference": conference,
        "session": session,
        "seats": seats,
        "usual_role": usual,
        "roles": Role.choices,
        "chosen": chosen,
        "new_person": NewOnPanelForm(
            initial={"role": usual, "version": session.version}, auto_id="new_%s"
        ),
        "may_write": may(request, Permission.PROGRAMME_WRITE),
        "may_search": may(request, Permission.PEOPLE_READ),
        "may_add_people": may(request, Permission.PEOPLE_WRITE),
    }
    if "form" not in given:
        context["form"] = SessionForm(conference=conference, session=session)
    if chosen is not None:
        context["part_form"] = ParticipationForm(participation=chosen, auto_id="part_%s")
    if context["may_search"]:
        context |= _searched(request, session)
    context["role"] = context.get("role") or usual
    return render(request, "events/manage/session.html", context | given)


def _url(session: Session) -> str:
    conference = session.conference
    return reverse(
        "manage-session", args=[conference.organisation.slug, conference.slug, session.code]
    )


def _back(session: Session, part: str = "") -> HttpResponse:
    return redirect(f"{_url(session)}?part={part}#card" if part else _url(session))
