"""Of all conflicts of a draft, those that publishing would bring to readers."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from console.publishing.conflicts import new_conflicts
from tests.factories.events import ConferenceFactory


def finding(*sessions, is_open=True, level="error"):
    conflict = SimpleNamespace(sessions=sessions, level=level, sentence=f"<b>{sessions[0]}</b>")
    return SimpleNamespace(conflict=conflict, is_open=is_open)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [(set(), []), ({"A"}, [0]), ({"B"}, [0, 1]), ({"C"}, []), (["A", "B", "C", "D"], [0, 1])],
)
def test_open_conflicts_about_what_changes(changed, expected):
    findings = [finding("A", "B"), finding("B"), finding("C", is_open=False)]
    assert new_conflicts(findings, changed) == [findings[index] for index in expected]


def test_they_are_said_as_text(db):
    page = render_to_string(
        "console/publishing/conflicts.html",
        {"conflicts": [finding("A"), finding("B")], "conference": ConferenceFactory()},
    )
    assert "2 conflicts in what changes" in page
    assert "&lt;b&gt;A&lt;/b&gt;" in page
