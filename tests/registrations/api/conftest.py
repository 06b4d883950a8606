"""The addresses of the forum's parts of the API."""

from __future__ import annotations

import pytest


@pytest.fixture
def base(conference):
    return "/api/v1/organisations/institute/conferences/forum"


@pytest.fixture
def public(conference):
    return "/api/v1/public/institute/forum"


@pytest.fixture
def problem():
    """Return a function: a problem's status, kind, and codes by pointer."""

    def read(answer):
        assert answer["Content-Type"] == "application/problem+json"
        body = answer.json()
        errors = {e["pointer"]: e["code"] for e in body.get("errors", [])}
        return answer.status_code, body["type"].rsplit("/", 1)[-1], errors

    return read
