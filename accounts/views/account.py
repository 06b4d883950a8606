"""The own account: name, language, and the way to the password."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.forms.team import AccountForm
from accounts.models import Account
from accounts.services.accounts import change_account
from accounts.views.access import actor_of
from accounts.views.console import console_page
from core.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def account_page(request: HttpRequest) -> HttpResponse:
    """Show and change the own account."""
    account = cast("Account", request.user)
    form = AccountForm(request.POST if request.method == "POST" else None, account=account)
    if request.method == "POST" and form.is_valid():
        try:
            change_account(account=account, changes=form.values(), actor=actor_of(request))
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("manage-account")
    context = {"form": form, "has_password": account.has_usable_password()}
    return render(request, "accounts/account.html", context)
