"""Parts of the console's addresses: what is the name of a page is no organisation or conference."""

from __future__ import annotations

from core.slugs import RESERVED
from events.validators import RESERVED_CONFERENCE_SLUGS


def _none_of(words: frozenset[str]) -> str:
    return rf"(?!(?:{'|'.join(sorted(words))})/)[-a-zA-Z0-9_]+"


class OrganisationSlug:
    """An organisation's slug; `/manage/inbox/` and its like are pages of other apps."""

    regex = _none_of(frozenset(word for word in RESERVED if "." not in word) | {"components"})

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ConferenceSlug(OrganisationSlug):
    """A conference's slug; `/manage/{organisation}/people/` and its like are pages of their own."""

    regex = _none_of(RESERVED_CONFERENCE_SLUGS)


class PersonCode(OrganisationSlug):
    """A person's code; `/manage/{organisation}/people/new/` and its like are pages of their own."""

    regex = _none_of(frozenset({"doubles", "merges", "new", "tag", "tags"}))
