"""A host's colour can be read on every ground, and is moved no further than that takes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.styles import stylesheet
from core.colours import (
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    ON_DARK_ACCENT,
    ON_LIGHT_ACCENT,
    OURS,
    READABLE,
    accent_of,
    contrast,
    least_contrast,
    twins_of,
)

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_the_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ff0000", "#ff0000") == 1


@given(COLOURS)
def test_every_colour_can_be_read_on_every_ground_and_under_the_words_of_a_button(colour):
    found = accent_of(colour)
    for ground in (*LIGHT_GROUNDS, found.light_wash, ON_LIGHT_ACCENT):
        assert contrast(found.light, ground) >= READABLE, (colour, ground)
    for ground in (*DARK_GROUNDS, found.dark_wash, ON_DARK_ACCENT):
        assert contrast(found.dark, ground) >= READABLE, (colour, ground)


@given(COLOURS)
def test_a_colour_that_can_be_read_stays_what_it_is(colour):
    if least_contrast(colour, dark=False) >= READABLE:
        assert accent_of(colour).light == colour
    assert accent_of(accent_of(colour).light).light == accent_of(colour).light


@pytest.mark.parametrize(
    ("colour", "light", "dark"),
    [
        ("#003366", "#003366", "#74a5e1"),
        ("#ffdd00", "#7a6907", "#ffdd00"),
        ("#ff0000", "#d10000", "#fe7968"),
        ("#ffffff", "#6b6b6b", "#ffffff"),
    ],
)
def test_the_hue_stays_and_the_lightness_moves(colour, light, dark):
    found = accent_of(colour)
    assert (found.light, found.dark) == (light, dark)


def test_three_digits_mean_six():
    assert accent_of("#F90") == accent_of("#ff9900")


@pytest.mark.parametrize("text", ["", "red", "0b5d5e", "#12345", "#12345g", "#1234567", "#+1+1+1"])
def test_anything_else_is_no_colour(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the text itself is the message
        accent_of(text)


def test_who_has_no_colour_or_none_that_is_one_has_ours():
    assert twins_of("") == twins_of("url(x)") == OURS
    assert twins_of("#ffdd00") == ("#7a6907", "#ffdd00")


def test_the_grounds_are_those_of_the_stylesheet():
    tokens = {
        name: (f"#{light.lower()}", f"#{dark.lower()}")
        for name, light, dark in re.findall(
            r"--([\w-]+):light-dark\(#([0-9A-Fa-f]{3,6}),#([0-9A-Fa-f]{3,6})\)", stylesheet()
        )
    }
    grounds = [tokens[name] for name in ("paper", "raised", "sunken")]
    full = {"#fff": "#ffffff"}
    assert tuple(full.get(one, one) for one, _dark in grounds) == LIGHT_GROUNDS
    assert tuple(dark for _light, dark in grounds) == DARK_GROUNDS
    assert tokens["accent"] == OURS
    light, dark = tokens["on-accent"]
    assert (full.get(light, light), dark) == (ON_LIGHT_ACCENT, ON_DARK_ACCENT)
