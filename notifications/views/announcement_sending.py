"""An announcement on its way: flight check, the button, taking back, pausing, stopping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.errors import DomainError
from events.views.manage.base import console_page, posted_version, try_verb
from notifications.enums import TO_BE_SENT, AnnouncementState
from notifications.forms.moment import MomentForm
from notifications.models import Announcement
from notifications.services import announcement_control, announcing
from notifications.services.announcement_texts import subject_of
from notifications.services.audience_filters import audience_in_words
from notifications.services.dbclock import database_now
from notifications.services.flight_check import fly
from notifications.services.reading import local_moment
from notifications.services.rescheduling import reschedule_announcement
from notifications.views.announcements import get_announcement, shown_finding, to_announcement

Verb = Callable[..., Announcement]
_VERBS: Final[dict[str, tuple[Verb, str]]] = {
    "undo": (
        announcement_control.undo_announcement,
        "It is taken back: nobody has got it, and it is a draft again.",
    ),
    "pause": (announcement_control.pause_announcement, "It is paused. What was not begun waits."),
    "resume": (announcement_control.resume_announcement, "It goes on."),
    "stop": (
        announcement_control.stop_announcement,
        "It is stopped. What was not begun is not sent.",
    ),
}
_SAID_ALONE: Final = ("/send_at",)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def announcement_check(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Look at everything once more; POST lets it leave."""
    needed = Permission.MAIL_WRITE if request.method == "POST" else Permission.MAIL_READ
    row = get_announcement(request, organisation, conference, code, needed)
    form = MomentForm(
        request.POST if request.method == "POST" else request.GET, conference=row.conference
    )
    if request.method == "POST" and form.is_valid() and _send(request, row, form):
        return to_announcement(row)
    row.refresh_from_db(fields=["state", "version"])
    if row.state not in TO_BE_SENT:
        return to_announcement(row)
    return _check_page(request, row, form)


def _send(request: HttpRequest, row: Announcement, form: MomentForm) -> bool:
    """Let it leave, or say why not; a second click says that it is on its way already."""
    number = request.POST.get("recipients", "")
    try:
        announcing.send_announcement(
            announcement=row,
            recipients=int(number) if number.isdigit() and len(number) < 10 else -1,  # noqa: PLR2004 - a 32-bit number
            read_warnings=request.POST.get("read_warnings") == "yes",
            in_quiet_hours=request.POST.get("quiet") == "now",
            send_at=form.moment,
            expected=posted_version(request),
            actor=actor_of(request),
        )
    except DomainError as refusal:
        messages.error(request, _said_of(refusal) or refusal.detail)
        return False
    return True


def _said_of(refusal: DomainError) -> str:
    """Return the sentences of a refusal that say enough alone."""
    said = {error.detail for error in refusal.errors if error.pointer in _SAID_ALONE}
    said |= {error.detail for error in refusal.errors if error.pointer.startswith("/checks/")}
    return " ".join(sorted(said))


def _check_page(request: HttpRequest, row: Announcement, form: MomentForm) -> HttpResponse:
    zone = row.conference.time_zone
    moment = form.moment
    if moment is not None and moment <= database_now():
        form.add_error("send_at", "This moment has passed.")
        moment = None
    flown = fly(row, send_at=moment)
    flight = flown.flight
    return render(
        request,
        "notifications/announcement_check.html",
        {
            "conference": row.conference,
            "row": row,
            "title": subject_of(row),
            "flown": flown,
            "survey": flown.survey,
            "is_held": row.state == AnnouncementState.HELD,
            "errors": [shown_finding(row, found.where, found) for found in flown.errors],
            "warnings": [shown_finding(row, found.where, found) for found in flown.warnings],
            "audience": audience_in_words(row.conference, row.audience),
            "morning": local_moment(flight.morning, zone) if flight.morning else "",
            "form": form,
            "moment": local_moment(moment, zone) if moment else "",
            "typed": MomentForm.typed(moment, zone),
            "may_write": may(request, Permission.MAIL_WRITE),
        },
    )


@require_POST
@console_page
def announcement_verb(
    request: HttpRequest, organisation: str, conference: str, code: str, verb: str
) -> HttpResponse:
    """Take it back, pause it, let it go on, stop it."""
    row = get_announcement(request, organisation, conference, code, Permission.MAIL_WRITE)
    if verb not in _VERBS:
        raise Http404
    service, done = _VERBS[verb]
    try_verb(request, [row], done, lambda: service(announcement=row, actor=actor_of(request)))
    return to_announcement(row)


@require_POST
@console_page
def announcement_moment(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Let one that waits leave at another moment."""
    row = get_announcement(request, organisation, conference, code, Permission.MAIL_WRITE)
    form = MomentForm(request.POST, conference=row.conference)
    if not form.is_valid() or form.moment is None:
        messages.error(request, "Give date and time. It leaves as before.")
        return to_announcement(row)
    try:
        reschedule_announcement(
            announcement=row,
            send_at=form.moment,
            in_quiet_hours=request.POST.get("quiet") == "now",
            read_warnings=request.POST.get("read_warnings") == "yes",
            expected=posted_version(request),
            actor=actor_of(request),
        )
    except DomainError as refusal:
        unread = [one.detail for one in refusal.errors if one.pointer == "/read_warnings"]
        if unread:
            said = f"The flight check warns: {' '.join(unread)} Say that you have read it."
        else:
            said = _said_of(refusal) or refusal.detail
        messages.error(request, f"{said} It leaves as before.")
    else:
        messages.success(request, "It has another moment. Until then it can be taken back.")
    return to_announcement(row)
