"""The door of every page of the console: an object comes only through a permission."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.models import Membership, Organisation
from accounts.permissions import Permission
from core.actors import Actor
from core.logging import request_id


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request, for services."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Actor("anonymous", "", request_id.get())
    return Actor("account", str(user.pk), request_id.get())


def get_membership(request: HttpRequest, slug: str) -> Membership:
    """Return the signed-in account's membership in the organisation `slug`; one query.

    It also stands on the request as `request.membership`, for templates.

    Raises:
        Http404: for strangers, signed in or not, exactly as when there is no such organisation.
    """
    user = request.user
    if not user.is_authenticated:
        raise Http404
    membership = (
        Membership.objects.select_related("organisation")
        .filter(account_id=user.pk, organisation__slug=slug)
        .first()
    )
    if membership is None:
        raise Http404
    request.membership = membership  # type: ignore[attr-defined]  # templates read it
    return membership


def get_membership_with(request: HttpRequest, slug: str, permission: Permission) -> Membership:
    """Return the membership in the organisation `slug` if its role grants `permission`.

    Raises:
        Http404: for strangers (anonymous ones were already sent to sign in: accounts.middleware).
        PermissionDenied: for a member whose role lacks the permission.
    """
    membership = get_membership(request, slug)
    if not membership.may(permission):
        raise PermissionDenied
    return membership


def get_organisation(request: HttpRequest, slug: str, permission: Permission) -> Organisation:
    """Return the organisation `slug` if the signed-in account's role grants `permission` in it.

    Raises:
        Http404: for strangers.
        PermissionDenied: for a member whose role lacks the permission.
    """
    return get_membership_with(request, slug, permission).organisation


def may(request: HttpRequest, permission: Permission) -> bool:
    """Tell whether the role by which this request came in grants it, to leave out buttons."""
    membership: Membership | None = getattr(request, "membership", None)
    return membership is not None and membership.may(permission)


def demand(request: HttpRequest, *permissions: Permission) -> None:
    """Ask for more than the permission by which the request came in.

    Raises:
        PermissionDenied: when the role lacks one of them.
    """
    if not all(may(request, permission) for permission in permissions):
        raise PermissionDenied
