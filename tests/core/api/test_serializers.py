"""What the shapes of bodies take and what only looks like it."""

from __future__ import annotations

import threading

import pytest
from rest_framework import serializers

from core.api.serializers import KeptFieldsSerializer, StrictSerializer


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


class KeptBody(KeptFieldsSerializer):
    name = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField(), required=False)


def test_kept_fields_read_one_body_after_the_other():
    first, second = KeptBody(data={"name": "a", "tags": ["x"]}), KeptBody(data={"name": 5})
    assert first.is_valid()
    assert not second.is_valid()
    third = KeptBody(data={"name": "c"}, context={"language": "ru"})
    assert third.is_valid()
    assert (first.validated_data, third.validated_data) == (
        {"name": "a", "tags": ["x"]},
        {"name": "c"},
    )
    assert second.errors == {"name": ["Give a text."]}
    assert third.fields["name"] is first.fields["name"]
    assert third.fields["name"].context == {"language": "ru"}


def test_kept_fields_belong_to_one_thread_and_one_class():
    class Other(KeptBody):
        more = serializers.CharField()

    seen = []
    thread = threading.Thread(target=lambda: seen.append(KeptBody(data={}).fields["name"]))
    thread.start()
    thread.join()
    assert seen[0] is not KeptBody(data={}).fields["name"]
    assert set(Other(data={}).fields) == {"name", "tags", "more"}
    assert set(KeptBody(data={}).fields) == {"name", "tags"}
