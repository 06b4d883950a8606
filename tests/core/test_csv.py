"""CSV that runs nothing and reads back exactly."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.csv import csv_lines, disarm, rearm


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_run_is_disarmed(first):
    assert disarm(f"{first}1+1") == f"'{first}1+1"


def test_the_rest_stays_as_it_is():
    assert [disarm(v) for v in ["Ana", "", None, "'quoted'", "1-2", "a\x00b"]] == [
        "Ana", "", "", "'quoted'", "1-2", "ab",
    ]  # fmt: skip
    assert [disarm(v) for v in [-3, -1.5, Decimal("-2.50"), True]] == [
        "-3",
        "-1.5",
        "-2.50",
        "True",
    ]


@given(st.text(st.characters(exclude_characters="\x00", codec="utf-8")))
def test_a_cell_reads_back_as_it_was(text):
    cell = disarm(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert rearm(cell) == text


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\x00\r", codec="utf-8")), min_size=2,
                 max_size=2)
    )
)  # fmt: skip
def test_a_file_reads_back_as_it_was(rows):
    text = "".join(csv_lines(["=name", "mail"], rows))
    assert text.startswith("\ufeff'=name,mail\r\n")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))[1:]
    assert [[rearm(cell) for cell in row] for row in read] == rows
