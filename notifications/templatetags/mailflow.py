"""`{% mail_flow %}`: whether mail leaves, on top of every page about mail."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.permissions import Permission
from notifications.services.flow import flow_of

register = template.Library()


@register.inclusion_tag("notifications/flow.html", takes_context=True)
def mail_flow(context: Any) -> dict[str, Any]:
    """Show the pause of the page's conference, or what holds its mail up; nothing when it flows.

    A view that has read the `flow` already gives it along.
    """
    conference = context["conference"]
    membership = getattr(context["request"], "membership", None)
    return {
        "conference": conference,
        "flow": context.get("flow") or flow_of(conference),
        "may_resume": membership is not None and membership.may(Permission.MAIL_WRITE),
    }
