"""OpenAPI: each operation also says how it refuses."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class ProblemErrorSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(help_text="JSON Pointer (RFC 6901) into the body.")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 problem document."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = ProblemErrorSerializer(many=True, required=False)  # type: ignore[assignment]  # a field, not DRF's own property


class ProblemAutoSchema(AutoSchema):
    """Adds the refusals that the method can give to what the view declares."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        if direction != "response":
            return bodies
        statuses = ["400", "404", "429"]
        if self.get_auth():
            statuses += ["401", "403"]
        if self.method in {"POST", "PUT", "PATCH", "DELETE"}:
            statuses += ["409", "413", "415"]
        if self.method in {"PUT", "PATCH", "DELETE"}:
            statuses += ["412", "428"]
        if self.method == "POST":
            statuses += ["422"]
        problem = self.resolve_serializer(ProblemSerializer(), "response").ref
        for status in statuses:
            bodies.setdefault(
                status,
                {
                    "content": {"application/problem+json": {"schema": problem}},
                    "description": "Refused; the body says why.",
                },
            )
        return bodies
