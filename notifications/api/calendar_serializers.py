"""Bodies of the mail calendar and of "why"."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.serializers import StrictSerializer, instant_text
from notifications.enums import CancelReason, MessageKind
from notifications.services.explaining import Explanation
from notifications.services.forecast import MailCalendar, PlannedMail, Silence
from notifications.services.message_reasons import Code
from notifications.services.reasons import Reason

_COUNTS = {"type": "object", "additionalProperties": {"type": "integer"}}


@extend_schema_field(_COUNTS)
class CountsField(serializers.Field[Any, Any, Any, Any]):
    """Numbers by name."""

    def to_representation(self, value: Any) -> Any:
        return dict(value)


class PlannedMailSerializer(StrictSerializer):
    rule = serializers.CharField(read_only=True, allow_null=True)
    announcement = serializers.CharField(read_only=True, allow_null=True)
    kind = serializers.ChoiceField(choices=MessageKind.choices, read_only=True)
    name = serializers.CharField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True, help_text="When the first of them goes.")
    last_at = serializers.DateTimeField(read_only=True)
    recipients = serializers.IntegerField(read_only=True)
    is_about = serializers.BooleanField(
        read_only=True, help_text="Whether the number was taken from a part of a large audience."
    )
    languages = CountsField(read_only=True)
    held_back = CountsField(
        read_only=True, help_text=f"Who does not get it, by reason: {', '.join(CancelReason)}."
    )
    notes = serializers.ListField(child=serializers.CharField(), read_only=True)

    def to_representation(self, instance: PlannedMail) -> dict[str, Any]:
        return {
            "rule": instance.rule.code if instance.rule is not None else None,
            "announcement": instance.announcement.code if instance.announcement else None,
            "kind": instance.kind,
            "name": instance.name,
            "due_at": instant_text(instance.due_at),
            "last_at": instant_text(instance.last_at),
            "recipients": instance.count,
            "is_about": instance.is_about,
            "languages": dict(instance.languages),
            "held_back": dict(instance.held_back),
            "notes": list(instance.notes),
        }


class SilenceSerializer(StrictSerializer):
    rule = serializers.CharField(read_only=True)
    code = serializers.CharField(read_only=True)
    sentence = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: Silence) -> dict[str, Any]:
        return {
            "rule": instance.rule.code,
            "code": instance.code,
            "sentence": instance.why,
            "at": instant_text(instance.at) if instance.at is not None else None,
        }


class MailCalendarSerializer(StrictSerializer):
    until = serializers.DateTimeField(read_only=True)
    waits_for_publication = serializers.BooleanField(
        read_only=True, help_text="A draft's rules send nothing until it is published."
    )
    mails = PlannedMailSerializer(many=True, read_only=True)
    silences = SilenceSerializer(many=True, read_only=True)

    def to_representation(self, instance: MailCalendar) -> dict[str, Any]:
        return {
            "until": instant_text(instance.until),
            "waits_for_publication": instance.waits_for_publication,
            "mails": PlannedMailSerializer(instance.mails, many=True).data,
            "silences": SilenceSerializer(instance.silences, many=True).data,
        }


class WhoSerializer(StrictSerializer):
    name = serializers.CharField(read_only=True)
    person = serializers.CharField(read_only=True, allow_null=True)
    registrations = serializers.ListField(child=serializers.CharField(), read_only=True)
    invitation = serializers.CharField(read_only=True, allow_null=True)


class ReasonSerializer(StrictSerializer):
    kind = serializers.ChoiceField(choices=MessageKind.choices, read_only=True)
    rule = serializers.CharField(read_only=True, allow_null=True)
    code = serializers.ChoiceField(choices=[(code.value, code.value) for code in Code])
    sentence = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True, allow_null=True)
    message = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="The id that messages/ lists; null without one."
    )

    def to_representation(self, instance: Reason) -> dict[str, Any]:
        return {
            "kind": instance.kind,
            "rule": instance.rule.code if instance.rule is not None else None,
            "code": instance.code.value,
            "sentence": instance.sentence,
            "at": instant_text(instance.at) if instance.at is not None else None,
            "message": str(instance.message.uid) if instance.message is not None else None,
        }


class WhySerializer(StrictSerializer):
    who = WhoSerializer(read_only=True)
    messages = ReasonSerializer(many=True, read_only=True)

    def to_representation(self, instance: Explanation) -> dict[str, Any]:
        human = instance.human
        return {
            "who": {
                "name": human.name,
                "person": human.person.code if human.person is not None else None,
                "registrations": [row.code for row in human.registrations],
                "invitation": human.invitation.code if human.invitation is not None else None,
            },
            "messages": ReasonSerializer(instance.reasons, many=True).data,
        }
