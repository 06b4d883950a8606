"""Bodies about people who may be one, who were put together, and about their tags."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import StrictSerializer
from core.errors import invalid
from events.services.merging import may_undo


class DoubleSerializer(StrictSerializer):
    first = serializers.CharField(read_only=True)
    first_name = serializers.CharField(read_only=True)
    second = serializers.CharField(read_only=True)
    second_name = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True)
    weight = serializers.IntegerField(
        read_only=True, help_text="3: same name and address; 2: same name; 1: same address."
    )


class DoublesSerializer(StrictSerializer):
    results = DoubleSerializer(many=True, read_only=True)


class PairSerializer(StrictSerializer):
    first = serializers.CharField(max_length=6, help_text="A person's code.")
    second = serializers.CharField(max_length=6, help_text="Another person's code.")


class MergeRequestSerializer(StrictSerializer):
    into = serializers.CharField(
        required=False, help_text="The code of who stays; who stands in the address is gone."
    )
    gone = serializers.CharField(
        required=False, help_text="The code of who is gone; who stands in the address stays."
    )
    choices = serializers.DictField(
        child=serializers.ChoiceField(choices=["kept", "gone", "both"]), required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("into" in attrs) == ("gone" in attrs):
            raise invalid("/into", "required", "Give the code of the other one as into or as gone.")
        return attrs


class MergeSerializer(StrictSerializer):
    code = serializers.CharField(source="gone_code", read_only=True)
    kept = serializers.CharField(source="kept.code", read_only=True)
    merged_at = serializers.DateTimeField(source="created_at", read_only=True)
    undo_until = serializers.DateTimeField(read_only=True)
    undone_at = serializers.DateTimeField(read_only=True, allow_null=True)
    can_be_undone = serializers.SerializerMethodField()

    def get_can_be_undone(self, merge: Any) -> bool:
        return may_undo(merge)


class TagSerializer(StrictSerializer):
    slug = serializers.CharField(read_only=True)
    name = serializers.CharField()
    people = serializers.IntegerField(source="people_count", read_only=True)


class IntoSerializer(StrictSerializer):
    into = serializers.CharField(help_text="The slug of the tag that stays.")


class TagPeopleSerializer(StrictSerializer):
    people = serializers.ListField(child=serializers.CharField())
    add = serializers.ListField(child=serializers.CharField(), required=False)
    remove = serializers.ListField(child=serializers.CharField(), required=False)


class TaggedSerializer(StrictSerializer):
    changed = serializers.IntegerField(read_only=True)
