"""The first page of the console: which organisation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts.models import Membership


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Lead to the account's organisation, or ask which of several."""
    if not request.user.is_authenticated:  # accounts.middleware has sent them to sign in
        raise Http404
    memberships = list(
        Membership.objects.filter(account=request.user)
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )
    if len(memberships) == 1:
        return redirect("manage-organisation", organisation=memberships[0].organisation.slug)
    with translation.override("en"):
        return render(request, "console/choose.html", {"memberships": memberships})
