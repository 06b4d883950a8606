"""The door of every page about one conference: it comes only through a permission."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from accounts.permissions import Permission
from accounts.views.access import get_organisation
from events.models import Conference


def get_conference(
    request: HttpRequest, organisation: str, conference: str, permission: Permission
) -> Conference:
    """Return the conference `conference` of the organisation if the account's role grants it.

    It also stands on the request as `request.lectern_conference`, for the navigation.

    Raises:
        Http404: for strangers, and when the organisation has no such conference.
        PermissionDenied: for a member whose role lacks the permission.
    """
    owner = get_organisation(request, organisation, permission)
    row = Conference.objects.filter(organisation=owner, slug=conference).first()
    if row is None:
        raise Http404
    row.organisation = owner
    request.lectern_conference = row  # type: ignore[attr-defined]  # console.context reads it
    return row
