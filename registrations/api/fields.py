"""Fields of registrations' bodies that say no more than how a value is shaped."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registrations.services.types import window_local


@extend_schema_field({"type": "string"})
class TextField(serializers.Field[Any, Any, Any, Any]):
    """A text, and nothing that merely looks like one."""

    default_error_messages = {"invalid": _("Give a text.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(data)

    def to_representation(self, value: Any) -> Any:
        return value


class _NotYetField(serializers.Field[Any, Any, Any, Any]):
    """A part of the form that this conference does not have: it is sent empty or not at all."""

    default_error_messages = {
        "unknown": _("This conference does not ask for this."),
        "invalid": _("This has another shape."),
    }
    kind: type

    def to_internal_value(self, data: Any) -> Any:
        if data is None:
            return None
        if not isinstance(data, self.kind):
            self.fail("invalid")
        if data:
            self.fail("unknown")
        return None


@extend_schema_field({"type": "string", "maxLength": 0})
class CodeField(_NotYetField):
    kind = str


class SessionCodesField(serializers.ListField):
    """Sessions to sign up for, by their codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(), max_length=100, **kwargs)


@extend_schema_field({"type": "string", "examples": ["2027-03-01T08:00:00Z"]})
class WindowField(serializers.Field[Any, Any, Any, Any]):
    """An instant with its offset, or the conference's wall-clock time without one."""

    def to_internal_value(self, data: Any) -> Any:
        return window_local(data, self.context["conference"])

    def to_representation(self, value: Any) -> Any:
        return value
