"""What every template may say."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return facts about the installation; no query is made here."""
    del request
    return {"base_url": settings.BASE_URL, "demo": settings.LECTERN_DEMO or settings.EMBEDDED}
