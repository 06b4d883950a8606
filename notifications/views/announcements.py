"""Announcements of a conference: the list, and the page on which one is written."""

from __future__ import annotations

from typing import Any, Final

from csp.decorators import csp_replace
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from events.models import Conference
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from notifications.enums import UNDER_WAY, AnnouncementState
from notifications.forms.announcement import AnnouncementForm
from notifications.forms.moment import MomentForm
from notifications.models import Announcement
from notifications.services.announcement_progress import Progress, progress_of, progress_of_all
from notifications.services.announcement_texts import OFFERED, subject_of
from notifications.services.announcing import (
    change_announcement,
    create_announcement,
    delete_announcement,
    first_words,
)
from notifications.services.audience_filters import audience_in_words
from notifications.services.dbclock import database_now
from notifications.services.flight_check import fly
from notifications.services.leaving import has_more_against
from notifications.services.reading import short_moment
from notifications.services.rescheduling import can_be_rescheduled
from notifications.services.survey import survey
from notifications.views.shown_mail import FRAMES

PER_PAGE = 30
# What has to be changed -> the page on which that is done.
_PAGES: Final = {
    "settings": ("manage-conference-settings", "Settings"),
    "outbox": ("manage-outbox", "Outbox"),
}


@require_safe
@console_page
def announcements(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Every announcement with its state, to how many, when and by whom."""
    row = get_conference(request, organisation, conference, Permission.MAIL_READ)
    rows = row.announcements.select_related("created_by", "sent_by").order_by("-created_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for found in page.object_list:
        found.conference = row
    progress = progress_of_all(page.object_list)
    return render(
        request,
        "notifications/announcements.html",
        {
            "conference": row,
            "page_obj": page,
            "lines": [_line(found, progress[found.pk]) for found in page.object_list],
            "may_write": may(request, Permission.MAIL_WRITE),
        },
    )


def _line(row: Announcement, progress: Progress) -> dict[str, Any]:
    by = row.sent_by or row.created_by
    return {
        "row": row,
        "subject": subject_of(row),
        "progress": progress,
        "state_label": _state_label(row, progress),
        "why": row.held_for[0]["detail"] if row.held_for else "",
        "more": max(0, len(row.held_for) - 1),
        "at": short_moment(row.undo_until or row.updated_at, row.conference.time_zone),
        "by": by.get_full_name() if by is not None else "",
    }


def _state_label(row: Announcement, progress: Progress) -> str:
    """Return the state in words; of one that waits for long, when it leaves."""
    return f"Leaves {progress.leaves}" if progress.waits_long else row.get_state_display()


def get_announcement(
    request: HttpRequest, organisation: str, conference: str, code: str, permission: Permission
) -> Announcement:
    """Return an announcement of the conference if the account's role grants the permission.

    Raises:
        Http404: for strangers, and where there is none.
        PermissionDenied: for a member whose role lacks the permission.
    """
    row = get_conference(request, organisation, conference, permission)
    found = row.announcements.select_related("created_by", "sent_by").filter(code=code).first()
    if found is None:
        raise Http404
    found.conference = row
    return found


def to_announcement(row: Announcement, page: str = "manage-announcement") -> HttpResponse:
    conference = row.conference
    return redirect(
        page,
        organisation=conference.organisation.slug,
        conference=conference.slug,
        code=row.code,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@csp_replace(FRAMES)
@console_page
def announcement_new(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """Write an announcement: it begins with the greeting, to nobody."""
    row = get_conference(request, organisation, conference, Permission.MAIL_WRITE)
    initial = AnnouncementForm.initial_texts("body", first_words(row))
    form = AnnouncementForm(request.POST or None, conference=row, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            [],
            lambda: create_announcement(
                conference=row, values=form.values(), actor=actor_of(request)
            ),
        )
        if made is not None:
            made.conference = row
            return _saved(request, made)
    return _writing_page(request, row, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@csp_replace(FRAMES)
@console_page
def announcement_page(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """A draft to be written, or how far it has come."""
    needed = Permission.MAIL_WRITE if request.method == "POST" else Permission.MAIL_READ
    found = get_announcement(request, organisation, conference, code, needed)
    if found.state != AnnouncementState.DRAFT:
        return _progress_page(request, found)
    row = found.conference
    form = AnnouncementForm(
        request.POST or None, conference=row, initial=AnnouncementForm.initial_of(found)
    )
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            [found],
            lambda: change_announcement(
                announcement=found,
                changes=form.values(found),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            changed.conference = row
            return _saved(request, changed)
    return _writing_page(request, row, form, found)


def _saved(request: HttpRequest, row: Announcement) -> HttpResponse:
    if "check" in request.POST:
        return to_announcement(row, "manage-announcement-check")
    messages.success(request, "The draft is saved. Nothing was sent.")
    return to_announcement(row)


def _writing_page(
    request: HttpRequest, conference: Conference, form: AnnouncementForm, row: Announcement | None
) -> HttpResponse:
    meant = row or Announcement(conference=conference)
    if form.is_bound and form.is_valid():
        meant = Announcement(conference=conference, audience=form.audience(), **form.typed_texts())
    return render(
        request,
        "notifications/announcement.html",
        {
            "conference": conference,
            "form": form,
            "row": row,
            "title": subject_of(row) if row is not None else "New announcement",
            "survey": survey(meant),
            "placeholders": OFFERED,
            "may_write": may(request, Permission.MAIL_WRITE),
        },
    )


def _progress_page(request: HttpRequest, row: Announcement) -> HttpResponse:
    progress = progress_of(row)
    return render(
        request,
        "notifications/announcement_progress.html",
        {
            "conference": row.conference,
            "row": row,
            "title": subject_of(row),
            "progress": progress,
            "state_label": _state_label(row, progress),
            "moment": _moment_form(row),
            "audience": audience_in_words(row.conference, row.audience),
            "moves": row.state in UNDER_WAY,
            "done": row.state in {AnnouncementState.SENT, AnnouncementState.STOPPED},
            **_held(row),
            "at": short_moment(row.undo_until, row.conference.time_zone) if row.undo_until else "",
            "may_write": may(request, Permission.MAIL_WRITE),
        },
    )


def _held(row: Announcement) -> dict[str, Any]:
    """Return what the page says of one that is held back: why, and how it would go now."""
    if row.state != AnnouncementState.HELD:
        return {}
    flown = fly(row)
    return {
        "reasons": [shown_finding(row, found["where"], found) for found in row.held_for],
        "has_errors": bool(flown.errors),
        "has_more": has_more_against(row, flown),
        "number": flown.survey.total,
    }


def shown_finding(row: Announcement, where: str, found: Any) -> dict[str, Any]:
    """Return what a check found with the page on which that is put right; "" for none."""
    page, label = _PAGES.get(where, ("manage-announcement", "Change the draft"))
    if where == "moment" or (where not in _PAGES and row.state != AnnouncementState.DRAFT):
        page = ""
    return {"found": found, "page": page, "label": label}


def _moment_form(row: Announcement) -> MomentForm | None:
    """Return the form for another moment, while there can be one."""
    if not can_be_rescheduled(row, database_now()):
        return None
    conference = row.conference
    typed = MomentForm.typed(row.undo_until, conference.time_zone)
    return MomentForm(initial={"send_at": typed}, conference=conference)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def announcement_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask, then delete a draft."""
    found = get_announcement(request, organisation, conference, code, Permission.MAIL_WRITE)
    row = found.conference
    if request.method == "POST":
        try_verb(
            request,
            [found],
            "The draft is deleted.",
            lambda: delete_announcement(
                announcement=found, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect(
            "manage-announcements", organisation=row.organisation.slug, conference=row.slug
        )
    return render(
        request,
        "notifications/announcement_delete.html",
        {
            "conference": row,
            "row": found,
            "title": f"Delete “{subject_of(found)}”?",
            "text": "Nobody has got it, and nobody will.",
            "label": "Delete the draft",
            "version": found.version,
        },
    )
