"""Bodies of published programmes, and of how two of them differ."""

from typing import Any

from rest_framework import serializers

from core.api.serializers import StrictSerializer


class ScheduleVersionSerializer(StrictSerializer):
    number = serializers.IntegerField(read_only=True)
    name = serializers.CharField(required=False, allow_blank=True, default="")
    published_at = serializers.DateTimeField(source="created_at", read_only=True)
    published_by = serializers.CharField(read_only=True)
    quiet = serializers.BooleanField(source="is_quiet", read_only=True)
    told = serializers.IntegerField(read_only=True, help_text="How many mails it was worth.")
    restores = serializers.IntegerField(
        source="restores.number", default=None, read_only=True, allow_null=True
    )
    tell = serializers.BooleanField(
        write_only=True,
        required=False,
        default=False,
        help_text="Whether those whom the changes concern get a mail.",
    )
    seen = serializers.CharField(
        write_only=True, required=False, help_text="As `impact/` said it; another draft is refused."
    )
    telling = serializers.IntegerField(
        write_only=True,
        required=False,
        min_value=0,
        help_text="As `impact/` said it; with another number to tell, it is refused.",
    )


class ChangeSerializer(serializers.Serializer[Any]):
    """One difference between two programmes, as organisers read it."""

    kind = serializers.CharField(
        help_text="added, removed, moved, roomed, people, cancelled, restored, renamed or changed"
    )
    session = serializers.CharField(allow_null=True)
    sentence = serializers.CharField()


class ComparisonSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    other = serializers.IntegerField(allow_null=True, help_text="Null for the draft.")
    changes = ChangeSerializer(many=True)


class ScheduleDocumentSerializer(ScheduleVersionSerializer):
    """A version with its document: sessions, slots, rooms and participations by code."""

    format = serializers.IntegerField(read_only=True)
    moved_days = serializers.IntegerField(
        read_only=True, help_text="How many days later its slots are since the conference moved."
    )
    document = serializers.DictField(read_only=True)
