"""Countries: what ISO 3166-1 has assigned, in four languages and their alphabets."""

from __future__ import annotations

import pytest

from core.countries import country_name, country_names, is_country


@pytest.mark.parametrize("language", ["en", "sr-Latn", "sr-Cyrl", "ru", "xx"])
def test_every_language_knows_all_249(language):
    names = country_names(language)
    assert len(names) == 249
    assert all(names.values())


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Germany"), ("sr-Latn", "Nemačka"), ("sr-Cyrl", "Немачка"), ("ru", "Германия")],
)
def test_a_country_has_its_name_in_the_readers_language(language, name):
    assert country_name("DE", language) == name


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("en", ["AF", "AX", "AL"]),
        ("sr-Latn", ["CF", "ME", "TD", "CZ", "CL", "DK", "JE", "RS", "ES"]),
        ("sr-Cyrl", ["IT", "JP", "YE", "KZ", "LI", "LU", "MG", "NG", "NO"]),
        ("ru", ["EG", "ZM", "IL"]),
    ],
)
def test_names_stand_in_the_order_of_the_alphabet(language, in_order):
    codes = list(country_names(language))
    assert [code for code in codes if code in in_order] == in_order


@pytest.mark.parametrize("code", ["XK", "EU", "UN", "ZZ", "XA", "rs", "R", "", "RSD", "12"])
def test_what_is_not_assigned_is_no_country(code):
    assert not is_country(code)


def test_an_unknown_code_is_shown_as_it_is():
    assert country_name("XK", "en") == "XK"
