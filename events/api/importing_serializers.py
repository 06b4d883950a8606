"""Bodies of imports of programmes."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import StrictSerializer, instant_text
from events.enums import JobState, ProgrammeFormat
from events.models import ProgrammeImport


class NewImportSerializer(StrictSerializer):
    """A programme to bring in: pasted `text`, or a `file` as multipart/form-data (10 MB)."""

    format = serializers.ChoiceField(
        choices=ProgrammeFormat.choices,
        required=False,
        help_text="What it is written in; guessed unless it is said.",
    )
    text = serializers.CharField(required=False, trim_whitespace=False)
    file = serializers.FileField(required=False, allow_empty_file=False)
    name = serializers.CharField(required=False, max_length=200, allow_blank=True)
    settings = serializers.DictField(
        required=False,
        help_text="How it is read and what is made of it: `first_day`, `language`, `encoding`, "
        "`delimiter`, `columns`, `venue`, `venue_name`, `people` (`planned`, `shown`, `agreed`), "
        "`links`, `move`, `vanished` (codes of sessions to take out), `decisions`.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("text" in attrs) == ("file" in attrs):
            raise serializers.ValidationError({"text": ["Give either a text or a file."]})
        return attrs


class StartImportSerializer(StrictSerializer):
    """Settings and decisions on top of those that are kept."""

    settings = serializers.DictField(required=False)


class ImportLineSerializer(StrictSerializer):
    """What becomes of one line of the source."""

    about = serializers.CharField(read_only=True, help_text="session, person, room, track, line")
    what = serializers.CharField(
        read_only=True,
        help_text="added, changed, edited (differs because it was edited here; it stays), "
        "unchanged, left_out, vanished, deleted, cancelled; of a line unsure, skipped, broken.",
    )
    line = serializers.IntegerField(read_only=True)
    title = serializers.CharField(read_only=True)
    code = serializers.CharField(read_only=True)
    start = serializers.CharField(read_only=True)
    sentences = serializers.ListField(child=serializers.CharField(), read_only=True)


class ImportReportSerializer(StrictSerializer):
    """What an import would do or did: figures, and a line for whatever is not simply unchanged."""

    counts = serializers.DictField(read_only=True, help_text="By sessions, people, rooms, tracks.")
    notices = serializers.ListField(child=serializers.CharField(), read_only=True)
    lines = ImportLineSerializer(many=True, read_only=True)


class ImportSerializer(StrictSerializer):
    """How far an import is, and what it did."""

    code = serializers.CharField(read_only=True)
    format = serializers.ChoiceField(choices=ProgrammeFormat.choices, read_only=True)
    name = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=JobState.choices, read_only=True)
    total = serializers.IntegerField(read_only=True)
    done = serializers.IntegerField(read_only=True)
    error = serializers.CharField(read_only=True)
    report = ImportReportSerializer(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: ProgrammeImport) -> dict[str, Any]:
        plain = ("code", "format", "name", "state", "total", "done", "error")
        return {
            **{name: getattr(instance, name) for name in plain},
            "report": report_body(instance.report),
            "created_at": instant_text(instance.created_at),
        }


def report_body(report: dict[str, Any]) -> dict[str, Any]:
    """Return a plan's or an import's report as the API says it."""
    return {
        "counts": report.get("counts", {}),
        "notices": report.get("notices", []),
        "lines": report.get("lines", []),
    }
