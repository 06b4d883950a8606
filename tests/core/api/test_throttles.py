"""How often one caller may ask the API."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from rest_framework.settings import api_settings
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from core.api.throttles import CallerThrottle

RATES = {"caller": "5/min", "anonymous": "3/min", "public-write": "1/hour"}


@pytest.fixture(autouse=True)
def _rates(monkeypatch, frozen):
    cache.clear()
    frozen("2026-11-22T10:00:40")
    monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", RATES)


def ask(token=None, view=None, method="get", address="192.0.2.7"):
    """Return whether one request passes, and how long to wait."""
    request = APIView().initialize_request(
        getattr(APIRequestFactory(), method)("/", REMOTE_ADDR=address)
    )
    request.user = SimpleNamespace(token=token)
    throttle = CallerThrottle()
    return throttle.allow_request(request, view or SimpleNamespace()), throttle.wait()


def test_a_token_is_counted_by_itself_wherever_it_comes_from():
    token = SimpleNamespace(pk=1)
    answers = [ask(token, address=f"192.0.2.{n}")[0] for n in range(6)]
    assert answers == [True] * 5 + [False]
    assert ask(SimpleNamespace(pk=2))[0]


def test_strangers_are_counted_by_address_and_told_how_long_to_wait():
    assert [ask()[0] for _ in range(3)] == [True] * 3
    assert ask() == (False, 21)
    assert ask(address="192.0.2.8")[0]


def test_a_view_may_name_its_own_rate_for_all_or_for_one_method():
    narrow = SimpleNamespace(throttle_scope="public-write")
    assert [ask(view=narrow)[0] for _ in range(2)] == [True, False]
    by_method = SimpleNamespace(throttle_scopes={"POST": "public-write"})
    assert ask(view=by_method, address="192.0.2.9", method="post")[0]
    assert not ask(view=by_method, address="192.0.2.9", method="post")[0]
    assert ask(view=by_method, address="192.0.2.9")[0]
