"""Bodies of kinds of place."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from core.api.serializers import (
    RowField,
    StrictSerializer,
    TextsField,
    instant_text,
    local_text,
)
from registrations.api.fields import TextField, WindowField
from registrations.enums import (
    RegistrationKind,
    TypeState,
)


def _allotments(context: Mapping[str, Any]) -> Any:
    return context["conference"].allotments.all()


class RegistrationTypeSerializer(StrictSerializer):
    slug = TextField()
    name = TextsField()
    description = TextsField(required=False)
    kind = serializers.ChoiceField(choices=RegistrationKind.choices, required=False)
    capacity = serializers.IntegerField(required=False, allow_null=True)
    waiting_list = serializers.BooleanField(required=False)
    approval = serializers.BooleanField(required=False)
    public = serializers.BooleanField(required=False)
    opens_at = WindowField(source="opens_local", required=False, allow_null=True)
    closes_at = WindowField(source="closes_local", required=False, allow_null=True)
    opens_local = serializers.CharField(read_only=True, allow_null=True)
    closes_local = serializers.CharField(read_only=True, allow_null=True)
    automatic_offers = serializers.BooleanField(
        required=False, help_text="Whether a free place is offered to the next in line by itself."
    )
    offer_hours = serializers.IntegerField(
        required=False, help_text="For how many hours an offered place is kept."
    )
    party_max = serializers.IntegerField(
        required=False, help_text="How many may come by one booking: 1 (alone) to 50."
    )
    substitutes = serializers.BooleanField(
        required=False, help_text="Whether guests may send somebody else in their place."
    )
    order = serializers.IntegerField(required=False)
    allotments = serializers.ListField(
        child=RowField(rows=_allotments),
        max_length=50,
        required=False,
        help_text="What it draws from, its own places and shared ones, by their codes.",
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "slug": instance.slug,
            "name": instance.name,
            "description": instance.description,
            "kind": instance.kind,
            "capacity": instance.capacity,
            "waiting_list": instance.waiting_list,
            "approval": instance.approval,
            "public": instance.public,
            "opens_at": instant_text(instance.opens_at),
            "closes_at": instant_text(instance.closes_at),
            "opens_local": local_text(instance.opens_local),
            "closes_local": local_text(instance.closes_local),
            "automatic_offers": instance.automatic_offers,
            "offer_hours": instance.offer_hours,
            "party_max": instance.party_max,
            "substitutes": instance.substitutes,
            "order": instance.order,
            "allotments": [one.code for one in instance.allotments.all()],
        }


class AvailabilitySerializer(StrictSerializer):
    """Figures that change by themselves."""

    capacity = serializers.IntegerField(read_only=True, allow_null=True)
    taken = serializers.IntegerField(read_only=True)
    held = serializers.IntegerField(read_only=True)
    left = serializers.IntegerField(read_only=True, allow_null=True)
    waiting = serializers.IntegerField(read_only=True)
    pending = serializers.IntegerField(read_only=True)
    state = serializers.ChoiceField(choices=TypeState.choices, read_only=True)
