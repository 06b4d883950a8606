"""The QR code of a ticket as a picture inside a mail."""

from __future__ import annotations

import io
from functools import lru_cache

import segno

from core.tickets import ticket_text

# The mask changes how even the pattern looks, not whether it can be read; trying all eight of them
# costs four times the rest.
_MASK = 0
_SCALE = 6
_BORDER = 4


@lru_cache(maxsize=64)
def ticket_png(code: str) -> bytes:
    """Return the ticket of a registration as a PNG, dark on white, with its quiet zone."""
    code_drawn = segno.make_qr(ticket_text(code), error="m", boost_error=False, mask=_MASK)
    out = io.BytesIO()
    code_drawn.save(out, kind="png", scale=_SCALE, border=_BORDER)
    return out.getvalue()
