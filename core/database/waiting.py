"""Who looks how often whether SQLite lets them write: people sooner than work in the background."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

# All in seconds. A short write takes about one millisecond.
_SOON: Final = 0.0005
_LATER: Final = 0.0025
# Who has waited so long has waited long enough, whoever it is.
_FAIR_AFTER: Final = 0.25
_RARELY: Final = 0.01
_gives_way: ContextVar[bool] = ContextVar("gives_way", default=False)


@contextmanager
def giving_way() -> Iterator[None]:
    """Let others write first, for a quarter of a second at most, while both wait."""
    token = _gives_way.set(True)
    try:
        yield
    finally:
        _gives_way.reset(token)


def pause(waited: float) -> float:
    """Return after how long to look again for who has waited so long."""
    if _gives_way.get() and waited < _FAIR_AFTER:
        return _LATER
    return min(_RARELY, _SOON + waited / 20)
