"""Shapes of bodies: strict about names, and the few kinds of value that recur."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar, cast

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

_TEXTS_SCHEMA = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "examples": [{"en": "Opening", "sr-Latn": "Otvaranje"}],
}


# DRF takes the number 5 for the text "5" and the text "yes" for true; these are typing errors.
_KINDS: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], tuple[type, ...], str], ...] = (
    (serializers.CharField, (str,), "Give a text."),
    (serializers.BooleanField, (bool,), "Give true or false."),
    (serializers.IntegerField, (int,), "Give a whole number."),
    (serializers.FloatField, (int, float), "Give a number."),
)


def _wrong_kind(field: serializers.Field[Any, Any, Any, Any], value: Any) -> Any:
    """Return DRF's error detail where a value only looks like the field's kind; None otherwise."""
    if value is None:
        return None
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        wrong = {str(n): _wrong_kind(field.child, inner) for n, inner in enumerate(value)}
        return {n: detail for n, detail in wrong.items() if detail} or None
    for kind, types, sentence in _KINDS:
        if isinstance(field, kind) and (
            not isinstance(value, types) or (isinstance(value, bool) and bool not in types)
        ):
            return [ErrorDetail(sentence, "invalid")]
    return None


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses all names that it does not know and values of another kind, with all else wrong."""

    def first_language(self) -> str:
        """Return the language of a text that comes as a plain string."""
        return str(self.context["language"])

    def to_internal_value(self, data: Any) -> Any:
        refused = self._refused(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            if not isinstance(error.detail, dict):
                raise
            raise ValidationError({**error.detail, **refused}) from error
        if refused:
            raise ValidationError(refused)
        return values

    def _refused(self, data: Mapping[Any, Any]) -> dict[str, Any]:
        refused: dict[str, Any] = {}
        for name, value in data.items():
            field = self.fields.get(name)
            if field is None:
                refused[str(name)] = [ErrorDetail("There is no such field here.", "unknown")]
            elif not field.read_only and (wrong := _wrong_kind(field, value)):
                refused[str(name)] = wrong
        return refused


class KeptFieldsSerializer(StrictSerializer):
    """Makes its fields once a thread, where DRF copies them for each body.

    Fields of declared kinds keep nothing of a body but who asks (`parent`). For bodies that many
    send, and that are read one after the other: not for one within another of the same class.
    """

    _kept: ClassVar[threading.local] = threading.local()

    @cached_property
    def fields(self) -> Any:
        kept, name = self._kept.__dict__, f"{type(self).__module__}.{type(self).__qualname__}"
        found = kept.get(name)
        if found is None:
            found = kept[name] = super().fields
        for field in found.values():
            field.parent = self
        return found


class NothingSerializer(StrictSerializer):
    """The body of a verb that needs no facts: an empty object, or none."""


class TextsField(serializers.Field[Any, Any, Any, Any]):
    """A text in several languages: an object by BCP 47 tag, or a string in the first language.

    A string changes only the first language's text (StrictSerializer.first_language); an object
    replaces all of them.
    """

    default_error_messages = {"invalid": "Give a text, or an object of texts by language."}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, str):
            row = getattr(self.parent, "instance", None)
            before = getattr(row, str(self.source), None) or {}
            parent = cast("StrictSerializer", self.parent)
            return {**before, parent.first_language(): data}
        if not isinstance(data, Mapping) or not all(isinstance(t, str) for t in data.values()):
            self.fail("invalid")
        return dict(data)

    def to_representation(self, value: Any) -> Any:
        return value or {}


class TextsFieldSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # no types
    target_class = "core.api.serializers.TextsField"

    def map_serializer_field(self, auto_schema: object, direction: str) -> dict[str, Any]:
        del auto_schema
        if direction == "response":
            return _TEXTS_SCHEMA
        return {"oneOf": [{"type": "string"}, _TEXTS_SCHEMA]}


@extend_schema_field(
    {
        "type": "string",
        "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:00)?$",
        "examples": ["2027-03-28T10:00"],
    }
)
class LocalTimeField(serializers.Field[Any, Any, Any, Any]):
    """A wall-clock time without an offset, to the minute."""

    default_error_messages = {
        "invalid": "Give the local date and time as 2027-03-28T10:00.",
        "offset": "Give the local time, without an offset: 2027-03-28T10:00.",
    }

    def to_internal_value(self, data: Any) -> dt.datetime:
        if not isinstance(data, str) or "T" not in data:
            self.fail("invalid")
        try:
            moment = dt.datetime.fromisoformat(data)
        except ValueError:
            self.fail("invalid")
        if moment.tzinfo is not None:
            self.fail("offset")
        return moment

    def to_representation(self, value: Any) -> Any:
        return local_text(value)


@extend_schema_field({"type": "string"})
class RowField(serializers.Field[Any, Any, Any, Any]):
    """A row of ours, named by its slug or code.

    Arguments:
        rows: from the serializer's context to the rows that may be named.
        key: the model field by which they are named.
    """

    default_error_messages = {"unknown": "There is no “{value}” here.", "invalid": "Give a code."}

    def __init__(
        self, *, rows: Callable[[Mapping[str, Any]], Any], key: str = "code", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.rows = rows
        self.key = key

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        row = self.rows(self.context).filter(**{self.key: data}).first()
        if row is None:
            self.fail("unknown", value=data[:80])
        return row

    def to_representation(self, value: Any) -> Any:
        return None if value is None else getattr(value, self.key)


def local_text(moment: dt.datetime | None) -> str | None:
    """Return a local time as bodies say it: 2027-03-28T10:00."""
    return None if moment is None else moment.isoformat(timespec="minutes")


def instant_text(moment: dt.datetime | None) -> str | None:
    """Return an instant as bodies say it: 2027-03-28T08:00:00Z."""
    if moment is None:
        return None
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
