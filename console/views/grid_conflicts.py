"""What the grid editor asks while somebody works in it: what is wrong, and what a move would do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from core.errors import DomainError
from events.forms.session import rooms_of
from events.services.conflicts import Finding, conflicts_after_move, conflicts_of
from events.views.access import get_conference
from events.views.manage.base import console_page
from events.views.manage.sessions import get_session
from registrations.services.sign_up_demand import sign_up_demand


@require_safe
@console_page
def grid_conflicts(request: HttpRequest, organisation: str, conference: str) -> JsonResponse:
    """All that is wrong with the draft."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    return JsonResponse(_facts(conflicts_of(row, demand=sign_up_demand(row))))


@require_POST
@console_page
def grid_check(request: HttpRequest, organisation: str, conference: str) -> JsonResponse:
    """What would be wrong about the posted session in the posted slot; nothing is written."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_READ)
    wanted = request.POST.get("session", "")
    if not wanted:
        return JsonResponse({"detail": "Say which session."}, status=400)
    session = get_session(row, wanted)
    code = request.POST.get("room", "")
    try:
        found = conflicts_after_move(
            row,
            session=session,
            start_local=request.POST.get("start") or None,
            end_local=request.POST.get("end") or None,
            room=rooms_of(row).get(code) if code else None,
            demand=sign_up_demand(row),
        )
    except DomainError as refusal:
        detail = refusal.errors[0].detail if refusal.errors else refusal.detail
        return JsonResponse({"detail": detail}, status=refusal.status)
    return JsonResponse(_facts(found))


def _facts(found: list[Finding]) -> dict[str, Any]:
    return {
        "results": [
            {
                "level": one.conflict.level,
                "sentence": one.conflict.sentence,
                "sessions": list(one.conflict.sessions),
                "override": not one.is_open,
            }
            for one in found
        ]
    }
