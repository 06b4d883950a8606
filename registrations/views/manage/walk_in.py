"""The form at the door: one screen, one button, and the next one can come."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.errors import DomainError
from core.text import email_key, full_name, pick_text
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import console_page
from registrations.enums import RegistrationSource
from registrations.forms.walk_in import WalkInForm
from registrations.models import Registration, RegistrationType
from registrations.services.type_states import places_left
from registrations.services.walking_in import kept_back, walk_in

_LATELY: Final = 5


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def walk_in_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Take a name, register and check in; then the form is empty for the next one."""
    row = get_conference(request, organisation, conference, Permission.REGISTRATION_WRITE)
    kinds = list(row.registration_types.prefetch_related("allotments"))
    asked = request.GET.get("type", "")
    first = next((one.slug for one in kinds if one.slug == asked), kinds[0].slug if kinds else "")
    form = WalkInForm(
        request.POST or None,
        types=[(one.slug, _label(one, row)) for one in kinds],
        initial={"registration_type": first},
    )
    refusal: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = walk_in(
                conference=row,
                hold_back=request.POST.get("hold_back", "")[:10],
                actor=actor_of(request),
                **form.values(),
            )
        except DomainError as error:
            refusal = error
            if error.errors:
                form.refuse(error)
        else:
            name = full_name(made.given_name, made.family_name)
            messages.success(request, f"{name} is in.")
            here = reverse("manage-walk-in", args=[organisation, conference])
            return redirect(f"{here}?{urlencode({'type': made.registration_type.slug})}")
    context = {
        "conference": row,
        "form": form,
        "has_types": bool(kinds),
        "refusal": refusal if refusal is not None and not refusal.errors else None,
        **_help(row, form, refusal),
        "lately": Registration.objects.filter(
            conference=row, source=RegistrationSource.WALK_IN
        ).order_by("-created_at", "-pk")[:_LATELY],
    }
    return render(request, "registrations/manage/walk_in.html", context)


def _label(kind: RegistrationType, row: Conference) -> str:
    name = pick_text(kind.name, "en", row.languages)
    left = places_left(kind.allotments.all())
    return name if left is None else f"{name}: {left:,} left" if left else f"{name}: full"


def _help(row: Conference, form: WalkInForm, refusal: DomainError | None) -> dict[str, Any]:
    """Return what can be done about a refusal: a kept place, or who is registered already."""
    if refusal is None:
        return {}
    if refusal.kind == "sold-out":
        return {"kept_back": kept_back(row, form.cleaned_data["registration_type"])}
    if refusal.kind == "already-registered":
        key = email_key(form.cleaned_data["email"])
        known = Registration.objects.live().filter(conference=row, email_key=key).first()
        return {"known": known}
    return {}
