"""The session that somebody speaks in as a calendar file: the same as in the mail of thanks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from core.text import pick_text
from events.enums import ParticipationState
from events.models import Participation
from events.services.asked_sessions import asked_session
from notifications.services import wording
from notifications.services.calendar import session_entry
from notifications.services.mail_facts import programme_of, shared_values
from notifications.services.texts import mail_language
from registrations.views.public.speaking import by_speaker_link


@by_speaker_link("GET", "HEAD")
def speaker_calendar(request: HttpRequest, row: Participation) -> HttpResponse:
    """The entry of who has confirmed; METHOD is PUBLISH, so there is nothing to answer in it."""
    conference = row.session.conference
    session = asked_session(row, programme_of(conference))
    if row.state != ParticipationState.CONFIRMED or session.start_local is None:
        raise Http404
    tag = request.GET.get("lang") or row.person.language or conference.first_language
    language, languages = mail_language(tag), conference.languages
    facts = dict(shared_values(conference, language).text)
    room = pick_text(session.room.name, language, languages) if session.room else ""
    facts |= {
        "session": pick_text(session.title, language, languages),
        "role": wording.words(language).parts[row.role],
        "place": "\n".join(filter(None, (room, facts["place"]))),
    }
    body = session_entry(row, session, facts=facts)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = f'attachment; filename="{conference.slug}.ics"'
    return response
