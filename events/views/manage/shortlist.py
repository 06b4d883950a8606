"""The shortlist of a session: who is considered for it, in order."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.text import full_name
from events.models import Candidate, Person, Session
from events.services.candidates import add_candidate, remove_candidate, reorder_candidates
from events.views.access import get_conference
from events.views.manage.base import console_page, posted_version, try_verb
from events.views.manage.panel import back_to, subject_of, url_of
from events.views.manage.sessions import get_session


def shortlist_of(session: Session, role: str = "") -> list[Candidate]:
    """Return who is considered for a session, or for one role of it, in order; one query."""
    rows = session.candidates.select_related("person").order_by("order", "pk")
    return list(rows.filter(role=role) if role else rows)


@require_POST
@console_page
def session_shortlist(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Put somebody on the shortlist, take them off it, or move them up."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    person = Person.objects.filter(
        organisation=row.organisation, code=request.POST.get("person", "")
    ).first()
    deed = _DEEDS.get(request.POST.get("deed", "add"))
    if person is None or deed is None:
        messages.error(request, "Choose somebody from the list. Nothing was changed.")
        return back_to(session)
    deed(request, session, person, request.POST.get("role", ""))
    return redirect(f"{url_of(session)}#shortlist")


def _add(request: HttpRequest, session: Session, person: Person, role: str) -> None:
    try_verb(
        request,
        subject_of(session),
        f"{full_name(person.given_name, person.family_name)} is on the shortlist.",
        lambda: add_candidate(
            session=session,
            person=person,
            role=role,
            note=request.POST.get("note", ""),
            expected=posted_version(request),
            actor=actor_of(request),
        ),
    )


def _candidate(session: Session, person: Person, role: str) -> Candidate:
    row = session.candidates.select_related("person").filter(person=person, role=role).first()
    if row is None:
        raise Http404
    row.session = session
    return row


def _remove(request: HttpRequest, session: Session, person: Person, role: str) -> None:
    row = _candidate(session, person, role)
    try_verb(
        request,
        subject_of(session),
        f"{full_name(person.given_name, person.family_name)} is off the shortlist.",
        lambda: remove_candidate(
            candidate=row, expected=posted_version(request), actor=actor_of(request)
        ),
    )


def _move_up(request: HttpRequest, session: Session, person: Person, role: str) -> None:
    keys = [(row.person.code, row.role) for row in shortlist_of(session)]
    here = keys.index((_candidate(session, person, role).person.code, role))
    if here:
        keys[here - 1], keys[here] = keys[here], keys[here - 1]
    try_verb(
        request,
        subject_of(session),
        "The order of the shortlist is saved.",
        lambda: reorder_candidates(
            session=session,
            people=keys,
            expected=posted_version(request),
            actor=actor_of(request),
        ),
    )


_DEEDS: dict[str, Callable[[HttpRequest, Session, Person, str], None]] = {
    "add": _add,
    "remove": _remove,
    "up": _move_up,
}
