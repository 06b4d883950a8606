"""Bodies of announcements."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import StrictSerializer, TextsField, instant_text
from events.enums import ParticipationRole, ParticipationState
from notifications.enums import (
    AnnouncementState,
    InvitationStanding,
    Level,
)
from registrations.enums import RegistrationStatus


class AudienceSerializer(StrictSerializer):
    """Whom an announcement is for: three kinds of people, added up, and what narrows them."""

    registrations = serializers.ListField(
        child=serializers.ChoiceField(choices=RegistrationStatus.choices), required=False
    )
    speakers = serializers.ListField(
        child=serializers.ChoiceField(choices=ParticipationState.choices), required=False
    )
    invitations = serializers.ListField(
        child=serializers.ChoiceField(choices=InvitationStanding.choices), required=False
    )
    checked_in = serializers.BooleanField(
        required=False, allow_null=True, help_text="Of the registered: who came, who did not."
    )
    types = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Slugs of registration types."
    )
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=ParticipationRole.choices), required=False
    )
    sessions = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Codes: the people of these."
    )
    tags = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Slugs; one of them is needed."
    )
    languages = serializers.ListField(child=serializers.CharField(), required=False)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return dict(instance)


class FindingSerializer(StrictSerializer):
    check = serializers.CharField(read_only=True, help_text="A stable word.")
    title = serializers.CharField(read_only=True)
    level = serializers.ChoiceField(choices=Level.choices, read_only=True)
    detail = serializers.CharField(read_only=True)


class AnnouncementSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    subject = TextsField(required=False)
    body = TextsField(
        required=False, help_text="Markdown with placeholders of the closed list: {greeting}."
    )
    audience = AudienceSerializer(required=False)
    state = serializers.ChoiceField(choices=AnnouncementState.choices, read_only=True)
    send_at = serializers.DateTimeField(read_only=True, allow_null=True)
    undo_until = serializers.DateTimeField(
        read_only=True,
        allow_null=True,
        help_text="Until then it can be taken back; then it leaves.",
    )
    done_at = serializers.DateTimeField(read_only=True, allow_null=True)
    held_at = serializers.DateTimeField(
        read_only=True,
        allow_null=True,
        help_text="Since when it is held back: nothing of it has left.",
    )
    held_for = FindingSerializer(
        many=True,
        read_only=True,
        help_text="What the check found when it was to leave. Send it once more, or take it back.",
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "code": instance.code,
            "subject": instance.subject,
            "body": instance.body,
            "audience": instance.audience,
            "state": instance.state,
            "send_at": instant_text(instance.send_at),
            "undo_until": instant_text(instance.undo_until),
            "done_at": instant_text(instance.done_at),
            "held_at": instant_text(instance.held_at),
            "held_for": [
                {name: found[name] for name in ("check", "title", "level", "detail")}
                for found in instance.held_for
            ],
        }


class SendSerializer(StrictSerializer):
    """What is agreed to when an announcement is sent."""

    recipients = serializers.IntegerField(
        min_value=0, help_text="To how many, as the check said: 409 when it is another number now."
    )
    read_warnings = serializers.BooleanField(
        required=False, default=False, help_text="That the warnings of the check were read."
    )
    in_quiet_hours = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Let it leave between 20:00 and 08:00, too; otherwise it waits for the morning.",
    )
    send_at = serializers.DateTimeField(required=False, allow_null=True)


class MomentSerializer(StrictSerializer):
    """Another moment for an announcement that waits."""

    send_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="null: in a minute."
    )
    read_warnings = serializers.BooleanField(
        required=False, default=False, help_text="That the warnings of the check were read."
    )
    in_quiet_hours = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Let it leave between 20:00 and 08:00, too; otherwise it waits for the morning.",
    )


class FlightCheckSerializer(StrictSerializer):
    """A flight check: errors stop an announcement, warnings want to be read."""

    recipients = serializers.IntegerField(read_only=True)
    skipped = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    languages = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    to_put_right = serializers.IntegerField(read_only=True)
    to_look_at = serializers.IntegerField(read_only=True)
    checks = FindingSerializer(many=True, read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "recipients": instance.survey.total,
            "skipped": instance.survey.counts(),
            "languages": dict(instance.survey.by_language),
            "to_put_right": len(instance.errors),
            "to_look_at": len(instance.warnings),
            "checks": [
                {
                    "check": found.slug,
                    "title": found.title,
                    "level": str(found.level),
                    "detail": found.sentence,
                }
                for found in instance.findings
            ],
        }


class ProgressSerializer(StrictSerializer):
    """How far an announcement has come."""

    state = serializers.ChoiceField(choices=AnnouncementState.choices, read_only=True)
    expected = serializers.IntegerField(read_only=True)
    planned = serializers.IntegerField(read_only=True)
    is_planned = serializers.BooleanField(read_only=True)
    sent = serializers.IntegerField(read_only=True)
    waiting = serializers.IntegerField(read_only=True)
    failed = serializers.IntegerField(read_only=True)
    taken_back = serializers.IntegerField(read_only=True)
    skipped = serializers.DictField(child=serializers.IntegerField(), read_only=True)
