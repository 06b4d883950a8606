"""Send me my link again: the same answer for every address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from events.languages import choose
from events.views.public.context import conference_context, conference_of
from registrations.forms.guest import LinkForm
from registrations.services.links import request_link
from registrations.views.public.base import answer, check_sends, guest, visible_conference


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def send_link_page(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Ask for the address; POST mails the link if there is one to mail, and says neither."""
    row = visible_conference(organisation, conference)
    accepted = request.headers.get("Accept-Language", "")
    reader = choose(request.GET.get("lang"), accepted, row.languages)
    refusal = None
    status = 200
    done = False
    with translation.override(reader.catalogue):
        form = LinkForm(request.POST or None)
        if request.method == "POST":
            try:
                check_sends(request)
                if form.is_valid():
                    address = form.cleaned_data["email"]
                    request_link(conference=row, email=address, actor=guest())
                    done = True
                else:
                    status = 400
            except DomainError as error:
                refusal = error
                form.is_valid()
                form.add_error(None, error.detail)
        at = {"organisation": row.organisation.slug, "conference": row.slug}
        context = conference_context(conference_of(row.pk), reader, "send-link", at)
        context |= {"form": form, "done": done}
    template = "registrations/public/send_link.html"
    return answer(request, template, context, reader, refusal, status)
