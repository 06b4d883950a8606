"""A reader gets the language they ask for, and every text says in which one it answers."""

from __future__ import annotations

import pytest

from events.languages import Reader, choose, name_in
from tests.factories.events import PersonFactory

OFFERED = ["sr-Latn", "en", "ru"]


@pytest.mark.parametrize(
    ("asked", "accepted", "tag", "chosen"),
    [
        ("ru", "en", "ru", True),
        ("sr", "en", "sr-Latn", True),
        ("SR-latn", "", "sr-Latn", True),
        ("de", "en", "en", False),
        ("<script>", "en", "en", False),
        (None, "en-US,en;q=0.8", "en", False),
        (None, "sr-Cyrl-RS", "sr-Latn", False),
        (None, "sr-Latn-RS", "sr-Latn", False),
        (None, "de, ru;q=0.5, en;q=0.2", "ru", False),
        (None, "de, *;q=0.5", "sr-Latn", False),
        (None, "", "sr-Latn", False),
    ],
)
def test_a_reader_gets_what_they_ask_for_and_else_the_first_language(asked, accepted, tag, chosen):
    assert choose(asked, accepted, OFFERED) == Reader(tag, tuple(OFFERED), chosen)


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("sr", "sr-Latn"),
        ("sr-RS", "sr-Latn"),
        ("sr-Latn-RS", "sr-Latn"),
        ("sr-Cyrl", "sr-Cyrl"),
        ("sr-Cyrl-RS, sr;q=0.9", "sr-Cyrl"),
    ],
)
def test_a_reader_of_serbian_gets_the_script_they_name_and_else_latin(accepted, tag):
    assert choose(None, accepted, ["en", "sr-Cyrl", "sr-Latn"]).tag == tag


def test_without_any_known_language_it_is_english():
    assert choose("ru", "ru", []) == Reader("en", ("en",))


def test_links_keep_only_a_language_that_was_chosen():
    assert choose("ru", "", OFFERED).query == "?lang=ru"
    assert choose(None, "ru", OFFERED).query == ""


def test_a_text_says_in_which_language_it_answers():
    reader = Reader("ru", ("en", "ru"))
    assert (reader.text({"en": "Opening"}), reader.tag_of({"en": "Opening"})) == ("Opening", "en")
    both = {"en": "Opening", "ru": "Открытие"}
    assert (reader.text(both), reader.tag_of(both)) == ("Открытие", "ru")
    assert (reader.text({}), reader.tag_of({})) == ("", "ru")


def test_a_person_is_named_in_the_script_of_a_language_where_they_have_a_name_in_it():
    cyrillic = {"Cyrl": {"given_name": "Ана", "family_name": ""}}
    ana = PersonFactory.build(given_name="Ana", family_name="Rot", names_by_script=cyrillic)
    assert [name_in(tag, ana) for tag in ("en", "sr-Latn", "sr-Cyrl", "ru")] == [
        *(("Ana", "Rot"), ("Ana", "Rot"), ("Ана", "Rot"), ("Ана", "Rot"))
    ]


def test_each_language_of_texts_has_the_words_of_its_buttons():
    assert [Reader(tag).catalogue for tag in ("sr-Latn", "sr-Cyrl", "ru", "en")] == [
        *("sr-latn", "sr-cyrl", "ru", "en")
    ]
