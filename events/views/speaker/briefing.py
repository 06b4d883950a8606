"""A speaker's briefing: a page, a PDF, and the entry for their calendar."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation

from events.languages import Reader
from events.models import Participation
from events.services.briefing_pdf import briefing_pdf
from events.services.briefings import briefing_of
from events.services.session_calendar import session_entry
from events.services.speaker_links import speaker_path
from events.views.speaker.base import by_speaker_link, reader_for, show


@by_speaker_link("GET", "HEAD")
def briefing_page(request: HttpRequest, row: Participation) -> HttpResponse:
    """All that somebody needs to know for their session."""
    reader = reader_for(request, row)
    path = speaker_path(row)
    more = {
        "briefing": briefing_of(row, reader),
        "pdf_path": f"{path}briefing.pdf{reader.query}",
        "calendar_path": f"{path}session.ics{reader.query}",
        "give_path": f"{path}give/{reader.query}",
    }
    return show(request, row, "briefing", reader, more)


@by_speaker_link("GET", "HEAD")
def briefing_document(request: HttpRequest, row: Participation) -> HttpResponse:
    """The same as a PDF, to print or to keep offline."""
    return pdf_answer(briefing_pdf([briefing_of(row, reader_for(request, row))]), "briefing.pdf")


@by_speaker_link("GET", "HEAD")
def session_calendar(request: HttpRequest, row: Participation) -> HttpResponse:
    """The session as an entry for the calendar."""
    reader: Reader = reader_for(request, row)
    with translation.override(reader.catalogue):
        entry = session_entry(row, reader)
    if entry is None:
        raise Http404
    response = HttpResponse(entry, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="session.ics"'
    return response


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Return a PDF of ours for a browser to show or save."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
