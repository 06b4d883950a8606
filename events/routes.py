"""Who may use the pages of events, by URL name."""

from __future__ import annotations

from typing import Final

from accounts.routes import PUBLIC, Access

ROUTES: Final[dict[str, Access]] = {
    "home": PUBLIC,
    "organisation": PUBLIC,
    "conference": PUBLIC,
    "programme": PUBLIC,
    "outcome": PUBLIC,
    "session": PUBLIC,
    "speaker": PUBLIC,
}
