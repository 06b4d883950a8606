"""One session, and one person with the sessions they are on."""

from __future__ import annotations

from typing import Any

from events import words
from events.enums import Attribution, SessionKind, SessionState
from events.languages import Reader
from events.programme import Programme, SessionView
from events.sentences import spoken_in
from events.services.schedules import current_programme
from events.services.stamps import Stamp
from events.views.public.context import conference_context, conference_of
from events.views.public.kept_people import leads_to_kept_person
from events.views.public.materials import materials_of
from events.views.public.people import face_of, faces_of
from events.views.public.serving import public_page
from events.views.public.streams import streams_of


@public_page
def session_page(
    stamp: Stamp, reader: Reader, at: dict[str, str]
) -> tuple[str, dict[str, Any]] | None:
    """What one session is about and who is on it."""
    conference = conference_of(stamp.pk)
    programme = current_programme(conference)
    session = programme.sessions_by_code.get(at["code"])
    if session is None:
        return None
    context = conference_context(conference, reader, "session", at)
    slugs = {key: at[key] for key in ("organisation", "conference")}
    before, after = _neighbours(programme, session)
    context |= {
        "session": session,
        "session_kind": words.SESSION_KINDS[SessionKind(session.kind)],
        "attribution": (
            ""
            if session.attribution == Attribution.ON_THE_RECORD
            else words.ATTRIBUTIONS[Attribution(session.attribution)]
        ),
        "is_closed": session.attribution == Attribution.CLOSED,
        "spoken": spoken_in(session),
        "is_cancelled": session.state == SessionState.CANCELLED,
        "faces": faces_of(session, reader, slugs),
        "materials": [
            link
            for link in materials_of(conference, reader, programme)
            if link.session_code == session.code
        ],
        "streams": [
            stream
            for stream in streams_of(conference, reader, programme)
            if stream.session_code == session.code
        ],
        "before": before,
        "after": after,
    }
    return "events/public/session.html", context


@leads_to_kept_person
@public_page
def speaker_page(
    stamp: Stamp, reader: Reader, at: dict[str, str]
) -> tuple[str, dict[str, Any]] | None:
    """Who somebody is and when they speak; only who has confirmed stands in a programme."""
    conference = conference_of(stamp.pk)
    programme = current_programme(conference)
    parts = programme.sessions_of(at["code"])
    if not parts:
        return None
    context = conference_context(conference, reader, "speaker", at)
    slugs = {key: at[key] for key in ("organisation", "conference")}
    _first, part = parts[0]
    context |= {
        "main_width": "wide",
        "face": face_of(part, SessionKind.DISCUSSION, reader, slugs),
        "bio": part.bio,
        "parts": [
            {
                "session": session,
                "kind": words.SESSION_KINDS[SessionKind(session.kind)],
                "role": face_of(one, SessionKind.DISCUSSION, reader, slugs).role,
            }
            for session, one in parts
        ],
    }
    return "events/public/speaker.html", context


def _neighbours(
    programme: Programme, session: SessionView
) -> tuple[SessionView | None, SessionView | None]:
    """Return the sessions before and after this one that have a page worth reading."""
    worth = [
        one
        for one in programme.sessions()
        if one.kind not in {SessionKind.BREAK, SessionKind.RECEPTION} or one is session
    ]
    here = worth.index(session)
    before = worth[here - 1] if here else None
    after = worth[here + 1] if here + 1 < len(worth) else None
    return before, after
