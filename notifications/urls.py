"""Page addresses of notifications."""

from django.urls import URLPattern, URLResolver, path, re_path

from notifications.services.inbox import NAME
from notifications.views.announcement_preview import announcement_count, announcement_preview
from notifications.views.announcement_sending import (
    announcement_check,
    announcement_moment,
    announcement_verb,
)
from notifications.views.announcements import (
    announcement_delete,
    announcement_new,
    announcement_page,
    announcements,
)
from notifications.views.calendar_file import calendar_file
from notifications.views.inbox import inbox, inbox_file, inbox_html
from notifications.views.mail_calendar import mail_calendar_page
from notifications.views.mail_text import mail_text, mail_text_preview, mail_text_test
from notifications.views.mail_texts import mail_text_new, mail_text_reset, mail_texts
from notifications.views.outbox import (
    message_cancel,
    message_html,
    message_page,
    message_retry,
    outbox,
)
from notifications.views.preferences import preferences_page
from notifications.views.rules import rule_delete, rule_new, rule_page, rule_switch, rules
from notifications.views.sending import mail_pause, mail_resume, outbox_cancel, outbox_retry
from notifications.views.speaker_asking import speakers_ask, speakers_ask_preview
from notifications.views.speaker_calendar import speaker_calendar
from notifications.views.suppressions import (
    suppression_lift,
    suppression_list,
    suppression_new,
)
from notifications.views.why import why_page

_HOST = "manage/<slug:organisation>"
_OPTED_OUT = f"{_HOST}/opted-out"
_CONFERENCE = f"{_HOST}/<slug:conference>"
_MESSAGE = f"{_CONFERENCE}/outbox/<uuid:code>"
_RULE = f"{_CONFERENCE}/rules/<slug:code>"
_ANNOUNCEMENTS = f"{_CONFERENCE}/announcements"
_ANNOUNCEMENT = f"{_ANNOUNCEMENTS}/<slug:code>"
_ASKING = f"{_CONFERENCE}/asking/<slug:code>"
_MAIL = rf"^manage/inbox/(?P<name>{NAME})"


def _texts(level: str, prefix: str) -> list[URLPattern]:
    """Return the addresses of the texts of mails at a level: of a conference, or of the host.

    The language stands first, so that no text's name is taken for a page of a conference.
    """
    base = f"{level}/mail-templates"
    one = f"{base}/<slug:language>/<slug:template>"
    return [
        path(f"{base}/", mail_texts, name=f"{prefix}s"),
        path(f"{base}/new/", mail_text_new, name=f"{prefix}-new"),
        path(f"{one}/", mail_text, name=prefix),
        path(f"{one}/preview/", mail_text_preview, name=f"{prefix}-preview"),
        path(f"{one}/test/", mail_text_test, name=f"{prefix}-test"),
        path(f"{one}/reset/", mail_text_reset, name=f"{prefix}-reset"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("u/<slug:token>/", preferences_page, name="preferences"),
    path("i/<slug:code>/<slug:token>/event.ics", calendar_file, name="invitation-calendar"),
    path("s/<slug:code>/<slug:token>/event.ics", speaker_calendar, name="speaker-calendar"),
    path("manage/inbox/", inbox, name="manage-inbox"),
    path(f"{_ASKING}/", speakers_ask, name="manage-speakers-ask"),
    path(f"{_ASKING}/preview/", speakers_ask_preview, name="manage-speakers-ask-preview"),
    re_path(rf"{_MAIL}/\Z", inbox, name="manage-inbox-mail"),
    re_path(rf"{_MAIL}/html/\Z", inbox_html, name="manage-inbox-html"),
    re_path(rf"{_MAIL}/files/(?P<number>[0-9]{{1,3}})/\Z", inbox_file, name="manage-inbox-file"),
    path(f"{_OPTED_OUT}/", suppression_list, name="manage-suppressions"),
    path(f"{_OPTED_OUT}/new/", suppression_new, name="manage-suppression-new"),
    path(f"{_OPTED_OUT}/<slug:code>/lift/", suppression_lift, name="manage-suppression-lift"),
    path(f"{_CONFERENCE}/outbox/", outbox, name="manage-outbox"),
    path(f"{_CONFERENCE}/outbox/cancel/", outbox_cancel, name="manage-outbox-cancel"),
    path(f"{_CONFERENCE}/outbox/retry/", outbox_retry, name="manage-outbox-retry"),
    path(f"{_CONFERENCE}/outbox/pause/", mail_pause, name="manage-mail-pause"),
    path(f"{_CONFERENCE}/outbox/resume/", mail_resume, name="manage-mail-resume"),
    path(f"{_MESSAGE}/", message_page, name="manage-message"),
    path(f"{_MESSAGE}/html/", message_html, name="manage-message-html"),
    path(f"{_MESSAGE}/retry/", message_retry, name="manage-message-retry"),
    path(f"{_MESSAGE}/cancel/", message_cancel, name="manage-message-cancel"),
    path(f"{_CONFERENCE}/mail/", mail_calendar_page, name="manage-mail-calendar"),
    path(f"{_CONFERENCE}/why/", why_page, name="manage-why"),
    path(f"{_ANNOUNCEMENTS}/", announcements, name="manage-announcements"),
    path(f"{_ANNOUNCEMENTS}/new/", announcement_new, name="manage-announcement-new"),
    path(f"{_ANNOUNCEMENTS}/count/", announcement_count, name="manage-announcement-count"),
    path(f"{_ANNOUNCEMENTS}/preview/", announcement_preview, name="manage-announcement-preview"),
    path(f"{_ANNOUNCEMENT}/", announcement_page, name="manage-announcement"),
    path(f"{_ANNOUNCEMENT}/check/", announcement_check, name="manage-announcement-check"),
    path(f"{_ANNOUNCEMENT}/moment/", announcement_moment, name="manage-announcement-moment"),
    path(f"{_ANNOUNCEMENT}/delete/", announcement_delete, name="manage-announcement-delete"),
    path(f"{_ANNOUNCEMENT}/<slug:verb>/", announcement_verb, name="manage-announcement-verb"),
    path(f"{_CONFERENCE}/rules/", rules, name="manage-rules"),
    path(f"{_CONFERENCE}/rules/new/", rule_new, name="manage-rule-new"),
    path(f"{_RULE}/", rule_page, name="manage-rule"),
    path(f"{_RULE}/switch/", rule_switch, name="manage-rule-switch"),
    path(f"{_RULE}/delete/", rule_delete, name="manage-rule-delete"),
    *_texts(_HOST, "manage-host-mail-text"),
    *_texts(_CONFERENCE, "manage-mail-text"),
]
