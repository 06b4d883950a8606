"""What values of the programme may be: core's cleaners, and those that only the programme needs.

Rules that join several fields stand with the services.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db import models

from core import cleaning
from core.cleaning import (
    MAX_TEXT,
    MAX_TITLE,
    MAX_URL,
    Cleaner,
    Wrong,
    choice,
    clean,
    colour,
    country,
    flag,
    instant,
    known_language,
    languages,
    line,
    local_time,
    paragraphs,
    refuse,
    slug,
    texts,
    time_zone,
    web_address,
    whole_number,
)

__all__ = [
    "MAX_TEXT",
    "MAX_TITLE",
    "MAX_URL",
    "MIN_CONFERENCE_SLUG",
    "RESERVED_CONFERENCE_SLUGS",
    "Cleaner",
    "Wrong",
    "anything",
    "choice",
    "choices",
    "clean",
    "colour",
    "conference_slug",
    "country",
    "degrees",
    "email_address",
    "flag",
    "instant",
    "known_language",
    "languages",
    "line",
    "local_time",
    "names_by_script",
    "optional_language",
    "other_languages",
    "paragraphs",
    "refuse",
    "slug",
    "texts",
    "time_of_day",
    "time_zone",
    "web_address",
    "whole_number",
]

MIN_CONFERENCE_SLUG: Final = 2

# What stands beside a conference's slug in addresses of pages, here and in the console. A name with
# a dot (calendar.ics) is no slug, so no conference meets it.
RESERVED_CONFERENCE_SLUGS: Final = frozenset(
    {
        "about",
        "api",
        "archive",
        "audit",
        "calendar",
        "components",
        "conferences",
        "dashboard",
        "feed",
        "imports",
        "imprint",
        "inbox",
        "invitations",
        "login",
        "logout",
        "manage",
        "mail-templates",
        "members",
        "messages",
        "new",
        "opted-out",
        "organisation",
        "outbox",
        "past",
        "people",
        "programme",
        "rules",
        "search",
        "selection",
        "series",
        "sessions",
        "settings",
        "sitemap",
        "speakers",
        "tags",
        "team",
        "tokens",
        "types",
        "upcoming",
        "venues",
        "webhooks",
    }
)

email_address: Final = cleaning.email_address()


def optional_language(value: Any) -> str:
    """Clean a language or "" for none."""
    return known_language(value) if value not in ("", None) else ""


def other_languages(value: Any) -> list[str]:
    """Clean a list of languages that may be empty; each stands in it once."""
    if not isinstance(value, list | tuple):
        raise Wrong("invalid", "Give a list of languages.")
    return list(dict.fromkeys(known_language(tag) for tag in value))


def choices(vocabulary: type[models.TextChoices]) -> Cleaner:
    """Clean a list of words of a vocabulary; they stand in its order, each once."""
    one = choice(vocabulary)

    def cleaner(value: Any) -> list[str]:
        if not isinstance(value, list | tuple):
            raise Wrong("invalid", "Give a list.")
        chosen = {str(one(word)) for word in value}
        return [str(word) for word in vocabulary.values if word in chosen]

    return cleaner


def degrees(limit: int) -> Cleaner:
    """Clean a latitude or a longitude, or None."""

    def cleaner(value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > limit:
            raise Wrong("range", f"Give degrees from -{limit} to {limit}.")
        return number.quantize(Decimal("0.000001"))

    return cleaner


def time_of_day(value: Any) -> dt.time | None:
    """Clean a time of any day to the minute, such as 09:30, or None."""
    if value is None or value == "":
        return None
    try:
        time = value if isinstance(value, dt.time) else dt.time.fromisoformat(str(value))
    except ValueError as error:
        raise Wrong("invalid", "Give a time as 09:30.") from error
    if time.tzinfo is not None:
        raise Wrong("invalid", "Give a time as 09:30, without an offset.")
    return time.replace(second=0, microsecond=0)


def conference_slug(value: Any) -> str:
    """Clean a conference's part of its address, which may not be one of ours."""
    text = str(slug(80)(value))
    if text in RESERVED_CONFERENCE_SLUGS or len(text) < MIN_CONFERENCE_SLUG:
        raise Wrong("reserved", f"“{text}” can not be a conference's address. Choose another one.")
    return text


def names_by_script(value: Any) -> dict[str, dict[str, str]]:
    """Clean forms of a name by script: ``{"Cyrl": {"given_name": "…", "family_name": "…"}}``."""
    if not isinstance(value, Mapping):
        raise Wrong("invalid", "Give the names by script, such as Cyrl.")
    found: dict[str, dict[str, str]] = {}
    for script, names in value.items():
        if script not in {"Cyrl", "Latn"} or not isinstance(names, Mapping):
            raise Wrong("script", "Give the names by script: Cyrl or Latn.")
        if unknown := set(names) - {"given_name", "family_name"}:
            raise Wrong("unknown", f"A name has no part “{str(min(unknown))[:20]}”.")
        parts = {part: str(line(120)(name)) for part, name in names.items()}
        if any(parts.values()):
            found[script] = {part: parts.get(part, "") for part in ("given_name", "family_name")}
    return found


def anything(value: Any) -> Any:
    """Take a value that the caller has already made sure of (a row of ours)."""
    return value
