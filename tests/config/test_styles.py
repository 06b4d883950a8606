"""The stylesheet that pages load is the one its sources give, and it stays small."""

from __future__ import annotations

import re

from config.styles import SOURCE, TARGET, stylesheet


def test_the_committed_stylesheet_is_what_the_sources_give():
    assert TARGET.read_text(encoding="utf-8") == stylesheet()


def test_the_stylesheet_is_under_25_kilobytes():
    assert TARGET.stat().st_size < 25_000


def test_every_token_that_is_used_is_defined():
    text = stylesheet()
    used = set(re.findall(r"var\((--[\w-]+)\)", text))
    assert used - set(re.findall(r"(--[\w-]+):", text)) == set()


def test_the_layers_stand_in_their_order():
    first = (SOURCE / "1-base.css").read_text(encoding="utf-8")
    assert "@layer reset, tokens, base, components, pages;" in first
