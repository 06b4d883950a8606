"""The texts of mails, of a conference or of the organisation: which hold, a new one, one back."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.text import LANGUAGES as NAMES
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from notifications.forms.mail_text import NewMailTextForm
from notifications.services.listing import Entry, entries, text_name
from notifications.services.mail_templates import add_mail_template, reset_mail_template
from notifications.services.own_texts import Level, Origin, held, is_delivered
from notifications.services.texts import LANGUAGES
from notifications.views.levels import get_level, get_texts, url_of

# Origin, seen from the level that changed it -> state for its shape, and words.
_HERE: Final = ("changed", "Changed here")
_SHOWN: Final = {
    Origin.CONFERENCE: _HERE,
    Origin.ORGANISATION: ("active", "By the organisation"),
    Origin.DELIVERED: ("delivered", "As delivered"),
}
_MISSING: Final = ("failed", "Missing")


@require_safe
@console_page
def mail_texts(request: HttpRequest, organisation: str, conference: str = "") -> HttpResponse:
    """Every text with its languages, and where each of them comes from."""
    level = get_level(request, organisation, conference, Permission.MAIL_READ)
    found = entries(level)
    context = {
        **level_context(level),
        "languages": [(tag, NAMES.get(tag, tag)) for tag in LANGUAGES],
        "groups": [
            ("Sent by what happens", [_line(level, e) for e in found if not e.for_rules]),
            ("Sent by mail rules", [_line(level, e) for e in found if e.for_rules]),
        ],
        "new_url": url_of(level, "-new"),
        "may_write": may(request, Permission.MAIL_WRITE),
    }
    return render(request, "notifications/mail_texts.html", context)


def _line(level: Level, entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry,
        "missing": ", ".join(NAMES.get(tag, tag) for tag in entry.missing),
        "cells": [
            {
                "language": NAMES.get(tag, tag),
                "tag": tag,
                "state": state,
                "label": label,
                "url": url_of(level, "", tag, entry.slug),
            }
            for tag in LANGUAGES
            for state, label in [shown_origin(level, entry.origins.get(tag))]
        ],
    }


def shown_origin(level: Level, origin: Origin | None) -> tuple[str, str]:
    """Return the state and the words in which the page says where a text comes from."""
    if origin is None:
        return _MISSING
    return _HERE if origin is level.origin else _SHOWN[origin]


def level_context(level: Level) -> dict[str, Any]:
    """Return what every page of texts is told about its level."""
    return {
        "conference": level.conference,
        "host": level.organisation,
        "list_url": url_of(level, "s"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def mail_text_new(request: HttpRequest, organisation: str, conference: str = "") -> HttpResponse:
    """Name a text of one's own; its words come next."""
    level = get_level(request, organisation, conference, Permission.MAIL_WRITE)
    form = NewMailTextForm(request.POST or None, level=level)
    if request.method == "POST" and form.is_valid():
        row = attempt(
            form,
            [],
            lambda: add_mail_template(
                level=level,
                name=form.cleaned_data["name"],
                language=form.cleaned_data["language"],
                start_from=form.cleaned_data["start_from"],
                actor=actor_of(request),
            ),
        )
        if row is not None:
            messages.success(request, "The text is made. Rules can choose it; write its words now.")
            return redirect(url_of(level, "", row.language, row.slug))
    context = {**level_context(level), "form": form}
    return render(request, "notifications/mail_text_new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def mail_text_reset(
    request: HttpRequest, organisation: str, language: str, template: str, conference: str = ""
) -> HttpResponse:
    """Ask, then take a text back to the wider one."""
    level = get_level(request, organisation, conference, Permission.MAIL_WRITE)
    text = get_texts(level, template, language).get(language)
    if text is None or not text.version:
        raise Http404
    if request.method == "POST":
        gone = try_verb(
            request,
            [],
            "The text is taken back.",
            lambda: reset_mail_template(
                level=level,
                template=template,
                language=language,
                expected=posted_version(request),
                actor=actor_of(request),
            ),
        )
        return redirect(url_of(level, "s") if gone else url_of(level, "", language, template))
    context = {
        **level_context(level),
        "title": f"Take back “{text_name(template)}” in {NAMES.get(language, language)}?",
        "text": _after_reset(level, template, language),
        "label": "Take it back",
        "version": text.version,
        "cancel_url": url_of(level, "", language, template),
    }
    return render(request, "notifications/mail_text_reset.html", context)


def _after_reset(level: Level, template: str, language: str) -> str:
    wider = held(Level(level.organisation), template).get(language)
    if level.conference is not None and wider and wider.origin is Origin.ORGANISATION:
        return "What was written here is gone, and the organisation's text holds again."
    if is_delivered(template):
        return "What was written here is gone, and the text that came with Lectern holds again."
    return "What was written here is gone, and readers of this language get another one."
