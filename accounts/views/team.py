"""The team of an organisation: who belongs to it, and as what."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.enums import Role
from accounts.forms.team import ROLES, MemberForm
from accounts.models import Membership, Organisation
from accounts.permissions import Permission
from accounts.services import members as services
from accounts.views.access import actor_of, get_organisation, may
from accounts.views.console import console_page
from core.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def team(request: HttpRequest, organisation: str) -> HttpResponse:
    """All members; an owner adds one."""
    posting = request.method == "POST"
    needed = Permission.TEAM_WRITE if posting else Permission.TEAM_READ
    host = get_organisation(request, organisation, needed)
    form = MemberForm(request.POST if posting else None)
    if posting and form.is_valid():
        try:
            membership = services.add_member(
                organisation=host, actor=actor_of(request), **form.values()
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            email = membership.account.email
            messages.success(request, f"{email} is added. How to sign in is on its way by mail.")
            return redirect("manage-team", organisation)
    context = {
        "host": host,
        "form": form,
        "members": host.memberships.select_related("account").order_by("account__email"),
        "roles": [(role.value, role.label) for role in Role],
        "meanings": ROLES,
        "may_write": may(request, Permission.TEAM_WRITE),
    }
    return render(request, "accounts/team.html", context)


@require_http_methods(["POST"])
@console_page
def change(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Give a member another role."""
    host = get_organisation(request, organisation, Permission.TEAM_WRITE)
    membership = _member(host, code)
    try:
        membership = services.change_role(
            membership=membership, role=request.POST.get("role", ""), actor=actor_of(request)
        )
    except DomainError as refusal:
        messages.error(request, refusal.detail)
    else:
        role = Role(membership.role).label
        messages.success(request, f"{membership.account.email} is {role.lower()} now.")
    return _back(request, membership)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def remove(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Ask once more, then end a membership."""
    host = get_organisation(request, organisation, Permission.TEAM_WRITE)
    membership = _member(host, code)
    if request.method == "POST":
        try:
            services.remove_member(membership=membership, actor=actor_of(request))
        except DomainError as refusal:
            messages.error(request, refusal.detail)
        else:
            email = membership.account.email
            messages.success(request, f"{email} does not belong to the team any more.")
        return _back(request, membership)
    live = host.api_tokens.filter(created_by=membership.account, revoked_at=None).count()
    context = {"host": host, "member": membership, "live_tokens": live}
    return render(request, "accounts/member_remove.html", context)


def _member(host: Organisation, code: str) -> Membership:
    membership = host.memberships.select_related("account").filter(code=code).first()
    if membership is None:
        raise Http404
    return membership


def _back(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Lead to the team, or to the console's door for who has just left it."""
    if membership.account_id == request.user.pk:
        return redirect("manage-home")
    return redirect("manage-team", membership.organisation.slug)
