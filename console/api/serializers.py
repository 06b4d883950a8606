"""Bodies about what is wrong with a programme."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from core.api.serializers import LocalTimeField, RowField, StrictSerializer, instant_text
from events.api.serializers import rooms_of, sessions_of
from events.conflicts import KINDS
from events.services.conflicts import Finding

LEVELS = ("error", "warning", "notice")


class OverrideSerializer(StrictSerializer):
    reason = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class ConflictSerializer(StrictSerializer):
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    level = serializers.ChoiceField(choices=LEVELS)
    sentence = serializers.CharField()
    sessions = serializers.ListField(
        child=serializers.CharField(), help_text="Codes; of another conference slug/code."
    )
    people = serializers.ListField(child=serializers.CharField())
    rooms = serializers.ListField(child=serializers.CharField())
    override = OverrideSerializer(allow_null=True)


class ConflictsSerializer(StrictSerializer):
    """All that is wrong, errors first; the numbers are without what is accepted."""

    results = ConflictSerializer(many=True)
    errors = serializers.IntegerField()  # type: ignore[assignment]  # the agreed name; nothing reads a form's errors here
    warnings = serializers.IntegerField()
    notices = serializers.IntegerField()


class MoveSerializer(StrictSerializer):
    """A slot that a session might have; null in all three: none."""

    session = RowField(rows=sessions_of)
    start = LocalTimeField(source="start_local", allow_null=True)
    end = LocalTimeField(source="end_local", allow_null=True)
    room = RowField(rows=rooms_of, required=False, allow_null=True, default=None)


class AcceptSerializer(StrictSerializer):
    key = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class KeySerializer(StrictSerializer):
    key = serializers.CharField()


def finding_body(one: Finding) -> dict[str, Any]:
    """Return a conflict as the API shows it."""
    conflict, override = one.conflict, one.override
    return {
        "key": conflict.key,
        "kind": conflict.kind,
        "level": conflict.level,
        "sentence": conflict.sentence,
        "sessions": list(conflict.sessions),
        "people": list(conflict.people),
        "rooms": list(conflict.rooms),
        "override": override
        and {
            "reason": override.reason,
            "by": override.decided_by,
            "at": instant_text(override.updated_at),
        },
    }


def findings_body(found: Sequence[Finding]) -> dict[str, Any]:
    """Return all of them, and how many of each level are open."""
    numbers = Counter(one.conflict.level for one in found if one.is_open)
    return {
        "results": [finding_body(one) for one in found],
        "errors": numbers["error"],
        "warnings": numbers["warning"],
        "notices": numbers["notice"],
    }
