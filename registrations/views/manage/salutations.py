"""Guests whom nobody has yet said how to address: one line each, saved together."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, demand
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page
from registrations.forms.invitations import SalutationsForm
from registrations.models import Invitation
from registrations.services.guest_list import Filters, filtered, rows_of
from registrations.services.guest_salutations import save_salutations
from registrations.services.salutations import salutation_of
from registrations.views.manage.guests import tabs_of

AT_ONCE: Final = 50


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def salutations(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Ask for what is missing before anything is sent; what stays empty begins plainly."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    demand(request, Permission.PEOPLE_WRITE)
    found = filtered(rows_of(row), Filters(doubtful="1"), row).order_by("sort_key", "pk")
    only = request.GET.get("guest", "").replace("\x00", "")
    if only:
        found = found.filter(code=only)
    total = found.count()
    rows = list(found[:AT_ONCE])
    form = SalutationsForm(
        request.POST or None, people=[_line(one, row.first_language) for one in rows]
    )
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            [],
            lambda: save_salutations(
                people=[one.person for one in rows],
                texts=form.typed(),
                first_language=row.first_language,
                actor=actor_of(request),
            ),
        )
        if saved is not None:
            messages.success(request, f"{saved} salutation{'' if saved == 1 else 's'} saved.")
            return redirect("manage-salutations", organisation, conference)
    context = {
        "conference": row,
        "form": form,
        "total": total,
        "shown": len(rows),
        "tabs": tabs_of(request, row, "manage-salutations"),
    }
    return render(request, "registrations/manage/salutations.html", context)


def _line(invitation: Invitation, first_language: str) -> tuple[str, str, str, str]:
    person = invitation.person
    tag = person.language or first_language
    parts = (person.honorific, person.given_name, person.family_name)
    label = " ".join(part for part in parts if part)
    about = ", ".join(part for part in (person.position, person.affiliation) if part)
    return (
        person.code,
        f"{label} ({about})" if about else label,
        tag,
        salutation_of(person, tag).text,
    )
