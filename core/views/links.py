"""What every page behind a capability link does: nobody keeps it, and guessing is slowed down."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.counting import client_of, count_try
from core.errors import DomainError

# Wrong links from one address in ten minutes, before it is told to stop; right ones always open.
WRONG_LINKS: Final = 20
WRONG_LINK_SECONDS: Final = 600


def count_wrong_link(request: HttpRequest) -> None:
    """Count a link that opens nothing; right ones are never counted.

    Raises:
        DomainError: ``throttled`` for too many from one client.
    """
    if not settings.THROTTLE:
        return
    tries = count_try(f"wrong-link:{client_of(request)}", WRONG_LINK_SECONDS)
    if tries.number >= WRONG_LINKS:
        raise DomainError(
            "throttled",
            _("Too many links that open nothing came from your network. Try again later."),
            retry_after=tries.seconds_left,
        )


def kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """Return what a personal link opens so that nobody keeps it or learns its address."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
