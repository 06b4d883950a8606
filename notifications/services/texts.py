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
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from notifications.services.markup import (
    FACTS,
    URLS,
    Block,
    TextError,
    blocks,
    with_marks,
)

FOLDER: Final = Path(__file__).resolve().parent.parent / "mails"
LANGUAGES: Final = ("en", "sr-Latn", "sr-Cyrl", "ru")

_HEADERS: Final = ("subject", "preheader", "title", "lead", "button", "facts", "reason")

_BUTTON = re.compile(r"^\[(?P<label>[^\]]+)\]\(\{(?P<url>[a-z_]+)\}\)$")


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


def mail_language(tag: str) -> str:
    """Return the language of the texts for a reader's language; Serbian is Latin unless it says."""
    language, *rest = tag.lower().split("-")
    if language == "sr":
        return "sr-Cyrl" if "cyrl" in rest else "sr-Latn"
    return language if language in LANGUAGES else "en"


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
