"""Which addresses an organisation may have."""

from __future__ import annotations

import pytest

from core.slugs import is_language_tag, is_reserved_root, is_slug


@pytest.mark.parametrize("text", ["institute", "open-forum-2027", "a", "4u"])
def test_slugs(text):
    assert is_slug(text)


@pytest.mark.parametrize(
    "text", ["", "-a", "a-", "a--b", "A", "ć", "a_b", "a b", "a/b", "abc\n", "a.b", "１２３"]
)
def test_no_slugs(text):
    assert not is_slug(text)


@pytest.mark.parametrize(
    "slug",
    ["manage", "api", "r", "healthz", "files", "robots.txt", "ab", "en", "sr-latn", "en-gb",
     "es-419", "zh-hans-cn", "ast", ".well-known"],
)  # fmt: skip
def test_what_is_ours_a_language_or_too_short_is_reserved(slug):
    assert is_reserved_root(slug)


@pytest.mark.parametrize("slug", ["bcsp", "kas", "eu-team", "institute", "no-name-2", "r2d2"])
def test_the_rest_is_free(slug):
    assert not is_reserved_root(slug)


def test_every_first_part_of_our_own_addresses_is_reserved():
    from django.urls import get_resolver

    from core.slugs import RESERVED

    first = {str(p.pattern).split("/")[0] for p in get_resolver().url_patterns}
    assert {"manage", "api", "r", "accounts"} <= first
    ours = {part.lstrip("^") for part in first if part and not part.startswith("<")}
    assert ours - RESERVED == set()


def test_a_word_with_a_hyphen_is_not_yet_a_language():
    assert not is_language_tag("no-vote")
    assert is_language_tag("no")
