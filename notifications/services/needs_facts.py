"""What mails to who speaks say of what is still needed of them, and where they give it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils import translation

from core.text import pick_text
from events import words
from events.enums import NeedKind
from events.languages import Reader
from events.models import Conference, Participation
from events.services.needs import open_needs_by_person
from events.services.speaker_links import speaker_url
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.values import line, lines

# The text that asks for it: who has given everything does not get it.
ASKS_FOR_NEEDS: Final = "speakers_needs"
Parts = Sequence[tuple[Participation, list[NeedKind]]]


def needs_values(message: Message, language: str) -> Mapping[str, str]:
    """Return what is still needed, and the reader's own pages; nothing for other mails.

    Of several sessions each thing stands with the one that needs it.
    """
    row = message.participation
    if row is None or message.kind != MessageKind.REMINDER or message.person_id is None:
        return {}
    page = speaker_url(row)
    parts = open_parts(message.conference, message.person_id)
    return {
        "needs": _in_words(parts, language, message.conference.languages),
        "give_url": f"{page}give/",
        "briefing_url": f"{page}briefing/",
    }


def open_parts(conference: Conference, person_id: int) -> Parts:
    """Return what is still needed of somebody, participation by participation."""
    return open_needs_by_person(conference, [person_id]).get(person_id, [])


def has_given_everything(message: Message) -> bool:
    """Tell whether a mail asks for what is not needed any more."""
    if message.template != ASKS_FOR_NEEDS or message.person_id is None:
        return False
    return not open_parts(message.conference, message.person_id)


def _in_words(parts: Parts, language: str, languages: Sequence[str]) -> str:
    with translation.override(Reader(language).catalogue):
        named = [(row, [str(words.NEEDS[kind]) for kind in kinds]) for row, kinds in parts]
    if len(named) == 1:
        return lines(named[0][1])
    return lines(
        f"{line(pick_text(row.session.title, language, languages))}: {', '.join(things)}"
        for row, things in named
    )
