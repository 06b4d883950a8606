"""Page addresses of notifications."""

from django.urls import URLPattern, URLResolver, path, re_path

from notifications.services.inbox import NAME
from notifications.views.announcement_preview import announcement_count, announcement_preview
from notifications.views.announcement_sending import announcement_check, announcement_verb
from notifications.views.announcements import (
    announcement_delete,
    announcement_new,
    announcement_page,
    announcements,
)
from notifications.views.calendar_file import calendar_file
from notifications.views.inbox import inbox, inbox_file, inbox_html
from notifications.views.outbox import (
    message_cancel,
    message_html,
    message_page,
    message_retry,
    outbox,
)
from notifications.views.rules import rule_delete, rule_new, rule_page, rule_switch, rules

_CONFERENCE = "manage/<slug:organisation>/<slug:conference>"
_MESSAGE = f"{_CONFERENCE}/outbox/<uuid:code>"
_RULE = f"{_CONFERENCE}/rules/<slug:code>"
_ANNOUNCEMENTS = f"{_CONFERENCE}/announcements"
_ANNOUNCEMENT = f"{_ANNOUNCEMENTS}/<slug:code>"
_MAIL = rf"^manage/inbox/(?P<name>{NAME})"

urlpatterns: list[URLPattern | URLResolver] = [
    path("i/<slug:code>/<slug:token>/event.ics", calendar_file, name="invitation-calendar"),
    path("manage/inbox/", inbox, name="manage-inbox"),
    re_path(rf"{_MAIL}/\Z", inbox, name="manage-inbox-mail"),
    re_path(rf"{_MAIL}/html/\Z", inbox_html, name="manage-inbox-html"),
    re_path(rf"{_MAIL}/files/(?P<number>[0-9]{{1,3}})/\Z", inbox_file, name="manage-inbox-file"),
    path(f"{_CONFERENCE}/outbox/", outbox, name="manage-outbox"),
    path(f"{_MESSAGE}/", message_page, name="manage-message"),
    path(f"{_MESSAGE}/html/", message_html, name="manage-message-html"),
    path(f"{_MESSAGE}/retry/", message_retry, name="manage-message-retry"),
    path(f"{_MESSAGE}/cancel/", message_cancel, name="manage-message-cancel"),
    path(f"{_ANNOUNCEMENTS}/", announcements, name="manage-announcements"),
    path(f"{_ANNOUNCEMENTS}/new/", announcement_new, name="manage-announcement-new"),
    path(f"{_ANNOUNCEMENTS}/count/", announcement_count, name="manage-announcement-count"),
    path(f"{_ANNOUNCEMENTS}/preview/", announcement_preview, name="manage-announcement-preview"),
    path(f"{_ANNOUNCEMENT}/", announcement_page, name="manage-announcement"),
    path(f"{_ANNOUNCEMENT}/check/", announcement_check, name="manage-announcement-check"),
    path(f"{_ANNOUNCEMENT}/delete/", announcement_delete, name="manage-announcement-delete"),
    path(f"{_ANNOUNCEMENT}/<slug:verb>/", announcement_verb, name="manage-announcement-verb"),
    path(f"{_CONFERENCE}/rules/", rules, name="manage-rules"),
    path(f"{_CONFERENCE}/rules/new/", rule_new, name="manage-rule-new"),
    path(f"{_RULE}/", rule_page, name="manage-rule"),
    path(f"{_RULE}/switch/", rule_switch, name="manage-rule-switch"),
    path(f"{_RULE}/delete/", rule_delete, name="manage-rule-delete"),
]
