"""What is wrong with a text that somebody wrote, part by part and in sentences.

`services.texts` refuses the same when a text is made; here it is said beside the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from core.errors import FieldError
from notifications.services.layout import layout
from notifications.services.markup import FACTS, PLACEHOLDERS, URLS, TextError, blocks
from notifications.services.placeholders import (
    allowed_in,
    allowed_in_line,
    allowed_in_subject,
)
from notifications.services.texts import Source, make_text

# Clients cut mails at 102 kB; what a reader's values add must fit, too.
LARGEST_HTML: Final = 80_000
_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_STRAY: Final = re.compile(r"\{[^{}\n]{0,40}|[^{}\n]{0,40}\}")
_MARK: Final = re.compile(r"xPH\d\dx")
# A placeholder glued to an address: its value would become a part of a link.
_GLUED: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]{0,20}://|\bwww\.|@|\bmailto:)[^\s()\[\]<>]{0,200}\{", re.IGNORECASE
)
_MAIL_LINK: Final = "mailto:{contact_email}"
_NAMES: Final = {
    "subject": "The subject",
    "preheader": "The preview line",
    "title": "The title",
    "lead": "The sentence above the button",
    "button_label": "The button",
    "reason": "The reason",
    "body": "The text",
    "after": "The text behind the facts",
}


def problems_of(source: Source) -> list[FieldError]:
    """Return all that keeps a text from being used; nothing when it can go out as it is."""
    found = [*_lines(source), *_facts(source), *_button(source), *_paragraphs(source)]
    if not found:
        found = list(_whole(source))
    return found


def _lines(source: Source) -> Iterator[FieldError]:
    in_subject, in_line = allowed_in_subject(source.template), allowed_in_line(source.template)
    for field, text, allowed in (
        ("subject", source.subject, in_subject),
        ("preheader", source.preheader, in_line),
        ("title", source.title, in_subject),
        ("lead", source.lead, in_line),
        ("button_label", source.button_label, in_subject),
        ("reason", "\n".join(source.reason), in_line),
    ):
        yield from _braces(field, text, allowed, source.template)


def _braces(field: str, text: str, allowed: frozenset[str], template: str) -> Iterator[FieldError]:
    """Yield what a part names that it can not, each once."""
    mark = _MARK.search(text)
    if mark:
        yield _error(field, "mark", f"“{mark[0]}” can not stand in a text. Write it otherwise.")
    for name in dict.fromkeys(_BRACES.findall(text)):
        shown = f"{{{name[:40]}}}"
        if name not in PLACEHOLDERS:
            yield _error(
                field,
                "placeholder",
                f"“{shown}” is no placeholder. Take one of the list, as {{title}}, without "
                "anything else between its braces.",
            )
        elif name not in allowed_in(template):
            yield _error(field, "placeholder", f"This mail has no “{shown}”.")
        elif name not in allowed:
            where = _NAMES[field].lower()
            yield _error(
                field,
                "placeholder",
                f"“{shown}” may be empty or take several lines, so it can not stand in {where}. "
                "Put it into the text.",
            )
    stray = _STRAY.search(_BRACES.sub("", text))
    if stray:
        yield _error(
            field,
            "brace",
            f"“{stray[0]}” has a brace that belongs to no placeholder. Mails have no other use "
            "for braces.",
        )
    glued = _GLUED.search(text.replace(_MAIL_LINK, ""))
    if glued:
        yield _error(
            field,
            "link",
            f"“{glued[0][:60]}…” puts a placeholder into an address. A placeholder is a whole "
            "address or no part of one.",
        )


def _facts(source: Source) -> Iterator[FieldError]:
    allowed = allowed_in(source.template) & set(FACTS)
    for name in source.facts:
        if name not in allowed:
            yield _error("facts", "choice", f"This mail has no row “{name[:40]}”.")
    if len(set(source.facts)) < len(source.facts):
        yield _error("facts", "twice", "A row stands in the table once.")


def _button(source: Source) -> Iterator[FieldError]:
    if source.button_url and source.button_url not in allowed_in(source.template) & URLS:
        yield _error("button_url", "choice", "Choose one of the links that this mail has.")
    if source.button_url and not source.button_label:
        yield _error("button_label", "required", "Say what the button does.")
    if source.button_label and not source.button_url:
        yield _error("button_url", "required", "Say where the button leads.")
    if source.lead and not source.button_url:
        yield _error("lead", "button", "This sentence stands above a button, and there is none.")


def _paragraphs(source: Source) -> Iterator[FieldError]:
    allowed = allowed_in(source.template)
    for field, text in (("body", source.body), ("after", source.after)):
        wrong = list(_braces(field, text, allowed, source.template))
        yield from wrong
        if not wrong:
            try:
                blocks(text, _NAMES[field])
            except TextError as error:
                yield _error(field, "markdown", str(error))


def _whole(source: Source) -> Iterator[FieldError]:
    text = make_text(source)
    # Every paragraph and row at once: it can not become longer, but by its values.
    parts = layout(text, frozenset(PLACEHOLDERS), has_ticket=True).html
    size = sum(len(part.encode()) for part in parts)
    if size > LARGEST_HTML:
        yield _error(
            "body",
            "too-long",
            f"As a mail this has {size // 1000} kB, and mail programs cut what is longer than "
            f"{LARGEST_HTML // 1000} kB. Shorten it.",
        )


def _error(field: str, code: str, detail: str) -> FieldError:
    return FieldError(f"/{field}", code, detail)
