"""The API's description and its reader."""

from __future__ import annotations

import pytest
from django.test import Client
from openapi_spec_validator import validate

PAGE = "/api/v1/docs/"


def test_the_reader_has_no_script_or_style_of_its_own():
    page = Client().get(PAGE)
    text = page.content.decode()
    assert (page.status_code, page["Cross-Origin-Opener-Policy"]) == (200, "same-origin")
    assert text.count("<script") == text.count("<script src=") == 2
    assert "<style" not in text
    assert "/api/v1/schema/" in text


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "DELETE"])
def test_it_is_only_for_reading(method):
    assert Client().generic(method, PAGE).status_code == 405


def test_the_description_is_valid():
    as_json = {"accept": "application/vnd.oai.openapi+json"}
    described = Client().get("/api/v1/schema/", headers=as_json).json()
    assert described["openapi"] == "3.1.0"
    validate(described)


def test_a_reader_that_asks_for_nothing_gets_yaml():
    answer = Client().get("/api/v1/schema/")
    assert answer["Content-Type"] == "application/vnd.oai.openapi; charset=utf-8"
    assert answer.content.startswith(b"openapi: 3.1.0\n")
