"""The link by which somebody approves a quote: derived, never stored, revoked by a number."""

from __future__ import annotations

from typing import Final

from core.links import absolute_url, link_matches, link_token
from events.models import Quote

PURPOSE: Final = "quote"
# So many revoked links are still told that they were.
_FORMER_LINKS: Final = 20


def quote_path(quote: Quote) -> str:
    """Return the path of the page on which a quote is approved, at its present link generation."""
    token = link_token(PURPOSE, quote.pk, quote.link_generation)
    return f"/q/{quote.code}/{token}/"


def quote_url(quote: Quote) -> str:
    """Return the absolute address of that page."""
    return absolute_url(quote_path(quote))


def find_by_quote_link(code: str, token: str) -> Quote | None:
    """Return the quote that a link opens; None for a wrong or revoked one."""
    row = _find(code)
    if row is None or not link_matches(token, PURPOSE, row.pk, row.link_generation):
        return None
    return row


def find_by_former_quote_link(code: str, token: str) -> Quote | None:
    """Return the quote that a link once opened, before it was revoked.

    Only who was given that link can know its token, so they may be told that it opens nothing now.
    """
    row = _find(code)
    if row is None:
        return None
    former = range(max(1, row.link_generation - _FORMER_LINKS), row.link_generation)
    known = any(link_matches(token, PURPOSE, row.pk, generation) for generation in former)
    return row if known else None


def _find(code: str) -> Quote | None:
    return (
        Quote.objects.select_related("outcome__conference__organisation", "session", "person")
        .filter(code=code)
        .first()
    )
