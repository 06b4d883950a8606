"""A file of guests, read as its import says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import DomainError
from core.tables.reading import Table, read_table
from registrations.exchange.guest_columns import COLUMNS, guess_columns
from registrations.models import GuestImport
from registrations.services.guest_rows import GuestRow, read_row


@dataclass(frozen=True, slots=True)
class GuestList:
    """A table, and which field each of its columns holds."""

    table: Table
    columns: list[str]

    @property
    def rows(self) -> list[GuestRow]:
        return [read_row(number, self.columns, cells) for number, cells in self.table.rows]


def read_guest_list(guest_import: GuestImport) -> GuestList:
    """Read the file of an import; what nobody has said is guessed.

    Raises:
        DomainError: ``wrong-state`` when the file is gone; what `read_table` refuses.
    """
    settings = guest_import.settings
    table = read_table(
        content_of(guest_import),
        encoding=str(settings.get("encoding", "")),
        delimiter=str(settings.get("delimiter", "")),
    )
    said = settings.get("columns") or []
    columns = _known(said) if len(said) == len(table.header) else guess_columns(table.header)
    return GuestList(table, columns)


def guest_rows(guest_import: GuestImport) -> Sequence[GuestRow]:
    """Return the rows of an import, for the service that brings them in."""
    return read_guest_list(guest_import).rows


def content_of(guest_import: GuestImport) -> bytes:
    """Return the bytes that were uploaded.

    Raises:
        DomainError: ``wrong-state`` when they are deleted already.
    """
    try:
        if guest_import.file is None:
            raise FileNotFoundError
        with guest_import.file.file.open("rb") as opened:
            content: bytes = opened.read()
    except OSError as error:
        raise DomainError(
            "wrong-state", "The file of this import is deleted. Choose it once more."
        ) from error
    return content


def _known(columns: Sequence[str]) -> list[str]:
    """Keep what a column can be, each field once."""
    found: list[str] = []
    for name in columns:
        found.append(name if name in COLUMNS and name not in found else "")
    return found
