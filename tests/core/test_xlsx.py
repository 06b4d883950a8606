"""Workbooks that are written while they are read."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from core.xlsx import xlsx_pieces


def read(header, rows):
    content = b"".join(xlsx_pieces("Some <people> & co", header, rows))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def test_the_first_bytes_leave_before_a_row_is_asked_for():
    asked = []

    def rows():
        for number in range(20_000):
            asked.append(number)
            yield [f"Row {number}", number]

    pieces = xlsx_pieces("People", ["name", "number"], rows())
    first = next(pieces)
    assert first.startswith(b"PK\x03\x04")
    assert asked == []

    second = next(pieces)
    assert second
    assert len(asked) < 5_000
    content = first + second + b"".join(pieces)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    assert sheet.to_python()[-1] == ["Row 19999", 19999]


@pytest.mark.parametrize(
    ("value", "read_back"),
    [
        ("=1+1", "=1+1"),
        ("_x0041_ <b>&amp; \"'", "_x0041_ <b>&amp; \"'"),
        ("  two  spaces\nand a line\t", "  two  spaces\nand a line\t"),
        ("a\x00b\x01c\ud800d", "ab\ufffdc\ufffdd"),
        ("Ана Žarić 😀", "Ана Žarić 😀"),
        ("007", "007"),
        ("x" * 40_000, "x" * 32_767),
        (True, "True"),
        (-12, -12),
        (2.5, 2.5),
        (dt.datetime(2027, 3, 1, 11, 7), dt.datetime(2027, 3, 1, 11, 7)),
        (dt.datetime(1900, 1, 1, 0, 0), "1900-01-01 00:00:00"),
        (dt.date(2027, 3, 1), "2027-03-01"),
    ],
)
def test_a_cell_is_what_it_was(value, read_back):
    book = read(["one", "two"], [[value, None], ["", "end"]])
    assert book.sheet_names == ["Some <people> & co"]
    assert book.get_sheet_by_index(0).to_python(skip_empty_area=False) == [
        ["one", "two"],
        [read_back, ""],
        ["", "end"],
    ]


def test_columns_go_on_behind_the_alphabet():
    header = [f"column {number}" for number in range(800)]
    assert read(header, [list(range(800))]).get_sheet_by_index(0).to_python() == [
        header,
        list(range(800)),
    ]


def test_a_workbook_without_rows_has_its_head():
    assert read(["one"], []).get_sheet_by_index(0).to_python() == [["one"]]
