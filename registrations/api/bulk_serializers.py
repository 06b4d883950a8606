"""Bodies of one verb for many registrations."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any, Final

from rest_framework import serializers

from core.api.serializers import StrictSerializer
from registrations.enums import DeedState
from registrations.services.bulk import VERBS

MOST_CODES: Final = 1000


class ManyRegistrationsSerializer(StrictSerializer):
    """A verb, and for whom it is: `codes`, or a `filter` as the list knows it."""

    verb = serializers.ChoiceField(choices=list(VERBS))
    codes = serializers.ListField(
        child=serializers.CharField(), min_length=1, max_length=MOST_CODES, required=False
    )
    filter = serializers.DictField(
        required=False, help_text="Filters of the list by their names; {} means all registrations."
    )
    reason = serializers.CharField(
        required=False, allow_blank=True, help_text="Why they are cancelled."
    )
    or_wait = serializers.BooleanField(
        required=False,
        help_text="Whether who is approved and finds no place left goes to the waiting list, where "
        "the type has one. Unless said, they do.",
    )
    tag = serializers.CharField(required=False, help_text="Which tag is added.")
    dry_run = serializers.BooleanField(
        required=False, default=False, help_text="Whether to say only what it would come to."
    )
    expected = serializers.IntegerField(
        required=False,
        min_value=0,
        help_text="How many the caller has seen; a filter needs it. Another number by now: 409.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("codes" in attrs) == ("filter" in attrs):
            raise serializers.ValidationError({"codes": ["Give either codes or a filter."]})
        if "filter" in attrs and not attrs["dry_run"] and "expected" not in attrs:
            raise serializers.ValidationError({"expected": ["Say how many you have seen."]})
        return attrs


class LeftOutSerializer(StrictSerializer):
    reason = serializers.CharField(read_only=True)
    number = serializers.IntegerField(read_only=True)
    examples = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Codes of the first few."
    )


class OutlookSerializer(StrictSerializer):
    """What a verb would come to; nothing was written."""

    total = serializers.IntegerField(read_only=True)
    would_be = serializers.IntegerField(read_only=True, help_text="For how many it would be done.")
    without_place = serializers.IntegerField(
        read_only=True, help_text="How many more it fits, for whom there is no place left."
    )
    left_out = LeftOutSerializer(many=True, read_only=True)


class DeedSerializer(StrictSerializer):
    """How far a verb for many is, and why some were left out."""

    code = serializers.CharField(read_only=True)
    verb = serializers.ChoiceField(choices=list(VERBS), read_only=True)
    state = serializers.ChoiceField(choices=DeedState.choices, read_only=True)
    total = serializers.IntegerField(read_only=True)
    done = serializers.IntegerField(read_only=True, help_text="How many were looked at so far.")
    succeeded = serializers.IntegerField(read_only=True)
    left_out = LeftOutSerializer(many=True, read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
