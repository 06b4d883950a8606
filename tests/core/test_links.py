"""Links that give a right: derived, checked in constant time, ended by a number."""

from __future__ import annotations

import base64

import pytest

from core.links import absolute_url, link_matches, link_token


def test_a_token_opens_its_row_for_its_purpose_at_its_generation():
    token = link_token("manage", 7, 1)
    assert link_matches(token, "manage", 7, 1)
    assert not link_matches(token, "manage", 8, 1)
    assert not link_matches(token, "unsubscribe", 7, 1)
    assert not link_matches(token, "manage", 7, 2)


def test_a_token_has_160_bits_and_goes_into_an_address_as_it_is():
    token = link_token("manage", 7, 1)
    assert len(base64.urlsafe_b64decode(token + "=")) == 20
    assert token.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("forged", ["", "x", "é", "\ud800", link_token("manage", 7, 1) + "A"])
def test_anything_else_does_not(forged):
    assert not link_matches(forged, "manage", 7, 1)


def test_links_already_mailed_outlive_a_new_key(settings):
    old = link_token("manage", 7, 1)
    settings.LINK_KEYS_OLD = [settings.LINK_KEY]
    settings.LINK_KEY = "another key"
    assert link_matches(old, "manage", 7, 1)
    assert link_token("manage", 7, 1) != old
    settings.LINK_KEYS_OLD = []
    assert not link_matches(old, "manage", 7, 1)


def test_absolute_addresses_come_from_base_url(settings):
    settings.BASE_URL = "https://events.example.org"
    assert absolute_url("/r/X/") == "https://events.example.org/r/X/"
    with pytest.raises(ValueError, match="starts with"):
        absolute_url("https://evil.example/")
