"""The little language of mail texts: Markdown, and `{placeholder}` from a closed list.

A placeholder becomes a mark, which stays where it is through Markdown, sanitising and inlining of
styles, and gives way to its value once; a value is never looked into. There are no attributes,
conversions, conditions or loops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

# Every placeholder that a text may name. Whatever is not here is an error when the text is loaded.
PLACEHOLDERS: Final = (
    *("title", "part_of", "organisation", "when", "day", "time", "short_date", "on_day", "doors"),
    *("place", "venue", "street", "entrance", "directions", "access", "online"),
    *("record", "speakers", "contact", "contact_name", "contact_email", "contact_phone"),
    *("conference_url", "programme_url", "outcome_url", "organisation_url"),
    # These differ from reader to reader.
    *("greeting", "type", "code", "status", "not_confirmed", "sessions", "former_when"),
    *("manage_url", "place_url", "stop_url"),
    # These belong to who speaks.
    *("needs", "give_url", "briefing_url"),
    # And these belong to an invitation.
    *("answer_url", "reply_by", "kept_until", "answer_by", "plus_one", "source_note"),
    # These belong to the waiting list, and to who is asked whether they still come.
    *("next_url", "back_url", "offer_url", "offer_until", "still_coming_url", "still_until"),
    *("lost_after", "decision_reason"),
    # And these to who comes with others, or for whom another one reads.
    *("party", "party_url", "for_whom"),
    # Of a place that went to somebody else, and of questions without an answer.
    *("substitute", "answers_url"),
    # And these belong to who was asked to speak.
    *("speaker_url", "session", "role", "panel", "words", "session_when"),
    # Of a programme that has changed: what it means for this reader, a sentence a line.
    "changes",
    # Of words that are to be shown under the reader's name.
    *("quote", "quote_url"),
)
# These may stand in a row of the table of facts; its words are `wording.Words.labels`.
FACTS: Final = (
    *("when", "doors", "place", "entrance", "directions", "access", "online"),
    *("needs", "speakers", "record", "sessions", "type", "code", "status", "contact"),
    *("party", "for_whom", "session", "role", "panel"),
)
URLS: Final = frozenset(name for name in PLACEHOLDERS if name.endswith("_url"))
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# A mark survives Markdown, sanitising, CSS inlining and an address in `href` unchanged.
_MARK = re.compile(r"xPH(\d\d)x")
# What has no place in a mail stays as it was typed; pictures are known, so that they are refused.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(
    ["code", "fence", "backticks", "blockquote", "hr", "lheading", "reference"]
)
_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "h2"}


class TextError(Exception):
    """A text is missing or says what it can not say."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list or heading in both forms, with the placeholders that it names."""

    html: str
    text: str
    names: frozenset[str]


def mark(name: str) -> str:
    """Return what stands for a placeholder until its value is put in."""
    return f"xPH{PLACEHOLDERS.index(name):02d}x"


def names_in(marked: str) -> frozenset[str]:
    """Return the placeholders whose marks stand in a text."""
    return frozenset(PLACEHOLDERS[int(number)] for number in _MARK.findall(marked))


def parts_of(marked: str) -> tuple[str, ...]:
    """Split a text at its marks: literal, placeholder, literal, …, literal."""
    parts = _MARK.split(marked)
    parts[1::2] = [PLACEHOLDERS[int(number)] for number in parts[1::2]]
    return tuple(parts)


def fill(parts: tuple[str, ...], by_name: Mapping[str, str]) -> str:
    """Put values in the places of placeholders, once; a value is never looked into."""
    out = list(parts)
    out[1::2] = [by_name[name] for name in parts[1::2]]
    return "".join(out)


def with_marks(source: str, where: str) -> str:
    """Return a source with a mark for each placeholder.

    Raises:
        TextError: for a placeholder that is not on the list, and for any other brace or mark.
    """
    if _MARK.search(source):
        raise TextError(f"{where} has the form of a mark in it.")

    def marked(match: re.Match[str]) -> str:
        if match[1] not in PLACEHOLDERS:
            raise TextError(f"{where} names {{{match[1]}}}, which there is not.")
        return mark(match[1])

    text = _PLACEHOLDER.sub(marked, source)
    if "{" in text or "}" in text:
        raise TextError(f"{where} has a brace that belongs to no placeholder.")
    return text


def _plain(tokens: Iterable[Token]) -> str:
    """Return inline Markdown as plain words; a link shows its address behind its words."""
    out: list[str] = []
    address = ""
    for token in tokens:
        if token.type == "text":
            out.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            out.append(" " if token.type == "softbreak" else "\n")
        elif token.type == "link_open":
            address = str(token.attrGet("href") or "").removeprefix("mailto:")
        elif token.type == "link_close" and address != out[-1]:
            out.append(f" ({address})")
    return "".join(out)


def _checked_link(href: str, where: str) -> None:
    """Refuse an address that a mail may not have.

    A placeholder is a whole address or no part of one: what a guest's link or name is, is told to
    no other server.
    """
    names = names_in(href)
    if href.startswith("mailto:"):
        rest = href.removeprefix("mailto:")
        fine = not names or rest == mark("contact_email")
    elif names:
        fine = _MARK.fullmatch(href) is not None and names <= URLS
    else:
        fine = href.startswith(("https://", "http://"))
    if not fine:
        shown = _MARK.sub(lambda m: f"{{{PLACEHOLDERS[int(m[1])]}}}", href)[:80]
        raise TextError(
            f"{where} has a link to “{shown}”. A link leads to https://…, http://…, mailto:… or is "
            "as a whole one of the placeholders that are links."
        )


def _check_tokens(tokens: Iterable[Token], where: str) -> None:
    for token in tokens:
        if token.type.startswith("heading_"):
            token.tag = "h2"  # there is one title above
        for inner in token.children or ():
            if inner.type == "image":
                raise TextError(f"{where} has a picture. Mails have none; link to it instead.")
            if inner.type == "link_open":
                _checked_link(str(inner.attrGet("href") or ""), where)


def _block(source: str, where: str) -> Block:
    tokens = _MARKDOWN.parse(source)
    _check_tokens(tokens, where)
    inline = [_plain(token.children or []) for token in tokens if token.type == "inline"]
    is_list = bool(tokens) and tokens[0].type.endswith("_list_open")
    text = "\n".join(f"- {item}" for item in inline) if is_list else "\n".join(inline)
    clean = nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto"},
        link_rel=None,
    )
    names = names_in(source)
    # Markdown takes signs away: what is left must not have become a mark.
    if names_in(clean) | names_in(text) != names:
        raise TextError(f"{where} has something in it that takes the form of a mark, or hides one.")
    return Block(clean.strip(), text, names)


def blocks(source: str, where: str) -> tuple[Block, ...]:
    """Return paragraphs of Markdown, checked, clean and with marks in the places of values.

    Raises:
        TextError: for a placeholder that is not on the list, a picture, or a link elsewhere than
            to the web, a mailbox or a placeholder that is one.
    """
    marked = with_marks(source.strip(), where)
    return tuple(_block(part, where) for part in re.split(r"\n\s*\n", marked) if part.strip())
