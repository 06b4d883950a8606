"""The first page of the console: which organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts.models import Membership


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the account's organisation, or ask which of several."""
    memberships = list(
        Membership.objects.filter(account_id=request.user.pk)
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )
    if len(memberships) == 1:
        return redirect("manage-organisation", organisation=memberships[0].organisation.slug)
    with translation.override("en"):
        return render(request, "console/choose.html", {"memberships": memberships})
