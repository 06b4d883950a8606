"""By what lists can be filtered; any other name is refused."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import QuerySet

from core.text import email_key
from notifications.enums import (
    Anchor,
    AnnouncementState,
    Audience,
    MessageKind,
    MessageState,
    SuppressionReason,
)


class ReminderRuleFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    audience = f.ChoiceFilter(choices=Audience.choices)
    anchor = f.ChoiceFilter(choices=Anchor.choices)
    enabled = f.BooleanFilter()


class MessageFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    kind = f.ChoiceFilter(choices=MessageKind.choices)
    state = f.ChoiceFilter(choices=MessageState.choices)
    registration = f.CharFilter(field_name="registration__code")
    rule = f.CharFilter(field_name="rule__code")
    announcement = f.CharFilter(field_name="announcement__code")


class AnnouncementFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    state = f.ChoiceFilter(choices=AnnouncementState.choices)


def by_address(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """Keep the rows of an address, however it is written."""
    return queryset.filter(**{name: email_key(value)})


class SuppressionFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    email = f.CharFilter(field_name="email_key", method=by_address)
    conference = f.CharFilter(field_name="conference__slug")
    reason = f.ChoiceFilter(choices=SuppressionReason.choices)
