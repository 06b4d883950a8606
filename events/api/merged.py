"""The way from the code of who was put into another person to that one."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Organisation
from core.links import absolute_url
from events.services.merged_codes import kept_person


def to_the_kept(request: Request, organisation: Organisation, code: str) -> Response | None:
    """Return a 308 to the same address of the person who stayed; None where nobody did."""
    kept = kept_person(organisation.pk, code)
    if kept is None:
        return None
    before, _found, after = request.path.rpartition(f"/people/{code}/")
    path = f"{before}/people/{kept.code}/{after}"
    return Response(status=308, headers={"Location": absolute_url(path)})
