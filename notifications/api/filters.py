"""By what lists can be filtered; any other name is refused."""

from __future__ import annotations

import django_filters as f

from notifications.enums import Anchor, AnnouncementState, Audience, MessageKind, MessageState


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
