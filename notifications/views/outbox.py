"""The outbox of a conference: every message, what became of it, and its mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from csp.decorators import csp_replace
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.text import LANGUAGES
from events import dates
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import console_page, try_verb
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from notifications.services.flow import flow_of
from notifications.services.opted_out import opt_outs_of
from notifications.services.outbox import OPEN, RETRIED_FROM, cancel_message, retry_message
from notifications.services.reading import (
    Figures,
    figures,
    in_order,
    local_moment,
    mail_of,
    short_moment,
    why,
)
from notifications.services.rendering import RenderingError
from notifications.services.sentences import template_name
from notifications.views.selection import asked_in, selection_in
from notifications.views.shown_mail import FRAMES, shown_mail

PER_PAGE = 50
_AGAIN = {
    False: "It goes at once, under the same Message-ID, to the address that is known now.",
    True: "It goes at once. If the first one arrived, this is a second, with the same Message-ID.",
}


@require_safe
@console_page
def outbox(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Every message with its state; filters with counts; whether mail leaves at all."""
    row = get_conference(request, organisation, conference, Permission.MAIL_READ)
    asked = asked_in(request)
    rows = replace(selection_in(request), state="").rows(row)
    found = figures(row, rows)
    page = Paginator(in_order(rows, asked["state"]), PER_PAGE).get_page(request.GET.get("page"))
    for message in page.object_list:
        message.conference = row
    flow = flow_of(row)
    may_write = may(request, Permission.MAIL_WRITE)
    opted_out = opt_outs_of(page.object_list, row)
    return render(
        request,
        "notifications/outbox.html",
        {
            "conference": row,
            "page_obj": page,
            "lines": [_line(message, opted_out) for message in page.object_list],
            "chips": _chips(found, asked),
            "kinds": MessageKind.choices,
            "rules": row.reminder_rules.order_by("name", "pk").values_list("code", "name"),
            "asked": asked,
            "flow": flow,
            "stands_still": found.stands_still and not (flow.pause or flow.trouble),
            "oldest_due": local_moment(found.oldest_due, row.time_zone) if found.oldest_due else "",
            "city": dates.zone_city(row.time_zone, "en"),
            "is_filtered": any(asked.values()),
            "bulk": _bulk(found, asked) if may_write and any(asked.values()) else {},
            "may_write": may_write,
        },
    )


def _bulk(found: Figures, asked: dict[str, str]) -> dict[str, Any]:
    """Return how many of the messages shown could be taken back, and sent again, at once."""

    def number(states: Iterable[str]) -> int:
        return sum(found.by_state.get(s, 0) for s in states if asked["state"] in {"", s})

    return {
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "cancel": number(OPEN),
        "retry": number(RETRIED_FROM),
    }


def _line(message: Message, opted_out: Mapping[int, str]) -> dict[str, Any]:
    moment = message.sent_at or message.due_at
    return {
        "message": message,
        "what": _what(message),
        "at": short_moment(moment, message.conference.time_zone),
        "state_label": opted_out.get(message.pk) or message.get_state_display(),
    }


def _what(message: Message) -> str:
    if message.kind == MessageKind.REMINDER:
        return template_name(message.template)
    return message.get_kind_display()


def _chips(found: Figures, asked: dict[str, str]) -> list[dict[str, Any]]:
    kept = {key: value for key, value in asked.items() if value and key != "state"}
    chips = [{"label": "All", "count": found.total, "state": ""}]
    chips += [
        {"label": state.label, "count": found.by_state.get(state, 0), "state": state.value}
        for state in MessageState
        if found.by_state.get(state) or asked["state"] == state
    ]
    return [
        {
            **chip,
            "count": chip["count"],
            "url": "?" + urlencode({**kept, **({"state": chip["state"]} if chip["state"] else {})}),
            "current": asked["state"] == chip["state"],
        }
        for chip in chips
    ]


def _get_message(
    request: HttpRequest, organisation: str, conference: str, code: UUID, permission: Permission
) -> tuple[Conference, Message]:
    row = get_conference(request, organisation, conference, permission)
    rows = Message.objects.filter(conference=row).select_related(
        "registration__registration_type",
        "registration__person",
        "person",
        "rule",
        "announcement",
        "rendered",
    )
    message = get_object_or_404(rows, uid=code)
    message.conference = row
    return row, message


@require_safe
@csp_replace(FRAMES)
@console_page
def message_page(
    request: HttpRequest, organisation: str, conference: str, code: UUID
) -> HttpResponse:
    """A message: the mail as its reader sees it, the tries, and why it is where it is."""
    row, message = _get_message(request, organisation, conference, code, Permission.MAIL_READ)
    mail, is_kept, trouble = None, False, ""
    try:
        mail, is_kept = mail_of(message)
    except RenderingError as error:
        trouble = str(error)
    view = request.GET.get("view", "")
    may_write = may(request, Permission.MAIL_WRITE)
    flow = flow_of(row)
    return render(
        request,
        "notifications/message.html",
        {
            "conference": row,
            "message": message,
            "what": _what(message),
            "why": why(message, paused=flow.pause.reason if flow.pause else None),
            "flow": flow,
            "due": local_moment(message.due_at, row.time_zone),
            "tries": [
                (short_moment(one.started_at, row.time_zone), one)
                for one in message.deliveries.all()
            ],
            "mail": mail,
            "is_kept": is_kept,
            "trouble": trouble,
            "language": LANGUAGES.get(message.language, message.language),
            "view": view if view in {"text", "source"} else "",
            "tabs": _tabs(view),
            "may_retry": may_write and message.state in RETRIED_FROM,
            "may_cancel": may_write and message.state in OPEN,
        },
    )


def _tabs(view: str) -> list[dict[str, Any]]:
    tabs = (("", "As the reader sees it"), ("text", "Plain text"), ("source", "Headers and files"))
    known = {name for name, _ in tabs}
    return [
        {
            "label": label,
            "url": f"?view={name}" if name else "?",
            "current": name == (view if view in known else ""),
            "count": None,
        }
        for name, label in tabs
    ]


@require_safe
@console_page
def message_html(
    request: HttpRequest, organisation: str, conference: str, code: UUID
) -> HttpResponse:
    """The mail's HTML alone, for the frame of the page above."""
    _, message = _get_message(request, organisation, conference, code, Permission.MAIL_READ)
    try:
        mail, _ = mail_of(message)
    except RenderingError as error:
        raise Http404 from error
    return shown_mail(mail.html, mail.attachments)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def message_retry(
    request: HttpRequest, organisation: str, conference: str, code: UUID
) -> HttpResponse:
    """Ask, then send once more."""
    row, message = _get_message(request, organisation, conference, code, Permission.MAIL_WRITE)
    return _ask(
        request,
        row,
        message,
        title=f"Send to {message.to_email} again?",
        text=_AGAIN[message.state == MessageState.UNKNOWN],
        label="Send it again",
        done="It is on its way again.",
        call=lambda: retry_message(message=message, actor=actor_of(request)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def message_cancel(
    request: HttpRequest, organisation: str, conference: str, code: UUID
) -> HttpResponse:
    """Ask, then take back."""
    row, message = _get_message(request, organisation, conference, code, Permission.MAIL_WRITE)
    return _ask(
        request,
        row,
        message,
        title=f"Take back the mail to {message.to_email}?",
        text="It is not sent, and its rule does not plan it anew.",
        label="Take it back",
        done="It is taken back.",
        call=lambda: cancel_message(message=message, actor=actor_of(request)),
    )


def _ask(
    request: HttpRequest,
    conference: Conference,
    message: Message,
    *,
    title: str,
    text: str,
    label: str,
    done: str,
    call: Callable[[], object],
) -> HttpResponse:
    if request.method == "POST":
        try_verb(request, [], done, call)
        return redirect(
            "manage-message",
            organisation=conference.organisation.slug,
            conference=conference.slug,
            code=message.uid,
        )
    return render(
        request,
        "notifications/confirm.html",
        {
            "conference": conference,
            "message": message,
            "title": title,
            "text": text,
            "label": label,
        },
    )
