"""An audience counted: how many, in which languages, who is left out and why, who lacks what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count

from core.text import LANGUAGES
from notifications.enums import Section, SkipReason
from notifications.models import Announcement, Message
from notifications.services.announcement_audiences import recipients_of
from notifications.services.announcement_readers import Reader
from notifications.services.announcement_texts import language_of
from registrations.enums import RegistrationStatus

SHOWN: Final = 50
SAMPLE: Final = 25
# What some readers have none of -> the placeholders whose paragraphs they then do not get.
PERSONAL: Final[Mapping[str, frozenset[str]]] = {
    "place": frozenset({"type", "code", "status", "manage_url"}),
    "confirmed place": frozenset({"place_url"}),
    "sessions": frozenset({"sessions"}),
    "invitation": frozenset({"answer_url", "reply_by"}),
}


@dataclass(slots=True)
class Tally:
    """How many, and the names of the first of them."""

    number: int = 0
    names: list[str] = field(default_factory=list)

    def add(self, *names: str) -> None:
        self.number += len(names)
        self.names += names[: max(0, SHOWN - len(self.names))]


@dataclass(slots=True)
class Survey:
    """What is known of an audience after it was read once.

    Arguments:
        total: how many mails there would be.
        by_language: language of the reader -> how many.
        by_text: language of the text that they get ("" for none) -> how many.
        lacking: what there is none of (`PERSONAL`, "name", "salutation") -> who.
        sample: the first readers, for previews.
    """

    total: int = 0
    by_language: Counter[str] = field(default_factory=Counter)
    by_text: Counter[str] = field(default_factory=Counter)
    by_section: Counter[str] = field(default_factory=Counter)
    skipped: dict[SkipReason, Tally] = field(default_factory=dict)
    lacking: dict[str, Tally] = field(default_factory=dict)
    sample: list[Reader] = field(default_factory=list)

    @property
    def skipped_number(self) -> int:
        return sum(tally.number for tally in self.skipped.values())

    @property
    def languages(self) -> list[tuple[str, int]]:
        """Languages by name and how many read them, the most first."""
        return [(LANGUAGES.get(tag, tag), n) for tag, n in self.by_language.most_common()]

    def counts(self) -> dict[str, int]:
        """Return reason -> how many, as it is kept."""
        return {str(reason): tally.number for reason, tally in self.skipped.items()}


def survey(announcement: Announcement) -> Survey:
    """Read an announcement's whole audience once, a thousand rows at a time."""
    found = Survey()
    for chunk in recipients_of(announcement):
        for reason, names in chunk.skipped.items():
            found.skipped.setdefault(reason, Tally()).add(*names)
        for reader in chunk.readers:
            _count(found, announcement, reader)
    return found


def planned_survey(announcement: Announcement) -> Survey:
    """Return what is known of an audience that stands in the outbox: how many, what they read."""
    found = Survey()
    rows = (
        Message.objects.filter(announcement=announcement, occurrence=announcement.occurrence)
        .order_by()
        .values_list("language")
        .annotate(number=Count("pk"))
    )
    for language, number in rows:
        found.total += number
        found.by_language[language] += number
        found.by_text[language_of(announcement, language)] += number
    return found


def _count(found: Survey, announcement: Announcement, reader: Reader) -> None:
    language = reader.contact.language
    found.total += 1
    found.by_language[language] += 1
    found.by_text[language_of(announcement, language)] += 1
    found.by_section[reader.section] += 1
    for what in _lacks(reader):
        found.lacking.setdefault(what, Tally()).add(reader.who or reader.contact.email)
    if len(found.sample) < SAMPLE:
        found.sample.append(reader)


def _lacks(reader: Reader) -> Iterator[str]:
    if not reader.status:
        yield "place"
    if reader.status != RegistrationStatus.CONFIRMED:
        yield "confirmed place"
    if reader.section != Section.SPEAKERS:
        yield "sessions"
    if reader.invitation_id is None:
        yield "invitation"
    if not reader.contact.name.strip():
        yield "name"
    if reader.needs_salutation:
        yield "salutation"
