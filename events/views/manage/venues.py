"""The organisation's venues and their rooms."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.views.access import actor_of, get_organisation, may
from core.text import pick_text
from events.forms.venue import RoomForm, VenueForm
from events.models import Room, Venue
from events.services import venues as services
from events.views.manage.base import attempt, console_page, posted_version, try_verb


@require_safe
@console_page
def venue_list(request: HttpRequest, organisation: str) -> HttpResponse:
    """All venues with the number of their rooms and conferences."""
    host = get_organisation(request, organisation, Permission.PROGRAMME_READ)
    venues = host.venues.annotate(
        room_count=Count("rooms", distinct=True), used=Count("conferences", distinct=True)
    )
    context = {
        "host": host,
        "venues": venues,
        "may_write": may(request, Permission.PROGRAMME_WRITE),
    }
    return render(request, "events/manage/venues.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def venue_new(request: HttpRequest, organisation: str) -> HttpResponse:
    """Add a venue."""
    host = get_organisation(request, organisation, Permission.PROGRAMME_WRITE)
    form = VenueForm(request.POST or None, languages=_languages(host))
    if request.method == "POST" and form.is_valid():
        row = attempt(
            form,
            [],
            lambda: services.create_venue(
                organisation=host, actor=actor_of(request), **form.values()
            ),
        )
        if row is not None:
            messages.success(request, "The venue is added. Add its rooms.")
            return redirect("manage-venue", organisation, row.code)
    return render(request, "events/manage/venue_new.html", {"host": host, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def venue_page(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """One venue: how guests get in, and its rooms."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    host = get_organisation(request, organisation, needed)
    venue = _venue(host, code)
    form = VenueForm(request.POST or None, languages=_languages(host), venue=venue)
    if posting and form.is_valid():
        changed = attempt(
            form,
            [venue],
            lambda: services.change_venue(
                venue=venue,
                changes=form.values(),
                expected=form.expected,
                actor=actor_of(request),
            ),
        )
        if changed is not None:
            messages.success(request, "Saved. Public pages show it at once.")
            return redirect("manage-venue", organisation, code)
    return _show_venue(request, host, venue, form, RoomForm(languages=_languages(host)))


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def venue_delete(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Ask once more, then delete a venue that no conference uses."""
    host = get_organisation(request, organisation, Permission.PROGRAMME_WRITE)
    venue = _venue(host, code)
    if request.method == "POST":
        gone = try_verb(
            request,
            [venue],
            "The venue is deleted.",
            lambda: services.delete_venue(
                venue=venue, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        if gone:
            return redirect("manage-venues", organisation)
        return redirect("manage-venue", organisation, code)
    name = pick_text(venue.name, "en", _languages(host))
    context = {
        "host": host,
        "words": {"title": f"Delete {name}?", "label": "Delete the venue", "danger": True},
        "text": "Its rooms go with it. A venue that a conference uses is never deleted.",
        "version": venue.version,
        "cancel_url": reverse("manage-venue", args=[organisation, code]),
    }
    return render(request, "events/manage/confirm.html", context)


@require_http_methods(["POST"])
@console_page
def room_new(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Add a room to the venue."""
    host = get_organisation(request, organisation, Permission.PROGRAMME_WRITE)
    venue = _venue(host, code)
    form = RoomForm(request.POST, languages=_languages(host))
    if form.is_valid():
        row = attempt(
            form,
            [],
            lambda: services.create_room(venue=venue, actor=actor_of(request), **form.values()),
        )
        if row is not None:
            messages.success(request, "The room is added.")
            return redirect("manage-venue", organisation, code)
    venue_form = VenueForm(languages=_languages(host), venue=venue)
    return _show_venue(request, host, venue, venue_form, form)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def room_page(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """One room."""
    posting = request.method == "POST"
    needed = Permission.PROGRAMME_WRITE if posting else Permission.PROGRAMME_READ
    host = get_organisation(request, organisation, needed)
    room = _room(host, code)
    form = RoomForm(request.POST or None, languages=_languages(host), room=room)
    if posting and form.is_valid():
        changed = attempt(
            form,
            [room],
            lambda: services.change_room(
                room=room, changes=form.values(), expected=form.expected, actor=actor_of(request)
            ),
        )
        if changed is not None:
            messages.success(request, "Saved. Programmes show it when they are published again.")
            return redirect("manage-venue", organisation, room.venue.code)
    context = {
        "host": host,
        "room": room,
        "form": form,
        "may_write": may(request, Permission.PROGRAMME_WRITE),
    }
    return render(request, "events/manage/room.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def room_delete(request: HttpRequest, organisation: str, code: str) -> HttpResponse:
    """Ask once more, then delete a room in which nothing was ever planned."""
    host = get_organisation(request, organisation, Permission.PROGRAMME_WRITE)
    room = _room(host, code)
    if request.method == "POST":
        try_verb(
            request,
            [room],
            "The room is deleted.",
            lambda: services.delete_room(
                room=room, expected=posted_version(request), actor=actor_of(request)
            ),
        )
        return redirect("manage-venue", organisation, room.venue.code)
    name = pick_text(room.name, "en", _languages(host))
    context = {
        "host": host,
        "words": {"title": f"Delete {name}?", "label": "Delete the room", "danger": True},
        "text": "A room in which something was ever planned is never deleted.",
        "version": room.version,
        "cancel_url": reverse("manage-venue", args=[organisation, room.venue.code]),
    }
    return render(request, "events/manage/confirm.html", context)


def _languages(host: Organisation) -> list[str]:
    return list(host.languages) or ["en"]


def _venue(host: Organisation, code: str) -> Venue:
    venue = host.venues.filter(code=code).first()
    if venue is None:
        raise Http404
    venue.organisation = host
    return venue


def _room(host: Organisation, code: str) -> Room:
    room = Room.objects.filter(venue__organisation=host, code=code).select_related("venue").first()
    if room is None:
        raise Http404
    return room


def _show_venue(
    request: HttpRequest, host: Organisation, venue: Venue, form: VenueForm, room_form: RoomForm
) -> HttpResponse:
    context = {
        "host": host,
        "venue": venue,
        "form": form,
        "room_form": room_form,
        "rooms": venue.rooms.all(),
        "may_write": may(request, Permission.PROGRAMME_WRITE),
    }
    return render(request, "events/manage/venue.html", context)
