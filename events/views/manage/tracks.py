"""The themes of a conference."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from accounts.views.access import actor_of, may
from core.text import pick_text
from events.forms.venue import TrackForm
from events.models import Conference, Track
from events.services.tracks import change_track, create_track, delete_track
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def track_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All tracks, and a form that adds one."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    row = get_conference(request, organisation, conference, needed)
    form = TrackForm(request.POST or None, conference=row)
    if posting and form.is_valid():
        track = attempt(
            form,
            [],
            lambda: create_track(conference=row, actor=actor_of(request), **form.values()),
        )
        if track is not None:
            messages.success(request, "The track is added.")
            return redirect("manage-tracks", organisation, conference)
    context = {
        "conference": row,
        "tracks": row.tracks.annotate(session_count=Count("sessions")),
        "form": form,
        "may_write": may(request, Permission.PROGRAMME_WRITE),
    }
    return render(request, "events/manage/tracks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def track_page(request: HttpRequest, organisation: str, conference: str, code: str) -> HttpResponse:
    """One track; `code` is its slug."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    track = _track(row, code)
    form = TrackForm(request.POST or None, conference=row, track=track)
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            [track],
            lambda: change_track(
                track=track, changes=form.values(), expected=form.expected, actor=actor_of(request)
            ),
        )
        if changed is not None:
            messages.success(request, "Saved in the draft.")
            return redirect("manage-tracks", organisation, conference)
    context = {"conference": row, "track": track, "form": form}
    return render(request, "events/manage/track.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def track_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Ask once more, then delete a track that no session has."""
    row = get_conference(request, organisation, conference, Permission.PROGRAMME_WRITE)
    track = _track(row, code)
    if request.method == "POST":
        try_verb(
            request,
            [track],
            "The track is deleted.",
            lambda: delete_track(
                track=track, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-tracks", organisation, conference)
    name = pick_text(track.name, "en", row.languages)
    context = {
        "conference": row,
        "words": {"title": f"Delete {name}?", "label": "Delete the track", "danger": True},
        "text": "A track that a session has or had in a published programme is never deleted.",
        "version": track.version,
        "cancel_url": reverse("manage-tracks", args=[organisation, conference]),
    }
    return render(request, "events/manage/confirm.html", context)


def _track(conference: Conference, slug: str) -> Track:
    track = conference.tracks.filter(slug=slug).first()
    if track is None:
        raise Http404
    track.conference = conference
    return track
