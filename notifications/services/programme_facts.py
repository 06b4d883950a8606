"""What mails say about the programme: who speaks, what may be quoted, a speaker's own sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from core.text import pick_text
from events.enums import ParticipationRole, SessionKind, SessionState
from events.languages import name_in
from events.programme import ParticipationView, Programme, SessionView
from notifications.services.values import html, line, name
from notifications.services.wording import DASH, clock, day_date, words

MOST_SPEAKERS: Final = 12
_SPEAKING: Final = frozenset(
    {
        ParticipationRole.MODERATOR,
        ParticipationRole.PANELLIST,
        ParticipationRole.KEYNOTE,
        ParticipationRole.PRESENTER,
        ParticipationRole.DISCUSSANT,
        ParticipationRole.OPENING_REMARKS,
    }
)
_PAUSES: Final = frozenset({SessionKind.BREAK, SessionKind.RECEPTION})


def held(sessions: Iterable[SessionView]) -> list[SessionView]:
    """Return the sessions that take place and have something said in them."""
    return [s for s in sessions if s.state != SessionState.CANCELLED and s.kind not in _PAUSES]


def _who(part: ParticipationView, language: str) -> tuple[str, str]:
    """Return a person as in a printed programme, plain and with the family name in bold."""
    given_name, family_name = name_in(language, part)
    given = " ".join(filter(None, (name(part.honorific), name(given_name))))
    family = name(family_name)
    rest = "".join(f", {name(text)}" for text in (part.position, part.affiliation) if text)
    role = words(language).roles.get(part.role, "")
    rest += f" ({role})" if role else ""
    plain = " ".join(filter(None, (given, family)))
    bold = " ".join(filter(None, (html(given), f"<b>{html(family)}</b>" if family else "")))
    return plain + rest, bold + html(rest)


def speakers(sessions: Sequence[SessionView], language: str) -> tuple[str, str]:
    """Return who speaks, a line each, once each, in the order of the programme; plain and HTML."""
    parts: dict[str, ParticipationView] = {}
    for session in sessions:
        for part in session.participations:
            if part.role in _SPEAKING:
                parts.setdefault(part.person_code, part)
    found = [_who(part, language) for part in list(parts.values())[:MOST_SPEAKERS]]
    if len(parts) > MOST_SPEAKERS:
        more = words(language).phrases["more"] % (len(parts) - MOST_SPEAKERS)
        found.append((more, html(more)))
    return "\n".join(plain for plain, _ in found), "\n".join(
        f'<div style="padding:0 0 6px">{bold}</div>' for _, bold in found
    )


def record(sessions: Sequence[SessionView], language: str, languages: Sequence[str]) -> str:
    """Return what may be said outside: one sentence, and one for each rule that differs from it."""
    by_rule: dict[str, list[str]] = {}
    for session in sessions:
        title = line(pick_text(session.title, language, languages))
        by_rule.setdefault(session.attribution, []).append(title)
    rules = sorted(by_rule.items(), key=lambda pair: -len(pair[1]))
    sentences = words(language).record
    found = [sentences[rule] for rule, _ in rules[:1]]
    found += [f"{', '.join(titles)} {DASH} {sentences[rule]}" for rule, titles in rules[1:]]
    return "\n".join(found)


def own_sessions(
    programme: Programme, person_code: str, language: str, languages: Sequence[str]
) -> str:
    """Return a person's sessions, a line each: time, title, role, room."""
    table = words(language)
    days = {day.date for day in programme.days}
    found = []
    for session, part in programme.sessions_of(person_code):
        if session not in held([session]):
            continue
        role = table.roles.get(part.role, "")
        title = line(pick_text(session.title, language, languages))
        room = line(pick_text(session.room.name, language, languages)) if session.room else ""
        when = _slot(session.start_local, session.end_local, language, with_day=len(days) > 1)
        found.append(", ".join(filter(None, (when, title + (f" ({role})" if role else ""), room))))
    return "\n".join(found)


def _slot(
    start: dt.datetime | None, end: dt.datetime | None, language: str, *, with_day: bool
) -> str:
    if start is None or end is None:
        return ""
    times = f"{clock(start)}{DASH}{clock(end)}"
    return f"{day_date(start.date(), language)}, {times}" if with_day else times
