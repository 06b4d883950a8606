"""The one table of routes and roles: every address, every role, own, foreign and missing objects.

Every push asks every address as every role, with and without a token, and with the scope it needs;
of the scopes that it does not need, of methods that no page takes and of HEAD it asks a part, and
with TESTS_SIZE=full all (`make test-full`).

An address without a word in its app's routes.py (or, for the API, without permissions on its view)
fails here, and so does one that answers otherwise than its word says.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.conf import settings as configured
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from accounts.enums import Role
from accounts.permissions import Permission, permissions_of
from tests.conftest import ApiClient
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.routes.walk import (
    access_of,
    all_routes,
    api_routes,
    declared,
    methods_of,
    pages,
)
from tests.routes.world import build_world
from tests.sizes import one_in, sample

LOGIN = "/accounts/login/"
REFUSED = {401, 403, 404}
VIEWED = {200, 204, 302, 303, 304}


@pytest.fixture
def organisation(world):
    return world.organisation


def send(client, method, path, **extra):
    """Send one request whose deed, if there is one, is undone."""
    with transaction.atomic():
        response = client.generic(method, path, **extra)
        if hasattr(response, "streaming_content"):
            list(response.streaming_content)
        transaction.set_rollback(True)
    return response


def ask(client, method, path, body=None):
    """Send one API request whose deed, if there is one, is undone."""
    with transaction.atomic():
        unsafe = method not in {"GET", "HEAD"}
        etag = '"v1"' if method in {"PUT", "PATCH", "DELETE"} else None
        response = client.request(method, path, (body or {}) if unsafe else None, etag=etag)
        transaction.set_rollback(True)
    return response


def plain(response):
    """Return an answer's body without what differs by chance."""
    return re.sub(rb'(csrfmiddlewaretoken" value="|x-csrftoken": ")[^"]+', b"", response.content)


def is_missing(response, missing):
    """Tell whether an answer is the one for what does not exist, or that to a wrong method."""
    if response.status_code == 405:
        return True
    return response.status_code == missing.status_code == 404 and plain(response) == plain(missing)


def console_pages():
    return [r for r in pages() if (access := access_of(r)) and access.kind == "permission"]


# --- The table itself ----------------------------------------------------------------------------
def test_every_address_says_who_may_use_it():
    silent = [f"{r.name}: {r.pattern}" for r in all_routes() if access_of(r) is None]
    assert silent == []


def test_no_two_addresses_share_a_name():
    names = Counter(r.name for r in all_routes() if not r.is_staff)
    assert [name for name, number in names.items() if number > 1] == []


def test_the_table_names_nothing_that_is_not_there():
    assert declared().keys() - {r.name for r in all_routes()} == set()


def test_every_api_view_has_the_permissions_of_its_methods():
    wrong = []
    for route in api_routes():
        access, methods = access_of(route), methods_of(route)
        if access.kind == "permission":
            if "GET" in methods and access.read is None:
                wrong.append(f"{route}: no read_permission")
            if methods - {"GET"} and access.write is None:
                wrong.append(f"{route}: no write_permission")
    assert wrong == []


def test_the_openapi_file_and_the_resolver_know_the_same_addresses():
    schema = SchemaGenerator(urlconf=configured.ROOT_URLCONF).get_schema(request=None, public=True)
    described = {
        (path, method.upper())
        for path, item in schema["paths"].items()
        for method in item
        if method in {"get", "post", "put", "patch", "delete"}
    }
    served = {
        ("/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.pattern), method)
        for route in api_routes()
        for method in methods_of(route)
        if route.name not in {"api-schema", "api-docs"}
    }
    assert described == served


# --- Pages ---------------------------------------------------------------------------------------
def wrong_answer(access, role, method, response):
    """Return what is wrong with an answer to a member of this role; None when it is right."""
    status = response.status_code
    granted = permissions_of(role)
    needed = access.read if method == "GET" else access.write
    if status >= 500:
        return "a fault"
    if needed is None:  # no such method here, whoever asks
        return None if status in {403, 405} else "should not be taken"
    if not {needed, *access.also} <= granted:
        return None if status in {403, 405} else "should be refused"
    if status in REFUSED:
        return "should be allowed"
    return None


@pytest.mark.parametrize("role", list(Role))
def test_members_may_do_what_their_role_says(world, client_as, account_with_role, role):
    """And what a route promises it also does: for the owner it is read, or it takes a POST."""
    client = client_as(account_with_role(role))
    mismatches = []
    for route in console_pages():
        access, path, statuses = access_of(route), world.path(route), {}
        for method in ("GET", "POST"):
            response = send(client, method, path)
            statuses[method] = response.status_code
            if wrong := wrong_answer(access, role, method, response):
                mismatches.append(f"{method} {route}: {response.status_code} {wrong}")
        if role == Role.OWNER and (
            (statuses["GET"] not in VIEWED and statuses["POST"] == 405)
            or (access.read is not None and statuses["GET"] not in {*VIEWED, 405})
        ):
            mismatches.append(f"{route}: {statuses} is not served")
    assert mismatches == []


def test_nobody_signed_in_is_sent_to_sign_in(world):
    mismatches = []
    for route in pages():
        access = access_of(route)
        if access.kind not in {"permission", "signed-in", "demo"}:
            continue
        for method in ("GET", "POST"):
            response = send(Client(), method, world.path(route))
            to = response.get("Location", "")
            if response.status_code != 302 or not to.startswith(LOGIN):
                mismatches.append(f"{method} {route}: {response.status_code} {to}")
    assert mismatches == []


def test_strangers_see_no_difference_to_what_does_not_exist(world, client_as):
    """An owner of another house, and somebody without any: one answer, whatever is asked for."""
    mismatches = []
    for account in [MembershipFactory(role=Role.OWNER).account, AccountFactory()]:
        client = client_as(account)
        missing = send(client, "GET", "/manage/no-such-house/")
        for route in console_pages():
            for method in ("GET", "POST"):
                there = send(client, method, world.path(route))
                if not is_missing(there, missing):
                    mismatches.append(f"{method} {route}: {there.status_code}")
    assert mismatches == []


def test_objects_of_another_house_are_not_there(world, client_as, owner, other_organisation):
    """Under the own organisation's address, with the key of somebody else's object."""
    foreign = build_world(other_organisation)
    client = client_as(owner)
    missing = send(client, "GET", "/manage/institute/no-forum/")
    mismatches = []
    for route in console_pages():
        nothing = world.nothing(route)
        if nothing is None:
            continue
        (name,) = nothing
        theirs = {name: foreign.keys(route)[name]}
        if theirs[name] == world.keys(route)[name]:
            continue  # a slug that both have
        for method in ("GET", "POST"):
            for keys in (theirs, nothing):
                answer = send(client, method, world.path(route, **keys))
                if not is_missing(answer, missing):
                    mismatches.append(f"{method} {route}: {answer.status_code} {keys}")
    assert mismatches == []


def test_conferences_of_another_house_are_not_there(world, client_as, owner, other_organisation):
    foreign = build_world(other_organisation)
    foreign.conference.slug = "foreign-forum"
    foreign.conference.save()
    client = client_as(owner)
    missing = send(client, "GET", "/manage/institute/no-forum/")
    mismatches = []
    for route in console_pages():
        if "conference" in route.parameters:
            for method in ("GET", "POST"):
                there = send(client, method, world.path(route, conference="foreign-forum"))
                if not is_missing(there, missing):
                    mismatches.append(f"{method} {route}: {there.status_code}")
    assert mismatches == []


def test_pages_take_get_and_post_only(world, client_as, owner):
    client = client_as(owner)
    mismatches = []
    for route in pages():
        for method in sample(("PUT", "PATCH", "DELETE"), 1, str(route)):
            status = send(client, method, world.path(route)).status_code
            # The sign-in library's views answer a few of them like a GET; nothing is done.
            allowed = {405, 404} | ({200, 302} if route.name.startswith("account_") else set())
            if status not in allowed:
                mismatches.append(f"{method} {route}: {status}")
    assert mismatches == []


def test_pages_for_everybody_open_for_everybody(world):
    mismatches = []
    for route in pages():
        if access_of(route).kind != "public":
            continue
        for method in ("GET", "HEAD", "POST"):
            status = send(Client(), method, world.path(route)).status_code
            if route.name == "readyz" and status == 503:
                continue  # the suite has no Redis, and that is what it says
            if (method, route.name, status) == ("POST", "selection-new", 403):
                continue  # taken from forms of our own pages only, as browsers say it
            if status >= 500 or status in {401, 403} or (method == "GET" and status == 404):
                mismatches.append(f"{method} {route}: {status}")
    assert mismatches == []


def test_a_capability_opens_only_with_its_key(world):
    mismatches = []
    for route in pages():
        if access_of(route).kind != "capability" or "token" not in route.parameters:
            continue
        for method in ("GET", "POST"):
            right = send(Client(), method, world.path(route)).status_code
            wrong = send(Client(), method, world.path(route, token="x" * 27))
            # Some keys name their row themselves.
            nobody = {"code": "ZZZZZZZZZZ"} if "code" in route.parameters else {}
            missing = send(Client(), method, world.path(route, token="x" * 27, **nobody))
            if right in REFUSED or wrong.status_code not in {404, 405}:
                mismatches.append(f"{method} {route}: {right}/{wrong.status_code}")
            if plain(wrong) != plain(missing):
                mismatches.append(f"{method} {route}: a wrong key tells whether there is a row")
    assert mismatches == []


def test_pages_of_the_demo_are_not_there_without_it(world, client_as, owner, settings):
    settings.LECTERN_DEMO = settings.EMBEDDED = settings.DEBUG = False
    client = client_as(owner)
    demo = [r for r in pages() if access_of(r).kind == "demo"]
    assert {send(client, "GET", world.path(r)).status_code for r in demo} == {404}


def test_the_operators_page_is_for_this_machine(world):
    for route in pages():
        if access_of(route).kind == "loopback":
            path = world.path(route)
            assert send(Client(), "GET", path, REMOTE_ADDR="192.0.2.7").status_code == 404
            assert send(Client(), "GET", path).status_code == 200


def test_the_admin_is_for_staff(world, client_as, owner):
    mismatches = []
    for route in all_routes():
        if route.is_staff and not route.parameters and route.name != "admin:logout":
            for client in (Client(), client_as(owner)):
                status = send(client, "GET", reverse(route.name)).status_code
                if status not in {302, 403, 404}:
                    mismatches.append(f"{route}: {status}")
    assert mismatches == []


# --- Reading changes nothing ---------------------------------------------------------------------
# Looking at a page may renew a session, and a token notes when it was used.
HARMLESS = re.compile(r'"?django_session|"last_used_at"|"last_login"|SAVEPOINT', re.IGNORECASE)
WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE)\b", re.IGNORECASE)


def writes_of(captured):
    return [
        q["sql"][:120] for q in captured if WRITES.match(q["sql"]) and not HARMLESS.search(q["sql"])
    ]


def test_no_get_or_head_changes_anything(world, client_as, owner, api):
    browser = client_as(owner)
    changed = []
    for route in all_routes():
        if route.is_staff or (access_of(route).kind == "demo"):
            continue
        for method in ("GET", "HEAD") if one_in(3, str(route)) else ("GET",):
            with CaptureQueriesContext(connection) as captured:
                if route.is_api and route.name not in declared():
                    api.request(method, world.path(route))
                else:
                    response = browser.generic(method, world.path(route))
                    if hasattr(response, "streaming_content"):
                        list(response.streaming_content)
            changed += [f"{method} {route}: {sql}" for sql in writes_of(captured)]
    assert changed == []


# --- The API -------------------------------------------------------------------------------------
def guarded():
    return [r for r in api_routes() if access_of(r).kind == "permission"]


def is_missing_by_api(response, missing, method):
    """Tell whether an answer is the one answer for what does not exist."""
    said = b"" if method == "HEAD" else missing.content
    return response.status_code == missing.status_code == 404 and response.content == said


def calls(route):
    return sorted(methods_of(route) | ({"HEAD"} if "GET" in methods_of(route) else set()))


def test_without_a_token_or_with_a_wrong_one_nothing_opens(world):
    mismatches = []
    for route in guarded():
        for client in (ApiClient(), ApiClient("lec_00000000_wrong")):
            for method in calls(route):
                status = ask(client, method, world.path(route)).status_code
                if status != 401:
                    mismatches.append(f"{method} {route}: {status}")
    assert mismatches == []


def test_a_token_with_all_scopes_opens_everything_of_its_house(world, api):
    mismatches = []
    for route in guarded():
        for method in calls(route):
            status = ask(api, method, world.path(route)).status_code
            if status >= 500 or status in REFUSED:
                mismatches.append(f"{method} {route}: {status}")
    assert mismatches == []


def scopes_for(route, needed):
    """Return the scopes to try: those that open something, and some that do not."""
    return {*needed, *sample(Permission, 4, str(route))} & set(Permission)


@pytest.mark.parametrize("scope", list(Permission))
def test_a_token_with_one_scope_opens_only_what_it_says(world, api, scope):
    client, mismatches = api.of(scope), []
    for route in guarded():
        access = access_of(route)
        if scope not in scopes_for(route, {access.read, access.write, *access.also}):
            continue
        for method in calls(route):
            reads = method in {"GET", "HEAD"}
            needed = {access.read} if reads else {access.write, *access.also}
            status = ask(client, method, world.path(route)).status_code
            if (status == 403) != (needed != {scope}):
                mismatches.append(f"{method} {route}: {status}")
    assert mismatches == []


def test_a_token_of_another_house_sees_nothing(world, api, other_organisation):
    stranger, mismatches = api.of(organisation=other_organisation), []
    missing = ask(stranger, "GET", "/api/v1/organisations/no-such-house/")
    for route in guarded():
        for method in calls(route):
            there = ask(stranger, method, world.path(route))
            if not is_missing_by_api(there, missing, method):
                mismatches.append(f"{method} {route}: {there.status_code}")
    assert mismatches == []


def test_objects_of_another_house_are_not_there_by_api(world, api, other_organisation):
    foreign = build_world(other_organisation)
    missing = ask(api, "GET", "/api/v1/organisations/no-such-house/")
    mismatches = []
    for route in guarded():
        nothing = world.nothing(route)
        if nothing is None:
            continue
        (name,) = nothing
        theirs = {name: foreign.keys(route)[name]}
        if theirs[name] == world.keys(route)[name]:
            continue
        for method in calls(route):
            for keys in (theirs, nothing):
                answer = ask(api, method, world.path(route, **keys))
                if not is_missing_by_api(answer, missing, method):
                    mismatches.append(f"{method} {route}: {answer.status_code} {keys}")
    assert mismatches == []


def test_methods_that_are_not_served_are_refused_whoever_asks(world, api):
    mismatches = []
    for route in guarded():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods_of(route):
            status = ask(api, method, world.path(route)).status_code
            if status != 405:
                mismatches.append(f"{method} {route}: {status}")
    assert mismatches == []


def test_the_public_api_is_for_everybody(world):
    mismatches = []
    for route in api_routes():
        if access_of(route).kind == "public":
            for method in calls(route):
                status = ask(ApiClient(), method, world.path(route)).status_code
                if status >= 500 or status in REFUSED:
                    mismatches.append(f"{method} {route}: {status}")
    assert mismatches == []
