"""Bodies of decisions about who asks or waits, and of rounds of "still coming?"."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import (
    StrictSerializer,
    instant_text,
    local_text,
)
from registrations.api.fields import TextField, WindowField
from registrations.models import Reconfirmation
from registrations.services.deciding import DECISIONS, MOST


class DecisionSerializer(StrictSerializer):
    """A decision about who asks or waits."""

    reason = TextField(required=False, help_text="Kept with the registration.")
    tell_reason = serializers.BooleanField(
        required=False, help_text="Whether the guest's mail says the reason."
    )


class ApprovalSerializer(DecisionSerializer):
    """A yes, and what becomes of who finds no place left."""

    or_wait = serializers.BooleanField(
        required=False,
        help_text="Whether who finds no place left goes to the waiting list, where the type has "
        "one. Unless said, one alone is refused with `sold-out`, and of many they do.",
    )


class DecideManySerializer(ApprovalSerializer):
    codes = serializers.ListField(
        child=serializers.CharField(), min_length=1, max_length=MOST, help_text="Registrations."
    )
    decision = serializers.ChoiceField(choices=DECISIONS)


class DecisionRefusedSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True)


class DecidedSerializer(StrictSerializer):
    """What a decision came to: codes of who is what now, and who could not be decided."""

    confirmed = serializers.ListField(child=serializers.CharField(), read_only=True)
    waiting_list = serializers.ListField(child=serializers.CharField(), read_only=True)
    rejected = serializers.ListField(child=serializers.CharField(), read_only=True)
    skipped = DecisionRefusedSerializer(many=True, read_only=True)


class RoundFiguresSerializer(StrictSerializer):
    asked = serializers.IntegerField(read_only=True)
    yes = serializers.IntegerField(read_only=True)
    no = serializers.IntegerField(read_only=True)
    silent = serializers.IntegerField(read_only=True)
    released = serializers.IntegerField(read_only=True)


class ReconfirmationSerializer(StrictSerializer):
    """A round of "still coming?"; times without an offset are the conference's."""

    code = serializers.CharField(read_only=True)
    ask_at = WindowField(source="ask_local")
    until_at = WindowField(source="until_local")
    ask_local = serializers.CharField(read_only=True)
    until_local = serializers.CharField(read_only=True)
    releases = serializers.BooleanField(
        required=False,
        help_text="Whether the places of the silent go to the waiting list.",
    )
    registration_types = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Slugs; none means all types."
    )
    asked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: Reconfirmation) -> dict[str, Any]:
        return {
            "code": instance.code,
            "ask_at": instant_text(instance.ask_at),
            "until_at": instant_text(instance.until_at),
            "ask_local": local_text(instance.ask_local),
            "until_local": local_text(instance.until_local),
            "releases": instance.releases,
            "registration_types": [one.slug for one in instance.registration_types.all()],
            "asked_at": instant_text(instance.asked_at),
            "closed_at": instant_text(instance.closed_at),
        }
