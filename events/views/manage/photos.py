"""Photos of an outcome: put up several at once, said what they show, shown with consent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.views.access import actor_of
from core.errors import DomainError
from core.services.files import too_large
from core.services.kept_files import MAX_BYTES
from core.text import full_name
from events.forms.photos import PhotoForm, PhotosForm
from events.models import Conference, OutcomePhoto
from events.services.outcome_photos import (
    add_photo,
    change_photo,
    delete_photo,
    not_to_be_pictured,
)
from events.views.access import get_conference
from events.views.manage.base import attempt, console_page, posted_version, try_verb
from events.views.manage.outcome import get_outcome, outcome_conference, outcome_frame

_HERE = "manage-photos"


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def photo_list(request: HttpRequest, organisation: str, conference: str) -> HttpResponse:
    """All of them; POST adds one or several."""
    row = outcome_conference(request, organisation, conference)
    outcome = get_outcome(row)
    form = PhotosForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        added = _add(request, row, form.pictures())
        if added:
            messages.success(
                request, f"{added} {'picture' if added == 1 else 'pictures'} added. None is shown."
            )
        return redirect(_HERE, organisation, conference)
    context = outcome_frame(request, row, outcome, _HERE) | {
        "form": form,
        "photos": [
            (photo, reverse("file", args=[(photo.small or photo.file).uid]))
            for photo in outcome.photos.select_related("file", "small")
        ],
        "unwilling": _unwilling(row),
    }
    return render(request, "events/manage/photos.html", context)


def _add(request: HttpRequest, row: Conference, files: list[UploadedFile[Any]]) -> int:
    """Add the pictures that can be read, and say of each other why not; return how many."""
    added = 0
    for file in files:
        try:
            if (file.size or 0) > MAX_BYTES:
                raise too_large()
            add_photo(
                conference=row,
                content=file.read(),
                name=file.name or "",
                actor=actor_of(request),
            )
        except DomainError as refusal:
            detail = refusal.errors[0].detail if refusal.errors else refusal.detail
            messages.error(request, f"{file.name}: {detail}")
        else:
            added += 1
    return added


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
def photo_page(request: HttpRequest, organisation: str, conference: str, code: str) -> HttpResponse:
    """One photo; POST says what it shows and whether it may be shown."""
    row = outcome_conference(request, organisation, conference)
    photo = _photo(row, code)
    form = PhotoForm(
        request.POST if request.method == "POST" else None, conference=row, photo=photo
    )
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            [photo],
            lambda: change_photo(
                photo=photo, changes=form.values(), expected=form.expected, actor=actor_of(request)
            ),
        )
        if changed is not None:
            shown = "It is shown." if changed.shown else "It is not shown."
            messages.success(request, f"Saved. {shown}")
            return redirect(_HERE, organisation, conference)
    context = outcome_frame(request, row, photo.outcome, _HERE) | {
        "form": form,
        "photo": photo,
        "photo_url": reverse("file", args=[photo.file.uid]),
        "unwilling": _unwilling(row),
        "back_url": reverse(_HERE, args=[organisation, conference]),
    }
    return render(request, "events/manage/photo.html", context)


@require_POST
@console_page
def photo_move(request: HttpRequest, organisation: str, conference: str, code: str) -> HttpResponse:
    """Put it one place up or down."""
    row = outcome_conference(request, organisation, conference)
    photo = _photo(row, code)
    to = max(0, photo.order - 1) if request.POST.get("to") == "up" else photo.order + 1
    try_verb(
        request,
        [photo],
        "Moved.",
        lambda: change_photo(
            photo=photo,
            changes={"order": to},
            expected=posted_version(request),
            actor=actor_of(request),
        ),
    )
    return redirect(_HERE, organisation, conference)


@require_POST
@console_page
def photo_delete(
    request: HttpRequest, organisation: str, conference: str, code: str
) -> HttpResponse:
    """Take it off the outcome, and its files off the disk."""
    row = get_conference(request, organisation, conference, Permission.CONFERENCE_WRITE)
    photo = _photo(row, code)
    try_verb(
        request,
        [photo],
        "The photo is deleted.",
        lambda: delete_photo(
            photo=photo, expected=posted_version(request), actor=actor_of(request)
        ),
    )
    return redirect(_HERE, organisation, conference)


def _unwilling(conference: Conference) -> str:
    """Return the names of those who wish to be shown in no picture."""
    rows = not_to_be_pictured(conference)
    return ", ".join(full_name(row.given_name, row.family_name) for row in rows)


def _photo(conference: Conference, code: str) -> OutcomePhoto:
    outcome = get_outcome(conference)
    photo = outcome.photos.select_related("file", "small").filter(code=code).first()
    if photo is None:
        raise Http404
    photo.outcome = outcome
    return photo
