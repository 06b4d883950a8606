"""The words by which an organisation sorts its people: found by a slug, shown as typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from core.errors import invalid
from core.slugs import is_slug
from core.text import clean_line, search_key
from events.models import Tag

MOST_TAGS: Final = 50
_LONGEST: Final = 60
_NAME: Final = 100
_BETWEEN: Final = re.compile(r"[,;|/]")
_NOT_IN_SLUGS: Final = re.compile(r"[^a-z0-9]+")
# What is no word but letters.
_LETTERS: Final = frozenset({"vip"})


def read_tags(text: str) -> dict[str, str]:
    """Return slug -> word of words with commas between them: "VIP, Žene" is vip and zene.

    A word of which no slug can be made stands for itself, so that it can be refused.
    """
    words = [clean_line(word) for word in _BETWEEN.split(text)]
    found: dict[str, str] = {}
    for word in filter(None, words):
        found.setdefault(_slug(word) or word, word)
    return found


def tags_as_typed(tags: Iterable[Tag]) -> str:
    """Return tags as a text that `read_tags` takes for the same ones."""
    return ", ".join(
        tag.name if list(read_tags(tag.name)) == [tag.slug] else tag.slug for tag in tags
    )


def clean_tags(tags: Any) -> dict[str, str]:
    """Return slug -> how it is written, "" where nobody said.

    Arguments:
        tags: slugs, or a mapping of slugs to words as they were typed.

    Raises:
        DomainError: ``validation-failed``.
    """
    if isinstance(tags, str) or not isinstance(tags, Iterable):
        raise invalid("/tags", "invalid", "Give a list of tags.")
    found = dict(tags) if isinstance(tags, Mapping) else dict.fromkeys(tags, "")
    if len(found) > MOST_TAGS:
        raise invalid("/tags", "too-many", f"A person has {MOST_TAGS} tags at the most.")
    for slug in found:
        if not isinstance(slug, str) or not is_slug(slug) or len(slug) > _LONGEST:
            raise invalid(
                "/tags", "slug", "Write tags in lower-case letters a to z, digits and hyphens."
            )
    return found


def tag_rows(organisation_id: int, tags: Mapping[str, str]) -> list[Tag]:
    """Return the tags with these slugs; those that are not there yet are made."""
    rows = Tag.objects.filter(organisation_id=organisation_id, slug__in=list(tags))
    known = {tag.slug: tag for tag in rows}
    for slug, word in tags.items():
        if slug not in known:
            known[slug], _ = Tag.objects.get_or_create(
                organisation_id=organisation_id,
                slug=slug,
                defaults={"name": _name(word or slug.replace("-", " "))},
            )
    return list(known.values())


def _slug(word: str) -> str:
    return _NOT_IN_SLUGS.sub("-", search_key(word)).strip("-")[:_LONGEST].strip("-")


def _name(word: str) -> str:
    """Return a word as it was typed; what has no capitals gets one, or is all of them."""
    if word in _LETTERS:
        return word.upper()
    return (word[:1].upper() + word[1:] if word == word.lower() else word)[:_NAME]
