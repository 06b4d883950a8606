"""Alive, in order, and how busy."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from core import health
from core.health import Health


@pytest.fixture
def checks(monkeypatch):
    """The registered checks, to be replaced for one test; Redis is taken to be there."""
    found = dict(health._checks)
    found["redis"] = lambda: Health(ok=True, detail="answers")
    monkeypatch.setattr(health, "_checks", found)
    return found


def test_healthz_asks_nobody(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


def test_readyz_says_what_is_in_order(client, checks, db):
    checks["mail"] = lambda: Health(ok=True, detail="nothing waits", value=0.0)
    response = client.get("/readyz")
    assert response.status_code == 200
    found = response.json()
    assert found["status"] == "ready"
    assert found["checks"]["mail"] == {"ok": True, "detail": "nothing waits", "value": 0.0}
    assert found["checks"]["database"]["ok"] is True


def test_readyz_is_503_when_a_part_is_not_in_order(client, checks, db):
    checks["mail"] = lambda: Health(ok=False, detail="oldest message 900 s late", value=900.0)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["status"] == "not ready"


def test_a_check_that_fails_is_a_finding_and_tells_nothing(client, checks, db):
    def broken():
        raise DatabaseError("password=secret host=10.0.0.1")

    checks["mail"] = broken
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["mail"] == {"ok": False, "detail": "does not answer"}
    assert b"secret" not in response.content


def test_a_dead_redis_is_found_at_once(settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nobody.sock"
    assert health.check_redis() == Health(
        ok=False, detail="does not answer; mail waits for the sweeper"
    )


def test_metrics_are_open_to_this_machine(client, checks, db):
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert 'lectern_check_ok{check="database"} 1.0' in text
    assert 'lectern_request_seconds_count{method="GET",route="healthz",status="2xx"}' in text


def test_figures_of_other_rooms_stand_among_the_metrics(client, checks, db, monkeypatch):
    from core import metrics

    def broken():
        raise RuntimeError

    sources = {
        "mail": lambda: [
            metrics.Figure("messages", "Messages by state", {("sent",): 3}, labels=("state",)),
            metrics.Figure("mails_total", "Mails that left", {(): 7}, counter=True),
        ],
        "broken": broken,
    }
    monkeypatch.setattr(metrics, "_sources", sources)
    text = client.get("/metrics").content.decode()
    assert 'lectern_messages{state="sent"} 3.0' in text
    assert "lectern_mails_total 7.0" in text
    assert 'lectern_figures_failed{source="broken"} 1.0' in text
    assert 'lectern_figures_failed{source="mail"} 0.0' in text


@pytest.mark.parametrize("address", ["192.0.2.7", "", "2001:db8::1"])
def test_metrics_are_closed_to_other_machines_without_a_token(client, address):
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 404


def test_metrics_open_elsewhere_with_the_operators_token(client, checks, db, settings):
    settings.METRICS_TOKEN = "a token of the operator"
    far = {"REMOTE_ADDR": "192.0.2.7"}
    refused = client.get("/metrics", **far)
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    wrong = {"Authorization": "Bearer something else"}
    assert client.get("/metrics", headers=wrong, **far).status_code == 401
    right = {"Authorization": "Bearer a token of the operator"}
    assert client.get("/metrics", headers=right, **far).status_code == 200


def test_a_proxy_on_this_machine_that_nobody_named_does_not_open_metrics(client):
    through = {"X-Forwarded-For": "203.0.113.9"}
    assert client.get("/metrics", headers=through).status_code == 404


def test_registering_twice_replaces(monkeypatch):
    monkeypatch.setattr(health, "_checks", {})
    health.register_check("x", lambda: Health(ok=False, detail="first"))
    health.register_check("x", lambda: Health(ok=True, detail="second"))
    assert health.run_checks() == {"x": Health(ok=True, detail="second")}
