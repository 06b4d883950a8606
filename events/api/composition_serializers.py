"""Bodies of what a programme has to keep to: roles, availability, order."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import (
    LocalTimeField,
    RowField,
    StrictSerializer,
    instant_text,
    local_text,
)
from events.api.serializers import people_of, sessions_of
from events.enums import ParticipationRole, SessionKind


class RoleRequirementSerializer(StrictSerializer):
    """How many of a role a kind of session needs; `usual` where the conference says nothing."""

    code = serializers.CharField(source="key", read_only=True)
    kind = serializers.ChoiceField(choices=SessionKind.choices)
    role = serializers.ChoiceField(choices=ParticipationRole.choices)
    minimum = serializers.IntegerField()
    maximum = serializers.IntegerField(required=False, allow_null=True, default=None)
    usual = serializers.BooleanField(source="is_usual", read_only=True)


class WindowSerializer(StrictSerializer):
    start = LocalTimeField(source="start_local")
    end = LocalTimeField(source="end_local")
    note = serializers.CharField(required=False, allow_blank=True)
    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)


class PersonAvailabilitySerializer(StrictSerializer):
    """When a person can be at the conference; without any window, always."""

    person = RowField(rows=people_of)
    windows = WindowSerializer(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "person": instance.code,
            "windows": [
                {
                    "start": local_text(row.start_local),
                    "end": local_text(row.end_local),
                    "note": row.note,
                    "starts_at": instant_text(row.starts_at),
                    "ends_at": instant_text(row.ends_at),
                }
                for row in instance.windows_here
            ],
        }


class PrecedenceSerializer(StrictSerializer):
    """The first session has to be over before the other one begins."""

    code = serializers.CharField(read_only=True)
    first = RowField(rows=sessions_of)
    then = RowField(rows=sessions_of)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        first, then = instance.first.code, instance.then.code
        return {"code": f"{first}-{then}", "first": first, "then": then}
