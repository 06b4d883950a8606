"""Keys by which both engines search, and texts in several languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import (
    clean_line,
    email_key,
    full_name,
    language_tag,
    pick_text,
    search_key,
    search_key_of,
)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Cvijić", "cvijic"),
        ("Цвијић", "cvijic"),
        ("CVIJIĆ", "cvijic"),
        ("Đorđević", "djordjevic"),
        ("Ђорђевић", "djordjevic"),
        ("Dj", "dj"),
        ("Љубиша Њего Џон", "ljubisa njego dzon"),
        ("Щукин", "scukin"),
        ("Ёлкин, Йорж, подъезд", "elkin, jorz, podezd"),
        ("Київ", "kijiv"),
        ("Ѓорче Ќосев", "djorce cosev"),
        ("Straße İstanbul ılık Łódź Øre", "strasse istanbul ilik lodz ore"),
        ("  two\u00a0 words ", "two words"),
    ],
)
def test_search_keys(written, key):
    assert search_key(written) == key


@given(st.text(max_size=50))
def test_a_search_key_is_stable_and_the_same_in_any_normal_form(text):
    import unicodedata

    key = search_key(text)
    assert search_key(key) == key
    assert search_key(unicodedata.normalize("NFD", text)) == key


def test_a_search_key_of_many_texts_fits_its_column():
    assert search_key_of(["Otvaranje", "", "Отварање"]) == "otvaranje otvaranje"
    assert len(search_key_of(["x" * 900, "y" * 900])) == 1000


@pytest.mark.parametrize(
    ("address", "key"),
    [
        (" Ana.Petrović@Example.ORG ", "ana.petrović@example.org"),
        ("ana+tag@Bücher.example", "ana+tag@xn--bcher-kva.example"),
        ("Straße@example.org", "straße@example.org"),
        ("\u212aim@example.org", "kim@example.org"),  # the Kelvin sign is K in NFC
        ("\u017fam@example.org", "\u017fam@example.org"),  # a long s is not s
        ("no-at", "no-at"),
        (f"a@{'x' * 70}.org", f"a@{'x' * 70}.org"),
    ],
)
def test_email_keys(address, key):
    assert email_key(address) == key


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("EN", "en"),
        ("sr", "sr-Latn"),
        ("SR-latn", "sr-Latn"),
        ("sr-cyrl-rs", "sr-Cyrl-RS"),
        ("es-419", "es-419"),
    ],
)
def test_language_tags_get_their_usual_case(given, tag):
    assert language_tag(given) == tag


@pytest.mark.parametrize("given", ["", "e", "en_GB", "english", "en-", "en\n", "en-Latn-GB-x"])
def test_other_tags_are_refused(given):
    with pytest.raises(ValueError, match="not a language tag"):
        language_tag(given)


def test_the_reader_gets_the_language_wanted_else_the_nearest():
    texts = {"en": "Opening", "sr-Latn": "Otvaranje", "ru": ""}
    assert pick_text(texts, "sr-Latn") == "Otvaranje"
    assert pick_text(texts, "ru", ["sr-Latn", "en"]) == "Otvaranje"
    assert pick_text(texts, "sr-Cyrl") == "Otvaranje"
    assert pick_text(texts, "de") == "Opening"
    assert pick_text({}, "en") == pick_text(None, "en") == pick_text({"en": ""}, "en") == ""


def test_a_line_is_one_line():
    assert clean_line(" a\r\nb\u2028c\td\x00e\u202f ") == "a b c de"


def test_names_are_spoken_given_name_first():
    assert full_name("Ana", "Petrović") == "Ana Petrović"
    assert full_name("", "Petrović") == "Petrović"
