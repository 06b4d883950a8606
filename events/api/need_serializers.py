"""Bodies of what is needed of who speaks."""

from rest_framework import serializers

from core.api.serializers import StrictSerializer
from events.enums import NeedKind, NeedState, RecordingConsent


class NeedSerializer(StrictSerializer):
    """One thing that is needed of who speaks."""

    kind = serializers.ChoiceField(choices=NeedKind.choices)
    state = serializers.ChoiceField(choices=NeedState.choices)
    note = serializers.CharField(required=False, allow_blank=True)
    settled_at = serializers.DateTimeField(read_only=True, allow_null=True)


class NeedsSerializer(StrictSerializer):
    """All that is needed of somebody on a session, and what they answered."""

    results = NeedSerializer(many=True, read_only=True)
    recording_consent = serializers.ChoiceField(choices=RecordingConsent.choices, read_only=True)
    travel_needs = serializers.CharField(read_only=True)
    technical_needs = serializers.CharField(read_only=True)
