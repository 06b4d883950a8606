"""Each of these tests may take minutes, and its children see what it commits."""

from __future__ import annotations

import pytest

from tests.faults.farm import FULL


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "faults" and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(3600 if FULL else 400))
