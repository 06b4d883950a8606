"""Slips of the finger are noticed, other people's domains are left alone."""

from __future__ import annotations

import pytest

from registrations.mail_domains import is_one_slip, suggest_address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ana@gmial.com", "ana@gmail.com"),
        ("ana@gmai.com", "ana@gmail.com"),
        ("ana@gmaill.com", "ana@gmail.com"),
        ("ana@gmail.con", "ana@gmail.com"),
        ("ana@gmail.co", "ana@gmail.com"),
        ("ana@GMIAL.com", "ana@gmail.com"),
        ("ana@hotmial.com", "ana@hotmail.com"),
        ("ana@outlok.com", "ana@outlook.com"),
        ("ana@yahooo.com", "ana@yahoo.com"),
        ("ana@yandex.ry", "ana@yandex.ru"),
    ],
)
def test_a_slip_is_noticed(typed, meant):
    assert suggest_address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["ana@gmail.com", "ana@mail.com", "ana@ymail.com", "ana@example.org", "ana@bcsp.rs", "ana", ""],
)
def test_what_is_right_is_left_alone(typed):
    assert suggest_address(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant", "slip"),
    [
        ("abc", "abc", False),
        ("ab", "abc", True),
        ("abcd", "abc", True),
        ("axc", "abc", True),
        ("acb", "abc", True),
        ("bac", "abc", True),
        ("cba", "abc", False),
        ("a", "abc", False),
        ("", "a", True),
    ],
)
def test_one_slip_is_one_letter_or_two_swapped(typed, meant, slip):
    assert is_one_slip(typed, meant) is slip
