"""People who may be one, and those who were put together lately."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.views.access import actor_of, get_organisation, may
from core.text import full_name
from events.models import Person, PersonMerge
from events.services.dismissing import dismiss_double, dismissed_of, recall_double
from events.services.doubles import find_doubles
from events.services.merging import may_undo, name_of, undo_merge
from events.views.manage.base import console_page, try_verb

PER_PAGE = 50
_MOST_MERGES = 20


@require_safe
@console_page
def double_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """Pairs of people who may be one, the likeliest first; below, the last merges."""
    host = get_organisation(request, organisation, Permission.PEOPLE_READ)
    merges = PersonMerge.objects.filter(organisation=host, undone_at=None).select_related("kept")
    context = {
        "host": host,
        "page_obj": Paginator(find_doubles(host), PER_PAGE).get_page(request.GET.get("page")),
        "merges": [
            {"row": row, "name": name_of(row), "may_undo": may_undo(row)}
            for row in merges[:_MOST_MERGES]
        ],
        "dismissed": dismissed_of(host),
        "may_write": may(request, Permission.PEOPLE_WRITE),
    }
    return render(request, "events/manage/doubles.html", context)


@require_POST
@console_page
def merge_undo(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Take two people apart again; `code` is that of the one who is gone."""
    host = get_organisation(request, organisation, Permission.PEOPLE_WRITE)
    merge = PersonMerge.objects.filter(organisation=host, gone_code=code, undone_at=None).first()
    if merge is None:
        raise Http404
    name = name_of(merge)
    if try_verb(
        request,
        [],
        f"The merge is undone. {name} is there again.",
        lambda: undo_merge(merge=merge, actor=actor_of(request)),
    ):
        return redirect("manage-person", organisation, code)
    return redirect("manage-people-doubles", organisation)


@require_POST
@console_page
def double_dismiss(
    request: HttpRequest, organisation: str, first: str, second: str
) -> HttpResponse:
    """Say that two people are two."""
    host = get_organisation(request, organisation, Permission.PEOPLE_WRITE)
    one, other = _two(host, first, second)
    try_verb(
        request,
        [],
        f"{_name(one)} and {_name(other)} are two people. They are not suggested again.",
        lambda: dismiss_double(first=one, second=other, actor=actor_of(request)),
    )
    return redirect("manage-people-doubles", organisation)


@require_POST
@console_page
def double_recall(request: HttpRequest, organisation: str, first: str, second: str) -> HttpResponse:
    """Let two people be suggested as one again."""
    host = get_organisation(request, organisation, Permission.PEOPLE_WRITE)
    one, other = _two(host, first, second)
    try_verb(
        request,
        [],
        f"{_name(one)} and {_name(other)} may be one person again.",
        lambda: recall_double(first=one, second=other, actor=actor_of(request)),
    )
    return redirect("manage-people-doubles", organisation)


def _two(host: Organisation, first: str, second: str) -> tuple[Person, Person]:
    rows = {
        row.code: row for row in Person.objects.filter(organisation=host, code__in=[first, second])
    }
    if first not in rows or second not in rows:
        raise Http404
    return rows[first], rows[second]


def _name(person: Person) -> str:
    return full_name(person.given_name, person.family_name)
