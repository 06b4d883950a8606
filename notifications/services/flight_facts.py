"""What a flight check looks at, read once: the audience, the texts, the conference, the outbox."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from core.clock import to_local
from core.text import LANGUAGES
from events.models import Conference
from notifications.enums import AnnouncementState, MessageState
from notifications.models import Announcement, Message
from notifications.services.announcement_texts import placeholders_of, text_of, words_of
from notifications.services.audience_filters import same_audience
from notifications.services.dbclock import database_now
from notifications.services.fan_out import as_message
from notifications.services.flight_links import Link, dead_links, has_outcome, links_in
from notifications.services.instants import outside_quiet_hours
from notifications.services.mail_facts import shared_values
from notifications.services.markup import TextError
from notifications.services.pausing import why_paused
from notifications.services.rendering import RenderingError, render
from notifications.services.survey import Survey, survey
from notifications.services.texts import mail_language

_SAME_WITHIN = dt.timedelta(hours=24)
_SENT_OR_ON_ITS_WAY = (
    AnnouncementState.SCHEDULED,
    AnnouncementState.SENDING,
    AnnouncementState.PAUSED,
    AnnouncementState.SENT,
    AnnouncementState.STOPPED,
)

# These differ from reader to reader.
_EACH_THEIR_OWN = frozenset(
    {
        *("greeting", "type", "code", "status", "sessions", "manage_url", "place_url"),
        *("answer_url", "reply_by", "kept_until", "answer_by", "plus_one", "source_note"),
    }
)


@dataclass(frozen=True, slots=True)
class LanguageText:
    """An announcement in one language.

    Arguments:
        readers: how many get it.
        trouble: why it can not be read as a text; "".
        plain: its own paragraphs as words, without Markdown and without values.
        named: placeholders that it names.
        empty: those of them that have no value at all for this conference.
        size: of the HTML that the first reader gets, in octets; 0 when none can be made.
    """

    language: str
    readers: int
    subject: str
    body: str
    trouble: str
    plain: str
    named: frozenset[str]
    empty: frozenset[str]
    links: tuple[Link, ...]
    size: int

    @property
    def label(self) -> str:
        return LANGUAGES.get(self.language, self.language)


@dataclass(frozen=True, slots=True)
class Flight:
    """Everything that the checks look at.

    Arguments:
        texts: by language, those that somebody gets and those that somebody wrote.
        dead: links to our own pages that do not open, and why.
        leaves: when it would leave if the button were pressed now.
        morning: when it leaves instead if quiet hours are kept; None outside them.
        unreachable: whether the outbox says that the mail server is away.
        repeats: code of an announcement with the same words to the same audience within a day.
        last_planned: to how many the conference's last announcement went; None without one.
    """

    announcement: Announcement
    conference: Conference
    survey: Survey
    texts: Sequence[LanguageText]
    dead: Sequence[tuple[Link, str]]
    now: dt.datetime
    leaves: dt.datetime
    morning: dt.datetime | None
    contact_email: str
    has_imprint: bool
    has_outcome: bool
    paused: str | None
    email_url: str
    unreachable: bool
    repeats: str
    last_planned: int | None

    @property
    def read(self) -> list[LanguageText]:
        """The texts that somebody gets."""
        return [text for text in self.texts if text.readers]

    @property
    def today(self) -> dt.date:
        return to_local(self.now, self.conference.time_zone).date()

    @property
    def leaving_day(self) -> dt.date:
        return to_local(self.morning or self.leaves, self.conference.time_zone).date()


def gather(
    announcement: Announcement,
    *,
    send_at: dt.datetime | None = None,
    counted: Survey | None = None,
) -> Flight:
    """Read everything that the checks look at; nothing is written, and nobody outside is asked.

    Arguments:
        send_at: when it is meant to leave; in a minute unless said.
        counted: its audience as it stands in the outbox; then it leaves now, at whatever hour.
    """
    conference = announcement.conference
    organisation = conference.organisation
    found = survey(announcement) if counted is None else counted
    texts = [_read(announcement, language, found) for language in _languages(announcement, found)]
    now = database_now()
    leaves = now if counted is not None else max(now + dt.timedelta(seconds=60), send_at or now)
    morning = leaves
    if counted is None:
        morning = outside_quiet_hours(leaves, conference.time_zone, leaves)
    return Flight(
        announcement=announcement,
        conference=conference,
        survey=found,
        texts=texts,
        dead=dead_links({link.address: link for text in texts for link in text.links}.values()),
        now=now,
        leaves=leaves,
        morning=morning if morning != leaves else None,
        contact_email=conference.contact_email or organisation.contact_email,
        has_imprint=any((organisation.imprint or {}).values()),
        has_outcome=has_outcome(conference),
        paused=why_paused(conference),
        email_url=settings.EMAIL_URL,
        unreachable=Message.objects.filter(
            state=MessageState.QUEUED, held_since__isnull=False
        ).exists(),
        repeats=_repeats(announcement, now),
        last_planned=_last_planned(announcement),
    )


def _languages(announcement: Announcement, found: Survey) -> list[str]:
    wanted = {tag for tag in found.by_text if tag}
    written = {tag for texts in (announcement.subject, announcement.body) for tag in texts}
    return [tag for tag in LANGUAGES if tag in wanted | written]


def _read(announcement: Announcement, language: str, found: Survey) -> LanguageText:
    subject = announcement.subject.get(language, "")
    body = announcement.body.get(language, "")
    plain = trouble = ""
    try:
        plain = words_of(text_of(announcement, language))
    except TextError as error:
        trouble = str(error)
    named = placeholders_of(announcement, language)
    return LanguageText(
        language=language,
        readers=found.by_text[language],
        subject=subject,
        body=body,
        trouble=trouble,
        plain=plain,
        named=named,
        empty=_empty(announcement.conference, language, named),
        links=tuple(links_in(body)),
        size=0 if trouble else _size(announcement, language, found),
    )


def _empty(conference: Conference, language: str, named: frozenset[str]) -> frozenset[str]:
    shared = shared_values(conference, mail_language(language)).text
    return frozenset(n for n in named - _EACH_THEIR_OWN if n in shared and not shared[n])


def _size(announcement: Announcement, language: str, found: Survey) -> int:
    reader = next((r for r in found.sample if r.contact.language == language), None)
    reader = reader or next(iter(found.sample), None)
    if reader is None:
        return 0
    message = as_message(announcement, reader)
    message.language = language
    try:
        return len(render(message).html.encode())
    except RenderingError:
        return 0


def _others(announcement: Announcement) -> Mapping[str, object]:
    return {"conference_id": announcement.conference_id, "state__in": _SENT_OR_ON_ITS_WAY}


def _repeats(announcement: Announcement, now: dt.datetime) -> str:
    rows = Announcement.objects.filter(
        **_others(announcement), undo_until__gt=now - _SAME_WITHIN
    ).exclude(pk=announcement.pk)
    return next(
        (
            row.code
            for row in rows.order_by("-pk")[:20]
            if row.subject == announcement.subject
            and same_audience(row.audience, announcement.audience)
        ),
        "",
    )


def _last_planned(announcement: Announcement) -> int | None:
    rows = Announcement.objects.filter(**_others(announcement)).exclude(pk=announcement.pk)
    return rows.order_by("-undo_until", "-pk").values_list("expected", flat=True).first()
