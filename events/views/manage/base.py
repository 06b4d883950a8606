"""What all organisers' pages of the programme do around their own work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from accounts.models import Account
from core.errors import DomainError
from core.models import AuditEntry
from events.forms.base import ServiceForm
from events.models import DraftEdit
from events.services.edit_words import ago, rooms_by_code, what
from events.services.edit_words import who as edit_author

T = TypeVar("T")
_KEPT: Final = (
    "Nothing was saved; what you typed is still here. Save it again to put it in place of theirs."
)
View = Callable[..., HttpResponseBase]


def console_page(view: View) -> View:
    """Make a view a page of the console: in English, and never kept by a cache."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        with translation.override("en"):
            response = view(request, **kwargs)
        response["Content-Language"] = "en"
        return response

    return page


def attempt(form: ServiceForm, subject: Iterable[models.Model], call: Callable[[], T]) -> T | None:
    """Call a service; a refusal goes to the form's fields and None is returned.

    What was changed meanwhile is said with a name. What was typed stays, on the new version: saving
    once more is then the reader's own decision.

    Arguments:
        subject: the rows that the page is about, the first one with the version.
    """
    try:
        return call()
    except DomainError as refusal:
        rows = list(subject)
        if refusal.kind == "stale" and rows:
            form.refuse(refusal, stale_sentence(rows))
            root = type(rows[0])._default_manager.filter(pk=rows[0].pk)
            current = root.values_list("version", flat=True).first()
            if isinstance(form.data, QueryDict):
                form.data = form.data.copy()
                form.data["version"] = str(current)
        else:
            form.refuse(refusal)
        return None


def try_verb(
    request: HttpRequest,
    subject: Iterable[models.Model],
    done: str | Callable[[Any], str],
    call: Callable[[], Any],
) -> bool:
    """Call a service behind a single button and say on the next page how it went.

    Arguments:
        done: what is said of success, or how it is said of what the service returned.
    """
    try:
        result = call()
    except DomainError as refusal:
        stale = stale_sentence(list(subject)) if refusal.kind == "stale" else ""
        messages.error(request, stale or refusal.detail)
        return False
    messages.success(request, done if isinstance(done, str) else done(result))
    return True


def stale_sentence(rows: Iterable[models.Model]) -> str:
    """Say who changed any of these rows last, and when."""
    keys = models.Q()
    for row in rows:
        uid = str(getattr(row, "uid", None) or row.pk)
        keys |= models.Q(object_type=row._meta.label_lower, object_uid=uid)
    last = AuditEntry.objects.filter(keys).order_by("-at", "-id").first()
    who, when = "Somebody", ""
    if words := _words_of_edit(last):
        return f"{words} {_KEPT}"
    if last is not None:
        when = f" at {timezone.localtime(last.at):%H:%M} UTC"
        if last.actor_kind == "account":
            account = Account.objects.filter(pk=last.actor_id).first()
            who = account.get_full_name() if account else who
        elif last.actor_kind == "token":
            who = "A program"
    return f"{who} changed this{when}, after you had opened it. {_KEPT}"


def _words_of_edit(last: AuditEntry | None) -> str:
    """Say what was done to a session, where its last change was written down as an edit."""
    if last is None or last.object_type != "events.session":
        return ""
    edit = (
        DraftEdit.objects.filter(session__uid=last.object_uid, at__gte=last.at)
        .select_related("session__conference")
        .order_by("-at", "-id")
        .first()
    )
    if edit is None or edit.session is None:
        return ""
    rooms = rooms_by_code(edit.session.conference)
    return f"{edit_author(edit)} {what(edit, rooms)} {ago(edit.at)}."


def posted_version(request: HttpRequest) -> int | None:
    """Return the version that a button's form carried."""
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - a 32-bit number
