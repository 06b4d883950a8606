"""How much of a long walk is walked: a part at each push, with TESTS_SIZE=full everything.

What is left out at a push is chosen by the name of what is walked: the same part at every run, so
that a red suite is red because of the change, and another part for every route.
"""

from __future__ import annotations

import os
import random

import pytest

FULL = os.environ.get("TESTS_SIZE") == "full"


def sample(things, most, seed):
    """Return at most so many of the things, in their order; in the full size all of them."""
    things = list(things)
    if FULL or len(things) <= most:
        return things
    chosen = random.Random(seed).sample(range(len(things)), most)  # noqa: S311 - nothing secret
    return [things[n] for n in sorted(chosen)]


def one_in(number, seed):
    """Tell whether this is among one in so many; in the full size it always is."""
    return FULL or random.Random(seed).randrange(number) == 0  # noqa: S311 - nothing secret


def shares(things, most):
    """Return lists of at most so many things each: what is dear to set up is set up once a list."""
    things = list(things)
    return [things[n : n + most] for n in range(0, len(things), most)]


def patience(push, full):
    """Return the mark of a test that may take so many seconds in either size."""
    return pytest.mark.timeout(full if FULL else push)
