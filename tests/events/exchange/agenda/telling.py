"""A programme as short lines, so that a test can hold the whole of it."""

from __future__ import annotations

import datetime as dt

from events.exchange.agenda import read
from events.incoming import IncomingProgramme, ReadingOptions

FIRST_DAY = dt.date(2025, 2, 20)
LANGUAGES = ("en", "sr-Latn", "sr-Cyrl")


def programme(text: str, *, language: str = "en") -> IncomingProgramme:
    return read(text, ReadingOptions(FIRST_DAY, "Europe/Belgrade", language, LANGUAGES))


def told(text: str, *, language: str = "en") -> list[str]:
    """Sessions as "20 10:00-10:15 kind | title @ room #attribution", people and texts below."""
    whole = programme(text, language=language)
    people = {person.ref: person for person in whole.people}
    rooms = {room.ref: _one(room.name) for room in whole.rooms}
    tracks = {track.ref: _one(track.name) for track in whole.tracks}
    out = []
    for session in whole.sessions:
        when = f"{session.start:%d %H:%M}-{session.end:%H:%M}" if session.start else "-"
        line = f"{when} {session.kind} | {_one(session.title)}"
        line += f" @ {rooms[session.room]}" if session.room else ""
        line += f" ^ {tracks[session.track]}" if session.track else ""
        line += f" #{session.attribution}" if session.attribution else ""
        line += f" ({session.language})" if session.language else ""
        line += " cancelled" if session.cancelled else ""
        line += " recorded" if session.recorded else ""
        out.append(line)
        for part in session.parts:
            person = people[part.person]
            name = f"{person.given_name} /{person.family_name}/"
            honorific = part.honorific or person.honorific
            who = [f"{honorific} {name}".strip()]
            who += [part.position or person.position, part.affiliation or person.affiliation]
            state = "" if part.confirmed else "?"
            state += f" {part.minutes} min" if part.minutes else ""
            out.append(f"  {part.role}{state}: {' | '.join(who)}")
        out += [f"  ~ {line}" for line in _one(session.abstract).splitlines() if line]
        out += [f"  -> {link.title}: {link.url}" for link in session.links]
    return out


def marked(text: str) -> list[tuple[int, str, str]]:
    """The marks without their sentences."""
    return [(mark.line, mark.level, mark.field) for mark in programme(text).marks]


def _one(texts) -> str:
    return next(iter(texts.values()), "")
