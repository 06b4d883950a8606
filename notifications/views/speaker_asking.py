"""Asking the people of a session to speak: words, a deadline, the letter, and one button."""

from __future__ import annotations

import datetime as dt
from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.text import full_name
from events.enums import ParticipationState
from events.forms.speaking import AskForm
from events.models import Participation, Session
from events.services.asking import ask_speakers
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page
from events.views.manage.panel import subject_of, url_of
from events.views.manage.sessions import get_session
from notifications.services.archive import MailContent
from notifications.services.asking_preview import preview_ask
from notifications.services.rendering import RenderingError
from notifications.views.shown_mail import FRAMES, shown_mail


@require_http_methods(["GET", "HEAD", "POST"])
@csp_replace(FRAMES)
@console_page
def speakers_ask(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask one of a session, or all who were not asked; a letter leaves by this button alone."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    session = get_session(row, code)
    asked = _asked(request, session)
    first = asked[0] if len(asked) == 1 else None
    initial: dict[str, Any] = {"version": session.version}
    if first is not None:
        until = first.reply_until_local
        is_ahead = first.reply_until_at is not None and first.reply_until_at > timezone.now()
        initial |= {
            "words": first.asked_words,
            "reply_until_local": until if is_ahead else None,
        }
    form = AskForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        rows = attempt(
            form,
            subject_of(session),
            lambda: ask_speakers(
                session=session,
                participations=asked,
                expected=form.expected,
                actor=actor_of(request),
                **form.asking(),
            ),
        )
        if rows is not None:
            who = _name(rows[0]) if len(rows) == 1 else f"{len(rows)} people"
            messages.success(request, f"{who} will get the letter within a minute.")
            return redirect(url_of(session))
    context = {
        "conference": row,
        "session": session,
        "asked": asked,
        "names": [_name(part) for part in asked],
        "without": [_name(part) for part in asked if not _has_address(part)],
        "form": form,
        "back_url": url_of(session),
        "preview_url": reverse(
            "manage-speakers-ask-preview", args=[organisation, row.slug, session.code]
        ),
    }
    return render(request, "notifications/speakers_ask.html", context)


@require_POST
@console_page
def speakers_ask_preview(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """The letter to the first of those who are asked, with the words as they are typed."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    part = _asked(request, get_session(row, code))[0]
    form = AskForm(request.POST)
    form.is_valid()  # what is wrong, the button that sends says
    problems: list[str] = []
    mail: MailContent | None = None
    try:
        mail = preview_ask(
            part,
            words=str(form.cleaned_data.get("words", "")),
            reply_until_local=_local(form.cleaned_data.get("reply_until_local", "")),
        )
    except RenderingError as error:
        problems = [str(error)]
    if mail is None:
        problems = problems or [f"No mail address of {_name(part)} is known."]
    around = {"mail": mail, "problems": problems, "language": "en"}
    if mail is None:
        return shown_mail(render_to_string("notifications/mail_preview.html", around), ())
    above = render_to_string("notifications/mail_preview_head.html", around)
    return shown_mail(mail.html, mail.attachments, above=above)


def _asked(request: HttpRequest, session: Session) -> list[Participation]:
    """Return whom the page is about: who is named, else all who were not asked."""
    given = request.POST if request.method == "POST" else request.GET
    codes = given.getlist("part")
    rows = session.participations.select_related("person").prefetch_related("person__assistants")
    wanted = {"code__in": codes} if codes else {"state": ParticipationState.PLANNED}
    found = list(rows.filter(**wanted).order_by("order", "pk"))
    if not found:
        raise Http404
    for part in found:
        part.session = session
    return found


def _name(part: Participation) -> str:
    return full_name(part.person.given_name, part.person.family_name)


def _has_address(part: Participation) -> bool:
    return bool(part.person.email or part.person.assistants.all())


def _local(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except (TypeError, ValueError):
        return None
