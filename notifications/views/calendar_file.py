"""The calendar entry of an invited guest, as a file: the same as in the confirmation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from notifications.services.calendar import calendar_entry
from notifications.services.mail_facts import shared_values
from notifications.services.texts import mail_language
from registrations.enums import InvitationResponse, RegistrationStatus
from registrations.models import Invitation
from registrations.services.links import manage_url
from registrations.views.public.invitation import by_invitation


@by_invitation("GET", "HEAD")
def calendar_file(request: HttpRequest, row: Invitation) -> HttpResponse:
    """The entry of a guest who comes; METHOD is PUBLISH, so there is nothing to answer in it."""
    registration = row.registration
    comes = row.is_live and row.response == InvitationResponse.ACCEPTED
    if not comes or registration is None or registration.status != RegistrationStatus.CONFIRMED:
        raise Http404
    language = mail_language(request.GET.get("lang") or registration.language)
    facts = dict(shared_values(row.conference, language).text)
    body = calendar_entry(
        method="PUBLISH",
        conference=row.conference,
        registration=registration,
        sequence=registration.sequence,
        facts=facts | {"manage_url": manage_url(registration)},
    )
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = f'attachment; filename="{row.conference.slug}.ics"'
    return response
