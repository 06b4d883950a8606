"""Which reader reads which format, and which format a file seems to be in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from events.enums import ProgrammeFormat
from events.exchange import schedule_json, schedule_xml
from events.exchange.safe_json import as_map, looks_like_json, read_json
from events.incoming import IncomingProgramme, ReadingOptions

Reader = Callable[[bytes, ReadingOptions], IncomingProgramme]

FORMATS: Final[Mapping[ProgrammeFormat, Reader]] = {
    ProgrammeFormat.SCHEDULE_XML: schedule_xml.read,
    ProgrammeFormat.SCHEDULE_JSON: schedule_json.read,
}


def sniff(content: bytes) -> ProgrammeFormat | None:
    """Return the format that the content seems to be in; None where nothing tells.

    Raises:
        DomainError: as the reader would, for JSON that can not be read.
    """
    head = content[:4000].replace(b"\x00", b"").lower()
    if b"<schedule" in head:
        return ProgrammeFormat.SCHEDULE_XML
    if looks_like_json(content):
        record = as_map(read_json(content))
        if as_map(as_map(record.get("schedule")).get("conference")):
            return ProgrammeFormat.SCHEDULE_JSON
    return None
