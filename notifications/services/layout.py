"""A text in its layout: made once for each set of values that are there, with the CSS inlined once.

What comes out is cut at the marks: literal, placeholder, literal, … so that a mail is one join.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import css_inline
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from core.colours import OURS, twins_of
from notifications.services.markup import Block, mark, names_in, parts_of
from notifications.services.texts import MailText
from notifications.services.wording import words

TICKET_CID: Final = "ticket@lectern"
_BETWEEN_TAGS = re.compile(r">\s*\n\s*<")
_INLINER = css_inline.CSSInliner(
    keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False
)


@dataclass(frozen=True, slots=True)
class Layout:
    """A text cut at its marks, in each of the forms that it takes."""

    subject: tuple[str, ...]
    text: tuple[str, ...]
    html: tuple[str, ...]


def _plain(
    text: MailText, present: frozenset[str], labels: dict[str, str], *, has_ticket: bool
) -> str:
    """Return the plain form: the same words in the same order, readable in a terminal."""
    pieces = [text.title]
    pieces += [block.text for block in text.blocks if block.names <= present]
    if has_ticket:
        pieces.append(f"{words(text.language).phrases['ticket']}: {mark('code')}")
    if labels:
        pieces.append("\n".join(f"{label}: {mark(name)}" for name, label in labels.items()))
    pieces += [block.text for block in text.after if block.names <= present]
    if text.button_url in present:
        pieces += [text.lead, f"{text.button_label}:\n{mark(text.button_url)}"]
    reason = "\n".join(part for part in text.reason if names_in(part) <= present)
    if "stop_url" in present:
        reason += f"\n{words(text.language).phrases['stop']}:\n{mark('stop_url')}"
    pieces.append(f"—\n{mark('organisation')}\n{reason}")
    return "\n\n".join(filter(None, pieces)) + "\n"


def _joined(blocks: Iterable[Block], present: frozenset[str]) -> SafeString:
    # Our own Markdown, sanitised when the text was read; values are not in it yet.
    return mark_safe("\n".join(b.html for b in blocks if b.names <= present))  # noqa: S308


def _html(
    text: MailText,
    present: frozenset[str],
    labels: dict[str, str],
    *,
    has_ticket: bool,
    accent: str,
) -> str:
    has_button = text.button_url in present
    light, dark = twins_of(accent)
    css = render_to_string("mail/mail.css").replace(OURS[0], light).replace(OURS[1], dark)
    context = {
        "language": text.language,
        "css": css,
        "accent": light,
        "organisation_name": mark("organisation"),
        "subject": text.subject,
        "preheader": text.preheader,
        "title": text.title,
        "body": _joined(text.blocks, present),
        "ticket": has_ticket,
        "ticket_cid": TICKET_CID,
        "ticket_label": words(text.language).phrases["ticket"],
        "code": mark("code"),
        "facts": [{"label": label, "text": mark(name)} for name, label in labels.items()],
        "after": _joined(text.after, present),
        "lead": text.lead if has_button else "",
        "button_url": mark(text.button_url) if has_button else "",
        "button_label": text.button_label,
        "reason": [part for part in text.reason if names_in(part) <= present],
        "stop_url": mark("stop_url") if "stop_url" in present else "",
        "stop_label": words(text.language).phrases["stop"],
    }
    inlined = _INLINER.inline(render_to_string("notifications/mail.html", context))
    return _BETWEEN_TAGS.sub(">\n<", inlined)


@lru_cache(maxsize=512)
def layout(
    text: MailText, present: frozenset[str], *, has_ticket: bool, accent: str = ""
) -> Layout:
    """Return a text in its layout, without the paragraphs and rows for which there is no value.

    Kept by all that the text says: one that was changed is another text, at once.

    Arguments:
        accent: the host's own colour of links and buttons; nothing stands for Lectern's.
    """
    table = words(text.language).labels
    labels = {name: table[name] for name in text.facts if name in present}
    return Layout(
        subject=parts_of(text.subject),
        text=parts_of(_plain(text, present, labels, has_ticket=has_ticket)),
        html=parts_of(_html(text, present, labels, has_ticket=has_ticket, accent=accent)),
    )
