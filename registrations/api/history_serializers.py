"""Bodies of time lines."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import (
    StrictSerializer,
    instant_text,
)
from registrations.services.time_line import INVITATION, REGISTRATION, Happening


class HappeningSerializer(StrictSerializer):
    """One thing that happened to a registration, or to the invitation it came from."""

    at = serializers.DateTimeField(read_only=True)
    about = serializers.ChoiceField(choices=[REGISTRATION, INVITATION], read_only=True)
    verb = serializers.CharField(read_only=True)
    what = serializers.CharField(read_only=True)
    actor = serializers.CharField(
        read_only=True, help_text="account, token, guest, anonymous, rule or system."
    )
    who = serializers.CharField(read_only=True)
    how = serializers.CharField(read_only=True)
    from_status = serializers.CharField(read_only=True)
    to_status = serializers.CharField(read_only=True)
    changed = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Names of changed fields, never their values.",
    )

    def to_representation(self, instance: Happening) -> dict[str, Any]:
        return {
            "at": instant_text(instance.at),
            "about": instance.about,
            "verb": instance.verb,
            "what": instance.what,
            "actor": instance.actor,
            "who": instance.who,
            "how": instance.how,
            "from_status": instance.before,
            "to_status": instance.after,
            "changed": list(instance.changed),
        }


class HistorySerializer(StrictSerializer):
    """All of it is one page."""

    next = serializers.URLField(read_only=True, allow_null=True)
    previous = serializers.URLField(read_only=True, allow_null=True)
    results = HappeningSerializer(many=True, read_only=True)
