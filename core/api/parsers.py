"""JSON bodies, read strictly: an object, UTF-8, no NUL, no duplicate names, not too deep."""

from __future__ import annotations

import hashlib
import json
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from core.errors import DomainError

MAX_DEPTH = 20


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ParseError("A name stands twice in the same object.")
    return found


def _refuse_constant(name: str) -> Any:
    raise ParseError(f"{name} is not a JSON value.")


def _check(value: Any, depth: int = 0) -> None:
    if depth > MAX_DEPTH:
        raise ParseError("The body is nested too deeply.")
    if isinstance(value, str):
        if "\x00" in value:
            raise ParseError("The body holds a NUL character.")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise ParseError("The body holds half a surrogate pair.") from error
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check(name, depth)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)


class StrictJSONParser(BaseParser):
    """Reads application/json; the raw bytes stay on the request for the idempotency digest."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> Any:
        del media_type
        limit = int(settings.BODY_LIMIT)
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise DomainError("too-large", "The body is larger than 2 MB.")
        if parser_context and "request" in parser_context:
            parser_context["request"]._request.raw_body = raw  # noqa: SLF001 - DRF's name for Django's
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError("The body is not UTF-8.") from error
        try:
            value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError("The body is not valid JSON.") from error
        _check(value)
        if not isinstance(value, dict):
            raise ParseError("The body is a JSON object.")
        return value


class UploadParser(MultiPartParser):
    """Reads multipart/form-data, for the few addresses that take a file.

    What stands for the body in the idempotency digest is made of its fields and files, since their
    borders differ each time the same is sent.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Any = None,
    ) -> Any:
        found = super().parse(stream, media_type, parser_context)
        digest = hashlib.sha256()
        for name, values in sorted(found.data.lists()):
            digest.update(json.dumps([name, values]).encode())
        for name, files in sorted(found.files.lists()):
            for file in files:
                digest.update(json.dumps([name, file.name, file.size]).encode())
                for chunk in file.chunks():
                    digest.update(chunk)
                file.seek(0)
        if parser_context and "request" in parser_context:
            parser_context["request"]._request.raw_body = digest.digest()  # noqa: SLF001 - DRF's name for Django's
        return found
