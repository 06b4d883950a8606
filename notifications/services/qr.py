"""The QR code of a ticket as a picture inside a mail."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import Final

import segno

from core.tickets import ticket_text

# The mask changes how even the pattern looks, not whether it can be read; trying all eight of them
# costs four times the rest.
_MASK: Final = 0
_SCALE: Final = 6
_BORDER: Final = 4
_DARK, _LIGHT = "0", "1"


@lru_cache(maxsize=64)
def ticket_png(code: str) -> bytes:
    """Return the ticket of a registration as a PNG, dark on white, with its quiet zone."""
    return text_png(ticket_text(code))


def text_png(text: str) -> bytes:
    """Return a text as a QR code in the same form."""
    drawn = segno.make_qr(text, error="m", boost_error=False, mask=_MASK)
    return _png([bytes(row) for row in drawn.matrix])


def _png(matrix: list[bytes]) -> bytes:
    """Write a picture of one bit a dot: ten times quicker than segno, whose picture is the same."""
    side = (len(matrix) + 2 * _BORDER) * _SCALE
    wide = (_LIGHT * _SCALE, _DARK * _SCALE)
    quiet = wide[0] * _BORDER
    fill = _LIGHT * (-side % 8)
    rows = [quiet + "".join([wide[dot] for dot in row]) + quiet + fill for row in matrix]
    margin = [_LIGHT * len(rows[0])] * _BORDER
    # Each line begins with its filter: none.
    lines = [b"\x00" + int(row, 2).to_bytes(len(row) // 8) for row in (*margin, *rows, *margin)]
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(b"".join(line * _SCALE for line in lines))),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
