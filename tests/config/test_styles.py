"""The stylesheet that pages load is the one its sources give, and it stays small."""

from __future__ import annotations

import re

import pytest

from config.styles import SHEETS, SOURCE, TARGET, stylesheet


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_committed_stylesheet_is_what_the_sources_give(sheet):
    assert (TARGET / sheet).read_text(encoding="utf-8") == stylesheet(sheet)


def test_every_source_is_in_one_sheet():
    starts = [start for sheet in SHEETS.values() for start in sheet]
    names = sorted(path.name for path in SOURCE.glob("*.css"))
    assert [name[:2] for name in names] == sorted(starts)


def test_the_stylesheet_of_guests_is_under_25_kilobytes_and_the_consoles_smaller():
    assert (TARGET / "lectern.css").stat().st_size < 24_950  # the hashes of whitenoise add a few
    assert (TARGET / "console.css").stat().st_size < 12_000
    assert (TARGET / "editors.css").stat().st_size < 9_000


def test_every_token_that_is_used_is_defined():
    text = "".join(stylesheet(sheet) for sheet in SHEETS)
    used = set(re.findall(r"var\((--[\w-]+)\)", text))
    assert used - set(re.findall(r"(--[\w-]+):", text)) == set()


def test_the_layers_stand_in_their_order():
    first = (SOURCE / "1-base.css").read_text(encoding="utf-8")
    assert "@layer reset, tokens, base, components, pages;" in first


def _luminance(colour: str) -> float:
    short = len(colour) == 3
    parts = [colour[i] * 2 if short else colour[2 * i : 2 * i + 2] for i in range(3)]
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(part, 16) / 255 for part in parts)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+):light-dark\(#([0-9A-Fa-f]{3,6}),#([0-9A-Fa-f]{3,6})\)", stylesheet()
    )
}


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "raised", "sunken"])
@pytest.mark.parametrize("text", ["ink", "soft", "faint", "accent", "good", "warn", "bad"])
def test_text_stands_out_by_at_least_4_5_to_1(text, ground, theme):
    assert _contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_words_on_a_button_stand_out_by_at_least_4_5_to_1(theme):
    assert _contrast(TOKENS["on-accent"][theme], TOKENS["accent"][theme]) >= 4.5
    assert _contrast(TOKENS["on-accent"][theme], TOKENS["bad"][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "raised", "sunken"])
def test_the_edge_of_a_field_stands_out_by_at_least_3_to_1(ground, theme):
    assert _contrast(TOKENS["edge"][theme], TOKENS[ground][theme]) >= 3


@pytest.mark.parametrize("source", sorted(SOURCE.glob("*.css")), ids=lambda path: path.name)
def test_every_block_that_is_opened_is_closed_and_no_other(source):
    """One brace too many ends the layer, and browsers then leave out rules without a word."""
    depth = 0
    text = re.sub(r"/\*.*?\*/", "", source.read_text(encoding="utf-8"), flags=re.DOTALL)
    for number, line in enumerate(text.splitlines(), 1):
        for character in line:
            depth += {"{": 1, "}": -1}.get(character, 0)
            assert depth >= 0, number
    assert depth == 0
