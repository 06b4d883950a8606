"""The papers of a donor pack as PDF, by typst.

As in briefings, what people wrote reaches typst as data only (`sys.inputs`), never as source; the
one source is ours, and it reads no file, address or package.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

_SOURCE: Final = Path(__file__).parent.parent / "documents" / "donor_pack.typ"


@dataclass(frozen=True, slots=True)
class AgendaSession:
    """One item of a day: when, what, where and of which kind, who."""

    time: str
    title: str
    notes: Sequence[str]
    people: Sequence[str]


@dataclass(frozen=True, slots=True)
class AgendaDay:
    name: str
    sessions: Sequence[AgendaSession]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line to sign; without a name, whoever comes writes their own."""

    name: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a paper says, in the language of its readers.

    Arguments:
        accent: a colour that can be read on white (core.colours).
        funders: one line a kind of partner.
        days: of an agenda.
        lines: of a sheet to sign, under `columns`.
    """

    heading: str
    host: str
    title: str
    when: str
    place: str
    lang: str
    script: str
    accent: str
    funders: Sequence[str] = ()
    days: Sequence[AgendaDay] = ()
    notice: str = ""
    columns: Sequence[str] = ("", "", "")
    lines: Sequence[SheetLine] = ()


def paper_pdf(paper: Paper) -> bytes:
    """Return a paper as a PDF on A4."""
    pdf: bytes = _compile(paper, "pdf")
    return pdf


def paper_pictures(paper: Paper) -> list[bytes]:
    """Return the same pages as PNG, to look at."""
    pages = _compile(paper, "png")
    return [pages] if isinstance(pages, bytes) else list(pages)


def _compile(paper: Paper, kind: Any) -> Any:
    import typst  # where it is needed: 6 MB in each process

    return typst.compile(
        str(_SOURCE),
        root=str(_SOURCE.parent),
        format=kind,
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(asdict(paper), ensure_ascii=False)},
    )
