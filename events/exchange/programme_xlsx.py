"""The draft as a workbook: texts are texts, times are times, no cell is a formula."""

from __future__ import annotations

from collections.abc import Iterator

from core.xlsx import xlsx_pieces
from events.exchange.programme_rows import programme_header, programme_rows
from events.models import Conference


def programme_xlsx(conference: Conference) -> Iterator[bytes]:
    """Yield the workbook piece by piece."""
    return xlsx_pieces("Programme", programme_header(conference), programme_rows(conference))
