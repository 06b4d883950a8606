"""What a service says when it refuses: a kind that machines know and a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with one value.

    Arguments:
        pointer: a JSON Pointer (RFC 6901) into the body, such as ``/email``; "" means the whole.
        code: a stable word for programs, such as ``required`` or ``unknown``.
        detail: a sentence for people.
    """

    pointer: str
    code: str
    detail: str


# kind -> HTTP status. The kind is the last part of the problem's `type` URI and never changes.
STATUS_BY_KIND: Final[dict[str, int]] = {
    "validation-failed": 400,
    "not-authenticated": 401,
    "forbidden": 403,
    "not-found": 404,
    "method-not-allowed": 405,
    "not-acceptable": 406,
    "conflict": 409,
    "in-use": 409,
    "sold-out": 409,
    "already-registered": 409,
    "registration-closed": 409,
    "wrong-state": 409,
    "capacity-below-taken": 409,
    "stale": 412,
    "too-large": 413,
    "unsupported-media-type": 415,
    "idempotency-mismatch": 422,
    "precondition-required": 428,
    "throttled": 429,
    "busy": 503,
}


class DomainError(Exception):
    """A rule said no. Nothing was written; `detail` says what happened and what to do."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
    ) -> None:
        if kind not in STATUS_BY_KIND:
            raise ValueError(f"unknown kind of refusal: {kind}")
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        return STATUS_BY_KIND[self.kind]


def invalid(pointer: str, code: str, detail: str) -> DomainError:
    """Return the refusal of one field's value."""
    return DomainError("validation-failed", detail, errors=[FieldError(pointer, code, detail)])


def not_found() -> DomainError:
    """Return the one answer for what does not exist and for what is not yours to know of."""
    return DomainError("not-found", _("There is nothing at this address."))


def busy() -> DomainError:
    """Return the refusal of what waited too long for the database."""
    return DomainError(
        "busy",
        _("Too much is happening at this moment. Nothing was saved; try again in a few seconds."),
        retry_after=3,
    )


def stale() -> DomainError:
    """Return the refusal of a change that was made on an older version."""
    return DomainError(
        "stale",
        _(
            "Somebody else changed this in the meantime. Your change was not saved; "
            "load it again and repeat it."
        ),
    )
