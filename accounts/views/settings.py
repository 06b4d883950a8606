"""The organisation's own facts, its picture and its colour."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.organisation import LogoForm, OrganisationForm
from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.services.logos import logo_path, remove_logo, set_logo
from accounts.services.organisations import change_organisation
from accounts.views.access import actor_of, get_organisation, may
from accounts.views.colour_samples import samples_of
from accounts.views.console import console_page
from core.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def organisation_settings(request: HttpRequest, organisation: str) -> HttpResponse:
    """Show and change the organisation."""
    posting = request.method == "POST"
    needed = Permission.TEAM_WRITE if posting else Permission.TEAM_READ
    host = get_organisation(request, organisation, needed)
    form = OrganisationForm(request.POST if posting else None, organisation=host)
    if posting and form.is_valid():
        try:
            changed = change_organisation(
                organisation=host,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            if refusal.kind == "stale":
                host.refresh_from_db()
                form.on_version(host.version)
        else:
            messages.success(request, "Saved. Public pages show it at once.")
            return redirect("manage-organisation-settings", changed.slug)
    return _page(request, host, form, LogoForm(initial={"version": host.version}))


@require_http_methods(["POST"])
@console_page
def organisation_logo(request: HttpRequest, organisation: str) -> HttpResponse:
    """Show another picture beside the name, or none any more."""
    host = get_organisation(request, organisation, Permission.TEAM_WRITE)
    form = LogoForm(request.POST, request.FILES)
    if "remove" in request.POST:
        form.fields["logo"].required = False
    if form.is_valid():
        picture = form.cleaned_data["logo"]
        try:
            if "remove" in request.POST:
                remove_logo(organisation=host, expected=form.expected, actor=actor_of(request))
            else:
                set_logo(
                    organisation=host,
                    content=picture.read(),
                    name=picture.name,
                    expected=form.expected,
                    actor=actor_of(request),
                )
        except DomainError as refusal:
            form.refuse(refusal)
            if refusal.kind == "stale":
                host.refresh_from_db()
                form.on_version(host.version)
        else:
            messages.success(request, "Saved. Public pages show it at once.")
            return redirect("manage-organisation-settings", host.slug)
    return _page(request, host, OrganisationForm(organisation=host), form)


@require_safe
@console_page
def organisation_colour(request: HttpRequest, organisation: str) -> HttpResponse:
    """Show how a colour would look, while somebody chooses one."""
    get_organisation(request, organisation, Permission.TEAM_READ)
    context = {"samples": samples_of(request.GET.get("accent", ""))}
    return render(request, "accounts/colour.html", context)


def _page(
    request: HttpRequest, host: Organisation, form: OrganisationForm, logo_form: LogoForm
) -> HttpResponse:
    context = {
        "host": host,
        "form": form,
        "logo_form": logo_form,
        "logo_url": logo_path(host),
        "samples": samples_of(str(form["accent"].value() or "")),
        "may_write": may(request, Permission.TEAM_WRITE),
    }
    return render(request, "accounts/organisation.html", context)
