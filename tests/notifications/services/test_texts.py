"""The sources of mails: a closed list of placeholders and nothing that could do more."""

from __future__ import annotations

import time

import pytest

from notifications.services.markup import PLACEHOLDERS, TextError, fill, mark, names_in, parts_of
from notifications.services.texts import LANGUAGES, load, parse, templates
from notifications.services.wording import on_day, words, zone_city

HEAD = "subject: A\npreheader: B\ntitle: C\nreason: D\n"


def read(body: str, head: str = HEAD):
    return parse(f"{head}\n{body}", template="trial", language="en")


@pytest.mark.parametrize(
    "source",
    [
        "{title.__class__}",
        "{title.__init__.__globals__}",
        "{title!r}",
        "{title:>999999999}",
        "{title[0]}",
        "{{7*7}}",
        "{% load static %}",
        "{unknown}",
        "{}",
        "{ title }",
        "}",
        "{",
        "{{title}}",
        "xPH00x",
    ],
)
def test_anything_but_a_known_placeholder_is_an_error_when_the_text_is_loaded(source):
    started = time.monotonic()
    with pytest.raises(TextError):
        read(f"Hello {source}")
    with pytest.raises(TextError):
        read("Hello", HEAD.replace("subject: A", f"subject: A {source}"))
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (HEAD + "colour: red\n", "not known"),
        (HEAD + "subject: twice\n", "not known"),
        (HEAD + "no colon\n", "not known"),
        (HEAD.replace("title: C\n", ""), "lacks title"),
        (HEAD + "facts: when weather\n", "a fact or a button"),
        (HEAD + "button: Go\n", "a fact or a button"),
        (HEAD + "button: [Go]({title})\n", "leads nowhere"),
    ],
)
def test_header_lines_are_checked(head, why):
    with pytest.raises(TextError, match=why):
        read("Hello", head)


def test_a_text_without_paragraphs_is_none():
    with pytest.raises(TextError, match="lacks its paragraphs"):
        read("")


def test_markdown_becomes_clean_html_and_readable_plain_text():
    text = read(
        "Hello **{title}**,\nsee [the page]({conference_url}) or <{contact}>.\n\n"
        "- one *word*\n- two\n\n---\n\n<b onclick=x>raw</b> line\\\nbreak"
    )
    title, url, contact = mark("title"), mark("conference_url"), mark("contact")
    page = f'<a href="{url}">the page</a>'
    assert [(block.html, block.text) for block in (*text.blocks, *text.after)] == [
        (
            f"<p>Hello <strong>{title}</strong>,\nsee {page} or &lt;{contact}&gt;.</p>",
            f"Hello {title}, see the page ({url}) or <{contact}>.",
        ),
        ("<ul>\n<li>one <em>word</em></li>\n<li>two</li>\n</ul>", "- one word\n- two"),
        (
            "<p>&lt;b onclick=x&gt;raw&lt;/b&gt; line<br>\nbreak</p>",
            "<b onclick=x>raw</b> line\nbreak",
        ),
    ]
    assert text.blocks[0].names == {"title", "conference_url", "contact"}


def test_a_link_to_itself_is_said_once_in_plain_text():
    text = read("Write to [{contact_email}](mailto:{contact_email}).")
    assert text.blocks[0].text == f"Write to {mark('contact_email')}."
    assert text.blocks[0].html == (
        f'<p>Write to <a href="mailto:{mark("contact_email")}">{mark("contact_email")}</a>.</p>'
    )


def test_values_are_put_in_once_and_never_looked_into():
    parts = parts_of(f"A {mark('title')} B {mark('greeting')} C")
    assert parts == ("A ", "title", " B ", "greeting", " C")
    given = {"title": mark("greeting"), "greeting": "{title} {title.__class__} %s"}
    assert fill(parts, given) == f"A {mark('greeting')} B {{title}} {{title.__class__}} %s C"


def test_every_source_is_well_made_and_names_are_marked_apart():
    assert len({mark(name) for name in PLACEHOLDERS}) == len(PLACEHOLDERS)
    for template in templates():
        for language in LANGUAGES:
            text = load(template, language)
            assert "greeting" in names_in(text.blocks[0].html), (template, language)
            for block in (*text.blocks, *text.after):
                assert names_in(block.html) == names_in(block.text) == block.names


@pytest.mark.parametrize(
    ("template", "language"),
    [("nothing", "en"), ("../texts", "en"), ("", "en"), ("reminder", "de"), ("reminder", "..")],
)
def test_a_text_that_there_is_not_is_an_error(template, language):
    with pytest.raises(TextError, match="There is no text"):
        load(template, language)


def test_all_languages_have_the_same_words():
    shapes = [
        {name: set(getattr(words(language), name)) for name in ("labels", "record", "status")}
        | {name: set(getattr(words(language), name)) for name in ("roles", "phrases", "dates")}
        for language in LANGUAGES
    ]
    assert all(shape == shapes[0] for shape in shapes)


def test_days_stand_in_sentences_in_the_right_case():
    import datetime as dt

    week = [dt.date(2027, 3, 15) + dt.timedelta(days=n) for n in range(7)]
    assert [on_day(day, "sr-Latn").split(",")[0] for day in week] == [
        "u ponedeljak",
        "u utorak",
        "u sredu",
        "u četvrtak",
        "u petak",
        "u subotu",
        "u nedelju",
    ]
    assert [on_day(day, "ru").split(",")[0] for day in week] == [
        "в понедельник",
        "во вторник",
        "в среду",
        "в четверг",
        "в пятницу",
        "в субботу",
        "в воскресенье",
    ]
    assert [on_day(day, "sr-Cyrl").split(",")[0] for day in week] == [
        "у понедељак",
        "у уторак",
        "у среду",
        "у четвртак",
        "у петак",
        "у суботу",
        "у недељу",
    ]
    for language, ending in (("sr-Latn", "a"), ("sr-Cyrl", "а")):
        months = [on_day(dt.date(2027, month, 5), language).split()[-1] for month in range(1, 13)]
        assert all(month.endswith(ending) for month in months)
    assert on_day(dt.date(2027, 5, 21), "ru") == "в пятницу, 21 мая"
    assert on_day(dt.date(2027, 5, 21), "en") == "on Friday, 21 May"


def test_zones_are_called_by_their_city():
    found = [zone_city("Europe/Belgrade", language) for language in LANGUAGES]
    assert found == ["Belgrade", "Beograd", "Београд", "Белград"]
    assert zone_city("UTC", "en") == "UTC"
