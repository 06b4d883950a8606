"""Texts of mails: changed for a conference or an organisation, taken back to what is wider.

A change touches the conferences concerned, so that whoever sends reads it with the next mails.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, FieldError, invalid, stale
from core.services import audit
from core.services.versions import raise_version
from core.text import search_key
from events.models import Conference
from events.services.writing import assign, load, save
from events.validators import Wrong, clean, refuse
from notifications.enums import MessageKind
from notifications.models import MailTemplate, Message, ReminderRule
from notifications.services.outbox import OPEN
from notifications.services.own_texts import FRAMES, PARTS, Level, held, is_delivered, source_of
from notifications.services.text_checks import problems_of
from notifications.services.texts import LANGUAGES, Source
from notifications.validators import TEXT, text_slug

_NOT_A_WORD: Final = re.compile(r"[^a-z0-9]+")


@transaction.atomic
def set_mail_template(
    *,
    level: Level,
    template: str,
    language: str,
    values: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
) -> MailTemplate:
    """Write a text in one language for a conference, or for all of an organisation.

    It holds for every mail that is made from now on, those that wait among them.

    Arguments:
        template: the name of a delivered text, or a slug of the organisation's own.
        values: parts of the text by their names (own_texts.PARTS); what is not named stays as the
            text that holds now has it.
        expected: the version of the text at this level that the reader had; 0 for none.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    _lock(level)
    row = _own(level, template, language)
    if expected is not None and expected != (row.version if row else 0):
        raise stale()
    source = checked_source(level=level, template=template, language=language, values=values)
    parts = _columns(source)
    if row is None:
        row = MailTemplate(
            organisation=level.organisation,
            conference=level.conference,
            slug=template,
            language=language,
            **parts,
        )
        row.save(force_insert=True)
        changed = list(PARTS)
    else:
        changed = assign(row, parts)
        if not changed:
            return row
        raise_version(row, expected)
        save(row, changed)
    _record("set_mail_template", row, actor, changed)
    _touch(level)
    return row


@transaction.atomic
def add_mail_template(
    *, level: Level, name: str, language: str, start_from: str, actor: Actor
) -> MailTemplate:
    """Add a text of the organisation's own, among which rules can choose.

    Arguments:
        name: as people say it; its slug is made of it.
        start_from: the text whose words it begins with.

    Raises:
        DomainError: ``validation-failed``, also where the name is taken.
    """
    slug = _NOT_A_WORD.sub("-", search_key(name)).strip("-")[:60].strip("-")
    try:
        slug = text_slug(slug)
    except Wrong as wrong:
        raise invalid("/name", wrong.code, wrong.detail) from wrong
    rows = level.holding() if level.conference else level.organisation.mail_templates.all()
    if is_delivered(slug.replace("-", "_")) or rows.filter(slug=slug).exists():
        raise invalid("/name", "taken", "There is a text of this name. Choose another one.")
    begin = held(level, start_from).get(language)
    if begin is None:
        raise invalid("/start_from", "unknown", "There is no such text in this language.")
    return set_mail_template(
        level=level,
        template=slug,
        language=language,
        values=_columns(begin.source),
        expected=0,
        actor=actor,
    )


@transaction.atomic
def reset_mail_template(
    *, level: Level, template: str, language: str, expected: int | None, actor: Actor
) -> None:
    """Take a text back to the wider one: the organisation's, else the one that is delivered.

    Raises:
        DomainError: ``not-found`` when this level has none of its own; ``stale``; ``in-use`` when
            it is the last of a text of the organisation's own that rules or waiting mails name.
    """
    _lock(level)
    row = _own(level, template, language)
    if row is None:
        raise DomainError("not-found", "This text is not changed here.")
    if expected is not None and expected != row.version:
        raise stale()
    if not is_delivered(template):
        _refuse_to_leave_without(level, row)
    _record("reset_mail_template", row, actor, ())
    row.delete()
    _touch(level)


def checked_source(
    *, level: Level, template: str, language: str, values: Mapping[str, Any]
) -> Source:
    """Return a text as it would be kept with these values; nothing is written.

    Raises:
        DomainError: ``validation-failed``, with one sentence for each thing that is wrong.
    """
    if not is_delivered(template):
        clean({"template": template}, {"template": text_slug})
    if template in FRAMES:
        raise invalid("/template", "unknown", "Announcements bring words of their own.")
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise invalid("/language", "language", f"Mails are written in {known}.")
    before = held(level, template).get(language)
    given = {**(_columns(before.source) if before else {}), **values}
    refuse(
        [
            FieldError(f"/{name}", "required", "This is needed.")
            for name in ("subject", "preheader", "title", "reason", "body")
            if name not in given
        ]
    )
    parts = clean(given, TEXT)
    row = MailTemplate(slug=template, language=language, **parts)
    source = source_of(row)
    refuse(problems_of(source))
    return source


def _columns(source: Source) -> dict[str, Any]:
    values = {name: getattr(source, name) for name in PARTS}
    return {**values, "facts": list(source.facts), "reason": "\n".join(source.reason)}


def _own(level: Level, template: str, language: str) -> MailTemplate | None:
    return level.own().filter(slug=template, language=language).first()


def _lock(level: Level) -> None:
    """Let one change at a time happen at a level: its first text is not there to be locked."""
    if level.conference is not None:
        load(level.conference)
    else:
        load(level.organisation)


def _touch(level: Level) -> None:
    """Let who sends know: what it keeps of a conference, it keeps by this stamp."""
    rows = Conference.objects.filter(organisation=level.organisation)
    if level.conference is not None:
        rows = rows.filter(pk=level.conference.pk)
    # In one order, so that two who write to all of them never wait for each other.
    ids = list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    Conference.objects.filter(pk__in=ids).update(updated_at=timezone.now())


def _refuse_to_leave_without(level: Level, row: MailTemplate) -> None:
    """Refuse to take away the last text that a conference's rules or waiting mails name."""
    others = MailTemplate.objects.filter(organisation=level.organisation, slug=row.slug).exclude(
        pk=row.pk
    )
    if others.filter(conference__isnull=True).exists():
        return
    conferences = Conference.objects.filter(organisation=level.organisation).exclude(
        pk__in=others.values("conference")
    )
    if level.conference is not None:
        conferences = conferences.filter(pk=level.conference.pk)
    rules = ReminderRule.objects.filter(template=row.slug, conference__in=conferences)
    waiting = Message.objects.filter(
        template=row.slug, conference__in=conferences, state__in=OPEN
    ).exclude(kind=MessageKind.TEST)
    if rules.exists() or waiting.exists():
        raise DomainError(
            "in-use",
            "A mail rule or a waiting mail needs this text, and it has no other language. Choose "
            "another text in the rule first.",
        )


def _record(verb: str, row: MailTemplate, actor: Actor, changed: Any) -> None:
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=changed,
        facts={"text": row.slug, "language": row.language},
    )
