"""The session that somebody speaks in as a calendar file: the same as in the mail of thanks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from events.models import Participation
from notifications.services.session_entries import entry_of
from registrations.views.public.speaking import by_speaker_link


@by_speaker_link("GET", "HEAD")
def speaker_calendar(request: HttpRequest, row: Participation) -> HttpResponse:
    """The entry of who has confirmed; there is nothing to answer in it."""
    conference = row.session.conference
    tag = request.GET.get("lang") or row.person.language or conference.first_language
    found = entry_of(row, tag)
    if found is None:
        raise Http404
    method, body = found
    response = HttpResponse(body, content_type=f"text/calendar; charset=utf-8; method={method}")
    response["Content-Disposition"] = f'attachment; filename="{conference.slug}.ics"'
    return response
