"""Briefings as PDF, by typst.

What people wrote reaches typst as data only (`sys.inputs`), so it is never read as source; the one
source is ours, its root holds nothing else, and it imports no package.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from events.briefing import Briefing

_SOURCE: Final = Path(__file__).parent.parent / "documents" / "briefing.typ"
_SCRIPTS: Final = {"sr-Latn": "latn", "en": "latn"}


def briefing_pdf(briefings: Sequence[Briefing]) -> bytes:
    """Return one PDF of these briefings, each from a new page on."""
    return _compile(briefings, "pdf")


def briefing_pictures(briefings: Sequence[Briefing]) -> list[bytes]:
    """Return the same pages as PNG, to look at."""
    pages: Any = _compile(briefings, "png")
    return [pages] if isinstance(pages, bytes) else list(pages)


def _compile(briefings: Sequence[Briefing], kind: Any) -> bytes:
    facts = json.dumps([_as_data(one) for one in briefings], ensure_ascii=False)
    import typst  # where it is needed: 6 MB in each process

    pages: bytes = typst.compile(
        str(_SOURCE),
        root=str(_SOURCE.parent),
        format=kind,
        ignore_system_fonts=True,
        sys_inputs={"briefings": facts},
    )
    return pages


def _as_data(one: Briefing) -> dict[str, Any]:
    return {
        "lang": one.language.split("-")[0],
        "script": _SCRIPTS.get(one.language, "cyrl"),
        "title": one.title,
        "conference": one.conference,
        "reader": one.reader,
        "role": one.role,
        "when": one.when,
        "facts": [{"label": f.label, "lines": [x for x in f.lines if x]} for f in one.facts],
        "turns": [
            {
                "who": t.who,
                "minutes": t.minutes,
                "starts": t.starts,
                "ends": t.ends,
                "mine": t.is_reader,
            }
            for t in one.turns
        ],
        "people": [
            {
                "name": p.name,
                "role": p.role,
                "post": p.post,
                "said": p.said,
                "introduction": p.introduction,
            }
            for p in one.people
        ],
        "questions": list(one.questions),
        "notice": one.notice,
        "words": one.words,
    }
