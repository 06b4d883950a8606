"""API addresses of notifications, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from notifications.api.views import announcements, messages, rules

_C = "organisations/<slug:organisation>/conferences/<slug:conference>"
_R = f"{_C}/reminder-rules"
_M = f"{_C}/messages"
_A = f"{_C}/announcements"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_R}/", rules.ReminderRuleList.as_view(), name="api-reminder-rule-list"),
    path(f"{_R}/<slug:code>/", rules.ReminderRuleDetail.as_view(), name="api-reminder-rule-detail"),
    path(f"{_C}/mail-templates/", rules.MailTemplateList.as_view(), name="api-mail-template-list"),
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
    path(f"{_M}/<uuid:uid>/", messages.MessageDetail.as_view(), name="api-message-detail"),
    path(f"{_M}/<uuid:uid>/retry/", messages.RetryMessage.as_view(), name="api-message-retry"),
    path(f"{_M}/<uuid:uid>/cancel/", messages.CancelMessage.as_view(), name="api-message-cancel"),
]
