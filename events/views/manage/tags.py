"""Tags: all of them, one to rename, merge or delete, and those of many people at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.views.access import actor_of, get_organisation, may
from core.errors import DomainError
from events.forms.tags import MergeTagForm, RenameTagForm, TagPeopleForm
from events.models import Tag
from events.services import tagging
from events.views.manage.base import attempt, console_page, try_verb


@require_safe
@console_page
def tag_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """All tags, each with the number of its people."""
    host = get_organisation(request, organisation, Permission.PEOPLE_READ)
    context = {
        "host": host,
        "tags": tagging.tags_with_people(host),
        "may_write": may(request, Permission.PEOPLE_WRITE),
    }
    return render(request, "events/manage/tags.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def tag_page(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Rename a tag, merge it into another one or delete it."""
    host = get_organisation(request, organisation, Permission.PEOPLE_WRITE)
    tag = tagging.tags_with_people(host).filter(slug=code).first()
    if tag is None:
        raise Http404
    others = Tag.objects.filter(organisation=host).exclude(pk=tag.pk).order_by("name", "pk")
    verb = request.POST.get("verb", "")
    rename = RenameTagForm(
        request.POST if verb == "rename" else None, initial={"name": tag.name}, auto_id="rename_%s"
    )
    merge = MergeTagForm(request.POST if verb == "merge" else None, tags=others, auto_id="merge_%s")
    if _changed(request, host, tag, verb, rename, merge):
        return redirect("manage-people-tags", organisation)
    context = {"host": host, "tag": tag, "rename": rename, "merge": merge, "others": others}
    return render(request, "events/manage/tag.html", context)


def _changed(
    request: HttpRequest,
    host: Organisation,
    tag: Any,
    verb: str,
    rename: RenameTagForm,
    merge: MergeTagForm,
) -> bool:
    """Do what was asked for and tell whether it was done."""
    actor = actor_of(request)
    if verb == "rename" and rename.is_valid():
        name = rename.cleaned_data["name"]
        done = attempt(rename, [], lambda: tagging.rename_tag(tag=tag, name=name, actor=actor))
        if done is not None:
            messages.success(request, f"“{tag.name}” is called “{done.name}” now.")
        return done is not None
    if verb == "merge" and merge.is_valid():
        into = Tag.objects.get(organisation=host, slug=merge.cleaned_data["into"])
        done = attempt(merge, [], lambda: tagging.merge_tags(tag=tag, into=into, actor=actor))
        if done is not None:
            messages.success(request, f"Who had “{tag.name}” has “{into.name}” now.")
        return done is not None
    if verb == "delete":
        number = request.POST.get("people", "")
        people = int(number) if number.isdigit() and len(number) < 10 else -1  # noqa: PLR2004 - a 32-bit number
        return try_verb(
            request,
            [],
            f"“{tag.name}” is deleted.",
            lambda: tagging.delete_tag(tag=tag, people=people, actor=actor),
        )
    return False


@require_POST
@console_page
def people_tag(request: HttpRequest, organisation: str) -> HttpResponse:
    """Give the chosen people tags, or take one off them."""
    host = get_organisation(request, organisation, Permission.PEOPLE_WRITE)
    tags = Tag.objects.filter(organisation=host).order_by("name", "pk")
    form = TagPeopleForm(request.POST, tags=tags)
    kept = {name: request.POST[name] for name in ("q", "tag", "standing") if request.POST.get(name)}
    back = reverse("manage-people", args=[organisation]) + (f"?{urlencode(kept)}" if kept else "")
    if not form.is_valid():
        messages.error(request, "Choose a tag from the list. Nobody was changed.")
        return redirect(back)
    try:
        number = tagging.tag_people(
            organisation=host,
            codes=request.POST.getlist("pick"),
            actor=actor_of(request),
            **form.changes(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.detail)
    else:
        who = "person has" if number == 1 else "people have"
        messages.success(request, f"{number} {who} other tags now.")
    return redirect(back)
