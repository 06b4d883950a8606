"""Who may use the pages of the console, by URL name."""

from __future__ import annotations

from typing import Final

from accounts.routes import SIGNED_IN, Access

ROUTES: Final[dict[str, Access]] = {
    "manage-home": SIGNED_IN,
}
