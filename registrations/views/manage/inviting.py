"""Putting people on the guest list: by tag, by words, from an earlier conference."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, demand, may
from core.text import pick_text
from events.models import Person, Tag
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page
from registrations.forms.invitations import AddForm, members_of
from registrations.services.guest_sources import (
    AT_EARLIER,
    MOST_SHOWN,
    Source,
    earlier_conferences,
    invited_among,
    people_of,
    read_source,
)
from registrations.services.inviting import Added, add_invitations


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def invitation_add(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Show whom a choice means, with numbers; POST puts those who are still ticked on the list."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    demand(request, Permission.PEOPLE_READ)
    given = request.POST if request.method == "POST" else request.GET
    source = read_source(given, given.getlist("tag"))
    found = people_of(row, source)
    total = found.count()
    already = invited_among(row, found)
    people = list(found[:MOST_SHOWN])
    types = list(row.registration_types.all())
    form = AddForm(request.POST or None, conference=row, types=types, members=members_of(row))
    if request.method == "POST" and form.is_valid():
        ids = _picked(request, source, people, total)
        added = attempt(
            form,
            [],
            lambda: add_invitations(
                conference=row, person_ids=ids, actor=actor_of(request), **form.values()
            ),
        )
        if added is not None:
            _say(request, added)
            return redirect("manage-invitations", organisation, conference)
    earlier = list(earlier_conferences(row))
    context: dict[str, Any] = {
        "conference": row,
        "form": form,
        "has_types": bool(types),
        "source": source,
        "people": people,
        "total": total,
        "already": already,
        "fresh": total - already,
        "is_cut": total > MOST_SHOWN,
        "tags": Tag.objects.filter(organisation=row.organisation_id, people__isnull=False)
        .distinct()
        .order_by("name", "pk"),
        "earlier": [(one.slug, pick_text(one.title, "en", one.languages)) for one in earlier],
        "who": AT_EARLIER.items(),
        "may_import": may(request, Permission.PEOPLE_WRITE),
    }
    return render(request, "registrations/manage/invitation_add.html", context)


def _picked(request: HttpRequest, source: Source, people: list[Person], total: int) -> list[int]:
    """Return whom the reader means: those ticked, or all where there were too many to tick."""
    if source.is_empty:
        return []
    picked = set(request.POST.getlist("pick"))
    if total > MOST_SHOWN and "everybody" in request.POST:
        row = request.lectern_conference  # type: ignore[attr-defined]  # get_conference left it
        return list(people_of(row, source).values_list("pk", flat=True))
    return [one.pk for one in people if one.code in picked]


def _say(request: HttpRequest, added: Added) -> None:
    number = len(added.invitations)
    guests = "1 guest is" if number == 1 else f"{number} guests are"
    known = f", {added.already} were on it already" if added.already else ""
    messages.success(request, f"{guests} new on the list{known}. Nothing has been sent.")
    if added.without_place:
        messages.warning(
            request,
            f"For {added.without_place} of them no place was left to keep. "
            "They are invited all the same: their yes comes on top.",
        )
