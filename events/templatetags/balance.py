"""How a panel is made up, where organisers chose tags for that: nothing otherwise, and no query."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from accounts.permissions import Permission
from accounts.views.access import may
from events.models import Conference, Session
from events.services.balance import Share, balance_of

register = template.Library()


@register.inclusion_tag("events/manage/balance_hint.html", takes_context=True)
def balance_hint(context: Context, session: Session) -> dict[str, Any]:
    """Say it of one session to who may read people; two queries where tags are chosen."""
    if not _may(context):
        return {"shares": []}
    return {"shares": balance_of(session.conference, [session.pk]).get(session.pk, [])}


@register.simple_tag(takes_context=True)
def balance_of_all(context: Context, conference: Conference) -> dict[int, list[Share]]:
    """Return the shares of all sessions, for the lines of a list: two queries altogether."""
    return balance_of(conference) if _may(context) else {}


@register.inclusion_tag("events/manage/balance_hint.html")
def balance_line(found: dict[int, list[Share]], session: Session) -> dict[str, Any]:
    """Say it of one session of `balance_of_all`."""
    return {"shares": found.get(session.pk, [])}


def _may(context: Context) -> bool:
    request = context.get("request")
    return request is not None and may(request, Permission.PEOPLE_READ)
