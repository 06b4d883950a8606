"""The agenda and the sheet to sign, in the conference's first language."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.utils.translation import gettext as _

from console.donor_pack.facts import People
from core.colours import twins_of
from core.text import full_name
from events import dates, words
from events.enums import ParticipationRole, SessionKind, SessionState
from events.languages import Reader, name_in
from events.models import Conference
from events.programme import ParticipationView, Programme, SessionView
from events.services.donor_pack_pdf import AgendaDay, AgendaSession, Paper, SheetLine, paper_pdf

# Lines without a name: five for whoever comes unannounced, and no more than a hall holds.
SPARE: Final = 5
MOST_SPARE: Final = 300
_SCRIPTS: Final = {"sr-Cyrl": "cyrl", "ru": "cyrl"}


def agenda_pdf(
    conference: Conference, programme: Programme, reader: Reader, funders: list[str]
) -> bytes:
    """Return the published programme on paper: what, when, where, who."""
    days = [
        AgendaDay(
            dates.say_date(day.date, reader.tag),
            [_session(session, reader) for session in day.sessions],
        )
        for day in programme.days
    ]
    return paper_pdf(
        Paper(heading=_("Programme"), days=days, **_about(conference, reader, funders))
    )


def sheet_pdf(conference: Conference, people: People, reader: Reader, funders: list[str]) -> bytes:
    """Return a sheet to sign: a line for each who may be named, and lines without a name."""
    return paper_pdf(sheet_of(conference, people, reader, funders))


def sheet_of(conference: Conference, people: People, reader: Reader, funders: list[str]) -> Paper:
    """Return what stands on the sheet to sign."""
    spare = min(people.others + SPARE, MOST_SPARE)
    return Paper(
        heading=str(words.SIGNATURE_SHEET),
        notice=str(words.SIGNATURE_NOTICE),
        columns=[str(word) for word in words.SIGNATURE_COLUMNS],
        lines=[
            *(SheetLine(one.name, one.post) for one in people.named),
            *([SheetLine()] * spare),
        ],
        **_about(conference, reader, funders),
    )


def _about(conference: Conference, reader: Reader, funders: list[str]) -> dict[str, Any]:
    start, end = dates.span_of(conference)
    venues = [row.venue for row in conference.conference_venues.select_related("venue")[:1]]
    return {
        "host": conference.organisation.name,
        "title": reader.text(conference.title),
        "when": dates.say_when(start, end, conference.time_zone, reader.tag),
        "place": ", ".join(
            part for v in venues for part in (reader.text(v.name), v.street, v.city) if part
        ),
        "lang": reader.tag.partition("-")[0],
        "script": _SCRIPTS.get(reader.tag, "latn"),
        "accent": twins_of(conference.organisation.accent)[0],
        "funders": funders,
    }


def _session(session: SessionView, reader: Reader) -> AgendaSession:
    notes = [str(words.SESSION_KINDS[SessionKind(session.kind)])]
    if session.room is not None:
        notes.append(reader.text(session.room.name))
    if session.state == SessionState.CANCELLED:
        notes.append(_("cancelled"))
    return AgendaSession(
        time=_span(session.start_local, session.end_local),
        title=reader.text(session.title),
        notes=notes,
        people=[_person(part, session.kind, reader) for part in session.participations],
    )


def _person(part: ParticipationView, kind: str, reader: Reader) -> str:
    name = " ".join(x for x in (part.honorific, full_name(*name_in(reader.tag, part))) if x)
    said = [name, part.position, part.affiliation]
    if words.USUAL_ROLE.get(SessionKind(kind)) != part.role:
        said.append(str(words.ROLES[ParticipationRole(part.role)]))
    return ", ".join(x for x in said if x)


def _span(start: dt.datetime | None, end: dt.datetime | None) -> str:
    return "–".join(f"{moment:%H:%M}" for moment in (start, end) if moment is not None)
