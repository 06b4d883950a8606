"""Headers on every kind of answer, forms that only our own pages send, cookies where needed."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as configured
from django.test import Client

from accounts.enums import Role
from tests.routes.walk import access_of, all_routes, api_routes, pages
from tests.test_routes import ask, send

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
REFERRERS = {"same-origin", "no-referrer"}
# A stream that a guest asked for comes from its own host, which this one page alone may frame.
# The mail as its reader sees it stands in a frame of its own, with a policy of its own.
MAY_FRAME = re.compile(
    r"^(manage-inbox|manage-message|manage-(host-)?mail-text|manage-announcement|manage-form"
    r"|manage-speakers-ask|components|stream-watch)"
)
FRAMED = re.compile(
    r"^manage-((inbox|message)-html|(host-)?mail-text-preview|form-preview|speakers-ask-preview)$"
)


@pytest.fixture
def organisation(world):
    return world.organisation


def policy_of(response):
    """Return the Content-Security-Policy as directives."""
    text = response.headers.get("Content-Security-Policy", "")
    directives = [part.split() for part in text.split(";") if part.strip()]
    return {name: values for name, *values in directives}


def missing_headers(response, name=""):
    """Return what an answer lacks."""
    expected = dict(ALWAYS)
    if FRAMED.match(name) and response.status_code == 200:
        expected["X-Frame-Options"] = "SAMEORIGIN"
    given = {header: response.headers.get(header) for header in expected}
    wrong = [f"{h}: {given[h]}" for h, value in expected.items() if given[h] != value]
    if response.headers.get("Referrer-Policy") not in REFERRERS:
        wrong.append(f"Referrer-Policy: {response.headers.get('Referrer-Policy')}")
    if not response.headers.get("X-Request-Id"):
        wrong.append("X-Request-Id")
    policy = policy_of(response)
    if "sandbox" in policy:
        return wrong  # stricter than all the rest
    text = response.headers.get("Content-Security-Policy", "")
    if "unsafe" in text or "*" in text or "http:" in text:
        wrong.append(f"too open: {text}")
    wrong += [
        f"{directive}: {policy.get(directive)}"
        for directive in ("default-src", "object-src", "base-uri", "frame-ancestors")
        if policy.get(directive) != ["'none'"]
    ]
    if not MAY_FRAME.match(name) and policy.get("frame-src", ["'none'"]) != ["'none'"]:
        wrong.append(f"frame-src: {policy['frame-src']}")
    return wrong


# --- Headers -------------------------------------------------------------------------------------
def test_every_page_has_them_and_those_for_members_are_kept_by_no_cache(world, client_as, owner):
    mismatches = []
    for client in (Client(), client_as(owner)):
        for route in pages():
            response = send(client, "GET", world.path(route))
            mismatches += [f"{route}: {wrong}" for wrong in missing_headers(response, route.name)]
            cached = response.headers.get("Cache-Control", "")
            is_for_members = access_of(route).kind in {"permission", "signed-in"}
            if is_for_members and response.status_code == 200 and "no-store" not in cached:
                mismatches.append(f"{route}: {cached}")
    assert mismatches == []


def test_every_answer_of_the_api_has_them(world, api):
    mismatches = []
    for client in (api, api.anonymous):
        for route in api_routes():
            response = ask(client, "GET", world.path(route))
            mismatches += [f"{route}: {wrong}" for wrong in missing_headers(response)]
    assert mismatches == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing/here/at/all/", 404),
        ("/api/v1/nothing/", 404),
        ("/static/nothing.css", 404),
        ("/manage/", 302),
        ("/accounts/login", 301),
        ("/%00", 400),
        ("/robots.txt?x=%00", 400),
    ],
)
def test_so_have_answers_that_no_view_gave(client, db, path, status):
    response = client.get(path)
    assert response.status_code == status
    assert missing_headers(response) == []


def test_so_have_static_files(settings, tmp_path, db):
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings.STATIC_ROOT = tmp_path
    response = Client().get("/static/logo.svg")
    assert response.status_code == 200
    assert missing_headers(response) == []
    # Its own close() also ends the connection to the database, in which the world stands.
    for close in response._resource_closers:
        close()


def test_so_have_refusals_and_faults(
    client, organisation, client_as, account_with_role, monkeypatch
):
    too_large = client.post("/accounts/login/", {"login": "x" * 3 * 1024 * 1024})
    assert (too_large.status_code, missing_headers(too_large)) == (413, [])
    denied = client_as(account_with_role(Role.VIEWER)).get("/manage/institute/team/")
    assert (denied.status_code, missing_headers(denied)) == (403, [])
    forged = Client(enforce_csrf_checks=True).post("/accounts/login/")
    assert (forged.status_code, missing_headers(forged)) == (403, [])
    wrong_host = client.get("/robots.txt", headers={"Host": "evil.example"})
    assert (wrong_host.status_code, missing_headers(wrong_host)) == (400, [])

    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("core.views.texts.absolute_url", fail)
    client.raise_request_exception = False
    fault = client.get("/.well-known/security.txt")
    assert (fault.status_code, missing_headers(fault)) == (500, [])


def test_with_tls_browsers_are_told_to_stay_there(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    assert Client().get("/healthz", secure=True)["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains"
    )
    assert "Strict-Transport-Security" not in Client().get("/healthz")


def test_with_tls_cookies_are_for_this_host_alone():
    names = ["SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
             "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE",
             "SECURE_HSTS_SECONDS"]  # fmt: skip
    code = f"from config.settings import base\nprint([getattr(base, n) for n in {names}])"
    environment = {**os.environ, "BASE_URL": "https://events.example.org"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=configured.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(
        ["__Host-lectern", True, True, "Lax", "__Host-lectern-csrf", True, 31_536_000]
    )


# --- Cookies and caches --------------------------------------------------------------------------
def test_who_only_reads_gets_no_cookie_and_who_gets_one_is_not_cached(world):
    mismatches = []
    for route in all_routes():
        if route.is_staff or access_of(route).kind not in {"public", "capability"}:
            continue
        response = send(Client(), "GET", world.path(route))
        cached = response.headers.get("Cache-Control", "")
        if response.cookies and "no-store" not in cached:
            mismatches.append(f"{route}: {list(response.cookies)} {cached}")
        if "sessionid" in response.cookies or configured.SESSION_COOKIE_NAME in response.cookies:
            mismatches.append(f"{route}: a session for a stranger")
        if access_of(route).kind == "capability" and (
            "no-store" not in cached or response.headers.get("Referrer-Policy") == "unsafe-url"
        ):
            mismatches.append(f"{route}: {cached}")
    assert mismatches == []


# --- Forms of other sites ------------------------------------------------------------------------
def taken(response):
    """Tell whether a POST went through to a page."""
    return response.status_code not in {403, 405}


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"data": b"csrfmiddlewaretoken=" + b"x" * 64},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"data": b'{"a": 1}', "content_type": "text/plain"},
        {"data": b'{"a": 1}', "content_type": "application/json"},
    ],
    ids=["nothing", "made up", "foreign origin", "text", "json"],
)
def test_no_page_takes_a_post_from_elsewhere(world, owner, extra):
    extra = {"content_type": "application/x-www-form-urlencoded", **extra}
    mismatches = []
    for account in (owner, None):
        client = Client(enforce_csrf_checks=True)
        if account is not None:
            client.force_login(account)
        for route in pages():
            if account is None and access_of(route).kind in {"permission", "signed-in", "demo"}:
                continue  # sent to sign in before anything is looked at
            response = send(client, "POST", world.path(route), **extra)
            # A personal page takes its right from the key in its address, never from a cookie.
            by_key = "token" in route.parameters
            # What does not exist here has not taken it either.
            if taken(response) and not by_key and response.status_code != 404:
                mismatches.append(f"{route}: {response.status_code}")
    assert mismatches == []


def test_a_sessions_cookie_opens_nothing_of_the_api(world, client_as, owner):
    client, mismatches = client_as(owner), []
    for route in api_routes():
        if access_of(route).kind == "permission":
            for method in ("GET", "POST", "PATCH", "DELETE"):
                status = send(client, method, world.path(route)).status_code
                if status != 401:
                    mismatches.append(f"{method} {route}: {status}")
    assert mismatches == []
