"""The words that guests read are there in every language, whole and compiled."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from scripts import messages
from scripts.serbian import foreign_letters, to_latin

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
TAG = re.compile(r"</?\w+>")
in_each_language = pytest.mark.parametrize("locale", messages.LOCALES)


def _forms(words):
    return [words] if isinstance(words, str) else list(words)


def _key(words):
    return words if isinstance(words, str) else tuple(words)


def _entries(catalogue):
    return {_key(message.id): message.string for message in catalogue if message.id}


def _all_forms(catalogue):
    return [form for words in _entries(catalogue).values() for form in _forms(words)]


WANTED = set(_entries(messages.collect()))


def test_every_language_of_the_installation_but_english_has_a_catalogue():
    tags = [tag for tag, _name in settings.LANGUAGES if tag != "en"]

    assert [translation.to_locale(tag) for tag in tags] == list(messages.LOCALES)


def test_the_sources_are_templates_and_code_that_guests_meet():
    found = {path.relative_to(messages.ROOT).as_posix() for path in messages.sources()}

    assert {
        "config/templates/404.html",
        "config/templates/account/login.html",
        "events/templates/events/public/conference.html",
        "registrations/services/registering.py",
        "registrations/templates/registrations/public/register.html",
        "registrations/validators.py",
    } <= found
    # Of the console only the papers that guests sign.
    own = {path for path in found if "/manage/" in path or path.startswith("console/")}
    assert own == {"console/donor_pack/papers.py"}


@in_each_language
def test_what_guests_read_is_translated_and_nothing_else_is_kept(locale):
    entries = _entries(messages.read(locale))

    assert sorted(map(str, WANTED - set(entries))) == []
    assert sorted(map(str, set(entries) - WANTED)) == []
    assert [msgid for msgid, words in entries.items() if not all(_forms(words))] == []


@in_each_language
def test_a_translation_has_the_values_and_the_markup_of_its_sentence(locale):
    for msgid, words in _entries(messages.read(locale)).items():
        # What says a number says it in every form: 21 is like 1 in both languages.
        whole = _forms(msgid)[-1]
        for form in _forms(words):
            assert sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(whole))
            assert TAG.findall(form) == TAG.findall(whole)


@in_each_language
def test_nothing_waits_for_a_readers_eyes(locale):
    """A draft is marked fuzzy and left out of what is compiled."""
    assert [message.id for message in messages.read(locale) if message.id and message.fuzzy] == []


@in_each_language
def test_a_translation_stands_in_one_script(locale):
    forms = _all_forms(messages.read(locale))

    assert [form for form in forms if foreign_letters(form, locale)] == []


def test_both_scripts_of_serbian_say_the_same():
    latin, cyrillic = (_entries(messages.read(locale)) for locale in ("sr_Latn", "sr_Cyrl"))

    for msgid, words in latin.items():
        assert [to_latin(form) for form in _forms(cyrillic[msgid])] == _forms(words)


@in_each_language
def test_a_sentence_ends_as_its_original_does(locale):
    """A full stop, question mark or colon that is missing shows beside other sentences."""
    differ = [
        (msgid, words)
        for msgid, words in _entries(messages.read(locale)).items()
        if isinstance(msgid, str)
        if (msgid[-1] in ".?:") != (words[-1] in ".?:")
    ]

    assert differ == []


@in_each_language
def test_the_compiled_catalogue_says_what_the_written_one_says(locale, tmp_path):
    written = messages.read(locale)
    with (tmp_path / "django.mo").open("wb") as file:
        write_mo(file, written)
    with (tmp_path / "django.mo").open("rb") as file:
        made = read_mo(file)
    with messages.mo_path(locale).open("rb") as file:
        kept = read_mo(file)

    assert _entries(kept) == _entries(made)
    assert kept.plural_expr == made.plural_expr == written.plural_expr
    assert kept.num_plurals == 3


def test_no_module_marks_words_for_translation_outside_the_sources():
    """What is marked and not collected is read in English by everybody."""
    known = set(messages.sources())
    apps = ("core", "accounts", "events", "registrations", "notifications", "console", "config")
    marking = re.compile(r"^from django\.utils\.translation import .*gettext", re.MULTILINE)
    left = {
        path.relative_to(messages.ROOT).as_posix()
        for app in apps
        for path in (messages.ROOT / app).rglob("*.py")
        if path not in known and marking.search(path.read_text(encoding="utf-8"))
    }
    assert left == {"config/views/components.py"}, "the page of the components is for developers"


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        (
            "sr-latn",
            [
                "Preostalo je 1 mesto.",
                "Preostala su 3 mesta.",
                "Preostalo je 11 mesta.",
                "Preostalo je 21 mesto.",
            ],
        ),
        (
            "sr-cyrl",
            [
                "Преостало је 1 место.",
                "Преостала су 3 места.",
                "Преостало је 11 места.",
                "Преостало је 21 место.",
            ],
        ),
        (
            "ru",
            [
                "Осталось 1 место.",
                "Осталось 3 места.",
                "Осталось 11 мест.",
                "Осталось 21 место.",
            ],
        ),
    ],
)
def test_numbers_take_the_form_that_the_language_wants(tag, said):
    singular, plural = "%(places)s place left", "%(places)s places left"

    with translation.override(tag):
        assert [ngettext(singular, plural, n) % {"places": n} for n in (1, 3, 11, 21)] == said


@pytest.mark.parametrize(
    ("tag", "found"),
    [("sr", "sr-latn"), ("sr-rs", "sr-latn"), ("sr-cyrl-rs", "sr-cyrl"), ("sr-latn-rs", "sr-latn")],
)
def test_serbian_is_read_in_latin_unless_the_reader_names_the_script(tag, found):
    assert translation.get_supported_language_variant(tag) == found


def test_djangos_own_words_are_there_in_cyrillic_too():
    with translation.override("sr-cyrl"):
        assert translation.gettext("This field is required.") == "Ово поље се мора попунити."


def test_one_process_says_an_error_page_in_each_readers_language():
    """A word that a filter translates would stay in the language of the first reader."""
    said = {}
    for tag in ("en", "ru", "sr-latn", "sr-cyrl"):
        with translation.override(tag):
            said[tag] = re.search("<h1>(.*)</h1>", render_to_string("404.html"))[1]

    assert said == {
        "en": "There is no such page",
        "ru": "Такой страницы нет",
        "sr-latn": "Ova stranica ne postoji",
        "sr-cyrl": "Ова страница не постоји",
    }


def test_what_is_new_in_serbian_comes_into_the_cyrillic_catalogue_as_a_draft():
    latin, cyrillic = Catalog(locale="sr_Latn"), Catalog(locale="sr_Cyrl")
    latin.add("Name", "Ime")
    latin.add(("%(n)s day", "%(n)s days"), ("%(n)s dan", "%(n)s dana", "%(n)s dana"))
    latin.add("New")
    latin.add("Read", "Pročitano")
    for msgid in ("Name", ("%(n)s day", "%(n)s days"), "New"):
        cyrillic.add(msgid)
    cyrillic.add("Read", "Написано")

    messages.draft_in_cyrillic(cyrillic, latin)

    assert {_key(m.id): (m.string, m.fuzzy) for m in cyrillic if m.id} == {
        "Name": ("Име", True),
        ("%(n)s day", "%(n)s days"): (("%(n)s дан", "%(n)s дана", "%(n)s дана"), True),
        "New": (None, False),
        "Read": ("Написано", False),
    }
