"""Serbian in its two scripts: a draft in Cyrillic to read over, and the way back, which is exact.

`python -m scripts.serbian notifications/mails/reminder.sr-Latn.md` prints a draft of that mail in
Cyrillic. A draft is for a reader's eyes: foreign names, and letters that only look like a digraph,
need a person who knows the language.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

_PAIRS: Final = """
    а=a б=b в=v г=g д=d ђ=đ е=e ж=ž з=z и=i ј=j к=k л=l љ=lj м=m н=n њ=nj о=o п=p р=r с=s т=t ћ=ć
    у=u ф=f х=h ц=c ч=č џ=dž ш=š
"""  # noqa: RUF001 - both scripts stand side by side here
_LATIN: Final = dict(pair.split("=") for pair in _PAIRS.split())
_CYRILLIC: Final = {latin: letter for letter, latin in _LATIN.items()}
_LETTER: Final = re.compile("|".join(sorted(_CYRILLIC, key=len, reverse=True)), re.IGNORECASE)
# Two letters each, though they look like one: injekcija, konjunktura, nadživeti, odžaliti.
_APART: Final = re.compile(
    r"(?<=i)nj(?=ek)|(?<=ko)nj(?=unk|ug)|(?<=va)nj(?=ezič)|(?<=na)dž(?=iv|nj)|(?<=o)dž(?=al|iv)"
    r"|(?<=po)dž(?=anr)",
    re.IGNORECASE,
)
# What stays Latin in Cyrillic texts, beside values, markup and addresses.
KEPT_IN_LATIN: Final = (
    *("DOCX", "JPEG", "ODP", "ODT", "PDF", "PNG", "PPTX", "TXT", "WebP"),
    *("Lectern", "NUL", "QR", "cookie"),
)
# A placeholder of a mail, a value of a catalogue, a tag, an address of mail, web or page.
_NOT_WORDS: Final = re.compile(
    r"\{[a-z_]+\}|%\(\w+\)[sd]|%[sd]|</?\w+>|https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)
_STAYS: Final = re.compile(rf"{_NOT_WORDS.pattern}|\b(?:{'|'.join(KEPT_IN_LATIN)})\b")
_KEPT: Final = re.compile(rf"{_STAYS.pattern}|\b\w*[qwxyQWXY]\w*\b")
_LATIN_LETTER: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_CYRILLIC_LETTER: Final = re.compile("[\u0400-\u04ff]")
_HEADER: Final = re.compile(r"^(?:subject|preheader|title|lead|button|reason): |^facts: .*$")


def to_cyrillic(text: str) -> str:
    """Return a draft in Cyrillic; values, markup, addresses and what stays Latin are kept."""
    out, at = [], 0
    for kept in _KEPT.finditer(text):
        out += [_words_in_cyrillic(text[at : kept.start()]), kept[0]]
        at = kept.end()
    return "".join([*out, _words_in_cyrillic(text[at:])])


def _words_in_cyrillic(text: str) -> str:
    apart = _APART.sub(lambda match: "\0".join(match[0]), text)
    return _LETTER.sub(lambda match: _cased(_CYRILLIC[match[0].lower()], match[0]), apart).replace(
        "\0", ""
    )


def _cased(letters: str, like: str) -> str:
    return letters.capitalize() if like[0].isupper() else letters


def to_latin(text: str) -> str:
    """Return a text in Latin; each letter of Serbian Cyrillic has one spelling there."""
    return "".join(_cased(_LATIN.get(letter.lower(), letter), letter) for letter in text)


def foreign_letters(text: str, language: str) -> str:
    """Return the letters of a text that belong to the other script than its language has.

    Such a letter looks right, and nobody finds the word who searches for it.
    """
    is_cyrillic = language.replace("_", "-") in {"sr-Cyrl", "ru"}
    alphabet = _LATIN_LETTER if is_cyrillic else _CYRILLIC_LETTER
    return "".join(alphabet.findall(_STAYS.sub(" ", text)))


def mail_in_cyrillic(source: str) -> str:
    """Return a draft of a mail's source; the names of its header lines and facts are kept."""
    out = []
    for line in source.splitlines(keepends=True):
        header = _HEADER.match(line)
        kept = header[0] if header else ""
        out.append(kept + to_cyrillic(line[len(kept) :]))
    return "".join(out)


if __name__ == "__main__":
    for path in sys.argv[1:]:
        sys.stdout.write(mail_in_cyrillic(Path(path).read_text(encoding="utf-8")))
