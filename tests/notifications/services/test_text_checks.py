"""What organisers may write into a mail, and in which words everything else is refused."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from notifications.services.markup import PLACEHOLDERS
from notifications.services.placeholders import MEANINGS, allowed_in, listed
from notifications.services.text_checks import LARGEST_HTML, problems_of
from notifications.services.texts import LANGUAGES, Source, delivered, make_text, templates

GOOD = Source(
    template="reminder",
    language="en",
    subject="{day}: {title}",
    preheader="{when}. {street}",
    title="See you {on_day}",
    reason=("You get this mail because you are registered for {title}.",),
    body="{greeting}\n\nWe meet in {venue}: [programme]({programme_url}), {contact}.",
    after="Write to [{contact_email}](mailto:{contact_email}) or [us](https://example.org/a?b=c).",
    lead="Cannot come?",
    button_label="Give back my place",
    button_url="place_url",
    facts=("when", "place"),
)


def found(**parts):
    return [(e.pointer, e.code) for e in problems_of(replace(GOOD, **parts))]


def sentence(**parts):
    (error,) = problems_of(replace(GOOD, **parts))
    return error.detail


@pytest.mark.parametrize("template", templates())
def test_every_delivered_text_passes(template):
    for language in LANGUAGES:
        assert problems_of(delivered(template, language)) == []


def test_a_good_text_has_no_problem():
    assert problems_of(GOOD) == []


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("{event.__init__.__code__}", "placeholder"),
        ("{title.__class__}", "placeholder"),
        ("{title!r}", "placeholder"),
        ("{title:>999999999}", "placeholder"),
        ("{title[0]}", "placeholder"),
        ("{0}", "placeholder"),
        ("{}", "placeholder"),
        ("{ title }", "placeholder"),
        ("{unknown}", "placeholder"),
        ("{former_when}", "placeholder"),
        ("{% load static %}", "placeholder"),
        ("{title", "brace"),
        ("title}", "brace"),
        ("{{title}}", "brace"),
        ("xPH01x", "mark"),
    ],
)
def test_only_placeholders_of_the_list_are_taken_anywhere(bad, code):
    began = time.monotonic()
    for field in ("subject", "preheader", "title", "lead", "button_label", "body", "after"):
        assert found(**{field: f"Word {bad} word"}) == [(f"/{field}", code)]
    assert found(reason=("Fine.", f"Word {bad}")) == [("/reason", code)]
    assert time.monotonic() - began < 1


def test_a_formula_of_another_engine_is_refused_whole():
    assert found(body="{{7*7}}") == [("/body", "placeholder"), ("/body", "brace")]


def test_the_sentence_shows_what_was_written():
    assert sentence(body="Dear {event.__init__.__globals__}") == (
        "“{event.__init__.__globals__}” is no placeholder. Take one of the list, as {title}, "
        "without anything else between its braces."
    )
    assert sentence(body="It was {former_when}.") == "This mail has no “{former_when}”."
    assert sentence(subject="{venue}") == (
        "“{venue}” may be empty or take several lines, so it can not stand in the subject. "
        "Put it into the text."
    )


@pytest.mark.parametrize(
    "body",
    [
        "[x](javascript:alert(1))",
        "[x](/relative)",
        "[x](//evil.example)",
        "[x](ftp://example.org)",
        "[x]({title})",
        "[x]({greeting})",
        "[x](mailto:{greeting})",
        "[x](https://evil.example/?k={manage_url})",
        "https://evil.example/{code}",
        "www.{code}.example",
        "somebody@{venue}",
        "![x](https://evil.example/pixel.png)",
        "![x]({conference_url})",
    ],
)
def test_links_lead_to_the_web_a_mailbox_or_a_placeholder_and_there_are_no_pictures(body):
    problems = problems_of(replace(GOOD, body=body))
    if not problems:  # no link was made of it: it stands in the mail as it was typed
        (block,) = make_text(replace(GOOD, body=body)).blocks
        assert "<a" not in block.html
    assert bool(problems) != (body == "[x](javascript:alert(1))")


@pytest.mark.parametrize("body", ["xPH**01**x", "xPH&#48;1x", "[a](https://e.org 'xPH\\01x')"])
def test_markdown_makes_no_mark_of_what_was_none(body):
    problems = found(body=body)
    if not problems:
        (block,) = make_text(replace(GOOD, body=body)).blocks
        assert block.names == frozenset()
        assert "xPH01x" not in block.html + block.text
    else:
        assert problems == [("/body", "markdown")]


def test_raw_html_code_and_other_markdown_show_as_they_were_typed():
    body = (
        "<script>x</script> <img src=x>\n\n    indented `code`\n\n> quoted\n\n# Big\n\n```\nx\n```"
    )
    text = make_text(replace(GOOD, body=body, template="reminder"))
    assert [block.html for block in text.blocks] == [
        "<p>&lt;script&gt;x&lt;/script&gt; &lt;img src=x&gt;</p>",
        "<p>indented `code`</p>",
        "<p>&gt; quoted</p>",
        "<h2>Big</h2>",
        "<p>```\nx\n```</p>",
    ]
    assert [block.text for block in text.blocks][1:3] == ["indented `code`", "> quoted"]


def test_facts_and_button_are_what_the_mail_has():
    assert found(facts=("when", "when")) == [("/facts", "twice")]
    assert found(facts=("title",)) == [("/facts", "choice")]
    assert found(button_url="title") == [("/button_url", "choice")]
    assert found(button_label="") == [("/button_label", "required")]
    assert found(button_url="") == [("/button_url", "required"), ("/lead", "button")]
    assert problems_of(replace(GOOD, button_url="", button_label="", lead="")) == []


def test_a_mail_that_programs_would_cut_is_refused():
    assert found(body="x\n\n" * 2600, after="y\n\n" * 1300) == [("/body", "too-long")]
    assert LARGEST_HTML < 102_000


@pytest.mark.parametrize(
    "body", ["[" * 8000, "*a " * 2600, "a://" * 2000, "{" * 8000, "1. " * 2600, "a.b" * 2600]
)
def test_odd_texts_take_no_time(body):
    began = time.monotonic()
    problems_of(replace(GOOD, body=body))
    assert time.monotonic() - began < 2


def test_each_placeholder_has_a_meaning_and_each_text_lists_its_own():
    assert set(MEANINGS) == set(PLACEHOLDERS)
    for template in (*templates(), "press-briefing"):
        names = [row.name for row in listed(template)]
        assert set(names) == allowed_in(template)
        assert names[0] == "greeting"
        assert all(row.meaning for row in listed(template))
    assert "former_when" in allowed_in("changed_time")
    assert "sessions" in allowed_in("press-briefing")
    assert "sessions" not in allowed_in("confirmation")
