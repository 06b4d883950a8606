"""The words of mails: each text in every language, alike in form, and each in one script."""

from __future__ import annotations

import re
import tomllib

import pytest

from notifications.services.markup import names_in
from notifications.services.texts import FOLDER, LANGUAGES, load, templates
from scripts.serbian import foreign_letters, mail_in_cyrillic, to_cyrillic, to_latin

HEADER = re.compile(r"^[a-z]+: ", re.MULTILINE)
FACTS = re.compile(r"^facts: .*$", re.MULTILINE)
in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def source(template, language):
    return (FOLDER / f"{template}.{language}.md").read_text(encoding="utf-8")


def table(language):
    """Return the words of a language; those that are a setting or a pattern are left out."""
    words = tomllib.loads((FOLDER / f"words.{language}.toml").read_text(encoding="utf-8"))
    words["dates"] = {"on": words["dates"]["on"]}
    return words


def form(text):
    """Return which placeholder stands in which part of a mail, its facts and its button."""
    return {
        "subject": names_in(text.subject),
        "preheader": names_in(text.preheader),
        "title": names_in(text.title),
        "lead": names_in(text.lead),
        "button": (bool(text.button_label), text.button_url),
        "facts": text.facts,
        "reason": [names_in(part) for part in text.reason],
        "blocks": [block.names for block in text.blocks],
        "after": [block.names for block in text.after],
    }


def test_the_folder_holds_each_text_in_each_language_and_nothing_else():
    wanted = {f"{name}.{tag}.md" for name in templates() for tag in LANGUAGES}
    wanted |= {f"words.{tag}.toml" for tag in LANGUAGES}

    assert {path.name for path in FOLDER.iterdir()} == wanted


@in_each_language
def test_a_text_has_the_placeholders_facts_and_button_of_the_english_one(language):
    for template in templates():
        assert form(load(template, language)) == form(load(template, "en")), template


@in_each_language
def test_a_text_stands_in_one_script(language):
    found = []
    for template in templates():
        text = HEADER.sub("", FACTS.sub("", source(template, language)))
        found += [(template, line) for line in text.splitlines() if foreign_letters(line, language)]
    for section in table(language).values():
        found += [pair for pair in section.items() if foreign_letters(pair[1], language)]

    assert found == []


def test_both_scripts_of_serbian_say_the_same():
    for template in templates():
        latin, cyrillic = source(template, "sr-Latn"), source(template, "sr-Cyrl")
        assert to_latin(cyrillic) == latin, template
    latin, cyrillic = table("sr-Latn"), table("sr-Cyrl")
    assert {
        name: {to_latin(key): to_latin(word) for key, word in section.items()}
        for name, section in cyrillic.items()
    } == latin


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Место", "sr-Cyrl", ""),
        ("Mесто", "ru", "M"),
        ("Mestо", "sr-Latn", "о"),
        ("Погледајте {title} на ime@example.org, QR", "sr_Cyrl", ""),
    ],
)
def test_letters_of_the_other_script_are_found(text, language, found):
    assert foreign_letters(text, language) == found


@pytest.mark.parametrize("language", ["sr-Latn", "sr-Cyrl", "ru"])
def test_letters_are_polite_and_quote_as_the_language_does(language):
    opening, closing = {"ru": "«»"}.get(language, "„“")
    for template in templates():
        text = source(template, language)
        assert not re.search(r"\"|”|!", text), template
        assert text.count(opening) == text.count(closing), template
        # "vas", "vaš", "вам", "ваш" in a letter to one reader have a capital.
        assert not re.search(r"\b(?:va[sm]|vaš\w*|ва[сшм]|ваш\w*)\b", text), template


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Njegoš i Ljubica u džepu", "Његош и Љубица у џепу"),
        ("injekcija, konjunktura, nadživeti", "инјекција, конјунктура, надживети"),
        ("Đorđe, QR i PDF u Lectern", "Ђорђе, QR и PDF у Lectern"),
        ("<b>{title}</b>: %(days)s dana", "<b>{title}</b>: %(days)s дана"),
        ("pišite na ime@example.org", "пишите на ime@example.org"),
        ("adresa https://example.org/a", "адреса https://example.org/a"),
    ],
)
def test_a_draft_in_cyrillic_keeps_what_is_not_serbian(latin, cyrillic):
    assert to_cyrillic(latin) == cyrillic
    assert to_latin(cyrillic) == latin


def test_a_draft_of_a_mail_keeps_its_headers():
    assert mail_in_cyrillic("subject: Naslov {title}\nfacts: when place\n\ntitle je reč\n") == (
        "subject: Наслов {title}\nfacts: when place\n\nтитле је реч\n"
    )
