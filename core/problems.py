"""RFC 9457: what a refusal looks like to a program."""

from __future__ import annotations

from typing import Any

from core.errors import DomainError
from core.links import absolute_url


def problem_type(kind: str) -> str:
    """Return the stable URI of a kind of problem; it ends in the kind's slug."""
    return absolute_url(f"/api/v1/problems/{kind}")


def problem_title(kind: str) -> str:
    """Return a kind as a short phrase: ``sold-out`` is "Sold out"."""
    return kind.replace("-", " ").capitalize()


def problem_body(refusal: DomainError) -> dict[str, Any]:
    """Return the problem document of a refusal."""
    body: dict[str, Any] = {
        "type": problem_type(refusal.kind),
        "title": problem_title(refusal.kind),
        "status": refusal.status,
        "detail": refusal.detail,
    }
    if refusal.errors:
        body["errors"] = [
            {"pointer": e.pointer, "code": e.code, "detail": e.detail} for e in refusal.errors
        ]
    return body
