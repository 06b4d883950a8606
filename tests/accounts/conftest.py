"""Each test of accounts counts its tries from nought."""

from __future__ import annotations

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_tries_so_far():
    cache.clear()
