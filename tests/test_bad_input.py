"""Bad input is a clear 4xx: never a fault, never half a row. Every address that takes a body."""

from __future__ import annotations

import json
import re
import time
from functools import partial

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.utils.datastructures import MultiValueDict
from drf_spectacular.generators import SchemaGenerator

from tests.conftest import ApiClient
from tests.routes.walk import access_of, api_routes, methods_of, pages
from tests.routes.world import build_world

OURS = ["core", "accounts", "events", "registrations", "notifications"]
_TEMPLATE = re.compile(r"<(?:\w+:)?(\w+)>")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Bodies that are no request of any kind.
BODIES = {
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "text": b'"text"',
    "number": b"5",
    "half": b'{"a": ',
    "not utf-8": b'{"a": "\xff"}',
    "nul": b'{"name": "a\\u0000b"}',
    "half a surrogate": b'{"name": "\\ud800"}',
    "twice": b'{"a": 1, "a": 2}',
    "not a number": b'{"a": NaN}',
    "deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "unknown": b'{"there_is_no_such_field": 1}',
    "id": b'{"id": 1, "pk": 1, "version": 99, "organisation": 1, "created_at": "2020-01-01"}',
}
# Values that a field of any kind should see without falling over.
VALUES = [
    None, True, -1, 1.5, 10**30, "", "x" * 30_000, "\u202e\ufeff", "💣", "\u0007",
    "9999-12-31T23:59", "0001-01-01T00:00", "2027-03-28T10:00+02:00", "P99999D",
    "javascript:alert(1)", [], ["x"], [[]], {}, {"x": "y"}, {"en": 5}, {"en": "x" * 30_000},
]  # fmt: skip
WORDS = [
    "", "x" * 30_000, "\u202e", "💣", "-1", "9" * 40, "2027-99-99T99:99", "0001-01-01T00:00",
    "9999-12-31T23:59", "'\";--", "١٢",
]  # fmt: skip


@pytest.fixture
def world(organisation):
    return build_world(organisation)


def rows():
    """Return how many rows each table of ours has, by one statement."""
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {t})" for t in tables))  # noqa: S608 - our own tables
        counts = cursor.fetchone()
    return {model._meta.label: n for model, n in zip(models, counts, strict=True)}


def fields_of(route, method):
    """Return the names of the fields that the route's body has."""
    schema = _schema()
    path = "/" + _TEMPLATE.sub(r"{\1}", route.pattern)
    operation = schema["paths"].get(path, {}).get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    ref = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return list(schema["components"]["schemas"].get(ref, {}).get("properties", {}))


_cached = []


def _schema():
    if not _cached:
        _cached.append(SchemaGenerator().get_schema(request=None, public=True))
    return _cached[0]


def caller(route, api):
    return api if access_of(route).kind == "permission" else ApiClient()


def undone(send, before):
    """Send what `send` sends; whatever it did is undone. Return the answer and the tables changed.

    Arguments:
        before: the rows that there are, which stay as nothing that is sent here is kept.
    """
    with transaction.atomic():
        response = send()
        after = rows()
        transaction.set_rollback(True)
    return response, {label for label in after if after[label] != before[label]}


WRITING = [
    (route, method) for route in api_routes() for method in UNSAFE if method in methods_of(route)
]


def values_together(fields):
    """Return bodies of all fields, each of which has each value in one of them."""
    turns = range(len(VALUES)) if fields else ()
    return [
        {name: VALUES[(turn + place) % len(VALUES)] for place, name in enumerate(fields)}
        for turn in turns
    ]


def fields_refused(response):
    """Return the names of the fields that a refusal names."""
    if response.status_code != 400:
        return set()
    errors = json.loads(response.content).get("errors", [])
    return {error["pointer"].split("/")[1] for error in errors if "/" in error["pointer"]}


@pytest.mark.parametrize(
    ("route", "method"), WRITING, ids=[f"{method} {route.name}" for route, method in WRITING]
)
def test_a_body_that_can_not_be_taken_is_refused(world, api, route, method):
    client, path, wrong, before = caller(route, api), world.path(route), [], rows()
    etag = '"v1"' if method != "POST" else None

    def attempt(name, raw):
        response, left = undone(
            lambda: client.request(method, path, None, raw=raw, etag=etag), before
        )
        status = response.status_code
        if status >= 500 or (status >= 400 and left):
            wrong.append(f"{name}: {status} {left or ''}")
        if status >= 400 and response["Content-Type"] != "application/problem+json":
            wrong.append(f"{name}: {response['Content-Type']}")
        return response

    for name, raw in BODIES.items():
        attempt(name, raw)
    for body in values_together(fields_of(route, method)):
        refused = fields_refused(attempt("together", json.dumps(body).encode()))
        # What is taken in such company goes deeper when it comes alone.
        for field in body.keys() - refused:
            name = f"{field}={str(body[field])[:20]}"
            attempt(name, json.dumps({field: body[field]}).encode())
    assert wrong == []


def test_the_bodies_above_are_made_of_real_fields():
    """A negative control: names from the schema, or the test above tries nothing."""
    found = {route.name: fields_of(route, method) for route, method in WRITING}
    assert {"given_name", "family_name", "email"} <= set(found["api-public-registration-list"])
    assert {"title", "start", "end", "time_zone"} <= set(found["api-conference-list"])
    assert sum(bool(fields) for fields in found.values()) >= 15


def test_ten_megabytes_are_refused_at_once(world, api):
    body, wrong = b" " * 10 * 1024 * 1024, []
    for route, method in WRITING:
        client, path = caller(route, api), world.path(route)
        began = time.perf_counter()
        response = client.request(method, path, None, raw=body, etag='"v1"')
        if response.status_code != 413 or time.perf_counter() - began > 2:
            wrong.append(f"{method} {route}: {response.status_code}")
    assert wrong == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/xml"])
def test_bodies_of_another_kind_are_refused(world, api, kind):
    mismatches = []
    for route, method in WRITING:
        response = caller(route, api).request(
            method, world.path(route), None, raw=b"a=1", etag='"v1"', content_type=kind
        )
        # Whoever does not look at the body at all (DELETE, a verb) may also do without it.
        if response.status_code >= 500 or (
            method in {"PUT", "PATCH"} and response.status_code != 415
        ):
            mismatches.append(f"{method} {route}: {response.status_code}")
    assert mismatches == []


@pytest.mark.parametrize(
    "query",
    ["q=%00", "search=%00", "ordering=id__password", "page_size=-1", "cursor=%F0%28",
     "lang=xx-yy-zz", "created_at__regex=.", "a=1&a=2", "status=%F0%9F%92%A3",
     "&".join(f"a{n}=1" for n in range(600))],
    ids=lambda q: q[:20],
)  # fmt: skip
def test_odd_queries_are_refused_or_ignored_never_a_fault(world, api, query):
    faults = []
    for route in api_routes():
        if "GET" in methods_of(route):
            response = caller(route, api).get(f"{world.path(route)}?{query}")
            if response.status_code >= 500:
                faults.append(f"{route}: {response.status_code}")
    assert faults == []


# --- Pages ---------------------------------------------------------------------------------------
def forms_of(response):
    """Return the names of the fields of all forms on a page."""
    found = set()
    for layer in response.context or ():
        for value in getattr(layer, "dicts", [layer]):
            for thing in dict(value).values():
                fields = getattr(thing, "fields", None)
                if isinstance(fields, dict) and hasattr(thing, "add_prefix"):
                    found |= {thing.add_prefix(name) for name in fields}
    return found


PAGES = [
    r for r in pages() if access_of(r).kind in {"permission", "public", "capability", "signed-in"}
]


@pytest.mark.parametrize("route", PAGES, ids=str)
def test_a_form_that_can_not_be_taken_is_refused(world, owner, route):
    client = Client()
    if access_of(route).kind in {"permission", "signed-in"}:
        client.force_login(owner)
    path = world.path(route)
    read = client.get(path)
    fields = forms_of(read)
    # A page without a form of ours looks at a name or two, if at anything.
    words = WORDS if fields else WORDS[:4]
    names = fields | {"version", "role", "order", "next", "name", "value", "response", "q"}
    faults, before = [], rows()
    if hasattr(read, "streaming_content"):
        list(read.streaming_content)
    for data in [
        *(dict.fromkeys(names, word) for word in words),
        {},
        {name: ["a", "b"] for name in names},
        MultiValueDict({f"field-{n}": ["x"] for n in range(600)}),
        {"name": "a\x00b"},
    ]:
        response, left = undone(partial(client.post, path, data), before)
        if response.status_code >= 500 or (response.status_code >= 400 and left):
            faults.append(f"{str(data)[:40]}: {response.status_code} {left or ''}")
    assert faults == []


# Together what no page reads together: one that is refused must not hide the next.
@pytest.mark.parametrize(
    "query",
    ["page=0&state=%F0%9F%92%A3&next=//evil", "page=99999999999999999999&lang=xx-yy",
     "page=x&ordering=password", "q=" + "x" * 3000 + "&day=2027-99-99&person=ZZZZZZ",
     "q=%25%27%22%3B--&type=-1&view=%3Cscript%3E"],
    ids=lambda q: q[:20],
)  # fmt: skip
def test_odd_addresses_of_pages_are_never_a_fault(world, owner, query):
    client, faults = Client(), []
    client.force_login(owner)
    for route in pages():
        response = client.get(f"{world.path(route)}?{query}")
        if hasattr(response, "streaming_content"):
            list(response.streaming_content)
        # Only readyz may say 503, and it does so here: no Redis runs under the tests.
        if response.status_code >= 500 and route.name != "readyz":
            faults.append(f"{route}: {response.status_code}")
    assert faults == []


def test_ten_megabytes_on_any_page_are_refused_at_once(world, owner):
    client, wrong = Client(), []
    client.force_login(owner)
    body = b"a=" + b"x" * 10 * 1024 * 1024
    for route in pages():
        began = time.perf_counter()
        response = client.generic(
            "POST", world.path(route), body, content_type="application/x-www-form-urlencoded"
        )
        if response.status_code != 413 or time.perf_counter() - began > 2:
            wrong.append(f"{route}: {response.status_code}")
    assert wrong == []
