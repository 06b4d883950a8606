"""RFC 9457: what a refusal looks like to a program, and what each kind means to its author."""

from __future__ import annotations

from typing import Any, Final

from core.errors import DomainError
from core.links import absolute_url

MEANINGS: Final[dict[str, str]] = {
    "validation-failed": (
        "Something in the request can not be taken. The member “errors” names each value by a "
        "JSON Pointer and says why. Correct them and send the request again."
    ),
    "not-authenticated": (
        "The request carries no token, or one that is unknown, expired or revoked. "
        "Send “Authorization: Bearer” with a live token of the organisation."
    ),
    "forbidden": (
        "The caller is known but may not do this. A token needs the scope that the answer names."
    ),
    "not-found": (
        "There is nothing at this address, or nothing that this caller may know of; "
        "the two are never told apart."
    ),
    "method-not-allowed": "This address does not take this method; the Allow header lists those.",
    "not-acceptable": "The API answers in application/json only.",
    "conflict": "The request clashes with something that is already there.",
    "in-use": "Other things still need this one, so it can not be deleted.",
    "sold-out": "No place is left. Nothing was taken.",
    "already-registered": (
        "A live registration with this address exists. Its owner was sent the personal link."
    ),
    "registration-closed": "Registration of this type is not open now.",
    "wrong-state": "The thing is in a state in which this can not be done to it.",
    "capacity-below-taken": "More places are taken than the new capacity would allow.",
    "stale": (
        "If-Match names an older version: somebody changed the thing in the meantime. "
        "Read it again and repeat the change."
    ),
    "too-large": "The body is larger than Lectern takes.",
    "unsupported-media-type": "Bodies are application/json in UTF-8.",
    "idempotency-mismatch": (
        "This Idempotency-Key was used with another body in the last 24 hours. "
        "Use a new key for a new request."
    ),
    "precondition-required": (
        "A change of this thing needs If-Match with the ETag that was last read, so that "
        "nobody's work is overwritten."
    ),
    "throttled": "Too many requests. Wait for as long as Retry-After says.",
    "busy": "Something took too long and nothing was written. Try again after Retry-After.",
    "server-error": "A fault of ours. It is in the log under the answer's X-Request-Id.",
}


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
