"""Page addresses of notifications."""

from django.urls import URLPattern, URLResolver, path, re_path

from notifications.services.inbox import NAME
from notifications.views.inbox import inbox, inbox_file, inbox_html
from notifications.views.mail_calendar import mail_calendar_page
from notifications.views.outbox import (
    message_cancel,
    message_html,
    message_page,
    message_retry,
    outbox,
)
from notifications.views.rules import rule_delete, rule_new, rule_page, rule_switch, rules
from notifications.views.why import why_page

_CONFERENCE = "manage/<slug:organisation>/<slug:conference>"
_MESSAGE = f"{_CONFERENCE}/outbox/<uuid:code>"
_RULE = f"{_CONFERENCE}/rules/<slug:code>"
_MAIL = rf"^manage/inbox/(?P<name>{NAME})"

urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/inbox/", inbox, name="manage-inbox"),
    re_path(rf"{_MAIL}/\Z", inbox, name="manage-inbox-mail"),
    re_path(rf"{_MAIL}/html/\Z", inbox_html, name="manage-inbox-html"),
    re_path(rf"{_MAIL}/files/(?P<number>[0-9]{{1,3}})/\Z", inbox_file, name="manage-inbox-file"),
    path(f"{_CONFERENCE}/outbox/", outbox, name="manage-outbox"),
    path(f"{_MESSAGE}/", message_page, name="manage-message"),
    path(f"{_MESSAGE}/html/", message_html, name="manage-message-html"),
    path(f"{_MESSAGE}/retry/", message_retry, name="manage-message-retry"),
    path(f"{_MESSAGE}/cancel/", message_cancel, name="manage-message-cancel"),
    path(f"{_CONFERENCE}/mail/", mail_calendar_page, name="manage-mail-calendar"),
    path(f"{_CONFERENCE}/why/", why_page, name="manage-why"),
    path(f"{_CONFERENCE}/rules/", rules, name="manage-rules"),
    path(f"{_CONFERENCE}/rules/new/", rule_new, name="manage-rule-new"),
    path(f"{_RULE}/", rule_page, name="manage-rule"),
    path(f"{_RULE}/switch/", rule_switch, name="manage-rule-switch"),
    path(f"{_RULE}/delete/", rule_delete, name="manage-rule-delete"),
]
