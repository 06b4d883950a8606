"""Which language a reader gets, and in which language a text then answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from django.utils.translation.trans_real import parse_accept_lang_header

from core.text import LANGUAGES, language_tag, pick_text

# Django's name of the language of labels and buttons for each language of texts.
CATALOGUES: Final[dict[str, str]] = {"sr-Latn": "sr-latn", "sr-Cyrl": "sr-cyrl", "ru": "ru"}
_IN_CYRILLIC: Final = frozenset({"sr-Cyrl", "ru"})


class Named(Protocol):
    """Who has a name, and may have it in further scripts."""

    @property
    def given_name(self) -> str: ...
    @property
    def family_name(self) -> str: ...
    @property
    def names_by_script(self) -> Mapping[str, Mapping[str, str]]: ...


def name_in(language: str, person: Named) -> tuple[str, str]:
    """Return given and family name in the script of a language, where the person has them in it."""
    script = "Cyrl" if language in _IN_CYRILLIC else "Latn"
    named = person.names_by_script.get(script, {})
    return (
        named.get("given_name") or person.given_name,
        named.get("family_name") or person.family_name,
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: in `tag`, and where a text has none in it, in the first of `languages` with one.

    Arguments:
        chosen: whether the address itself names the language (`?lang=`), so that links keep it.
    """

    tag: str
    languages: tuple[str, ...] = ()
    chosen: bool = False

    @property
    def catalogue(self) -> str:
        """Return Django's name of the language of labels and buttons."""
        return CATALOGUES.get(self.tag, "en")

    @property
    def query(self) -> str:
        """Return what a link needs so that the reader stays in the language they chose."""
        return f"?lang={self.tag}" if self.chosen else ""

    def text(self, texts: Mapping[str, str] | None) -> str:
        return pick_text(texts, self.tag, self.languages)

    def tag_of(self, texts: Mapping[str, str] | None) -> str:
        """Return the language in which `text()` answers; the reader's own when there is no text."""
        text = self.text(texts)
        if not texts or not text or texts.get(self.tag) == text:
            return self.tag
        return next(tag for tag, one in texts.items() if one == text)


def _match(wanted: str, offered: Sequence[str]) -> str | None:
    try:
        tag = language_tag(wanted)
    except ValueError:
        return None
    if tag in offered:
        return tag
    parts = tag.split("-")
    same = [one for one in offered if one.split("-")[0] == parts[0]]
    # The script that they name, else the one in which the bare language is read, else any.
    for near in ("-".join(parts[:2]), language_tag(parts[0])):
        if near in same:
            return near
    return next(iter(same), None)


def choose(asked: str | None, accepted: str, offered: Sequence[str]) -> Reader:
    """Return the reader of a public page.

    Arguments:
        asked: what the address says (`?lang=`); what nobody offers is passed over.
        accepted: the Accept-Language header.
        offered: the languages that there are, the first one for who asks for none of them.
    """
    languages = tuple(tag for tag in offered if tag in LANGUAGES) or ("en",)
    if asked and (tag := _match(asked, languages)):
        return Reader(tag, languages, chosen=True)
    for wanted, _quality in parse_accept_lang_header(accepted):
        if wanted == "*":
            break
        if tag := _match(wanted, languages):
            return Reader(tag, languages)
    return Reader(languages[0], languages)
