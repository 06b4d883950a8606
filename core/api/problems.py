"""Every refusal of the API in one shape: RFC 9457, application/problem+json."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import DomainError, FieldError
from core.problems import problem_body

CONTENT_TYPE = "application/problem+json"

_KINDS: dict[type[exceptions.APIException], str] = {
    exceptions.NotAuthenticated: "not-authenticated",
    exceptions.AuthenticationFailed: "not-authenticated",
    exceptions.PermissionDenied: "forbidden",
    exceptions.NotFound: "not-found",
    exceptions.MethodNotAllowed: "method-not-allowed",
    exceptions.NotAcceptable: "not-acceptable",
    exceptions.UnsupportedMediaType: "unsupported-media-type",
    exceptions.Throttled: "throttled",
    exceptions.ParseError: "validation-failed",
}


def _field_errors(detail: Any, pointer: str = "") -> list[FieldError]:
    """Return DRF's nested error detail as a flat list with JSON Pointers (RFC 6901)."""
    if isinstance(detail, dict):
        found: list[FieldError] = []
        for name, inner in detail.items():
            step = (
                ""
                if name == "non_field_errors"
                else "/" + str(name).replace("~", "~0").replace("/", "~1")
            )
            found += _field_errors(inner, pointer + step)
        return found
    if isinstance(detail, list):
        found = []
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            found += _field_errors(inner, f"{pointer}/{index}" if nested else pointer)
        return found
    return [FieldError(pointer, str(getattr(detail, "code", "invalid")), str(detail))]


def as_refusal(error: Exception) -> DomainError | None:
    """Return any exception that is a refusal as a DomainError; None for a fault of ours."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, Http404):
        return DomainError("not-found", "There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        return DomainError("forbidden", "You may not do this.")
    if isinstance(error, exceptions.ValidationError):
        errors = _field_errors(error.detail)
        return DomainError(
            "validation-failed",
            errors[0].detail if len(errors) == 1 else "Some values can not be taken.",
            errors=errors,
        )
    if isinstance(error, exceptions.APIException):
        for kind, name in _KINDS.items():
            if isinstance(error, kind):
                wait = getattr(error, "wait", None)
                return DomainError(
                    name, str(error.detail), retry_after=int(wait) + 1 if wait is not None else None
                )
    return None


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler."""
    refusal = as_refusal(error)
    if refusal is None:
        return None
    set_rollback()
    response = Response(problem_body(refusal), status=refusal.status, content_type=CONTENT_TYPE)
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    if refusal.kind == "not-authenticated":
        response["WWW-Authenticate"] = "Bearer"
    if refusal.kind == "method-not-allowed":
        view = context.get("view")
        response["Allow"] = ", ".join(getattr(view, "allowed_methods", []))
    return response
