"""Reminder rules of a conference: in sentences, with their moments, and a form for each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from notifications.enums import Anchor, Audience, Late, MessageState
from notifications.forms.rule import RuleForm
from notifications.models import Message, ReminderRule
from notifications.services.reading import state_in_words
from notifications.services.rule_preview import Preview, preview_rule
from notifications.services.rules import (
    change_reminder_rule,
    create_reminder_rule,
    delete_reminder_rule,
)
from notifications.services.sentences import in_words, rules_in_words

_NEW = {
    "name": "",
    "template": "reminder",
    "audience": Audience.ATTENDEES,
    "amount": 1,
    "unit": "days",
    "direction": "before",
    "anchor": Anchor.CONFERENCE_START,
    "late": Late.SKIP,
    "enabled": True,
}


@require_safe
@console_page
def rules(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Every rule as a sentence, with what it has sent and what it still will."""
    row = get_conference(request, organisation, conference, Permission.MAIL_READ)
    found = list(row.reminder_rules.select_related("session"))
    for rule in found:
        rule.conference = row
    counts = _counts(row)
    return render(
        request,
        "notifications/rules.html",
        {
            "conference": row,
            "rules": [
                {"words": words, "counts": counts.get(words.rule.pk, {})}
                for words in rules_in_words(found, row)
            ],
            "state_words": state_in_words(row),
            "may_write": may(request, Permission.MAIL_WRITE),
        },
    )


def _counts(conference: Conference) -> dict[int, dict[str, int]]:
    rows = (
        Message.objects.filter(conference=conference, rule__isnull=False)
        .order_by()
        .values_list("rule", "state")
        .annotate(number=Count("pk"))
    )
    counts: dict[int, dict[str, int]] = {}
    for rule_id, state, number in rows:
        if rule_id is not None and state in {MessageState.QUEUED, MessageState.SENT}:
            counts.setdefault(rule_id, {})[state] = number
    return counts


def _get_rule(
    request: HttpRequest, organisation: str, conference: str, code: str, permission: Permission
) -> ReminderRule:
    row = get_conference(request, organisation, conference, permission)
    rule = row.reminder_rules.select_related("session").filter(code=code).first()
    if rule is None:
        raise Http404
    rule.conference = row
    return rule


def _to_list(conference: Conference) -> HttpResponse:
    return redirect(
        "manage-rules", organisation=conference.organisation.slug, conference=conference.slug
    )


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def rule_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Write a rule; it can say its moment before it is saved."""
    row = get_conference(request, organisation, conference, Permission.MAIL_WRITE)
    form = RuleForm(request.POST or None, conference=row, initial=_NEW)
    preview = None
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        if "preview" in request.POST:
            preview = attempt(
                form, [], lambda: preview_rule(conference=row, rule=None, values=form.values())
            )
        else:
            made = attempt(
                form,
                [],
                lambda: create_reminder_rule(conference=row, values=form.values(), actor=actor),
            )
            if made is not None:
                messages.success(request, f"The rule is made. {in_words(made, row).sentence}")
                return _to_list(row)
    return _form_page(request, row, form, None, preview)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def rule_page(request: HttpRequest, organisation: str, conference: str, code: str) -> HttpResponse:
    """Change a rule; what it has planned is planned anew."""
    needed = Permission.MAIL_WRITE if request.method == "POST" else Permission.MAIL_READ
    rule = _get_rule(request, organisation, conference, code, needed)
    row = rule.conference
    form = RuleForm(request.POST or None, conference=row, initial=RuleForm.initial_of(rule))
    preview: Preview | None = None
    if request.method == "POST" and form.is_valid():
        actor = actor_of(request)
        if "preview" in request.POST:
            preview = attempt(
                form, [rule], lambda: preview_rule(conference=row, rule=rule, values=form.values())
            )
        else:
            changed = attempt(
                form,
                [rule],
                lambda: change_reminder_rule(
                    rule=rule, changes=form.values(), expected=form.expected, actor=actor
                ),
            )
            if changed is not None:
                changed.conference = row
                messages.success(request, f"Saved. {in_words(changed, row).sentence}")
                return _to_list(row)
    if request.method != "POST":
        preview = preview_rule(conference=row, rule=rule)
    return _form_page(request, row, form, rule, preview)


def _form_page(
    request: HttpRequest,
    conference: Conference,
    form: RuleForm,
    rule: ReminderRule | None,
    preview: Preview | None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "conference": conference,
        "form": form,
        "rule": rule,
        "preview": preview,
        "may_write": may(request, Permission.MAIL_WRITE),
    }
    # htmx swaps what it comes to; without it the button shows the whole page.
    part = request.htmx and "preview" in request.POST  # type: ignore[attr-defined]  # middleware
    page = "notifications/rule_preview.html" if part else "notifications/rule.html"
    return render(request, page, context)


@require_POST
@console_page
def rule_switch(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Switch a rule on or off."""
    rule = _get_rule(request, organisation, conference, code, Permission.MAIL_WRITE)
    on = request.POST.get("enabled") == "yes"
    try_verb(
        request,
        [rule],
        f"“{rule.name}” is switched {'on' if on else 'off'}.",
        lambda: change_reminder_rule(
            rule=rule,
            changes={"enabled": on},
            expected=posted_version(request),
            actor=actor_of(request),
        ),
    )
    if request.POST.get("next") == "calendar":
        return redirect("manage-mail-calendar", organisation=organisation, conference=conference)
    return _to_list(rule.conference)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def rule_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask, then delete a rule that has sent nothing."""
    rule = _get_rule(request, organisation, conference, code, Permission.MAIL_WRITE)
    if request.method == "POST":
        try_verb(
            request,
            [rule],
            f"“{rule.name}” is deleted.",
            lambda: delete_reminder_rule(
                rule=rule, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return _to_list(rule.conference)
    return render(
        request,
        "notifications/confirm.html",
        {
            "conference": rule.conference,
            "title": f"Delete “{rule.name}”?",
            "text": "What it has planned is taken back. A rule that has sent mail can not go.",
            "label": "Delete the rule",
            "version": rule.version,
            "rule": rule,
        },
    )
