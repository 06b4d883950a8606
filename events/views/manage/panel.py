"""A session's own page: the panel seen from above, the person card beside it, the details below."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from events.enums import ParticipationRole as Role
from events.enums import ParticipationState as State
from events.forms.session import NewOnPanelForm, ParticipationForm, SessionForm
from events.models import Conference, Participation, Person, Session
from events.services.panels import (
    add_participation,
)
from events.services.people import create_person
from events.services.sessions import change_session
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from events.views.manage.composing import card_context, searched
from events.views.manage.seats import parts_of, seats_of, usual_role
from events.views.manage.sessions import get_session


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
            return back_to(session)
    return show_panel(request, session, {"form": form})


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
        context = searched(request, session)
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
        return back_to(session)
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
    return back_to(session)


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
            return back_to(session)
    return show_panel(request, session, {"new_person": form})


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


def subject_of(session: Session) -> list[Any]:
    """Return the rows of which a stale session page may have been a part."""
    return [session, *session.participations.all()]


def show_panel(request: HttpRequest, session: Session, given: dict[str, Any]) -> HttpResponse:
    conference: Conference = session.conference
    here, former = parts_of(session)
    seats = seats_of(session, here)
    usual = usual_role(session, seats)
    chosen = given.get("chosen")
    if chosen is None and (code := request.GET.get("part")):
        chosen = next((part for part in (*here, *former) if part.code == code), None)
    context: dict[str, Any] = {
        "conference": conference,
        "session": session,
        "seats": seats,
        "former": former,
        "not_asked": [part for part in here if part.state == State.PLANNED],
        "shortlist": list(session.candidates.select_related("person").order_by("order", "pk")),
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
        context |= card_context(session, chosen)
        context |= searched(request, session)
    context["role"] = context.get("role") or usual
    return render(request, "events/manage/session.html", context | given)


def url_of(session: Session) -> str:
    conference = session.conference
    return reverse(
        "manage-session", args=[conference.organisation.slug, conference.slug, session.code]
    )


def back_to(session: Session, part: str = "") -> HttpResponse:
    return redirect(f"{url_of(session)}?part={part}#card" if part else url_of(session))
