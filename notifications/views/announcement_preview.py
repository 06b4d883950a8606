"""What is typed, before it is saved: whom it would reach, and the mail as one of them sees it."""

from __future__ import annotations

from html import escape

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from core.errors import DomainError
from core.links import absolute_url
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import console_page
from notifications.forms.announcement import AnnouncementForm
from notifications.models import Announcement
from notifications.services.archive import MailContent
from notifications.services.audience_filters import clean_audience
from notifications.services.fan_out import as_message
from notifications.services.rendering import RenderingError
from notifications.services.rendering import render as render_mail
from notifications.services.survey import survey
from notifications.views.shown_mail import shown_mail

_PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>Preview</title></head>'
    '<body style="font:16px/1.5 system-ui,sans-serif;margin:2rem;color:#4a525b"><p>{}</p></body>'
    "</html>"
)


def _typed(request: HttpRequest, conference: Conference) -> Announcement | None:
    """Return what was typed as an announcement that is not saved."""
    form = AnnouncementForm(request.POST, conference=conference)
    form.is_valid()
    try:
        audience = clean_audience(conference, form.audience())
        texts = form.typed_texts()
    except (DomainError, KeyError):
        return None
    kept = {name: {k: v for k, v in found.items() if v} for name, found in texts.items()}
    return Announcement(conference=conference, audience=audience, **kept)


@require_POST
@console_page
def announcement_count(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """How many it would reach, who is left out and why; a piece of the page."""
    row = get_conference(request, organisation, conference, Permission.MAIL_WRITE)
    typed = _typed(request, row)
    return render(
        request,
        "notifications/announcement_count.html",
        {"survey": survey(typed) if typed is not None else None},
    )


@require_POST
@console_page
def announcement_preview(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """The mail as one of the audience sees it, for the frame of the page."""
    row = get_conference(request, organisation, conference, Permission.MAIL_WRITE)
    typed = _typed(request, row)
    if typed is None:
        return shown_mail(_PAGE.format("Something that was chosen is not there any more."), ())
    readers = survey(typed).sample
    if not readers:
        return shown_mail(_PAGE.format("Choose an audience first: nobody would get it."), ())
    number = request.POST.get("reader", "")
    index = int(number) if number.isdigit() and int(number) < len(readers) else 0
    try:
        mail = render_mail(as_message(typed, readers[index]))
    except RenderingError as error:
        return shown_mail(_PAGE.format(escape(str(error))), ())
    return shown_mail(_without_rights(mail), mail.attachments)


def _without_rights(mail: MailContent) -> str:
    """Return the mail's HTML; its reader's own links lead nowhere, so that a preview gives none."""
    html = mail.html
    for address in mail.links.values():
        html = html.replace(escape(address, quote=True), absolute_url("/r/"))
    return html
