"""Who may use the pages of config."""

from __future__ import annotations

from typing import Final

from accounts.routes import DEMO, Access

ROUTES: Final[dict[str, Access]] = {"components": DEMO}
