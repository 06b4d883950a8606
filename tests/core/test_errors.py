"""Refusals: a kind for programs, a sentence for people."""

from __future__ import annotations

import pytest

from core.errors import DomainError, FieldError, busy, invalid, not_found, stale
from core.problems import problem_body


def test_a_refusal_becomes_a_problem_document():
    refusal = invalid("/email", "email", "This is not an e-mail address.")
    assert refusal.errors == (FieldError("/email", "email", "This is not an e-mail address."),)
    assert problem_body(refusal) == {
        "type": "http://testserver/api/v1/problems/validation-failed",
        "title": "Validation failed",
        "status": 400,
        "detail": "This is not an e-mail address.",
        "errors": [
            {"pointer": "/email", "code": "email", "detail": "This is not an e-mail address."}
        ],
    }


def test_a_refusal_without_fields_has_no_list_of_them():
    assert set(problem_body(not_found())) == {"type", "title", "status", "detail"}


def test_kinds_have_their_status():
    assert (stale().status, busy().status, not_found().status) == (412, 503, 404)
    assert busy().retry_after == 3


def test_an_unknown_kind_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="unknown kind"):
        DomainError("teapot", "No.")
