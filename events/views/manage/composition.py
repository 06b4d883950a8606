"""What a programme has to keep to: how many of a role, when people can, what comes first."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from events.enums import SessionKind
from events.forms.composition import AvailabilityForm, PrecedenceForm, RequirementsForm
from events.models import Availability, Person, SessionPrecedence
from events.services import availability as availability_services
from events.services import precedences, requirements
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from events.views.manage.searching import matching

MOST_FOUND = 20


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def requirement_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """How many of each role a kind of session needs; `code` is the kind."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    if code not in SessionKind.values:
        raise Http404
    rows = [one for one in requirements.requirements_of(row) if one.kind == code]
    form = RequirementsForm(request.POST or None, rows=rows, version=row.version)
    if request.method == "POST" and "usual" in request.POST:
        try_verb(
            request,
            [row],
            "The usual numbers count again.",
            lambda: requirements.reset_requirement(
                conference=row,
                kind=code,
                role=None,
                expected=posted_version(request),
                actor=actor_of(request),
            ),
        )
        return redirect("manage-conflicts", organisation, conference)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            [row],
            lambda: requirements.set_requirements(
                conference=row,
                kind=code,
                needs=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved. The conflicts are those of these numbers now.")
            return redirect("manage-conflicts", organisation, conference)
    context = {
        "conference": row,
        "kind": SessionKind(code).label,
        "form": form,
        "is_own": any(not one.is_usual for one in rows),
    }
    return render(request, "events/manage/requirement.html", context)


@require_http_methods(["GET", "HEAD"])
@console_page
def availabilities(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Who said when they can be there, and a search for somebody else."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    text = request.GET.get("q", "").strip()
    found: list[Person] = []
    if text and may(request, Permission.PEOPLE_READ):
        people = matching(Person.objects.filter(organisation=row.organisation), text)
        found = list(people.order_by("sort_key", "pk")[: MOST_FOUND + 1])
    context = {
        "conference": row,
        "people": availability_services.availabilities_of(row),
        "text": text,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "may_write": may(request, Permission.PROGRAMME_WRITE),
        "may_search": may(request, Permission.PEOPLE_READ),
    }
    return render(request, "events/manage/availabilities.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def availability_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """When one person can be there."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    person = Person.objects.filter(organisation=row.organisation, code=code).first()
    if person is None:
        raise Http404
    rows = list(Availability.objects.filter(conference=row, person=person))
    form = AvailabilityForm(request.POST or None, rows=rows, conference=row)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            [row, person],
            lambda: availability_services.set_availability(
                conference=row,
                person=person,
                windows=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if saved is not None:
            done = "can be there then" if saved else "can always be there"
            messages.success(request, f"Saved. {person.given_name} {done}.")
            return redirect("manage-availabilities", organisation, conference)
    context = {"conference": row, "person": person, "form": form}
    return render(request, "events/manage/availability.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def precedence_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """What comes before what, and a form that adds a pair."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    row = get_conference(request, organisation, conference, needed)
    form = PrecedenceForm(request.POST or None, conference=row)
    if posting and form.is_valid():
        made = attempt(
            form,
            [],
            lambda: precedences.create_precedence(
                conference=row, actor=actor_of(request), **form.values()
            ),
        )
        if made is not None:
            messages.success(request, "Said. Where it is the other way round, that is a conflict.")
            return redirect("manage-precedences", organisation, conference)
    pairs = SessionPrecedence.objects.filter(first__conference=row).select_related("first", "then")
    context = {
        "conference": row,
        "pairs": pairs.order_by("pk"),
        "form": form,
        "may_write": may(request, Permission.PROGRAMME_WRITE),
    }
    return render(request, "events/manage/precedences.html", context)


@require_POST
@console_page
def precedence_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Let two sessions (`code` is both codes) stand in any order."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    first, _, then = code.partition("-")
    pair = SessionPrecedence.objects.filter(
        first__conference=row, first__code=first, then__code=then
    ).first()
    if pair is None:
        raise Http404
    try_verb(
        request,
        [row],
        "They can stand in any order now.",
        lambda: precedences.delete_precedence(
            precedence=pair, expected=None, actor=actor_of(request)
        ),
    )
    return redirect("manage-precedences", organisation, conference)
