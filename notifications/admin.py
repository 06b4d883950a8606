"""The outbox for support staff: to look. Organisers have the console; rows change by services only.

What a mail said is not shown here: it is between the organisation and its guest.
"""

from __future__ import annotations

from django.contrib import admin

from events.admin import ReadOnlyAdmin
from notifications.models import (
    Delivery,
    LiftedSuppression,
    Message,
    Notice,
    ReminderRule,
    SendingSwitch,
    Suppression,
)


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


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("conference", "kind", "revision", "created_at", "done_at")
    list_select_related = ("conference",)


@admin.register(SendingSwitch)
class SendingSwitchAdmin(ReadOnlyAdmin):
    list_display = ("reason", "since")


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
