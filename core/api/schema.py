"""OpenAPI: each operation also says how it refuses."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
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


IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the version that the change was made on.",
)
IF_MATCH_IF_YOU_LIKE = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the version that the verb is meant for; any version without it.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 128 visible characters: a repeated request gets the first one's answer.",
)


class ProblemAutoSchema(AutoSchema):
    """Adds the refusals and headers that the method can have to what the view declares.

    A view that answers a page of rows says so (`lists = True`).
    """

    def _is_list_view(self, serializer: Any = None) -> bool:
        if getattr(self.view, "lists", False):
            return self.method == "GET"
        return bool(super()._is_list_view(serializer))

    def _is_create_operation(self) -> bool:
        return self._creates() or bool(super()._is_create_operation())

    def _creates(self) -> bool:
        return self.method == "POST" and getattr(self.view, "lists", False)

    def _is_verb(self) -> bool:
        """Tell whether it is a POST to a row of ours: …/cancel/."""
        return self.method == "POST" and bool(self.get_auth()) and not self._creates()

    def get_override_parameters(self) -> list[Any]:
        parameters = [*super().get_override_parameters()]
        if self.method in {"PUT", "PATCH", "DELETE"}:
            parameters.append(IF_MATCH)
        if self._is_verb():
            parameters.append(IF_MATCH_IF_YOU_LIKE)
        if self.method == "POST":
            parameters.append(IDEMPOTENCY_KEY)
        return parameters

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
        if self._is_verb():
            statuses += ["412"]
        if self.method == "POST":
            statuses += ["422", "503"]
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
