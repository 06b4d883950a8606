"""A pack's file as it leaves, by pages and the API alike."""

from __future__ import annotations

from django.http import FileResponse

from core.errors import not_found
from events.enums import JobState
from events.models import DonorPack


def file_response(pack: DonorPack) -> FileResponse:
    """Return the ZIP as a download that nobody keeps.

    Raises:
        DomainError: ``not-found`` while it is not made, or when its file is gone.
    """
    if pack.state != JobState.DONE or pack.file is None:
        raise not_found()
    try:
        content = pack.file.file.open("rb")
    except OSError as error:
        raise not_found() from error
    response = FileResponse(
        content,
        as_attachment=True,
        filename=pack.file.original_name,
        content_type=pack.file.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    return response
