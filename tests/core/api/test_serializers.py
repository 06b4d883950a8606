"""What the shapes of bodies take and what only looks like it."""

from __future__ import annotations

import pytest
from rest_framework import serializers

from core.api.serializers import StrictSerializer


class Body(StrictSerializer):
    name = serializers.CharField(required=False, allow_null=True)
    many = serializers.BooleanField(required=False)
    count = serializers.IntegerField(required=False, allow_null=True)
    where = serializers.FloatField(required=False)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    code = serializers.CharField(read_only=True)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "5", "many": False, "count": 5, "where": 5, "tags": ["5"]},
        {"name": None, "count": None, "where": 1.5, "tags": []},
        {"code": 5},
    ],
)
def test_values_of_their_kind_are_taken(body):
    assert Body(data=body).is_valid()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": 5}, "name"),
        ({"name": 1.5}, "name"),
        ({"name": True}, "name"),
        ({"name": ["a"]}, "name"),
        ({"many": "true"}, "many"),
        ({"many": 1}, "many"),
        ({"count": "5"}, "count"),
        ({"count": 5.0}, "count"),
        ({"count": True}, "count"),
        ({"where": "1.5"}, "where"),
        ({"where": False}, "where"),
        ({"tags": "a"}, "tags"),
        ({"nothing": 1}, "nothing"),
    ],
)
def test_what_is_of_another_kind_is_named(body, where):
    read = Body(data=body)
    assert not read.is_valid()
    assert list(read.errors) == [where]


def test_everything_wrong_is_named_at_once():
    read = Body(data={"name": 5, "tags": ["a", 5], "nothing": 1, "count": 5})
    assert not read.is_valid()
    assert read.errors["tags"] == {"1": ["Give a text."]}
    assert set(read.errors) == {"name", "tags", "nothing"}
