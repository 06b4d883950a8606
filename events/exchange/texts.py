"""Texts from outside made what is stored: one line, or paragraphs in Markdown without HTML."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

from core.text import clean_line


def words_of(text: str) -> frozenset[str]:
    """Return a text's words as a set."""
    return frozenset(text.split())


# No more of a text is looked at than could be kept of it.
_LOOKED_AT: Final = 4
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Controls that some programs write for a line break within a text.
_BREAKS: Final = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
_SEPARATORS: Final = re.compile("[\u2028\u2029]")
# Each match ends before the next "<", so that the walk over a text of "<" alone goes over it once.
_ELEMENT: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,12})\b([^<>]*)>")
_COMMENT: Final = re.compile(r"<!--[^<>]*-->")
_HREF: Final = re.compile(r"""\bhref\s*=\s*["']?([^"'\s<>]{1,500})""", re.IGNORECASE)
_BLANK: Final = re.compile(r"\n[ \t]*\n[\s]*")
_SPACES: Final = re.compile(r"[ \t]+")
# Emphasis of nothing.
_NOTHING: Final = re.compile(r"\*\* *\*\*|(?<!\*)\* +\*(?!\*)")
_ENTITY: Final = re.compile(r"&(?:[a-zA-Z]{2,8}|#[0-9]{1,6}|#x[0-9a-fA-F]{1,5});")

_HTML: Final = words_of(
    "a abbr b blockquote br code div em h1 h2 h3 h4 h5 h6 hr i li ol p pre span strong sub sup "
    "table tbody td th thead tr u ul font small img del s figure figcaption"
)
_BLOCKS: Final = words_of("p div h1 h2 h3 h4 h5 h6 ul ol blockquote pre table figure")
_FLOW: Final = _BLOCKS | {"br", "li"}
_STRONG: Final = words_of("b strong h1 h2 h3 h4 h5 h6")
_SLANTED: Final = frozenset({"i", "em"})


def one_line(text: str, longest: int) -> tuple[str, bool]:
    """Return the text as one line without HTML, and whether it had to be cut."""
    looked_at = text[: longest * _LOOKED_AT + 200]
    if "<" in looked_at and _has_html(looked_at):
        looked_at = _ELEMENT.sub(" ", looked_at)
    if "&" in looked_at and _ENTITY.search(looked_at):
        looked_at = html.unescape(looked_at)
    line = clean_line(_BREAKS.sub(" ", looked_at))
    return line[:longest].rstrip(), len(line) > longest


def paragraphs(text: str, longest: int) -> tuple[str, bool]:
    """Return the text as paragraphs in Markdown, and whether it had to be cut."""
    cut = len(text) > longest * _LOOKED_AT
    plain = text[: longest * _LOOKED_AT]
    plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    plain = _CONTROLS.sub("", _SEPARATORS.sub("\n", plain.replace("\x0b", "\n")))
    if "<" in plain and _has_html(plain):
        plain = _to_markdown(plain)
    plain = unicodedata.normalize("NFC", plain).strip()
    return plain[:longest].rstrip(), cut or len(plain) > longest


def join(*parts: str) -> str:
    """Return texts one under the other; what says again what stands there already falls away."""
    kept: list[str] = []
    for part in (part.strip() for part in parts):
        if not part or any(part in earlier for earlier in kept):
            continue
        kept = [earlier for earlier in kept if not part.startswith(earlier)] + [part]
    return "\n\n".join(kept)


def _has_html(text: str) -> bool:
    return any(match[2].lower() in _HTML for match in _ELEMENT.finditer(text))


def _to_markdown(text: str) -> str:
    """Return what HTML says in the Markdown that pages show."""
    out: list[str] = []
    addresses: list[str] = []
    end = 0
    text = _COMMENT.sub("", text)
    # Line breaks of a text that has only emphasis in HTML are its own.
    flows = any(match[2].lower() in _FLOW for match in _ELEMENT.finditer(text))
    for match in _ELEMENT.finditer(text):
        name = match[2].lower()
        if name not in _HTML:
            continue
        out.append(_words(text[end : match.start()], flows=flows))
        end = match.end()
        out.append(_markdown_of(name, opens=not match[1], rest=match[3], addresses=addresses))
    out.append(_words(text[end:], flows=flows))
    lines = "".join(out).split("\n")
    joined = "\n".join(_SPACES.sub(" ", _NOTHING.sub("", line)).strip() for line in lines)
    return _BLANK.sub("\n\n", joined)


def _words(text: str, *, flows: bool) -> str:
    words = html.unescape(text)
    words = words.replace("\n", " ") if flows else words
    return _CONTROLS.sub("", _SEPARATORS.sub(" ", words.replace("\xa0", " ")))


def _markdown_of(name: str, *, opens: bool, rest: str, addresses: list[str]) -> str:
    if name == "a":
        return _link(opens=opens, rest=rest, addresses=addresses)
    if name == "li":
        return "\n- " if opens else "\n"
    if name in {"br", "tr"}:
        return "\n"
    if name == "hr":
        return "\n\n"
    mark = "**" if name in _STRONG else "*" if name in _SLANTED else ""
    if name in _BLOCKS:
        return "\n\n" + mark if opens else mark + "\n\n"
    return " " if name in {"td", "th"} else mark


def _link(*, opens: bool, rest: str, addresses: list[str]) -> str:
    if opens:
        found = _HREF.search(rest)
        address = html.unescape(found[1]) if found else ""
        safe = address.startswith(("http://", "https://")) and not set(address) & set("()[]")
        addresses.append(address if safe else "")
        return "[" if safe else ""
    address = addresses.pop() if addresses else ""
    return f"]({address})" if address else ""
