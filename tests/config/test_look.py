"""Initials, tints, states and icons, as the components draw them."""

from __future__ import annotations

import pytest
from django.utils import translation

from config.templatetags.look import day_word, icon, initials, shape, tint


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Prof. Dr. Radina Vučetić", "RV"),
        ("Đorđe Ćosić", "ĐĆ"),
        ("Ирина Соколова", "ИС"),
        ("Aleksandar Veljković-Stanišić", "AV"),
        ("Madonna", "M"),
        ("J. R.", "JR"),
        ("", "?"),
    ],
)
def test_initials_are_the_first_letters_of_the_first_and_last_name(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("language", "month"),
    [("en", "March"), ("sr-latn", "march"), ("sr-cyrl", "march"), ("ru", "march")],
)
def test_only_english_writes_days_and_months_with_a_capital(language, month):
    with translation.override(language):
        assert day_word("March") == month


def test_a_tint_is_one_of_eight_and_always_the_same():
    assert [tint("A7K2MX"), tint("A7K2MX")] == [tint("A7K2MX")] * 2
    assert {tint(number) for number in range(200)} == set(range(8))


def test_each_kind_of_state_has_a_shape_of_its_own():
    states = ["confirmed", "invited", "waiting_list", "declined", "cancelled", "expired", "draft"]
    assert [shape(state) for state in states] == [
        "good",
        "wait",
        "warn",
        "bad",
        "gone",
        "off",
        "",
    ]


def test_a_shape_can_be_asked_for_by_its_own_name():
    assert shape("warn") == "warn"


def test_an_icon_without_a_label_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in icon("x")


def test_the_label_of_an_icon_is_escaped():
    assert 'aria-label="&lt;b&gt;"' in icon("x", label="<b>")
