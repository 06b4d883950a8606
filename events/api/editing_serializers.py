"""Bodies about arranging the draft, and about what was done in it."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import RowField, StrictSerializer
from events.api.serializers import SessionSerializer, SlotSerializer, rooms_of
from events.models import Session
from events.services.edit_words import what, who


class PlacingSerializer(SlotSerializer):
    """A slot; the room stays unless the body names one or null."""

    room = RowField(rows=rooms_of, required=False, allow_null=True)

    def to_representation(self, instance: Session) -> dict[str, Any]:
        return SessionSerializer(instance, context=self.context).data


class InsertSerializer(StrictSerializer):
    """What is put in right after a session."""

    minutes = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.CharField(required=False, default="break")

    def to_representation(self, instance: Session) -> dict[str, Any]:
        return SessionSerializer(instance, context=self.context).data


class OrderSerializer(StrictSerializer):
    """The order of a day: the codes of its sessions that take place, each once."""

    sessions = serializers.ListField(child=serializers.CharField())


class MovedSerializer(StrictSerializer):
    """Which sessions a deed changed; undo it by its `deed` (null: nothing changed)."""

    deed = serializers.UUIDField(allow_null=True)
    results = SessionSerializer(many=True)


class DraftEditSerializer(StrictSerializer):
    """One session's change. Those of one `deed` are undone together."""

    deed = serializers.UUIDField(read_only=True)
    at = serializers.DateTimeField(read_only=True)
    verb = serializers.CharField(read_only=True)
    session = serializers.CharField(read_only=True, allow_null=True)
    by = serializers.CharField(read_only=True)
    sentence = serializers.CharField(read_only=True)
    before = serializers.DictField(read_only=True)
    after = serializers.DictField(read_only=True)
    undone_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        beside = {"uid", "version", "participations", "first", "then", "edits"}
        return {
            "deed": str(instance.deed),
            "at": instance.at.isoformat().replace("+00:00", "Z"),
            "verb": instance.verb,
            "session": instance.session.code if instance.session else None,
            "by": who(instance),
            "sentence": what(instance, self.context.get("rooms", {})),
            "before": {k: v for k, v in instance.before.items() if k not in beside},
            "after": instance.after,
            "undone_at": instance.undone_at
            and instance.undone_at.isoformat().replace("+00:00", "Z"),
        }


class UndoneSerializer(StrictSerializer):
    """What undoing did: a deed of its own, which can be undone in turn."""

    deed = serializers.UUIDField()
    results = DraftEditSerializer(many=True)
