"""Which language a text must have at least."""

from __future__ import annotations

from accounts.models import Organisation


def first_language_of(organisation: Organisation) -> str:
    """Return the language of the organisation's own texts (venues, people)."""
    return organisation.languages[0] if organisation.languages else "en"
