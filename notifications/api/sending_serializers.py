"""Bodies of verbs on many messages, and of pauses."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import StrictSerializer
from notifications.enums import (
    MessageKind,
    MessageState,
)


class MessageSelectionSerializer(StrictSerializer):
    """Which messages are meant: the same names as the list's filters."""

    state = serializers.ChoiceField(choices=MessageState.choices, required=False)
    kind = serializers.ChoiceField(choices=MessageKind.choices, required=False)
    rule = serializers.CharField(required=False, max_length=60)
    registration = serializers.CharField(required=False, max_length=20)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(
                "Name at least one filter: state, kind, rule or registration.", code="required"
            )
        return attrs


class BulkSerializer(StrictSerializer):
    filter = MessageSelectionSerializer()
    expected = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        help_text="How many messages the caller has seen; when it is another number by now, "
        "nothing is done and the answer is 409.",
    )


class BulkDoneSerializer(StrictSerializer):
    number = serializers.IntegerField(read_only=True, help_text="How many messages were changed.")
    left = serializers.IntegerField(
        read_only=True,
        help_text="Of a retry: reminders of a time that no longer holds; they stay as they were.",
    )


class PauseSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=200)


class ResumeSerializer(StrictSerializer):
    give_up_stale = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Give up what has been due for over a day, but for what somebody asked for.",
    )


class SendingSerializer(StrictSerializer):
    paused = serializers.BooleanField(read_only=True)
    everywhere = serializers.BooleanField(
        read_only=True, help_text="Whether it is the installation's pause, which its operator ends."
    )
    reason = serializers.CharField(read_only=True, allow_null=True)
    since = serializers.DateTimeField(read_only=True, allow_null=True)
    waiting = serializers.IntegerField(
        read_only=True, help_text="Messages that are due now: they go as soon as mail goes."
    )
    stale = serializers.IntegerField(
        read_only=True, help_text="Of them, those due for over a day that nobody asked for."
    )
