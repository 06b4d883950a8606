"""The texts of mails: `notifications/mails/<template>.<language>.md`, read and checked once.

`split` takes a file's text apart, `make_text` checks the parts and puts marks in the places of
values; an organisation's own texts (services.own_texts) come as parts.

A file has header lines, an empty line and paragraphs of Markdown; those behind `---` stand behind
the facts. `{placeholder}` comes from a closed list; there are no attributes, conversions,
conditions or loops. A paragraph, or a row of facts, that names something there is none of is left
out, and so is `lead`, which stands above the button, where there is no button.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER: Final = Path(__file__).resolve().parent.parent / "mails"
LANGUAGES: Final = ("en", "sr-Latn", "sr-Cyrl", "ru")

# Every placeholder that a text may name. Whatever is not here is an error when the text is loaded.
PLACEHOLDERS: Final = (
    *("title", "part_of", "organisation", "when", "day", "time", "short_date", "on_day", "doors"),
    *("place", "venue", "street", "entrance", "directions", "access", "online"),
    *("record", "speakers", "contact", "contact_name", "contact_email", "contact_phone"),
    *("conference_url", "programme_url", "outcome_url", "organisation_url"),
    # These differ from reader to reader.
    *("greeting", "type", "code", "status", "not_confirmed", "sessions", "former_when"),
    *("manage_url", "place_url", "stop_url"),
    # And these belong to an invitation.
    *("answer_url", "reply_by", "kept_until", "answer_by", "plus_one", "source_note"),
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


@dataclass(frozen=True, slots=True)
class Source:
    """A text in its parts, as people write them.

    Arguments:
        button_url: the placeholder that the button leads to; "" for no button.
        facts: rows of the table, by their placeholders.
        reason: sentences at the foot, each left out where it names something there is none of.
        body: paragraphs of Markdown, with an empty line between them; `after` too.
    """

    template: str
    language: str
    subject: str
    preheader: str
    title: str
    reason: tuple[str, ...]
    body: str
    after: str = ""
    lead: str = ""
    button_label: str = ""
    button_url: str = ""
    facts: tuple[str, ...] = ()


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
    """Return the language of the texts for a reader's language; Serbian is Latin unless it says."""
    language, *rest = tag.lower().split("-")
    if language == "sr":
        return "sr-Cyrl" if "cyrl" in rest else "sr-Latn"
    return language if language in LANGUAGES else "en"


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


def split(source: str, *, template: str, language: str) -> Source:
    """Take a file's text apart.

    Raises:
        TextError: when a header line is missing or unknown.
    """
    where = f"{template}.{language}.md"
    head, _, rest = source.partition("\n\n")
    body, _, after = rest.partition("\n---\n")
    headers: dict[str, str] = {}
    for header in head.splitlines():
        key, colon, value = header.partition(":")
        if not colon or key not in _HEADERS or key in headers:
            raise TextError(f"{where} has a header line that is not known: {header[:60]}")
        headers[key] = value.strip()
    button = _BUTTON.match(headers.get("button", ""))
    if headers.get("button") and not button:
        raise TextError(f"{where} names a fact or a button that there is not.")
    return Source(
        template=template,
        language=language,
        **{key: headers.get(key, "") for key in ("subject", "preheader", "title", "lead")},
        reason=tuple(filter(None, headers.get("reason", "").split(" | "))),
        body=body.strip(),
        after=after.strip(),
        button_label=button["label"] if button else "",
        button_url=button["url"] if button else "",
        facts=tuple(headers.get("facts", "").split()),
    )


@lru_cache(maxsize=512)
def make_text(source: Source) -> MailText:
    """Return a text with marks in the places of values; the same parts are read once.

    Raises:
        TextError: when a part is missing, or says what it can not say.
    """
    where = f"{source.template}.{source.language}.md"
    needed = ("subject", "preheader", "title", "reason")
    missing = [key for key in needed if not getattr(source, key)]
    if missing or not source.body.strip():
        raise TextError(f"{where} lacks {', '.join(missing) or 'its paragraphs'}.")
    if not set(source.facts) <= set(FACTS):
        raise TextError(f"{where} names a fact or a button that there is not.")
    if source.button_url and source.button_url not in URLS:
        raise TextError(f"{where} has a button that leads nowhere.")
    return MailText(
        template=source.template,
        language=source.language,
        subject=with_marks(source.subject, where),
        preheader=with_marks(source.preheader, where),
        title=with_marks(source.title, where),
        lead=with_marks(source.lead, where),
        button_label=with_marks(source.button_label, where),
        button_url=source.button_url,
        facts=source.facts,
        reason=tuple(with_marks(part, where) for part in source.reason),
        blocks=blocks(source.body, where),
        after=blocks(source.after, where),
    )


def parse(source: str, *, template: str, language: str) -> MailText:
    """Read one text from the form that it has in a file.

    Raises:
        TextError: when a header line is missing or unknown, or a placeholder is not on the list.
    """
    return make_text(split(source, template=template, language=language))


@lru_cache(maxsize=256)
def delivered(template: str, language: str) -> Source:
    """Return the parts of a template's text in a language as they come with Lectern.

    Raises:
        TextError: when there is none, or when it is not well made.
    """
    if not re.fullmatch(r"[a-z_]{1,60}", template) or language not in LANGUAGES:
        raise TextError(f"There is no text called “{template[:60]}”.")
    try:
        source = (FOLDER / f"{template}.{language}.md").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise TextError(f"There is no text called “{template}”.") from error
    return split(source, template=template, language=language)


def load(template: str, language: str) -> MailText:
    """Return the text of a template in a language as it comes with Lectern.

    Raises:
        TextError: when there is none, or when it is not well made.
    """
    return make_text(delivered(template, language))


@cache
def templates() -> tuple[str, ...]:
    """Return the names of all texts that come with Lectern."""
    return tuple(sorted(path.name.removesuffix(".en.md") for path in FOLDER.glob("*.en.md")))
