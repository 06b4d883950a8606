"""What an announcement says in a language: the organiser's words in the host's frame.

The frame (layout, contact, why somebody gets it, how to stop it) is the text `announcement` of
notifications/mails; subject and paragraphs are the announcement's own. They are read as strictly as
our own texts: a placeholder that there is not, a stray brace or a picture is a TextError, so the
mail can not be made and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from core.text import LANGUAGES, pick_text
from notifications.models import Announcement
from notifications.services.markup import (
    PLACEHOLDERS,
    Block,
    TextError,
    blocks,
    parts_of,
    with_marks,
)
from notifications.services.texts import MailText, load, mail_language

FRAME: Final = "announcement"
# Those that only our own texts have a use for.
_NOT_HERE: Final = frozenset(
    {
        *("part_of", "not_confirmed", "former_when", "stop_url", "next_url", "back_url"),
        *("offer_url", "offer_until", "still_coming_url", "still_until", "lost_after"),
        "decision_reason",
    }
)
OFFERED: Final = tuple(name for name in PLACEHOLDERS if name not in _NOT_HERE)
_NAMED: Final = re.compile(r"\{([a-z_]+)\}")
_PREHEADER: Final = 140


def text_language(body: Mapping[str, str], wanted: str, languages: list[str]) -> str:
    """Return the language in which a reader gets an announcement; "" when it says nothing.

    It is the reader's own, else their language in the other script, else the conference's first,
    else any.
    """
    written = [tag for tag in LANGUAGES if body.get(tag)]
    if wanted in written:
        return wanted
    stem = wanted.split("-", maxsplit=1)[0]
    alike = (tag for tag in written if tag.split("-", maxsplit=1)[0] == stem)
    listed = (tag for tag in languages if tag in written)
    return next((tag for found in (alike, listed, written) for tag in found), "")


def language_of(announcement: Announcement, wanted: str) -> str:
    """Return the language in which a reader of `wanted` gets it."""
    return text_language(announcement.body, wanted, announcement.conference.languages)


def subject_of(announcement: Announcement) -> str:
    """Return the subject by which organisers know an announcement."""
    languages = announcement.conference.languages
    return pick_text(announcement.subject, "en", languages) or "Without a subject"


def text_of(announcement: Announcement, language: str) -> MailText:
    """Return an announcement's text in one of its languages, with marks in the places of values.

    Raises:
        TextError: when it says nothing there, or what it can not say.
    """
    subject, body = announcement.subject.get(language, ""), announcement.body.get(language, "")
    return read_text(subject, body, language)


@lru_cache(maxsize=128)
def read_text(subject: str, body: str, language: str) -> MailText:
    """Return a subject and paragraphs in their frame.

    Raises:
        TextError: as `text_of`.
    """
    where = f"The text in {LANGUAGES.get(language, language)}"
    unknown = (named_in(subject) | named_in(body)) & _NOT_HERE
    if unknown:
        raise TextError(f"{where} names {{{min(unknown)}}}, which announcements do not have.")
    if not subject.strip():
        raise TextError(f"{where} has no subject.")
    paragraphs = blocks(body, where)
    if not paragraphs:
        raise TextError(f"{where} has no paragraphs.")
    title = with_marks(subject, f"The subject in {LANGUAGES.get(language, language)}")
    return replace(
        load(FRAME, mail_language(language)),
        subject=title,
        preheader=_preheader(paragraphs),
        title=title,
        blocks=paragraphs,
    )


def named_in(source: str) -> frozenset[str]:
    """Return what looks like a placeholder in a source."""
    return frozenset(_NAMED.findall(source))


def _preheader(paragraphs: tuple[Block, ...]) -> str:
    """Return the beginning of the first paragraph that is more than a greeting."""
    own = [p for p in paragraphs if "greeting" not in p.names] or list(paragraphs)
    plain = " ".join(own[0].text.split())
    if len(plain) <= _PREHEADER:
        return plain
    return plain[:_PREHEADER].rpartition(" ")[0] + "…"  # a mark has no space in it


def placeholders_of(announcement: Announcement, language: str) -> frozenset[str]:
    """Return the placeholders that the text in a language names and that there are."""
    source = announcement.subject.get(language, "") + announcement.body.get(language, "")
    return named_in(source) & frozenset(OFFERED)


def words_of(text: MailText) -> str:
    """Return the words of the organiser's own paragraphs, without what placeholders stand for."""
    return "\n\n".join("".join(parts_of(block.text)[::2]) for block in text.blocks)
