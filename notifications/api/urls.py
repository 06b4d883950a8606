"""API addresses of notifications, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from notifications.api.views import calendar, messages, rules

_C = "organisations/<slug:organisation>/conferences/<slug:conference>"
_R = f"{_C}/reminder-rules"
_M = f"{_C}/messages"

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
    path(f"{_C}/mail-templates/", rules.MailTemplateList.as_view(), name="api-mail-template-list"),
    path(f"{_M}/", messages.MessageList.as_view(), name="api-message-list"),
    path(f"{_M}/<uuid:uid>/", messages.MessageDetail.as_view(), name="api-message-detail"),
    path(f"{_M}/<uuid:uid>/retry/", messages.RetryMessage.as_view(), name="api-message-retry"),
    path(f"{_M}/<uuid:uid>/cancel/", messages.CancelMessage.as_view(), name="api-message-cancel"),
]
