"""Keys with which programs act for the organisation."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms.team import TokenForm
from accounts.models import Account, ApiToken
from accounts.permissions import SENTENCES, Permission
from accounts.services import tokens as services
from accounts.views.access import actor_of, get_membership_with, get_organisation, may
from accounts.views.console import console_page
from core.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def tokens(request: HttpRequest, organisation: str) -> HttpResponse:
    """All tokens; an owner makes one, which is shown this one time."""
    posting = request.method == "POST"
    needed = Permission.TEAM_WRITE if posting else Permission.TEAM_READ
    membership = get_membership_with(request, organisation, needed)
    host = membership.organisation
    form = TokenForm(request.POST if posting else None, membership=membership)
    made: ApiToken | None = None
    text = ""
    if posting and form.is_valid():
        try:
            made, text = services.create_api_token(
                organisation=host,
                created_by=cast("Account", request.user),
                actor=actor_of(request),
                **form.values(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            form = TokenForm(membership=membership)
    rows = list(host.api_tokens.select_related("created_by").order_by("-created_at"))
    for row in rows:
        row.sentences = [SENTENCES[Permission(scope)] for scope in row.scopes]  # type: ignore[attr-defined]  # for the template
    context = {
        "host": host,
        "form": form,
        "tokens": rows,
        "made": made,
        # Not kept anywhere: this page is the only one that ever shows it.
        "token": text,
        "may_write": may(request, Permission.TEAM_WRITE),
    }
    return render(request, "accounts/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def revoke(request: HttpRequest, organisation: str, prefix: str) -> HttpResponse:
    """Ask once more, then end a token."""
    host = get_organisation(request, organisation, Permission.TEAM_WRITE)
    token = host.api_tokens.filter(prefix=prefix).first()
    if token is None:
        raise Http404
    if request.method == "POST":
        services.revoke_api_token(token=token, actor=actor_of(request))
        messages.success(request, f"“{token.name}” opens nothing any more.")
        return redirect("manage-tokens", organisation)
    return render(request, "accounts/token_revoke.html", {"host": host, "token": token})
