"""The published programme as it is printed: words for one reader, ready to be set in type."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from core.links import absolute_url
from core.text import full_name
from events import dates, words
from events.enums import (
    Attribution,
    ConferenceKind,
    ConferenceState,
    ParticipationRole,
    SessionKind,
    SessionState,
)
from events.languages import Reader, name_in
from events.models import Conference
from events.programme import ParticipationView, Programme, SessionView
from events.sentences import spoken_in
from events.services.arranging import programme_day

Sheet = dict[str, Any]
# So many rooms stand side by side in a day's overview; more are told by each session's own line.
MOST_COLUMNS: Final = 5
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False})
_PAUSES: Final = frozenset({SessionKind.BREAK, SessionKind.RECEPTION})
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SCRIPTS: Final = {"sr-Cyrl": "cyrl", "ru": "cyrl"}


def programme_sheet(conference: Conference, programme: Programme, reader: Reader) -> Sheet:
    """Return all that a printed programme says to this reader, as plain data."""
    start, end = dates.span_of(conference)
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    found = {
        "lang": reader.tag.split("-", maxsplit=1)[0],
        "script": _SCRIPTS.get(reader.tag, "latn"),
        "host": conference.organisation.name,
        "kind": str(words.CONFERENCE_KINDS[ConferenceKind(conference.kind)]),
        "title": reader.text(conference.title),
        "subtitle": reader.text(conference.subtitle),
        "when": dates.say_when(start, end, conference.time_zone, reader.tag),
        "places": [_place(row.venue, reader) for row in conference.conference_venues.all()],
        "notice": _notice(conference),
        "version": _version(programme, reader),
        "url": absolute_url(reverse("programme", kwargs=at)),
        "words": {
            "programme": _("Programme"),
            "overview": _("Overview"),
            "cancelled": _("cancelled"),
            "latest": _("The programme as it is now:"),
        },
        "days": list(_days(programme, reader, start.date())),
    }
    cleaned: Sheet = _clean(found)
    return cleaned


def _place(venue: Any, reader: Reader) -> str:
    town = " ".join(part for part in (venue.postal_code, venue.city) if part)
    return ", ".join(part for part in (reader.text(venue.name), venue.street, town) if part)


def _notice(conference: Conference) -> str:
    if conference.state == ConferenceState.CANCELLED:
        return _("This has been cancelled and will not take place.")
    if conference.state == ConferenceState.POSTPONED:
        return _("This has been postponed.")
    return ""


def _version(programme: Programme, reader: Reader) -> str:
    if programme.published_at is None:
        return ""
    day = dates.say_short_date(programme.published_at.date(), reader.tag)
    return f"{_('Version: %(name)s.') % {'name': programme.name}} {day}"


def _days(programme: Programme, reader: Reader, first: dt.date) -> Iterator[Sheet]:
    placed = [(s.start_local, s) for day in programme.days for s in day.sessions if s.start_local]
    for date, rows in groupby(placed, key=lambda pair: programme_day(pair[0], first)):
        sessions = [session for _start, session in rows]
        used = {s.room.code for s in sessions if s.room}
        rooms = [room for room in programme.rooms if room.code in used]
        yield {
            "title": dates.say_date(date, reader.tag),
            "rooms": [reader.text(room.name) for room in rooms],
            "overview": _overview(sessions, [room.code for room in rooms], reader),
            "slots": [
                _slot(list(together), reader)
                for _start, together in groupby(sessions, key=lambda s: s.start_local)
            ],
        }


def _overview(sessions: Sequence[SessionView], rooms: list[str], reader: Reader) -> list[Sheet]:
    """Return rows of rooms side by side, where sessions run beside one another in a few rooms."""
    alone = {s.code for s in sessions if not any(_overlap(s, other) for other in sessions)}
    if not 1 < len(rooms) <= MOST_COLUMNS or len(alone) == len(sessions):
        return []
    rows: list[Sheet] = []
    for start, together in groupby(sessions, key=lambda s: s.start_local):
        cells: list[list[str]] = [[] for _room in rooms]
        clock = dates.say_time(start, reader.tag) if start else ""
        for session in together:
            title = reader.text(session.title)
            if session.state == SessionState.CANCELLED:
                title += f" · {_('cancelled')}"
            if session.room is None or session.code in alone:
                rows.append({"start": clock, "whole": title, "cells": []})
            else:
                until = dates.say_time(session.end_local, reader.tag) if session.end_local else ""
                cells[rooms.index(session.room.code)].append(f"{title} (–{until})")
        if any(cells):
            rows.append({"start": clock, "whole": "", "cells": ["\n".join(c) for c in cells]})
    return rows


def _overlap(one: SessionView, other: SessionView) -> bool:
    if one is other or None in {one.starts_at, one.ends_at, other.starts_at, other.ends_at}:
        return False
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at  # type: ignore[operator]


def _slot(sessions: Sequence[SessionView], reader: Reader) -> Sheet:
    start = sessions[0].start_local
    return {
        "start": dates.say_time(start, reader.tag) if start else "",
        "items": [_item(session, reader) for session in sessions],
    }


def _item(session: SessionView, reader: Reader) -> Sheet:
    kind = SessionKind(session.kind)
    is_cancelled = session.state == SessionState.CANCELLED
    attribution = Attribution(session.attribution)
    on_the_record = attribution == Attribution.ON_THE_RECORD
    return {
        "end": dates.say_time(session.end_local, reader.tag) if session.end_local else "",
        "kind": str(words.SESSION_KINDS[kind]),
        "track": reader.text(session.track.name) if session.track else "",
        "room": reader.text(session.room.name) if session.room else "",
        "title": reader.text(session.title),
        "cancelled": is_cancelled,
        "pause": kind in _PAUSES and not session.participations,
        "notes": [
            note
            for note in (
                spoken_in(session),
                "" if on_the_record else str(words.ATTRIBUTIONS[attribution]),
            )
            if note
        ],
        "paragraphs": [] if is_cancelled else paragraphs(reader.text(session.abstract)),
        "people": (
            [] if is_cancelled else [_person(p, kind, reader) for p in session.participations]
        ),
    }


def _person(part: ParticipationView, kind: SessionKind, reader: Reader) -> Sheet:
    name = full_name(*name_in(reader.tag, part))
    usual = words.USUAL_ROLE.get(kind) == part.role
    return {
        "name": " ".join(text for text in (part.honorific, name) if text),
        "role": "" if usual else str(words.ROLES[ParticipationRole(part.role)]),
        "post": ", ".join(text for text in (part.position, part.affiliation) if text),
    }


def paragraphs(markdown: str) -> list[str]:
    """Return the paragraphs and list items of a text in Markdown, without its signs."""
    found: list[str] = []
    marks: list[str] = []
    for token in _MARKDOWN.parse(markdown):
        if token.type == "list_item_open":
            marks.append(f"{token.info}. " if token.info else "• ")
        elif token.type == "inline":
            text = "".join(_words(child) for child in token.children or ())
            found.append((marks.pop() if marks else "") + text)
        elif token.type in {"code_block", "fence"}:
            found.append(token.content.strip())
    return [text for text in found if text.strip()]


def _words(token: Any) -> str:
    if token.type == "softbreak":
        return " "
    if token.type == "hardbreak":
        return "\n"
    text: str = token.content
    return text


def _clean(value: Any) -> Any:
    """Return data without signs that turn the direction of a line or that no page can show."""
    if isinstance(value, str):
        return _CONTROLS.sub("", value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return value
