"""robots.txt, security.txt and the pages that explain a refusal."""

from __future__ import annotations

import datetime as dt

import pytest

from core.errors import STATUS_BY_KIND
from core.problems import MEANINGS


def test_robots_keeps_crawlers_out_of_everything_personal(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /manage/", "Disallow: /r/", "Disallow: /api/"} <= set(lines)
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_security_txt_has_what_rfc_9116_demands(client, frozen, settings):
    settings.SECURITY_CONTACT = "security@example.org"
    frozen("2026-11-22T10:00")
    fields = dict(
        line.split(": ", 1)
        for line in client.get("/.well-known/security.txt").content.decode().splitlines()
    )
    assert fields["Contact"] == "mailto:security@example.org"
    assert dt.datetime.fromisoformat(fields["Expires"]).date() == dt.date(2027, 5, 21)
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"


def test_security_txt_takes_a_url_and_falls_back_to_our_own_address(client, settings):
    settings.SECURITY_CONTACT = "https://example.org/report"
    assert (
        b"Contact: https://example.org/report\n" in client.get("/.well-known/security.txt").content
    )
    settings.SECURITY_CONTACT = ""
    settings.SERVER_EMAIL = "lectern@example.org"
    assert (
        b"Contact: mailto:lectern@example.org\n" in client.get("/.well-known/security.txt").content
    )


def test_every_kind_of_refusal_has_a_page():
    assert set(MEANINGS) == {*STATUS_BY_KIND, "server-error"}


@pytest.mark.parametrize("kind", sorted(MEANINGS))
def test_the_page_of_a_kind_explains_it(client, kind):
    response = client.get(f"/api/v1/problems/{kind}")
    assert response.status_code == 200
    assert f"<code>{kind}</code>" in response.content.decode()
    assert response["Cache-Control"] == "public, max-age=86400"
    assert not response.cookies


def test_an_unknown_kind_is_a_problem_itself(client):
    response = client.get("/api/v1/problems/never-heard-of")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "http://testserver/api/v1/problems/not-found"
