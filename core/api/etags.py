"""Strong ETags `"v<version>"` and the If-Match that a change needs (RFC 9110, RFC 6585)."""

from __future__ import annotations

import re
from collections.abc import Callable

from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import DomainError, stale
from core.models import VersionedModel

_ETAG = re.compile(r'"v([0-9]{1,9})"')


def expected_version(request: Request, current: Callable[[], str] | None = None) -> int:
    """Return the version that the caller's If-Match names.

    Arguments:
        current: returns the ETag of what is there, for an If-Match of `*` or of several tags.

    Raises:
        DomainError: ``precondition-required`` without If-Match, ``stale`` when it is not a version.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise DomainError(
            "precondition-required",
            "Send the ETag that you last read as If-Match with this change.",
        )
    tags = [tag.strip() for tag in header.split(",")]
    if current is not None and (tags == ["*"] or len(tags) > 1):
        present = current()
        tags = [present] if tags == ["*"] or present in tags else []
    match = _ETAG.fullmatch(tags[0]) if len(tags) == 1 else None
    if match is None:
        raise stale()
    return int(match[1])


def with_etag(response: Response, row: VersionedModel) -> Response:
    """Put the row's ETag on the response."""
    response["ETag"] = row.etag
    return response


def not_modified(request: Request, etag: str) -> bool:
    """Tell whether If-None-Match already names this tag, so that 304 is the answer."""
    header = request.headers.get("If-None-Match", "")
    return etag in [tag.strip().removeprefix("W/") for tag in header.split(",")]
