"""Answers and consents in bodies: any JSON by slug here, judged by services.answer_cleaning."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
import base64
import binascii
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.actors import Actor
from core.cleaning import Wrong
from core.errors import invalid
from events.models import Conference
from registrations.enums import QuestionKind
from registrations.services.answer_cleaning import Consent
from registrations.services.answer_values import FileRef, Given
from registrations.services.form_definition import FormDefinition
from registrations.services.uploads import keep_guest_file

ANSWERS_SCHEMA = {
    "type": "object",
    "additionalProperties": True,
    "examples": [{"dinner": "vegan", "workshops": ["a", "b"], "first-time": True, "guests": 2}],
    "description": (
        "By the question's slug: a text, a number, true or false, an option's slug or a list of "
        "them, "
        'a date as 2027-03-28, a country as RS; a file as {"name", "content"} in base64.'
    ),
}


@extend_schema_field(ANSWERS_SCHEMA)
class AnswersField(serializers.Field[Any, Any, Any, Any]):
    default_error_messages = {"invalid": _("This has another shape.")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping):
            self.fail("invalid")
        return dict(data)

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class ConsentsField(serializers.Field[Any, Any, Any, Any]):
    default_error_messages = {"invalid": _("This has another shape.")}

    def to_internal_value(self, data: Any) -> list[Consent]:
        if not isinstance(data, list):
            self.fail("invalid")
        return [Consent(slug) for slug in data]

    def to_representation(self, value: Any) -> Any:
        return value


def with_files(
    answers: Mapping[str, Any],
    form: FormDefinition,
    conference: Conference,
    *,
    actor: Actor,
    client: str,
    given: Mapping[str, Given] | None = None,
) -> dict[str, Any]:
    """Return the answers with files kept in place of those that stand in the body.

    Arguments:
        given: what was answered before; a file that is named like it stays.

    Raises:
        DomainError: ``validation-failed`` for what can not be taken as a file; ``throttled``.
    """
    found = dict(answers)
    for ask in form.questions:
        value = found.get(ask.slug)
        if ask.kind != QuestionKind.FILE or not isinstance(value, Mapping):
            continue
        before = given.get(ask.slug) if given else None
        if before is not None and before.value == value:
            found[ask.slug] = before
            continue
        try:
            found[ask.slug] = _keep(value, conference, actor, client)
        except Wrong as error:
            raise invalid(f"/answers/{ask.slug}", error.code, error.detail) from error
    return found


_HOW = "Give a file as its name and its content in base64."


def _keep(value: Mapping[str, Any], conference: Conference, actor: Actor, client: str) -> FileRef:
    name, content = value.get("name"), value.get("content")
    if set(value) != {"name", "content"} or not isinstance(name, str):
        raise Wrong("invalid", _HOW)
    try:
        raw = base64.b64decode(content if isinstance(content, str) else "!", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Wrong("invalid", _HOW) from error
    return keep_guest_file(
        conference=conference, content=raw, name=name, actor=actor, client=client
    )


def same_value(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are the same; to Python, 1 is also true."""
    return type(one) is type(other) and bool(one == other)
