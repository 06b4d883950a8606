"""Bodies of who has opted out."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import RowField, StrictSerializer, instant_text
from events.models import Conference
from notifications.enums import (
    SuppressionReason,
)


def _conferences(context: Any) -> Any:
    return Conference.objects.filter(organisation=context["organisation"])


class SuppressionSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    email = serializers.CharField(help_text="Kept and answered in lower case.")
    conference = RowField(
        rows=_conferences,
        key="slug",
        required=False,
        allow_null=True,
        help_text="Null: all conferences of the organisation, those to come included.",
    )
    reason = serializers.ChoiceField(
        choices=SuppressionReason.choices,
        read_only=True,
        help_text="`organiser` for what was put down for somebody; the others are their own word.",
    )
    note = serializers.CharField(help_text="Who asked for it, and how.")
    created_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "code": instance.code,
            "email": instance.email_key,
            "conference": instance.conference.slug if instance.conference else None,
            "reason": instance.reason,
            "note": instance.note,
            "created_at": instant_text(instance.created_at),
        }


class LiftSerializer(StrictSerializer):
    note = serializers.CharField(help_text="On whose word: who asked for it, and how.")
