"""Sentences cut from biographies, and what is said of a session's languages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from events.sentences import first_sentences, spoken_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two. Three.", "One. Two."),
        ("Only one", "Only one"),
        ("", ""),
        ("She **does**. So, [here](https://x.example/). More.", "She does. So, here."),
        ("Prof. Dr. J. Smith leads. He writes. Sings.", "Prof. Dr. J. Smith leads. He writes."),
        ("Born on 5. May in Niš. Lives there! Works.", "Born on 5. May in Niš. Lives there!"),
        ("Radi od 1999. Piše o XX. veku. Peva.", "Radi od 1999. Piše o XX. veku."),
        ("Доц. др Мила Илић, проф. Права. Пише. Пева.", "Доц. др Мила Илић, проф. Права. Пише."),
        ("Родился в 1970 г. в Москве. Живёт там. Поёт.", "Родился в 1970 г. в Москве. Живёт там."),
        ("What is power? “It is water.” She knows.", "What is power? “It is water.”"),
        ("Wrote 3.5 books... and more. Really. Yes.", "Wrote 3.5 books... and more. Really."),
        ("One.\n\nTwo.\nThree.", "One. Two."),
    ],
)  # fmt: skip
def test_two_sentences_are_cut_where_they_end(text, expected):
    assert first_sentences(text) == expected


def test_what_is_very_long_is_cut_at_a_word():
    cut = first_sentences("word " * 200, longest=50)
    assert cut == "word word word word word word word word word…"
    assert len(cut) <= 50


@given(st.text(max_size=600))
def test_a_cut_is_one_line_and_never_longer(text):
    cut = first_sentences(text)
    assert len(cut) <= 400
    assert "\n" not in cut


@pytest.mark.parametrize(
    ("language", "interpretation", "sentence"),
    [
        ("en", ["sr-Latn"], "In English, interpreted into Serbian"),
        ("sr-Latn", ["en", "ru"], "In Serbian, interpreted into English and into Russian"),
        ("sr-Cyrl", ["sr-Latn"], "In Serbian"),
        ("", ["en"], "Interpreted into English"),
        ("ru", [], "In Russian"),
        ("", [], ""),
    ],
)
def test_languages_are_said_as_a_sentence(language, interpretation, sentence):
    with translation.override("en"):
        session = SimpleNamespace(language=language, interpretation=interpretation)
        assert spoken_in(session) == sentence
