"""One text in one language: its parts, how it will look to one of the guests, a test to oneself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account
from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.errors import DomainError
from core.text import LANGUAGES as NAMES
from events.models import Conference
from events.views.manage.base import attempt, console_page
from notifications.forms.mail_text import MailTextForm
from notifications.services.archive import MailContent
from notifications.services.listing import text_name
from notifications.services.mail_templates import checked_source, set_mail_template
from notifications.services.own_texts import PARTS, Held, Level, pick_language
from notifications.services.placeholders import listed
from notifications.services.previewing import preview, send_test_mail
from notifications.services.rendering import RenderingError
from notifications.services.texts import LANGUAGES, Source
from notifications.services.trials import samples_of
from notifications.views.levels import get_level, get_texts, shown_on, url_of
from notifications.views.mail_texts import level_context, shown_origin
from notifications.views.shown_mail import FRAMES, shown_mail


@require_http_methods(["GET", "HEAD", "POST"])
@csp_replace(FRAMES)
@console_page
def mail_text(
    request: HttpRequest, organisation: str, language: str, template: str, conference: str = ""
) -> HttpResponse:
    """Write a text; beside it stands how it looks, and what its placeholders mean."""
    needed = Permission.MAIL_WRITE if request.method == "POST" else Permission.MAIL_READ
    level = get_level(request, organisation, conference, needed)
    texts = get_texts(level, template, language)
    text = texts.get(language)
    begun = text or _begun(level, texts, template, language)
    form = MailTextForm(request.POST or None, source=begun.source, version=begun.version)
    if request.method == "POST" and form.is_valid():
        row = level.own().filter(slug=template, language=language).first()
        saved = attempt(
            form,
            [row] if row is not None else [],
            lambda: set_mail_template(
                level=level,
                template=template,
                language=language,
                values=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if saved is not None:
            messages.success(request, "Saved. Every mail that is made from now on reads so.")
            return redirect(url_of(level, "", language, template))
        if row is None:
            form.on_version(0)
    return _show(request, level, texts, form, begun.source)


def _begun(level: Level, texts: Mapping[str, Held], template: str, language: str) -> Held:
    """Return what a text begins with in a language that it lacks: what its readers get now."""
    now = texts[pick_language(texts, template, language, level.languages)]
    return Held(replace(now.source, language=language), now.origin)


def _show(
    request: HttpRequest,
    level: Level,
    texts: Mapping[str, Held],
    form: MailTextForm,
    source: Source,
) -> HttpResponse:
    template, language = source.template, source.language
    text = texts.get(language)
    tried_on = shown_on(level)
    samples = samples_of(tried_on, template)
    chosen = request.POST.get("sample", "")
    state, label = shown_origin(level, text.origin if text else None)
    now = "" if text else pick_language(texts, template, language, level.languages)
    context: dict[str, Any] = {
        **level_context(level),
        "form": form,
        "name": text_name(template),
        "language": NAMES.get(language, language),
        "tabs": [
            {
                "label": NAMES.get(tag, tag),
                "url": url_of(level, "", tag, template),
                "current": tag == language,
                "count": None,
            }
            for tag in LANGUAGES
        ],
        "state": state,
        "label": label,
        "now": NAMES.get(now, now),
        "is_own": bool(text and text.version),
        "placeholders": listed(template),
        "tried_on": tried_on,
        "samples": samples,
        "sample": next((value for value, _who in samples if chosen in ("", value)), ""),
        "save_url": url_of(level, "", language, template),
        "preview_url": url_of(level, "-preview", language, template),
        "test_url": url_of(level, "-test", language, template),
        "reset_url": url_of(level, "-reset", language, template),
        "account": request.user,
        "may_write": may(request, Permission.MAIL_WRITE),
    }
    return render(request, "notifications/mail_text.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def mail_text_preview(
    request: HttpRequest, organisation: str, language: str, template: str, conference: str = ""
) -> HttpResponse:
    """The text as a mail to one of the guests, for the frame: as it holds, or as it was typed."""
    posting = request.method == "POST"
    needed = Permission.MAIL_WRITE if posting else Permission.MAIL_READ
    level = get_level(request, organisation, conference, needed)
    texts = get_texts(level, template, language)
    asked = request.POST if posting else request.GET
    problems: list[str] = []
    mail: MailContent | None = None
    try:
        tried_on = _tried_on(level)
        source = (texts.get(language) or _begun(level, texts, template, language)).source
        if posting:
            source = _typed(request, level, source)
        mail = preview(tried_on, source, asked.get("sample", "")[:40])
    except DomainError as refusal:
        problems = _sentences(refusal)
    except RenderingError as error:
        problems = [str(error)]
    as_text = asked.get("view") == "text"
    around = {"mail": mail, "problems": problems, "as_text": as_text, "language": language}
    if mail is None or as_text:
        page = render_to_string("notifications/mail_preview.html", around)
        return shown_mail(page, ())
    return shown_mail(
        mail.html,
        mail.attachments,
        above=render_to_string("notifications/mail_preview_head.html", around),
    )


@require_POST
@csp_replace(FRAMES)
@console_page
def mail_text_test(
    request: HttpRequest, organisation: str, language: str, template: str, conference: str = ""
) -> HttpResponse:
    """Send the text as it was typed to whoever typed it; it is not saved by this."""
    level = get_level(request, organisation, conference, Permission.MAIL_WRITE)
    texts = get_texts(level, template, language)
    begun = texts.get(language) or _begun(level, texts, template, language)
    form = MailTextForm(request.POST, source=begun.source, version=begun.version)
    if form.is_valid():
        sent = attempt(
            form,
            [],
            lambda: send_test_mail(
                conference=_tried_on(level),
                source=checked_source(
                    level=level, template=template, language=language, values=form.values()
                ),
                sample=request.POST.get("sample", "")[:40],
                account=_account(request),
                actor=actor_of(request),
            ),
        )
        if sent is not None:
            messages.success(
                request, f"A test is on its way to {sent.to_email}. Nothing else was saved."
            )
    return _show(request, level, texts, form, begun.source)


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise Http404
    return request.user


def _tried_on(level: Level) -> Conference:
    conference = shown_on(level)
    if conference is None:
        raise DomainError(
            "wrong-state", "A text is tried on the people of a conference. There is none yet."
        )
    return conference


def _typed(request: HttpRequest, level: Level, source: Source) -> Source:
    """Return the text as it stands in the form.

    Raises:
        DomainError: ``validation-failed``.
    """
    form = MailTextForm(request.POST, source=source)
    form.is_valid()  # what is missing or too long, the service says in its own words
    typed = {name: form.cleaned_data.get(name, request.POST.get(name, "")) for name in PARTS}
    return checked_source(
        level=level, template=source.template, language=source.language, values=typed
    )


def _sentences(refusal: DomainError) -> list[str]:
    """Return what is wrong, each with the field that it is about."""
    fields = MailTextForm.base_fields
    return [
        f"{fields[name].label}: {error.detail}"
        for error in refusal.errors
        if (name := error.pointer.strip("/")) in fields
    ] or [refusal.detail]
