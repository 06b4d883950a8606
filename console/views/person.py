"""A person's own page: what happened with them at all conferences, for whoever may see it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.views.access import actor_of, get_organisation, may
from console.people.comparing import compare_people
from console.people.history import history_of
from core.text import full_name
from events.models import Person, Tag
from events.services.doubles import doubles_of
from events.services.merged_codes import kept_person
from events.services.merging import UNDO_DAYS, merge_people
from events.views.manage.base import console_page, try_verb

PER_PAGE = 50


@require_safe
@console_page
def person_page(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Say what happened with somebody, the newest first; a former code leads to who stayed."""
    host = get_organisation(request, organisation, Permission.PEOPLE_READ)
    person = _person(host, code)
    if person is None:
        return _to_the_kept(host, code)
    sees_mail = may(request, Permission.MAIL_READ)
    history = history_of(
        person, registrations=may(request, Permission.REGISTRATION_READ), mails=sees_mail
    )
    context = {
        "host": host,
        "person": person,
        "name": full_name(person.given_name, person.family_name),
        "history": history,
        "page_obj": Paginator(history.lines, PER_PAGE).get_page(request.GET.get("page")),
        "doubles": [
            {"code": two.second if two.first == code else two.first, "pair": two}
            for two in doubles_of(person)
        ],
        "sees_mail": sees_mail,
        "may_write": may(request, Permission.PEOPLE_WRITE),
    }
    return render(request, "console/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def person_merge(request: HttpRequest, organisation: str, code: str, other: str) -> HttpResponse:
    """Show two people side by side; POST puts `other` into the one with this code."""
    host = get_organisation(request, organisation, Permission.PEOPLE_WRITE)
    kept, gone = _person(host, code), _person(host, other)
    if kept is None or gone is None or kept.pk == gone.pk:
        raise Http404
    names = [full_name(row.given_name, row.family_name) for row in (kept, gone)]
    if request.method == "POST":
        choices = {
            name.removeprefix("choice_"): value
            for name, value in request.POST.items()
            if name.startswith("choice_") and value
        }
        merged = try_verb(
            request,
            [kept],
            f"{names[1]} is merged into {names[0]}. It can be undone for {UNDO_DAYS} days.",
            lambda: merge_people(
                kept=kept,
                gone=gone,
                choices=choices,
                expected=_version(request, "version"),
                expected_gone=_version(request, "version_gone"),
                actor=actor_of(request),
            ),
        )
        page = "manage-person" if merged else "manage-person-merge"
        keys = [organisation, code] if merged else [organisation, code, other]
        return redirect(page, *keys)
    context = {
        "host": host,
        "kept": kept,
        "gone": gone,
        "kept_name": names[0],
        "gone_name": names[1],
        "compared": compare_people(kept, gone),
        "days": UNDO_DAYS,
    }
    return render(request, "console/person_merge.html", context)


def _version(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - a 32-bit number


def _person(host: Organisation, code: str) -> Person | None:
    tags = Prefetch("tags", queryset=Tag.objects.order_by("name"))
    rows = Person.objects.filter(organisation=host, code=code)
    return rows.prefetch_related(tags, "assistants").first()


def _to_the_kept(host: Organisation, code: str) -> HttpResponseRedirect:
    kept = kept_person(host.pk, code)
    if kept is None:
        raise Http404
    return HttpResponseRedirect(reverse("manage-person", args=[host.slug, kept.code]))
