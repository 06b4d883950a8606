"""Bad input is a clear 4xx: never a fault, never half a row. Every address that takes a body.

A push sends every field one bad value of each kind, in the company of the others, again without
those that were refused, and a few alone; and every form, list and address a part of what is odd.
With TESTS_SIZE=full everything is sent everywhere (`make test-full`). What an address is asked is
undone, so that many of them share one world.
"""

from __future__ import annotations

import json
import re
import time
from functools import partial
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tests.conftest import ApiClient
from tests.factories.accounts import AccountFactory
from tests.routes.bad import BODIES, ODD_ADDRESSES, ODD_QUERIES, WORDS, chosen, values_together
from tests.routes.walk import access_of, api_routes, methods_of, pages
from tests.sizes import FULL, one_in, patience, sample, shares

OURS = ["core", "accounts", "events", "registrations", "notifications"]
_TEMPLATE = re.compile(r"<(?:\w+:)?(\w+)>")
WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE|MERGE)\b", re.IGNORECASE)
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def organisation(world):
    return world.organisation


def rows(written=None):
    """Return how many rows each table of ours has, by one statement.

    Arguments:
        written: statements; of all tables only those that one of them names are counted.
    """
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    if written is not None:
        models = [m for m in models if any(m._meta.db_table in sql for sql in written)]
    if not models:
        return {}
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
    written = []

    def watch(execute, sql, params, many, context):
        if WRITES.search(sql):
            written.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        response = send()
        # To count all of them is dearer than most refusals; none changes without being named.
        after = rows(written)
        transaction.set_rollback(True)
    return response, {label for label in after if after[label] != before[label]}


WRITING = [
    (route, method) for route in api_routes() for method in UNSAFE if method in methods_of(route)
]


def fields_refused(response):
    """Return the names of the fields that a refusal names."""
    if response.status_code != 400:
        return set()
    errors = json.loads(response.content).get("errors", [])
    return {error["pointer"].split("/")[1] for error in errors if "/" in error["pointer"]}


def bodies_for(route, method):
    """Return name -> a body that is no request: all that only its serializer can refuse."""
    own = {name: raw for name, raw in BODIES.items() if name in {"empty", "list", "unknown", "id"}}
    others = [name for name in BODIES if name not in own]
    return own | {name: BODIES[name] for name in sample(others, 3, f"{method} {route}")}


@pytest.mark.parametrize("some", shares(WRITING, 12), ids=lambda some: str(some[0][0]))
@patience(push=120, full=900)
def test_a_body_that_can_not_be_taken_is_refused(world, api, some):
    wrong, before = [], rows()

    def attempt(route, method, name, raw):
        send = partial(
            caller(route, api).request,
            method,
            world.path(route),
            None,
            raw=raw,
            etag='"v1"' if method != "POST" else None,
        )
        response, left = undone(send, before)
        status, name = response.status_code, f"{method} {route}, {name}"
        if status >= 500 or (status >= 400 and left):
            wrong.append(f"{name}: {status} {left or ''}")
        if status >= 400 and response["Content-Type"] != "application/problem+json":
            wrong.append(f"{name}: {response['Content-Type']}")
        return response

    for route, method in some:
        for name, raw in bodies_for(route, method).items():
            attempt(route, method, name, raw)
        alone = []
        for body in values_together(fields_of(route, method), f"{method} {route}"):
            refused = fields_refused(attempt(route, method, "together", json.dumps(body).encode()))
            # What is taken in such company goes deeper without those that were refused, and alone.
            left = {field: value for field, value in body.items() if field not in refused}
            if 1 < len(left) < len(body):
                attempt(route, method, f"{[*left]}", json.dumps(left).encode())
            alone += left.items()
        for field, value in sample(alone, 4, f"{method} {route}"):
            name = f"{field}={str(value)[:20]}"
            attempt(route, method, name, json.dumps({field: value}).encode())
    assert wrong == []


def test_the_bodies_above_are_made_of_real_fields():
    """A negative control: names from the schema, or the test above tries nothing."""
    found = {route.name: fields_of(route, method) for route, method in WRITING}
    assert {"given_name", "family_name", "email"} <= set(found["api-public-registration-list"])
    assert {"title", "start", "end", "time_zone"} <= set(found["api-conference-list"])
    assert sum(bool(fields) for fields in found.values()) >= 15


def test_what_is_written_is_seen_and_undone(world):
    """A negative control of `undone`, which counts only after a statement that may write."""
    before = rows()
    response, left = undone(lambda: AccountFactory(email="left@example.org"), before)
    assert response.pk
    assert left == {"accounts.Account"}
    assert rows() == before


def send_whole(client, method, path, body, content_type, **headers):
    """Send a large body as it lies in memory; the test client would copy it several times."""
    there = {
        "wsgi.input": BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": content_type,
    }
    return client.generic(method, path, headers=headers, **there)


def test_ten_megabytes_are_refused_at_once(world, api):
    body, wrong = b" " * 10 * 1024 * 1024, []
    for route, method in WRITING:
        program, path = caller(route, api), world.path(route)
        headers = {"If-Match": '"v1"'}
        if program.token:
            headers["Authorization"] = f"Bearer {program.token}"
        began = time.perf_counter()
        response = send_whole(program.client, method, path, body, "application/json", **headers)
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


def test_odd_queries_are_refused_or_ignored_never_a_fault(world, api):
    faults = []
    for route in api_routes():
        if "GET" in methods_of(route):
            for query in sample(ODD_QUERIES, 3, str(route)):
                response = caller(route, api).get(f"{world.path(route)}?{query}")
                if response.status_code >= 500:
                    faults.append(f"{route}?{query[:20]}: {response.status_code}")
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


@pytest.mark.parametrize("some", shares(PAGES, 16), ids=lambda some: str(some[0]))
@patience(push=120, full=900)
def test_a_form_that_can_not_be_taken_is_refused(world, owner, some):
    faults, before = [], rows()
    for route in some:
        for data, response, left in answers_to_bad_forms(world, owner, route, before):
            if response.status_code >= 500 or (response.status_code >= 400 and left):
                faults.append(f"{route}, {str(data)[:40]}: {response.status_code} {left or ''}")
    assert faults == []


def answers_to_bad_forms(world, owner, route, before):
    """Send a page what it can not take; yield what was sent, the answer and the tables changed."""
    client, path = Client(), world.path(route)
    if access_of(route).kind in {"permission", "signed-in"}:
        client.force_login(owner)
    read = client.get(path)
    fields = forms_of(read)
    if hasattr(read, "streaming_content"):
        list(read.streaming_content)
    names = sorted(fields | {"version", "role", "order", "next", "name", "value", "response", "q"})
    words = chosen(WORDS, str(route))
    many = {f"field-{n}": "x" for n in range(600)}
    for data in [
        # A page without a form of ours looks at a name or two, if at anything.
        *(dict.fromkeys(names, word) for word in (words if fields or FULL else words[:2])),
        {},
        {name: ["a", "b"] for name in names},
        {"name": "a\x00b"},
        # Parted into files and fields it takes many times as long to read.
        *([many] if one_in(8, str(route)) else []),
    ]:
        response, left = undone(partial(client.post, path, data), before)
        yield data, response, left
    written = partial(client.post, path, urlencode(many), "application/x-www-form-urlencoded")
    yield many, *undone(written, before)


def test_odd_addresses_of_pages_are_never_a_fault(world, owner):
    client, faults = Client(), []
    client.force_login(owner)
    for route in pages():
        for query in sample(ODD_ADDRESSES, 2, str(route)):
            response = client.get(f"{world.path(route)}?{query}")
            if hasattr(response, "streaming_content"):
                list(response.streaming_content)
            # Only readyz may say 503, and it does so here: no Redis runs under the tests.
            if response.status_code >= 500 and route.name != "readyz":
                faults.append(f"{route}?{query[:20]}: {response.status_code}")
    assert faults == []


def test_ten_megabytes_on_any_page_are_refused_at_once(world, owner):
    client, wrong = Client(), []
    client.force_login(owner)
    body = b"a=" + b"x" * 10 * 1024 * 1024
    for route in pages():
        began = time.perf_counter()
        response = send_whole(
            client, "POST", world.path(route), body, "application/x-www-form-urlencoded"
        )
        if response.status_code != 413 or time.perf_counter() - began > 2:
            wrong.append(f"{route}: {response.status_code}")
    assert wrong == []
