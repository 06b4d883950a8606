"""A speaker's briefing: a page, a PDF, and the entry for their calendar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from events.enums import ParticipationState
from events.models import Participation
from events.services.briefing_pdf import briefing_pdf
from events.services.briefings import briefing_of
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
        # The file is that of the mail of thanks (notifications), for who has said yes.
        "calendar_path": f"{path}event.ics{reader.query}" if _is_fixed(row) else "",
        "give_path": f"{path}give/{reader.query}",
    }
    return show(request, row, "briefing", reader, more)


@by_speaker_link("GET", "HEAD")
def briefing_document(request: HttpRequest, row: Participation) -> HttpResponse:
    """The same as a PDF, to print or to keep offline."""
    return pdf_answer(briefing_pdf([briefing_of(row, reader_for(request, row))]), "briefing.pdf")


def _is_fixed(row: Participation) -> bool:
    return row.state == ParticipationState.CONFIRMED and row.session.start_local is not None


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Return a PDF of ours for a browser to show or save."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
