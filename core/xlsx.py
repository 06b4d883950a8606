"""A workbook of one sheet, written while it is read: its first bytes leave before its last row is
known, and 50,000 rows take no more memory and no more disk than 50.

Texts are texts, times are times, and nothing in it is a formula.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from core.csv import disarm

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a cell can hold.
_LONGEST: Final = 32_767
# So much is gathered before it is packed and sent.
_PIECE: Final = 64 * 1024
_WIDTH: Final = 20
# Times count days from here; what lies before 1901 stays a text, because programs differ there.
_DAY_NAUGHT: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a wall-clock time, as cells are
_FIRST_YEAR: Final = 1901
_BOLD, _MOMENT, _ARMED = 1, 2, 3
# What XML can not hold, and what readers would take for such a thing written out.
_UNFIT: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WRITTEN_OUT: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CELL_STYLE: Final = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"'
_PARTS: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}">'
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        f'<cellStyleXfs count="1">{_CELL_STYLE}/></cellStyleXfs>'
        '<cellXfs count="4">'
        f'{_CELL_STYLE} xfId="0"/>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        # A cell that is edited by hand stays the text that it is.
        f'{_CELL_STYLE} xfId="0" quotePrefix="1"/>'
        "</cellXfs>"
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}


class _Sink:
    """Takes what the archive writes, and hands it on; it can not be gone back in."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, data: bytes) -> int:
        self.held += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def taken(self) -> bytes:
        held, self.held = bytes(self.held), bytearray()
        return held


def xlsx_pieces(
    title: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[bytes]:
    """Yield a workbook piece by piece, the first one before any row is asked for.

    Arguments:
        title: the name of the sheet.
        rows: texts, numbers, wall-clock times as datetimes without an offset; None is an empty
            cell. All other values are written as the text that they are.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # write() and flush() are all it asks for
        for name, text in _PARTS.items():
            archive.writestr(name, _HEAD + text)
        archive.writestr("xl/workbook.xml", _HEAD + _book(title))
        yield sink.taken()
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for text in _gathered(_sheet(header, rows)):
                sheet.write(text.encode())
                if sink.held:
                    yield sink.taken()
    yield sink.taken()


def _gathered(parts: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= _PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


def _book(title: str) -> str:
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f'<sheets><sheet name={quoteattr(title)} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews>"
        f'<cols><col min="1" max="{len(header)}" width="{_WIDTH}" customWidth="1"/></cols>'
        "<sheetData>"
    )
    letters = [_letters(number) for number in range(len(header))]
    yield _row(1, (_text(f"{letters[n]}1", cell, _BOLD) for n, cell in enumerate(header)))
    for number, cells in enumerate(rows, 2):
        yield _row(number, (_cell(f"{letters[n]}{number}", cell) for n, cell in enumerate(cells)))
    yield "</sheetData></worksheet>"


def _row(number: int, cells: Iterable[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime) and value.year >= _FIRST_YEAR:
        days = (value - _DAY_NAUGHT) / dt.timedelta(days=1)
        return f'<c r="{place}" s="{_MOMENT}"><v>{days!r}</v></c>'
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    text = str(value)
    return _text(place, text, _ARMED if disarm(text) != text else 0)


def _text(place: str, text: str, style: int) -> str:
    # A carriage return would be read as a line's end.
    text = _WRITTEN_OUT.sub("_x005F_", text.replace("\x00", "")[:_LONGEST])
    text = escape(_UNFIT.sub("\ufffd", text), {"\r": "&#13;"})
    said = f' s="{style}"' if style else ""
    return f'<c r="{place}" t="inlineStr"{said}><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(number: int) -> str:
    """Return how a sheet calls its column: A, B, … Z, AA, AB."""
    found = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        found = chr(65 + rest) + found
    return found
