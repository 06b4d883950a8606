"""API addresses of notifications, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from notifications.api.views import (
    announcements,
    calendar,
    messages,
    rules,
    sending,
    suppressions,
    texts,
)

_O = "organisations/<slug:organisation>"
_C = f"{_O}/conferences/<slug:conference>"
_T = "mail-templates"
_R = f"{_C}/reminder-rules"
_M = f"{_C}/messages"
_S = "organisations/<slug:organisation>/suppressions"
_A = f"{_C}/announcements"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_R}/", rules.ReminderRuleList.as_view(), name="api-reminder-rule-list"),
    path(f"{_R}/<slug:code>/", rules.ReminderRuleDetail.as_view(), name="api-reminder-rule-detail"),
    path(f"{_C}/mail-calendar/", calendar.MailCalendarView.as_view(), name="api-mail-calendar"),
    path(f"{_C}/why/", calendar.WhyView.as_view(), name="api-why"),
    path(
        f"{_R}/<slug:code>/preview/",
        rules.ReminderRulePreview.as_view(),
        name="api-reminder-rule-preview",
    ),
    path(f"{_C}/{_T}/", texts.MailTemplateList.as_view(), name="api-mail-template-list"),
    path(
        f"{_C}/{_T}/<slug:slug>/",
        texts.MailTemplateDetail.as_view(),
        name="api-mail-template-detail",
    ),
    path(
        f"{_C}/{_T}/<slug:slug>/<slug:language>/",
        texts.MailTextDetail.as_view(),
        name="api-mail-template-text",
    ),
    path(f"{_O}/{_T}/", texts.HostMailTemplateList.as_view(), name="api-host-mail-template-list"),
    path(
        f"{_O}/{_T}/<slug:slug>/",
        texts.HostMailTemplateDetail.as_view(),
        name="api-host-mail-template-detail",
    ),
    path(
        f"{_O}/{_T}/<slug:slug>/<slug:language>/",
        texts.HostMailTextDetail.as_view(),
        name="api-host-mail-template-text",
    ),
    path(f"{_S}/", suppressions.SuppressionList.as_view(), name="api-suppression-list"),
    path(
        f"{_S}/<slug:code>/",
        suppressions.SuppressionDetail.as_view(),
        name="api-suppression-detail",
    ),
    path(
        f"{_S}/<slug:code>/lift/",
        suppressions.LiftSuppression.as_view(),
        name="api-suppression-lift",
    ),
    path(f"{_A}/", announcements.AnnouncementList.as_view(), name="api-announcement-list"),
    path(
        f"{_A}/<slug:code>/",
        announcements.AnnouncementDetail.as_view(),
        name="api-announcement-detail",
    ),
    path(
        f"{_A}/<slug:code>/progress/",
        announcements.AnnouncementProgress.as_view(),
        name="api-announcement-progress",
    ),
    path(
        f"{_A}/<slug:code>/check/",
        announcements.CheckAnnouncement.as_view(),
        name="api-announcement-check",
    ),
    path(
        f"{_A}/<slug:code>/send/",
        announcements.SendAnnouncement.as_view(),
        name="api-announcement-send",
    ),
    path(
        f"{_A}/<slug:code>/reschedule/",
        announcements.RescheduleAnnouncement.as_view(),
        name="api-announcement-reschedule",
    ),
    path(
        f"{_A}/<slug:code>/undo/",
        announcements.UndoAnnouncement.as_view(),
        name="api-announcement-undo",
    ),
    path(
        f"{_A}/<slug:code>/pause/",
        announcements.PauseAnnouncement.as_view(),
        name="api-announcement-pause",
    ),
    path(
        f"{_A}/<slug:code>/resume/",
        announcements.ResumeAnnouncement.as_view(),
        name="api-announcement-resume",
    ),
    path(
        f"{_A}/<slug:code>/stop/",
        announcements.StopAnnouncement.as_view(),
        name="api-announcement-stop",
    ),
    path(f"{_M}/", messages.MessageList.as_view(), name="api-message-list"),
    path(f"{_M}/cancel/", sending.CancelMessages.as_view(), name="api-messages-cancel"),
    path(f"{_M}/retry/", sending.RetryMessages.as_view(), name="api-messages-retry"),
    path(f"{_M}/sending/", sending.Sending.as_view(), name="api-messages-sending"),
    path(f"{_M}/pause/", sending.PauseSending.as_view(), name="api-messages-pause"),
    path(f"{_M}/resume/", sending.ResumeSending.as_view(), name="api-messages-resume"),
    path(f"{_M}/<uuid:uid>/", messages.MessageDetail.as_view(), name="api-message-detail"),
    path(f"{_M}/<uuid:uid>/retry/", messages.RetryMessage.as_view(), name="api-message-retry"),
    path(f"{_M}/<uuid:uid>/cancel/", messages.CancelMessage.as_view(), name="api-message-cancel"),
]
