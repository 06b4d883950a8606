"""The texts of mails: `notifications/mails/<template>.<language>.md`, read and checked once.

A text has header lines, an empty line and paragraphs of Markdown; those behind `---` stand behind
the facts. `{placeholder}` comes from a closed list; there are no attributes, conversions,
conditions or loops. A paragraph, or a row of facts, that names something there is none of is left
out, and so is `lead`, which stands above the button, where there is no button.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER: Final = Path(__file__).resolve().parent.parent / "mails"
LANGUAGES: Final = ("en", "sr-Latn", "ru")

# Every placeholder that a text may name. Whatever is not here is an error when the text is loaded.
PLACEHOLDERS: Final = (
    *("title", "part_of", "organisation", "when", "day", "time", "short_date", "on_day", "doors"),
    *("place", "venue", "street", "entrance", "directions", "access", "online"),
    *("record", "speakers", "contact", "contact_name", "contact_email", "contact_phone"),
    *("conference_url", "programme_url", "outcome_url", "organisation_url"),
    # These differ from reader to reader.
    *("greeting", "type", "code", "status", "not_confirmed", "sessions", "former_when"),
    *("manage_url", "place_url"),
    # Of an invitation: the page where it is answered, and until which day that counts.
    *("answer_url", "reply_on"),
)
# These may stand in a row of the table of facts; its words are `wording.Words.labels`.
FACTS: Final = (
    *("when", "doors", "place", "entrance", "directions", "access", "online"),
    *("speakers", "record", "sessions", "type", "code", "status", "contact"),
)
URLS: Final = frozenset(name for name in PLACEHOLDERS if name.endswith("_url"))
_HEADERS: Final = ("subject", "preheader", "title", "lead", "button", "facts", "reason")

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# A mark survives Markdown, sanitising, CSS inlining and an address in `href` unchanged.
_MARK = re.compile(r"xPH(\d\d)x")
_BUTTON = re.compile(r"^\[(?P<label>[^\]]+)\]\(\{(?P<url>[a-z_]+)\}\)$")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False})
_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "h2"}


class TextError(Exception):
    """A text is missing or says what it can not say."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list or heading in both forms, with the placeholders that it names."""

    html: str
    text: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class MailText:
    """One text, with marks in the places of values."""

    template: str
    language: str
    subject: str
    preheader: str
    title: str
    lead: str
    button_label: str
    button_url: str
    facts: tuple[str, ...]
    reason: tuple[str, ...]
    blocks: tuple[Block, ...]
    after: tuple[Block, ...]


def mark(name: str) -> str:
    """Return what stands for a placeholder until its value is put in."""
    return f"xPH{PLACEHOLDERS.index(name):02d}x"


def mail_language(tag: str) -> str:
    """Return the language of the texts for a reader's language; Serbian in Cyrillic reads Latin."""
    if tag in LANGUAGES:
        return tag
    return {"sr": "sr-Latn", "ru": "ru"}.get(tag.split("-", maxsplit=1)[0], "en")


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


def _block(source: str) -> Block:
    tokens = _MARKDOWN.parse(source)
    inline = [_plain(token.children or []) for token in tokens if token.type == "inline"]
    is_list = bool(tokens) and tokens[0].type.endswith("_list_open")
    text = "\n".join(f"- {item}" for item in inline) if is_list else "\n".join(inline)
    clean = nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto"},
        link_rel=None,
    )
    return Block(clean.strip(), text, names_in(clean + text))


def _blocks(source: str, where: str) -> tuple[Block, ...]:
    marked = with_marks(source.strip(), where)
    return tuple(_block(part) for part in re.split(r"\n{2,}", marked) if part)


def parse(source: str, *, template: str, language: str) -> MailText:
    """Read one text.

    Raises:
        TextError: when a header line is missing or unknown, or a placeholder is not on the list.
    """
    where = f"{template}.{language}.md"
    head, _, body = source.partition("\n\n")
    before, _, after = body.partition("\n---\n")
    headers: dict[str, str] = {}
    for header in head.splitlines():
        key, colon, value = header.partition(":")
        if not colon or key not in _HEADERS or key in headers:
            raise TextError(f"{where} has a header line that is not known: {header[:60]}")
        headers[key] = value.strip()
    missing = [key for key in ("subject", "preheader", "title", "reason") if not headers.get(key)]
    if missing or not body.strip():
        raise TextError(f"{where} lacks {', '.join(missing) or 'its paragraphs'}.")
    facts = tuple(headers.get("facts", "").split())
    button = _BUTTON.match(headers.get("button", ""))
    if not set(facts) <= set(FACTS) or (headers.get("button") and not button):
        raise TextError(f"{where} names a fact or a button that there is not.")
    if button and button["url"] not in URLS:
        raise TextError(f"{where} has a button that leads nowhere.")
    return MailText(
        template=template,
        language=language,
        subject=with_marks(headers["subject"], where),
        preheader=with_marks(headers["preheader"], where),
        title=with_marks(headers["title"], where),
        lead=with_marks(headers.get("lead", ""), where),
        button_label=with_marks(button["label"], where) if button else "",
        button_url=button["url"] if button else "",
        facts=facts,
        reason=tuple(with_marks(part, where) for part in headers["reason"].split(" | ")),
        blocks=_blocks(before, where),
        after=_blocks(after, where),
    )


@lru_cache(maxsize=256)
def load(template: str, language: str) -> MailText:
    """Return the text of a template in a language.

    Raises:
        TextError: when there is none, or when it is not well made.
    """
    if not re.fullmatch(r"[a-z_]{1,60}", template) or language not in LANGUAGES:
        raise TextError(f"There is no text called “{template[:60]}”.")
    try:
        source = (FOLDER / f"{template}.{language}.md").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise TextError(f"There is no text called “{template}”.") from error
    return parse(source, template=template, language=language)


def templates() -> tuple[str, ...]:
    """Return the names of all texts."""
    return tuple(sorted(path.name.removesuffix(".en.md") for path in FOLDER.glob("*.en.md")))
