"""Calendar entries of the sessions that somebody speaks in: for a file and for mails."""

from __future__ import annotations

from collections.abc import Collection

from core.text import pick_text
from events.enums import ParticipationState, SessionState
from events.models import Participation
from events.services.asked_sessions import asked_session
from notifications.models import Message
from notifications.services import wording
from notifications.services.calendar import session_entry
from notifications.services.mail_facts import programme_of, shared_values
from notifications.services.texts import mail_language


def entry_of(row: Participation, tag: str) -> tuple[str, bytes] | None:
    """Return the method and the entry of the session of who has confirmed; None without a time.

    The method is ``PUBLISH``, or ``CANCEL`` where the session does not take place.

    Arguments:
        row: with session, conference and person at hand.
        tag: the reader's language.
    """
    conference = row.session.conference
    session = asked_session(row, programme_of(conference))
    if row.state != ParticipationState.CONFIRMED or session.start_local is None:
        return None
    language, languages = mail_language(tag), conference.languages
    facts = dict(shared_values(conference, language).text)
    room = pick_text(session.room.name, language, languages) if session.room else ""
    facts |= {
        "session": pick_text(session.title, language, languages),
        "role": wording.words(language).parts[row.role],
        "place": "\n".join(filter(None, (room, facts["place"]))),
    }
    method = "CANCEL" if session.state == SessionState.CANCELLED else "PUBLISH"
    return method, session_entry(row, session, facts=facts, method=method)


def entries_for(message: Message, codes: Collection[str]) -> list[tuple[str, bytes]]:
    """Return method and entry, as it is now, of each session of these in which a mail's reader
    speaks.
    """
    if message.person_id is None:
        return []
    rows = Participation.objects.filter(
        person_id=message.person_id,
        session__conference_id=message.conference_id,
        session__code__in=codes,
    )
    found = []
    for row in rows.select_related("session__room__venue", "person").order_by(
        "session__starts_at", "pk"
    ):
        row.session.conference = message.conference
        entry = entry_of(row, message.language)
        if entry is not None:
            found.append(entry)
    return found
