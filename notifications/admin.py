"""The outbox for support staff: to look, and to pause all mail. Organisers have the console; rows
change by services only.

What a mail said is not shown here: it is between the organisation and its guest.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.views.access import actor_of
from events.admin import ReadOnlyAdmin
from notifications.models import (
    Announcement,
    Delivery,
    LiftedSuppression,
    MailPause,
    MailTemplate,
    Message,
    Notice,
    OutboxTrouble,
    ReminderRule,
    SendingSwitch,
    Suppression,
)
from notifications.services.sending_switch import pause_sending, resume_sending


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ("key", "kind", "state", "due_at", "attempts", "cancelled_for", "last_error")
    list_filter = ("state", "kind")
    search_fields = ("key", "uid", "message_id")
    list_select_related = ("conference",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("message", "attempt", "outcome", "started_at", "ended_at", "detail")
    list_filter = ("outcome",)
    list_select_related = ("message",)


@admin.register(ReminderRule)
class ReminderRuleAdmin(ReadOnlyAdmin):
    list_display = ("code", "conference", "name", "audience", "anchor", "offset", "enabled")
    list_filter = ("audience", "anchor", "enabled")
    search_fields = ("code", "name")
    list_select_related = ("conference",)


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyAdmin):
    list_display = ("code", "conference", "state", "expected", "planned", "undo_until", "done_at")
    list_filter = ("state",)
    search_fields = ("code",)
    list_select_related = ("conference",)
    exclude = ("subject", "body")


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("conference", "kind", "revision", "created_at", "done_at")
    list_select_related = ("conference",)


@admin.register(SendingSwitch)
class SendingSwitchAdmin(ReadOnlyAdmin):
    """The one thing that support staff does here: adding pauses all mail, deleting lets it go."""

    list_display = ("reason", "since", "paused_by")
    list_select_related = ("paused_by",)
    fields = ("reason",)
    # Only by its own page, which says what it means.
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _may(request, "add")  # a second pause keeps the first

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return _may(request, "delete")

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: Any,
        change: bool,  # noqa: FBT001 - Django calls it so
    ) -> None:
        row = pause_sending(reason=obj.reason, actor=actor_of(request))
        obj.pk = row.pk

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        resume_sending(actor=actor_of(request))


@admin.register(MailPause)
class MailPauseAdmin(ReadOnlyAdmin):
    list_display = ("conference", "reason", "since", "paused_by")
    list_select_related = ("conference", "paused_by")


@admin.register(OutboxTrouble)
class OutboxTroubleAdmin(ReadOnlyAdmin):
    list_display = ("organisation", "kind", "number", "since", "seen_at", "warned_at")
    list_select_related = ("organisation",)


def _may(request: HttpRequest, action: str) -> bool:
    return request.user.has_perm(f"notifications.{action}_sendingswitch")


@admin.register(MailTemplate)
class MailTemplateAdmin(ReadOnlyAdmin):
    list_display = ("slug", "language", "organisation", "conference", "version", "updated_at")
    search_fields = ("slug", "language")
    list_select_related = ("organisation", "conference")


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    list_display = ("code", "organisation", "conference", "email_key", "reason", "created_at")
    list_filter = ("reason",)
    search_fields = ("code", "email_key")
    list_select_related = ("organisation", "conference")


@admin.register(LiftedSuppression)
class LiftedSuppressionAdmin(ReadOnlyAdmin):
    list_display = ("suppression_uid", "organisation", "conference", "reason", "created_at")
    list_filter = ("reason",)
    list_select_related = ("organisation", "conference")
