"""The printed programme as PDF, by typst, in the colour and with the logo of the host.

As in briefings, whatever people wrote reaches typst as data only (`sys.inputs`), the one source is
ours, its folder holds nothing that is secret, and it reads no file, address or package. A PDF is
made once of the same facts, however many ask: it is kept by what it says, in the cache and, where
that is away, in this process.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.core.cache import cache
from django.utils import translation
from PIL import Image

from core.colours import contrast
from core.models import StoredFile
from events.languages import Reader
from events.models import Conference
from events.programme import Programme
from events.services.programme_sheet import programme_sheet

_SOURCE: Final = Path(__file__).parent.parent / "documents" / "programme.typ"
_OURS: Final = "#0b5d5e"
_KEPT_SECONDS: Final = 86_400
# So many stay in this process, for the time in which there is no cache.
_MOST: Final = 8
_LOGO: Final = (900, 300)
# What can be read on white (WCAG 2.2, 1.4.3), with a little to spare.
_CONTRAST: Final = 4.6
_PAPER: Final = "#ffffff"
_making = threading.Lock()
_near: OrderedDict[str, bytes] = OrderedDict()


def programme_pdf(conference: Conference, programme: Programme, reader: Reader) -> bytes:
    """Return the programme as a PDF on A4, in the reader's language; made once and kept."""
    facts = _facts(conference, programme, reader)
    key = f"programme-pdf:{hashlib.sha256(f'{_source()}{facts}'.encode()).hexdigest()[:40]}"
    found = _kept(key)
    if found is None:
        # One at a time in a process: it takes all of a processor, and twins want the same one.
        with _making:
            found = _kept(key)
            if found is None:
                found = _pdf(facts)
                cache.set(key, found, _KEPT_SECONDS)
                _near[key] = found
                while len(_near) > _MOST:
                    _near.popitem(last=False)
    return found


def programme_pictures(conference: Conference, programme: Programme, reader: Reader) -> list[bytes]:
    """Return the same pages as PNG, to look at."""
    pages: Any = _compile(_facts(conference, programme, reader), "png")
    return [pages] if isinstance(pages, bytes) else list(pages)


def _facts(conference: Conference, programme: Programme, reader: Reader) -> str:
    with translation.override(reader.catalogue):
        sheet = programme_sheet(conference, programme, reader)
    sheet["accent"] = on_white(conference.organisation.accent or _OURS)
    sheet["logo"] = _logo(conference.organisation.logo)
    return json.dumps(sheet, ensure_ascii=False, sort_keys=True)


def on_white(colour: str) -> str:
    """Return a colour as it is, or as dark as it has to be for words on white paper."""
    try:
        parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    except ValueError:
        return _OURS
    if len(colour) != len(_OURS) or not colour.startswith("#"):
        return _OURS
    while contrast(_hex(parts), _PAPER) < _CONTRAST:
        parts = [int(part * 0.95) for part in parts]
    return _hex(parts)


def _hex(parts: list[int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in parts)


def _logo(file: StoredFile | None) -> list[int]:
    """Return a host's logo as the bytes of a small PNG; nothing where there is none to be read."""
    if file is None:
        return []
    return list(_small(file.digest, file.file.name))


@lru_cache(maxsize=32)
def _small(_digest: str, name: str) -> bytes:
    out = io.BytesIO()
    try:
        storage = StoredFile._meta.get_field("file").storage
        with storage.open(name) as stored, Image.open(stored) as picture:
            picture.thumbnail(_LOGO)
            picture.convert("RGBA").save(out, "PNG")
    except (OSError, ValueError):
        return b""
    return out.getvalue()


def _kept(key: str) -> bytes | None:
    found = _near.get(key) or cache.get(key)
    return found if isinstance(found, bytes) else None


@lru_cache(maxsize=1)
def _source() -> str:
    return _SOURCE.read_text()


def _pdf(facts: str) -> bytes:
    """Return a PDF that readers for the blind can read (PDF/UA-1).

    That standard refuses letters that none of our fonts has; a programme with some is a plain PDF.
    """
    import typst  # where it is needed: 6 MB in each process

    try:
        made: bytes = _compile(facts, "pdf", "ua-1")
    except typst.TypstError:
        made = _compile(facts, "pdf")
    return made


def _compile(facts: str, kind: Any, *standards: Any) -> Any:
    import typst

    return typst.compile(
        str(_SOURCE),
        root=str(_SOURCE.parent),
        format=kind,
        ignore_system_fonts=True,
        sys_inputs={"programme": facts},
        pdf_standards=list(standards),
    )
