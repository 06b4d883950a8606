"""Bodies of rules and messages."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import RowField, StrictSerializer, instant_text, local_text
from events.enums import ParticipationRole
from events.models import Session
from notifications.enums import (
    Anchor,
    Audience,
    Late,
    MessageKind,
    MessageState,
)


def _sessions(context: Any) -> Any:
    return Session.objects.filter(conference=context["conference"])


class ReminderRuleSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    name = serializers.CharField()
    audience = serializers.ChoiceField(choices=Audience.choices)
    anchor = serializers.ChoiceField(choices=Anchor.choices)
    offset = serializers.CharField(
        help_text=(
            "ISO 8601 duration, negative before the anchor: -P1D is the same time on the day "
            "before, -PT24H exactly 24 hours."
        )
    )
    at = serializers.CharField(
        required=False, allow_null=True, help_text="Local time HH:MM, only with whole days."
    )
    template = serializers.CharField(help_text="A slug that mail-templates/ lists.")
    session = RowField(rows=_sessions, required=False, allow_null=True)
    role = serializers.ChoiceField(
        choices=ParticipationRole.choices, required=False, allow_null=True, allow_blank=True
    )
    quiet_hours = serializers.BooleanField(
        required=False,
        help_text="Not between 20:00 and 08:00, unless the rule names a time or is urgent.",
    )
    working_days = serializers.BooleanField(
        required=False,
        help_text="Not on a Saturday or Sunday, but before or after; nudges never are.",
    )
    late = serializers.ChoiceField(choices=Late.choices, required=False)
    enabled = serializers.BooleanField(required=False)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "code": instance.code,
            "name": instance.name,
            "audience": instance.audience,
            "anchor": instance.anchor,
            "offset": instance.offset,
            "at": None if instance.at is None else f"{instance.at:%H:%M}",
            "template": instance.template,
            "session": instance.session.code if instance.session else None,
            "role": instance.role or None,
            "quiet_hours": instance.quiet_hours,
            "working_days": instance.working_days,
            "late": instance.late,
            "enabled": instance.enabled,
        }


class RuleMomentSerializer(StrictSerializer):
    due_at = serializers.DateTimeField(read_only=True, allow_null=True)
    local = serializers.CharField(read_only=True, help_text="On the conference's clocks.")
    readers = serializers.IntegerField(read_only=True)
    reasons = serializers.ListField(child=serializers.CharField(), read_only=True)
    sentence = serializers.CharField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "due_at": instant_text(instance.due_at),
            "local": local_text(instance.local),
            "readers": instance.readers,
            "reasons": list(instance.reasons),
            "sentence": instance.sentence,
        }


class RulePreviewSerializer(StrictSerializer):
    """What a rule comes to; `due_at` is null where a moment falls out."""

    sentence = serializers.CharField(read_only=True)
    readers = serializers.IntegerField(read_only=True)
    moments = RuleMomentSerializer(many=True, read_only=True)
    more = serializers.IntegerField(read_only=True, help_text="Moments beyond those listed.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "sentence": instance.words.sentence,
            "readers": instance.words.readers,
            "moments": [RuleMomentSerializer(moment).data for moment in instance.moments],
            "more": instance.more,
        }


class MessageSerializer(StrictSerializer):
    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=MessageKind.choices, read_only=True)
    to = serializers.CharField(read_only=True)
    registration = serializers.CharField(read_only=True, allow_null=True)
    rule = serializers.CharField(read_only=True, allow_null=True)
    due_at = serializers.DateTimeField(read_only=True)
    state = serializers.ChoiceField(choices=MessageState.choices, read_only=True)
    message_id = serializers.CharField(
        read_only=True, allow_null=True, help_text="Of the mail itself; null until it was begun."
    )
    attempts = serializers.IntegerField(read_only=True)
    last_error = serializers.CharField(read_only=True, allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "id": str(instance.uid),
            "kind": instance.kind,
            "to": instance.to_email,
            "registration": instance.registration.code if instance.registration else None,
            "rule": instance.rule.code if instance.rule else None,
            "due_at": instant_text(instance.due_at),
            "state": instance.state,
            "message_id": instance.message_id or None,
            "attempts": instance.attempts,
            "last_error": instance.last_error or None,
        }
