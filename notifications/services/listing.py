"""All texts of a level as organisers and programs read them: where each language comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from notifications.enums import MessageKind
from notifications.models import MailTemplate
from notifications.services.own_texts import (
    FRAMES,
    Level,
    Origin,
    editable,
    is_delivered,
    narrowest,
)
from notifications.services.placeholders import kind_of_template
from notifications.services.rules import rule_templates
from notifications.services.sentences import TEMPLATE_NAMES, template_name
from notifications.services.texts import LANGUAGES, templates


@dataclass(frozen=True, slots=True)
class Entry:
    """A text in the list.

    Arguments:
        for_rules: whether a reminder rule can choose it.
        origins: language -> where its text comes from; a language without one is missing.
        missing: languages of this level's readers in which there is none.
    """

    slug: str
    name: str
    kind: MessageKind
    for_rules: bool
    origins: Mapping[str, Origin]
    missing: tuple[str, ...]

    @property
    def is_own(self) -> bool:
        return not is_delivered(self.slug)


def text_name(template: str) -> str:
    """Return what a text is called in the console."""
    kind = kind_of_template(template)
    if is_delivered(template) and template not in TEMPLATE_NAMES and kind != MessageKind.REMINDER:
        return str(kind.label)
    return template_name(template)


def entries(level: Level) -> list[Entry]:
    """Return all texts of a level: those that come with Lectern, then the organisation's own."""
    # Which language of which text: the words themselves are read where one is opened.
    keys = level.holding().only("slug", "language", "conference_id", "organisation_id")
    rows = narrowest(keys.order_by("slug", "language", "pk"))
    own = sorted({slug for slug, _language in rows} - set(templates()))
    return [_entry(level, slug, rows) for slug in (*editable(), *own)]


def entry(level: Level, template: str) -> Entry | None:
    """Return one of the texts of a level; None where there is none of this name."""
    if template in FRAMES:
        return None
    rows = narrowest(level.holding().filter(slug=template))
    if not rows and not is_delivered(template):
        return None
    return _entry(level, template, rows)


def _entry(level: Level, slug: str, rows: Mapping[tuple[str, str], MailTemplate]) -> Entry:
    origins: dict[str, Origin] = {}
    for language in LANGUAGES:
        row = rows.get((slug, language))
        if row is not None:
            own_level = row.conference_id is not None
            origins[language] = Origin.CONFERENCE if own_level else Origin.ORGANISATION
        elif is_delivered(slug):
            origins[language] = Origin.DELIVERED
    return Entry(
        slug=slug,
        name=text_name(slug),
        kind=kind_of_template(slug),
        for_rules=not is_delivered(slug) or slug in rule_templates(),
        origins=origins,
        missing=_missing(level.languages, origins),
    )


def _missing(wanted: Iterable[str], origins: Mapping[str, Origin]) -> tuple[str, ...]:
    return tuple(language for language in wanted if language not in origins)
