"""What a mail says that asks somebody whether they may be quoted, and whether it is still right."""

from __future__ import annotations

import re
from copy import copy
from typing import Final

from core.text import pick_text
from events.enums import QuoteState
from events.models import Quote
from events.services.quote_links import quote_url
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services import wording
from notifications.services.values import line, paragraphs

# These are about a quote or about nothing.
ABOUT_A_QUOTE: Final = frozenset({MessageKind.QUOTE_ASK})
PLACEHOLDER: Final = re.compile(r"⟦quote:(\d+)⟧")
# Stands in the facts of a mail that was never saved: the words of an example.
EXAMPLE: Final = "EXAMPLE"


def facts_of_asking(quote: Quote) -> dict[str, str]:
    """Return what a mail remembers: which quote, and which asking of perhaps several."""
    return {"quote": quote.code, "asked": asking_of(quote)}


def asking_of(quote: Quote) -> str:
    """Return what names one asking of a quote among several."""
    return f"{quote.asked_at:%Y%m%dT%H%M%S%f}" if quote.asked_at else ""


def quote_of(message: Message) -> Quote | None:
    """Return the quote that a mail asks about, as it is now; None for other mails."""
    if message.kind not in ABOUT_A_QUOTE:
        return None
    code = message.facts.get("quote", "")
    if code == EXAMPLE and message._state.adding:  # noqa: SLF001 - Django has no other name for it
        return Quote(pk=0, code=EXAMPLE)
    rows = Quote.objects.filter(code=code, outcome__conference_id=message.conference_id)
    return rows.first()


def quote_links_of(quote: Quote | None) -> dict[str, str]:
    """Return placeholder -> address of the page that approves it, for a mail about a quote."""
    return {} if quote is None else {f"⟦quote:{quote.link_generation}⟧": quote_url(quote)}


def quote_link(message: Message | None, generation: int) -> str:
    """Return the address of that page as it was at a link generation; "" without one."""
    row = quote_of(message) if message is not None else None
    if row is None:
        return ""
    then = copy(row)
    then.link_generation = generation
    return quote_url(then)


def quote_values(message: Message, quote: Quote | None, language: str) -> dict[str, str]:
    """Return what a mail may say about the quote that it asks about; nothing for other mails."""
    if quote is None:
        return {}
    languages = message.conference.languages
    example = wording.words(language).phrases["quote"]
    words = pick_text(quote.text, language, languages) if quote.pk else example
    person = message.person
    return {
        "quote": paragraphs(words),
        "quote_url": quote_url(quote),
        "source_note": line(person.source) if person is not None else "",
    }


def is_answered(message: Message, *, at_once: bool = False) -> bool:
    """Tell whether an answer, other words, another asking or a withdrawal has made this mail wrong.

    The quote is held still until the commit: an answer comes before it and is seen, or after.
    """
    rows = Quote.objects.select_for_update(of=("self",), no_key=True, nowait=at_once)
    row = rows.filter(code=message.facts.get("quote", "")).first()
    if row is None or row.state != QuoteState.ASKED:
        return True
    return asking_of(row) != str(message.facts.get("asked", ""))
