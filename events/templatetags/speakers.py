"""What is needed of who sits on a panel, as its page says it."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from events.models import Participation
from events.services.needs import needs_of

register = template.Library()


@register.inclusion_tag("events/manage/seat_needs.html", takes_context=True)
def seat_needs(context: Context, part: Participation) -> dict[str, Any]:
    """Say of each thing whether it is there: "bio ✓ photo ✗ slides ✗"."""
    return {
        "needs": needs_of(part),
        "part": part,
        "conference": context["conference"],
        "session": context["session"],
    }
