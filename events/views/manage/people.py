"""The people whom an organisation knows, across its conferences."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.views.access import actor_of, get_organisation, may
from core.text import full_name
from events.forms.person import PersonForm
from events.models import Person, Tag
from events.services.merged_codes import kept_person
from events.services.people import change_person, create_person, delete_person
from events.services.people_search import STANDINGS, matching_people
from events.services.tagging import tags_with_people
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from events.views.manage.searching import search_of

PER_PAGE = 50


@require_safe
@console_page
def people_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """Everybody by family name; searched by words, by tag and by what they did here."""
    host = get_organisation(request, organisation, Permission.PEOPLE_READ)
    search = search_of(request)
    rows = matching_people(host, search)
    # Tags come in a second query, the number of sessions in the same row.
    people = rows.prefetch_related(Prefetch("tags", queryset=Tag.objects.order_by("name")))
    people = people.annotate(sessions=Count("participations", distinct=True))
    context = {
        "host": host,
        "page_obj": Paginator(people.order_by("sort_key", "pk"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "tags": tags_with_people(host, used=True),
        "text": search.text,
        "tag": search.tag,
        "standing": search.standing,
        "standings": STANDINGS.items(),
        "may_write": may(request, Permission.PEOPLE_WRITE),
    }
    return render(request, "events/manage/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def person_new(request: HttpRequest, organisation: str) -> HttpResponse:
    """Add somebody."""
    host = get_organisation(request, organisation, Permission.PEOPLE_WRITE)
    form = PersonForm(request.POST or None, organisation=host)
    if request.method == "POST" and form.is_valid():
        row = attempt(
            form,
            [],
            lambda: create_person(organisation=host, actor=actor_of(request), **form.changes()),
        )
        if row is not None:
            messages.success(request, f"{full_name(row.given_name, row.family_name)} is added.")
            return redirect("manage-person", organisation, row.code)
    return render(request, "events/manage/person_new.html", {"host": host, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def person_edit(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """What is kept of a person, to be changed."""
    posting = request.method == "POST"
    needed = Permission.PEOPLE_WRITE if posting else Permission.PEOPLE_READ
    host = get_organisation(request, organisation, needed)
    try:
        person = _person(host, code)
    except Http404:
        kept = kept_person(host.pk, code)
        if posting or kept is None:
            raise
        return redirect("manage-person-edit", organisation, kept.code)
    form = PersonForm(request.POST or None, organisation=host, person=person)
    if posting and form.is_valid():
        changed = attempt(
            form,
            [person],
            lambda: change_person(
                person=person,
                changes=form.changes(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved. The name shows in published programmes at once.")
            return redirect("manage-person-edit", organisation, code)
    context = {
        "host": host,
        "person": person,
        "name": full_name(person.given_name, person.family_name),
        "form": form,
        "may_write": may(request, Permission.PEOPLE_WRITE),
    }
    return render(request, "events/manage/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def person_delete(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Ask once more, then delete somebody who never took part in anything."""
    host = get_organisation(request, organisation, Permission.PEOPLE_WRITE)
    person = _person(host, code)
    name = full_name(person.given_name, person.family_name)
    if request.method == "POST":
        gone = try_verb(
            request,
            [person],
            f"{name} is deleted.",
            lambda: delete_person(
                person=person, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        if gone:
            return redirect("manage-people", organisation)
        return redirect("manage-person", organisation, code)
    context = {
        "host": host,
        "words": {"title": f"Delete {name}?", "label": "Delete", "danger": True},
        "text": "Only who never took part in anything can be deleted. There is no way back.",
        "version": person.version,
        "cancel_url": reverse("manage-person", args=[organisation, code]),
    }
    return render(request, "events/manage/confirm.html", context)


def _person(host: Organisation, code: str) -> Person:
    rows = Person.objects.filter(organisation=host, code=code)
    person = rows.prefetch_related(Prefetch("tags", queryset=Tag.objects.order_by("name"))).first()
    if person is None:
        raise Http404
    return person
