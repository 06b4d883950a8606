"""The demo's mailbox in the browser. Without the demo there is no such page."""

from __future__ import annotations

from typing import Any, Final

from csp.decorators import csp_replace
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Membership
from accounts.views.access import actor_of, get_membership
from events.views.manage.base import console_page
from notifications.services.archive import MailAttachment
from notifications.services.inbox import Mail, names, read_head, read_mail
from notifications.views.shown_mail import FRAMES, attached_file, shown_mail

PER_PAGE = 30


_NO_ORGANISATION: Final[dict[str, Any]] = {
    "nav": {
        "organisation": {"name": "Lectern", "url": "/manage/"},
        "items": [],
        "conference": None,
        "conference_items": [],
    }
}


def _enter(request: HttpRequest) -> dict[str, Any]:
    """Let in whoever is signed in to a demo, and return the navigation of who has none.

    Everybody else's is that of their organisation.
    """
    if not (settings.LECTERN_DEMO or settings.EMBEDDED):
        raise Http404
    slug = (
        Membership.objects.filter(account_id=actor_of(request).id)
        .order_by("organisation__name", "pk")
        .values_list("organisation__slug", flat=True)
        .first()
    )
    if slug is None:
        return _NO_ORGANISATION
    get_membership(request, slug)
    return {}


def _open(name: str) -> Mail:
    mail = read_mail(name)
    if mail is None:
        raise Http404
    return mail


@require_safe
@csp_replace(FRAMES)
@console_page
def inbox(request: HttpRequest, name: str = "") -> HttpResponse:
    """All mails, newest first, and one of them opened."""
    navigation = _enter(request)
    page = Paginator(names(), PER_PAGE).get_page(request.GET.get("page"))
    heads = [head for head in map(read_head, page.object_list) if head is not None]
    opened = _open(name) if name else (read_mail(heads[0].name) if heads else None)
    as_text = request.GET.get("view") == "text" or (opened is not None and not opened.html)
    return render(
        request,
        "notifications/inbox.html",
        {
            "page_obj": page,
            "heads": heads,
            "mail": opened,
            "files": _files(opened),
            "tabs": _tabs(as_text=as_text),
            "as_text": as_text,
            "zone": _zone(request),
            **navigation,
        },
    )


def _files(mail: Mail | None) -> list[tuple[int, MailAttachment]]:
    """Return what can be saved, with its number; pictures inside the mail are seen there."""
    if mail is None:
        return []
    return [(n, part) for n, part in enumerate(mail.attachments) if not part.content_id]


def _tabs(*, as_text: bool) -> list[dict[str, object]]:
    shown = {"label": "As the reader sees it", "url": "?", "current": not as_text, "count": None}
    text = {"label": "Plain text", "url": "?view=text", "current": as_text, "count": None}
    return [shown, text]


def _zone(request: HttpRequest) -> str:
    membership: Membership | None = getattr(request, "membership", None)
    return membership.organisation.time_zone if membership is not None else "UTC"


@require_safe
@console_page
def inbox_html(request: HttpRequest, name: str) -> HttpResponse:
    """One mail's HTML alone, for the frame."""
    _enter(request)
    mail = _open(name)
    return shown_mail(mail.html, mail.attachments)


@require_safe
@console_page
def inbox_file(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """One attachment, to be saved."""
    _enter(request)
    parts = _open(name).attachments
    if int(number) >= len(parts):
        raise Http404
    return attached_file(parts[int(number)])
