"""Which text holds: the conference's own, else its organisation's, else the one that is delivered.

What the reader's language has comes first at every level; a text of an organisation's own that
lacks it is read in the conference's first language that it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accounts.models import Organisation
from events.models import Conference
from notifications.models import MailTemplate
from notifications.querysets.mail_template import MailTemplateQuerySet
from notifications.services.mail_facts import shortly
from notifications.services.texts import (
    LANGUAGES,
    MailText,
    Source,
    delivered,
    load,
    mail_language,
    make_text,
    templates,
)

# The parts of a text that people write, as a row of MailTemplate holds them.
PARTS: Final = (
    *("subject", "preheader", "title", "body", "facts", "after"),
    *("lead", "button_label", "button_url", "reason"),
)


# What stands around words that somebody writes for one mail: a text of its own would say nothing.
FRAMES: Final = frozenset({"announcement"})


class Origin(StrEnum):
    """Where a text comes from."""

    CONFERENCE = "conference"
    ORGANISATION = "organisation"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Level:
    """Where texts are kept: at a conference, or at the organisation for all its conferences."""

    organisation: Organisation
    conference: Conference | None = None

    @property
    def origin(self) -> Origin:
        return Origin.ORGANISATION if self.conference is None else Origin.CONFERENCE

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of mail in which readers are written to here, the first one first."""
        own = self.organisation.languages if self.conference is None else self.conference.languages
        found = dict.fromkeys(mail_language(tag) for tag in own)
        return tuple(found) or LANGUAGES[:1]

    def own(self) -> MailTemplateQuerySet:
        """Return the texts that are kept at this level."""
        return MailTemplate.objects.at(self.organisation, self.conference)

    def holding(self) -> MailTemplateQuerySet:
        """Return the texts of this level and of the wider one."""
        if self.conference is None:
            return self.own()
        return MailTemplate.objects.holding_for(self.conference)


@dataclass(frozen=True, slots=True)
class Held:
    """A text that holds at a level in a language.

    Arguments:
        version: of the row at this level; 0 where the text comes from elsewhere.
    """

    source: Source
    origin: Origin
    version: int = 0


def editable() -> tuple[str, ...]:
    """Return the delivered texts that a level can have in words of its own."""
    return tuple(name for name in templates() if name not in FRAMES)


def is_delivered(template: str) -> bool:
    """Tell whether a text of this name comes with Lectern."""
    return template in templates()


def source_of(row: MailTemplate) -> Source:
    """Return the parts of an own text."""
    return Source(
        template=row.slug,
        language=row.language,
        subject=row.subject,
        preheader=row.preheader,
        title=row.title,
        lead=row.lead,
        button_label=row.button_label,
        button_url=row.button_url,
        facts=tuple(row.facts),
        reason=tuple(row.reason.splitlines()),
        body=row.body,
        after=row.after,
    )


def narrowest(rows: Iterable[MailTemplate]) -> dict[tuple[str, str], MailTemplate]:
    """Return (slug, language) -> the row that wins: a conference's over its organisation's."""
    found: dict[tuple[str, str], MailTemplate] = {}
    for row in rows:
        key = (row.slug, row.language)
        if key not in found or row.conference_id is not None:
            found[key] = row
    return found


def held(level: Level, template: str) -> dict[str, Held]:
    """Return language -> the text that holds there; nothing for a name that there is not.

    Nor for a frame, which nobody has in words of their own.
    """
    found: dict[str, Held] = {}
    if template in FRAMES:
        return found
    if is_delivered(template):
        found = {tag: Held(delivered(template, tag), Origin.DELIVERED) for tag in LANGUAGES}
    for (_slug, language), row in narrowest(level.holding().filter(slug=template)).items():
        origin = Origin.ORGANISATION if row.conference_id is None else Origin.CONFERENCE
        version = row.version if origin is level.origin else 0
        found[language] = Held(source_of(row), origin, version)
    return found


def own_slugs(conference: Conference) -> tuple[str, ...]:
    """Return the texts beside the delivered ones among which this conference's rules choose."""
    rows = MailTemplate.objects.holding_for(conference).exclude(slug__in=templates())
    return tuple(rows.order_by("slug").values_list("slug", flat=True).distinct())


def text_for(conference: Conference, template: str, tag: str) -> MailText:
    """Return the text of a mail to a reader of the language `tag`, by what holds now.

    An organisation's own texts are read once a second at most for each conference and template;
    changing one touches the conference (services.mail_templates), so that it holds at once.

    Raises:
        TextError: when there is no such text, or when it is not well made.
    """
    own = shortly(conference, lambda: _own(conference, template), "texts", template)
    language = pick_language(own, template, tag, conference.languages)
    source = own.get(language)
    return load(template, language) if source is None else make_text(source)


def pick_language(
    own: Mapping[str, object], template: str, tag: str, languages: Iterable[str]
) -> str:
    """Return the language in which a reader of `tag` gets a text that has these own ones."""
    wanted = mail_language(tag)
    if wanted in own or is_delivered(template):
        return wanted
    candidates = (*(mail_language(one) for one in languages), *LANGUAGES)
    return next((one for one in candidates if one in own), wanted)


def _own(conference: Conference, template: str) -> dict[str, Source]:
    rows = MailTemplate.objects.holding_for(conference).filter(slug=template)
    return {language: source_of(row) for (_slug, language), row in narrowest(rows).items()}
