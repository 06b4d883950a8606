from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.services.typed_lines import TypedLine, read_line


@pytest.mark.parametrize(
    ("line", "start", "minutes", "kind", "title"),
    [
        (
            "10:00 Opening remarks — Ambassador Smith",
            (10, 0),
            None,
            "opening_remarks",
            "Opening remarks — Ambassador Smith",
        ),
        (
            "10.15 Presentation of the research “Envoys” 30 min",
            (10, 15),
            30,
            "presentation",
            "Presentation of the research “Envoys”",
        ),
        ("Panel: Who speaks", None, None, "panel", "Who speaks"),
        ("Okrugli sto: Ko govori", None, None, "panel", "Ko govori"),
        ("Europe: a panel", None, None, "panel", "Europe: a panel"),
        ("Panel:", None, None, "panel", "Panel:"),
        ("15 min Coffee break", None, 15, "break", "Coffee break"),
        ("11:30-12:15 Discussion", (11, 30), 45, "discussion", "Discussion"),
        ("23:30–00:30 Late drinks", (23, 30), 60, "reception", "Late drinks"),
        ("9:00 h Registration and coffee", (9, 0), None, "break", "Registration and coffee"),
        ("12:00, Q & A", (12, 0), None, "discussion", "Q & A"),
        ("Перерыв 15 мин.", None, 15, "break", "Перерыв"),
        ("Ручак 60 минута", None, 60, "break", "Ручак"),
        ("Свечано отварање", None, None, "opening_remarks", "Свечано отварање"),
        ("Okrugli sto (90 min)", None, 90, "panel", "Okrugli sto"),
        ("Круглый стол", None, None, "panel", "Круглый стол"),
        ("Breakthroughs of our team", None, None, None, "Breakthroughs of our team"),
        ("2027 in review", None, None, None, "2027 in review"),
        ("10:00", None, None, None, "10:00"),
        ("90 min", None, None, None, "90 min"),
        ("25:70 Panel", None, None, "panel", "25:70 Panel"),
        ("9999 min Panel", None, None, None, "9999 min Panel"),
        ("   ", None, None, None, ""),
    ],
)
def test_a_line_says_time_minutes_kind_and_title(line, start, minutes, kind, title):
    assert read_line(line) == TypedLine(title, start, minutes, kind)


@given(st.text(max_size=60))
def test_any_line_has_a_title_and_a_possible_time(text):
    line = read_line(text)
    assert bool(line.title) == bool(text.split())
    assert line.minutes is None or 1 <= line.minutes <= 1440
    assert line.start is None or (0 <= line.start[0] < 24 and 0 <= line.start[1] < 60)
