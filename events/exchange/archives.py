"""ZIP archives from outside: measured while they are unpacked, never written anywhere."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from core.errors import DomainError
from events.exchange.limits import MOST_BYTES, broken, check_size

MOST_ENTRIES: Final = 2_000
_PIECE: Final = 256 * 1024
_ERRORS: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, RuntimeError,
    ValueError, zlib.error,
)  # fmt: skip


def is_archive(content: bytes) -> bool:
    """Tell whether the bytes begin as those of a ZIP archive do."""
    return content.startswith(b"PK\x03\x04")


def names_in(content: bytes) -> list[str]:
    """Return the names of the files in an archive; none where it can not be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()[:MOST_ENTRIES]
    except _ERRORS:
        return []


def stem(name: str) -> str:
    """Return a file's bare name: “a/sessions.json” is “sessions”."""
    path = PurePosixPath(name)
    return path.stem.lower() if path.suffix.lower() in {"", ".json"} else ""


def read_archive(content: bytes, wanted: Sequence[str]) -> dict[str, bytes]:
    """Return those files of an archive whose bare name is wanted.

    Raises:
        DomainError: ``validation-failed`` for what is no archive; ``too-large`` for one that
            unpacks to more than a programme needs.
    """
    check_size(content)
    found: dict[str, bytes] = {}
    left = 2 * MOST_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise _bomb()
            for entry in entries:
                name = stem(entry.filename)
                if name not in wanted or name in found or entry.is_dir():
                    continue
                found[name] = _unpack(archive, entry, min(left, MOST_BYTES))
                left -= len(found[name])
    except _ERRORS as error:
        raise broken("a ZIP archive") from error
    return {name: part for name, part in found.items() if part.strip()}


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    with archive.open(entry) as opened:
        while piece := opened.read(_PIECE):
            size += len(piece)
            if size > most:
                raise _bomb()
            pieces.append(piece)
    return b"".join(pieces)


def _bomb() -> DomainError:
    megabytes = 2 * MOST_BYTES // 1024 // 1024
    return DomainError(
        "too-large", f"This archive unpacks to more than {megabytes} MB. It was not read."
    )
