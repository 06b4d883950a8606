"""The picture that other sites show beside a link: host, date, title, place; by typst.

What people wrote reaches typst as data only (`sys.inputs`), so it is never read as source; the one
source is ours, its root holds nothing else, and it imports no package. A picture is made once for
what it says, and kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.core.cache import cache
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from accounts.models import Organisation
from core.colours import contrast
from events import words
from events.dates import say_time, span_of, zone_city
from events.enums import ConferenceKind, ConferenceMode, ConferenceState
from events.languages import Reader
from events.models import Conference

_SOURCE: Final = Path(__file__).parent.parent / "documents" / "card.typ"
# One point is one pixel.
_PPI: Final = 72
_OURS: Final = "#0b5d5e"
_PAPER: Final = "#fbfaf7"
_INK: Final = "#1b1f24"
_CYRILLIC: Final = ("sr-Cyrl", "ru")
_LONGEST: Final = 260
_VERY_LONG: Final = re.compile(r"\w{21,}")
_PIECES: Final = re.compile(r"\w{1,10}")
_KEEP_SECONDS: Final = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Card:
    """What a picture says.

    Arguments:
        day, month, weekday, time: of the start; a host's own card has letters in place of the day.
        kicker: what kind of conference it is, or that it is off.
        is_off: whether it is cancelled or postponed.
    """

    lang: str
    script: str
    accent: str
    on_accent: str
    host: str
    title: str
    day: str
    month: str
    weekday: str
    time: str
    kicker: str
    place: str
    is_off: bool = False


def conference_card(conference: Conference, reader: Reader) -> Card:
    """Return what a conference's picture says, in the language that is active.

    Arguments:
        conference: with its organisation, and its venues prefetched.
    """
    host = conference.organisation
    state = ConferenceState(conference.state)
    start, end = span_of(conference)
    kicker = str(words.CONFERENCE_KINDS[ConferenceKind(conference.kind)])
    date = _date(start, end, _capitals(reader))
    time = f"{say_time(start, reader.tag)} ({zone_city(conference.time_zone, reader.tag)})"
    if state is ConferenceState.POSTPONED:
        kicker, time = _("Postponed"), ""
        date = {"day": "?", "month": _("Date to come"), "weekday": ""}
    elif state is ConferenceState.CANCELLED:
        kicker = _("Cancelled")
    return Card(
        **_common(host, reader),
        **date,
        host=host.name,
        title=_short(reader.text(conference.title)),
        time=time,
        kicker=kicker,
        place=_place(conference, reader),
        is_off=state in {ConferenceState.POSTPONED, ConferenceState.CANCELLED},
    )


def organisation_card(organisation: Organisation, reader: Reader) -> Card:
    """Return what a host's picture says."""
    return Card(
        **_common(organisation, reader),
        host=organisation.short_name,
        title=_short(organisation.name),
        day=_letters(organisation),
        month="",
        weekday="",
        time="",
        kicker="",
        place=organisation.city,
    )


def card_picture(card: Card) -> bytes:
    """Return the picture as PNG, 1200 by 630; made once for what it says."""
    facts = json.dumps(asdict(card), ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(f"{_source_digest()} {facts}".encode()).hexdigest()
    found: bytes | None = cache.get(f"card:{digest}")
    if found is None:
        found = _draw(facts)
        cache.set(f"card:{digest}", found, _KEEP_SECONDS)
    return found


def _draw(facts: str) -> bytes:
    import typst  # where it is needed: 6 MB in each process

    picture: bytes = typst.compile(
        str(_SOURCE),
        root=str(_SOURCE.parent),
        format="png",
        ppi=_PPI,
        ignore_system_fonts=True,
        sys_inputs={"card": facts},
    )
    return picture


@lru_cache(maxsize=1)
def _source_digest() -> str:
    return hashlib.sha256(_SOURCE.read_bytes()).hexdigest()


def _common(host: Organisation, reader: Reader) -> dict[str, Any]:
    accent = host.accent or _OURS
    return {
        "lang": reader.tag.split("-", maxsplit=1)[0],
        "script": "cyrl" if reader.tag in _CYRILLIC else "latn",
        "accent": accent,
        "on_accent": _on(accent),
    }


def _on(colour: str) -> str:
    """Return paper or ink, whichever stands out more on a colour."""
    light, dark = (contrast(colour, one) for one in (_PAPER, _INK))
    return _PAPER if light >= dark else _INK


def _capitals(reader: Reader) -> bool:
    """Tell whether days and months have capitals: only English writes them so."""
    return reader.catalogue == "en"


def _date(start: dt.datetime, end: dt.datetime, capitals: bool) -> dict[str, str]:  # noqa: FBT001 - of this file alone
    """Return the date as on the cover of a programme: "18–20" and "March 2027"."""
    one_day = start.date() == end.date()
    one_month = (start.year, start.month) == (end.year, end.month)
    day = str(start.day) if one_day or not one_month else f"{start.day}–{end.day}"
    month = format_date(start, "E")
    if not one_month:
        month = f"{month} – {end.day} {format_date(end, 'E')}"
    weekday = format_date(start, "l")
    if not one_day:
        weekday = f"{weekday} – {format_date(end, 'l')}"
    found = {"day": day, "month": f"{month} {end.year}", "weekday": weekday}
    return found if capitals else {name: text.lower() for name, text in found.items()}


def _place(conference: Conference, reader: Reader) -> str:
    venues = [row.venue for row in conference.conference_venues.all()][:1]
    parts = [part for v in venues for part in (reader.text(v.name), v.city) if part]
    if conference.mode != ConferenceMode.IN_PERSON:
        mode = str(words.CONFERENCE_MODES[ConferenceMode(conference.mode)])
        parts = [mode] if conference.mode == ConferenceMode.ONLINE else [*parts, mode]
    return _short(", ".join(parts))


def _letters(organisation: Organisation) -> str:
    """Return the first letters of a host's name, as they stand on a seal."""
    names = [name for name in organisation.name.split() if name[0].isupper()]
    return "".join(name[0] for name in names[:2])


def _short(text: str) -> str:
    """Return a text that has room on a card; words that are very long may be broken."""
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1].rsplit(' ', 1)[0]}…"
    return _VERY_LONG.sub(lambda word: "\u00ad".join(_PIECES.findall(word[0])), text)
