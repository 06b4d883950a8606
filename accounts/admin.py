"""Accounts, organisations and tokens for support staff; organisers have the console."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import Account, ApiToken, Membership, Organisation

# One door for everybody, with its limits: the admin's own form has none.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth's manual says


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable in Django 5.2
    model = Membership
    extra = 0
    fields = ["account", "organisation", "role"]
    raw_id_fields = ["account", "organisation"]


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable in Django 5.2
    """Who may sign in. Passwords are chosen by their owners only."""

    list_display = ["email", "name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "language", "is_active", "is_staff", "date_joined", "last_login"]
    readonly_fields = ["email", "date_joined", "last_login"]
    inlines = [MembershipInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> list[str]:
        """Let only a superuser say who is staff."""
        fields = list(self.readonly_fields)
        return fields if request.user.is_superuser else [*fields, "is_staff"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class _ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable in Django 5.2
    """What there is, to answer questions; changing it is the organisation's own business."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        hidden = set(self.exclude or ())
        return [f.name for f in self.model._meta.concrete_fields if f.name not in hidden]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(_ReadOnly):
    list_display = ["name", "slug", "city", "country", "created_at"]
    search_fields = ["name", "slug"]
    inlines = [MembershipInline]


@admin.register(ApiToken)
class ApiTokenAdmin(_ReadOnly):
    list_display = ["name", "organisation", "prefix", "last_used_at", "expires_at", "revoked_at"]
    search_fields = ["name", "prefix", "organisation__name"]
    exclude = ["digest"]
