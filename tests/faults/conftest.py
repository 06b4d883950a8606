"""Each of these tests may take minutes, and its children see what it commits."""

from __future__ import annotations

import pytest

from tests.faults.farm import FULL, REPORTS


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "faults" and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(3600 if FULL else 400))


def pytest_terminal_summary(terminalreporter):
    """Print what was counted, whether the tests passed or not."""
    if REPORTS:
        terminalreporter.section("figures of the fault tests")
        for line in REPORTS:
            terminalreporter.write_line(line)
