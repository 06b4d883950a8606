"""Who may use the addresses of config."""

from __future__ import annotations

from typing import Final

from accounts.routes import DEMO, PUBLIC, Access

ROUTES: Final[dict[str, Access]] = {
    "api-docs": PUBLIC,
    "api-schema": PUBLIC,
    "components": DEMO,
}
