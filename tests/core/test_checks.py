"""What must never run in production."""

from __future__ import annotations

import pytest

from core.checks import refuse_unsafe_start


def test_the_key_that_stands_in_the_source_stops_the_start(settings):
    settings.SECRET_KEY = settings.INSECURE_KEY
    with pytest.raises(SystemExit, match="SECRET_KEY is the default"):
        refuse_unsafe_start()
    settings.DEBUG = True
    refuse_unsafe_start()


def test_a_key_of_our_own_does_not(settings):
    refuse_unsafe_start()
