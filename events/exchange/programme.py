"""What an import came from, read as it says: pasted text, a table, or a file of a known format."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Final

from core.errors import DomainError
from core.tables.encodings import decode, guess_encoding
from core.tables.reading import Table, read_table
from core.tables.workbooks import is_workbook
from events.enums import ProgrammeFormat
from events.exchange import table
from events.exchange.table_columns import guess_columns, is_programme
from events.incoming import IncomingProgramme, ReadingOptions
from events.models import ProgrammeImport

# What begins like JSON and can be none.
_BRACKETED: Final = re.compile(rb"[\xef\xbb\xbf\s]*[\[{]\s*[^\s\d\"\[\]{}-]")


@dataclass(frozen=True, slots=True)
class Read:
    """A programme, and of a table what it was read from.

    Arguments:
        columns: which field each column holds.
    """

    programme: IncomingProgramme
    table: Table | None = None
    columns: list[str] = field(default_factory=list)


def programme_of(row: ProgrammeImport) -> IncomingProgramme:
    """Return the programme of an import, for the service that brings it in.

    Raises:
        DomainError: ``wrong-state`` when what it came from is gone; what its reader refuses.
    """
    return read_import(row).programme


def read_import(row: ProgrammeImport) -> Read:
    """Read what an import came from, as its format and settings say.

    Raises:
        DomainError: as `programme_of`.
    """
    from events.exchange import agenda
    from events.exchange.formats import FORMATS  # all readers: loaded where they are needed

    content, options = content_of(row), options_of(row)
    if row.format == ProgrammeFormat.TABLE:
        return Read(*table.read_as_said(content, options, row.settings))
    if row.format == ProgrammeFormat.AGENDA:
        return Read(agenda.read(text_of(content), options))
    reader = FORMATS.get(ProgrammeFormat(row.format))
    if reader is None:
        raise DomainError("validation-failed", "Lectern can not read this format.")
    return Read(reader(content, options))


def options_of(row: ProgrammeImport) -> ReadingOptions:
    """Return what the person has said beside the file; else what the conference says."""
    conference = row.conference
    said = str(row.settings.get("first_day") or "")
    start = conference.start_local or dt.datetime.now(dt.UTC)
    language = str(row.settings.get("language") or conference.first_language)
    return ReadingOptions(
        first_day=dt.date.fromisoformat(said) if said else start.date(),
        time_zone=conference.time_zone,
        language=language,
        languages=tuple(dict.fromkeys([language, *conference.languages])),
    )


def content_of(row: ProgrammeImport) -> bytes:
    """Return what was pasted or uploaded.

    Raises:
        DomainError: ``wrong-state`` when it is deleted already.
    """
    if row.text:
        return row.text.encode("utf-8", "replace")
    try:
        if row.file is None:
            raise FileNotFoundError
        with row.file.file.open("rb") as opened:
            content: bytes = opened.read()
    except OSError as error:
        raise DomainError(
            "wrong-state", "What this import came from is deleted. Bring it once more."
        ) from error
    return content


def guess_format(content: bytes) -> ProgrammeFormat:
    """Return the format that the content seems to be in; what says nothing is an agenda.

    Raises:
        DomainError: for what looks like one of the formats and can not be read.
    """
    from events.exchange.formats import sniff

    try:
        found = sniff(content)
    except DomainError:
        if _BRACKETED.match(content):  # a list of links, "[tbc]", "{name}": a text, no JSON
            return ProgrammeFormat.AGENDA
        raise
    if found is not None:
        return found
    if is_workbook(content):
        return ProgrammeFormat.TABLE
    try:
        columns = guess_columns(read_table(content).header)
    except DomainError:
        return ProgrammeFormat.AGENDA
    return ProgrammeFormat.TABLE if is_programme(columns) else ProgrammeFormat.AGENDA


def text_of(content: bytes) -> str:
    """Return the bytes as text, in the encoding that their letters speak for."""
    return decode(content, guess_encoding(content))
