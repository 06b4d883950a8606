"""People who may be one, and those who were put together lately."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, get_organisation, may
from events.models import PersonMerge
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
