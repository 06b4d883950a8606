"""Photos of a pack: only those whose people agreed, or on which nobody can be recognised."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from events.enums import PhotoConsent
from events.models import Conference, OutcomePhoto

SHOWABLE: Final = (PhotoConsent.GIVEN, PhotoConsent.NOBODY)
# Of photos a pack takes so much; each is 10 MB at the most.
MOST_BYTES: Final = 200 * 1024 * 1024
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def photos_of(conference: Conference) -> QuerySet[OutcomePhoto]:
    return OutcomePhoto.objects.filter(outcome__conference=conference).select_related("file")


def left_out_photos(number: int) -> str:
    """Return how many are left out, as a sentence begins that says why."""
    return "1 photo is left out" if number == 1 else f"{number} photos are left out"


def name_of(photo: OutcomePhoto, number: int) -> str | None:
    """Return the photo's name in the pack, never the one that somebody gave; None for no photo."""
    ending = _ENDINGS.get(photo.file.content_type)
    return f"photos/{number:02d}.{ending}" if ending else None
