"""Which reader reads which format, and which format a file seems to be in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from events.enums import ProgrammeFormat
from events.exchange import (
    icalendar,
    opass,
    open_event,
    pretalx,
    schedule_json,
    schedule_xml,
    sessionize,
)
from events.exchange.archives import is_archive, names_in, stem
from events.exchange.safe_json import as_map, as_maps, looks_like_json, read_json
from events.incoming import IncomingProgramme, ReadingOptions

Reader = Callable[[bytes, ReadingOptions], IncomingProgramme]

FORMATS: Final[Mapping[ProgrammeFormat, Reader]] = {
    ProgrammeFormat.SCHEDULE_XML: schedule_xml.read,
    ProgrammeFormat.SCHEDULE_JSON: schedule_json.read,
    ProgrammeFormat.PRETALX: pretalx.read,
    ProgrammeFormat.SESSIONIZE: sessionize.read,
    ProgrammeFormat.ICALENDAR: icalendar.read,
    ProgrammeFormat.OPASS: opass.read,
    ProgrammeFormat.OPEN_EVENT: open_event.read,
}
_HEAD: Final = 4000


def sniff(content: bytes) -> ProgrammeFormat | None:
    """Return the format that the content seems to be in; None where nothing tells.

    Raises:
        DomainError: as the reader would, for JSON that can not be read.
    """
    if is_archive(content):
        names = names_in(content)
        if any(name.startswith("xl/") for name in names):
            return ProgrammeFormat.TABLE
        is_ours = "sessions" in {stem(name) for name in names}
        return ProgrammeFormat.OPEN_EVENT if is_ours else None
    head = content[:_HEAD].replace(b"\x00", b"").lower()
    if b"<schedule" in head:
        return ProgrammeFormat.SCHEDULE_XML
    if b"begin:vcalendar" in head:
        return ProgrammeFormat.ICALENDAR
    return _sniff_json(read_json(content)) if looks_like_json(content) else None


def _sniff_json(record: Any) -> ProgrammeFormat | None:
    whole = as_map(record)
    if as_map(as_map(whole.get("schedule")).get("conference")):
        return ProgrammeFormat.SCHEDULE_JSON
    sessions = sessionize.sessions_of(record)
    if sessions:
        is_opass = as_maps(whole.get("session_types")) or as_map(sessions[0].get("en"))
        return ProgrammeFormat.OPASS if is_opass else ProgrammeFormat.SESSIONIZE
    if next(pretalx.submissions_of(record), None):
        return ProgrammeFormat.PRETALX
    return None
