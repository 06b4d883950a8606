"""The admin site for support staff: to look, hardly ever to touch. Organisers have the console.

Changes go through services (audit, versions, signals), so nothing can be added, changed or deleted
here but what no service needs to know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from events.models import (
    Conference,
    Material,
    Outcome,
    Participation,
    Person,
    ScheduleVersion,
    Series,
    Session,
    Tag,
    Track,
    Venue,
)

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[models.Model]
else:
    _ModelAdmin = admin.ModelAdmin


@admin.register(Series, Tag, Track)
class ReadOnlyAdmin(_ModelAdmin):
    """Shows rows and refuses to write them."""

    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Conference)
class ConferenceAdmin(ReadOnlyAdmin):
    list_display = ("slug", "organisation", "kind", "state", "visibility", "starts_at", "version")
    list_filter = ("state", "visibility", "kind")
    search_fields = ("slug", "search_key", "uid")
    list_select_related = ("organisation",)
    date_hierarchy = "starts_at"


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ("code", "conference", "kind", "state", "starts_at", "version")
    list_filter = ("kind", "state")
    search_fields = ("code", "search_key", "uid")
    list_select_related = ("conference",)


@admin.register(Participation)
class ParticipationAdmin(ReadOnlyAdmin):
    list_display = ("code", "session", "person", "role", "state", "order")
    list_filter = ("role", "state")
    search_fields = ("code", "session__code", "person__code")
    list_select_related = ("session", "person")


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    """By code and name only: notes and addresses are the organisation's own business."""

    list_display = ("code", "given_name", "family_name", "organisation", "version")
    search_fields = ("code", "search_key", "uid")
    list_select_related = ("organisation",)
    exclude = ("notes", "email", "phone", "basis", "source", "search_key", "sort_key")


@admin.register(ScheduleVersion)
class ScheduleVersionAdmin(ReadOnlyAdmin):
    list_display = ("conference", "number", "name", "created_at", "published_by")
    search_fields = ("conference__slug", "name")
    list_select_related = ("conference",)


@admin.register(Venue)
class VenueAdmin(ReadOnlyAdmin):
    list_display = ("code", "organisation", "city", "country", "version")
    search_fields = ("code", "city")
    list_select_related = ("organisation",)


@admin.register(Material)
class MaterialAdmin(ReadOnlyAdmin):
    list_display = ("code", "conference", "session", "kind", "release_at")
    list_filter = ("kind",)
    search_fields = ("code", "conference__slug")
    list_select_related = ("conference", "session")


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin):
    list_display = ("conference", "published_at", "version")
    search_fields = ("conference__slug",)
    list_select_related = ("conference",)
