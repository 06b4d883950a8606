"""What the API says of what publishing would do."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from rest_framework import serializers

from events.api.schedule_serializers import ChangeSerializer


class AffectedSerializer(serializers.Serializer[dict[str, object]]):
    name = serializers.CharField(help_text="Empty without the scope to read who it is.")
    speaks = serializers.BooleanField(help_text="False for who has only signed up.")
    language = serializers.CharField()
    sentences = serializers.ListField(child=serializers.CharField())
    mails = serializers.IntegerField(
        help_text="How many mails tell it: 0 without an address, 2 with a copy."
    )


class ImpactSerializer(serializers.Serializer[dict[str, object]]):
    version = serializers.IntegerField(help_text="What readers see; 0 for nothing yet.")
    seen = serializers.CharField(
        help_text="Send it with what is published: anything else is refused then."
    )
    changes = ChangeSerializer(many=True)
    telling = serializers.IntegerField(help_text="How many mails would go.")
    affected = AffectedSerializer(many=True)
