"""The organisation's own facts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms.organisation import OrganisationForm
from accounts.permissions import Permission
from accounts.services.organisations import change_organisation
from accounts.views.access import actor_of, get_organisation, may
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
    context = {"host": host, "form": form, "may_write": may(request, Permission.TEAM_WRITE)}
    return render(request, "accounts/organisation.html", context)
