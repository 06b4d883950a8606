"""Uploads, served only through here and only to who may see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from accounts.models import Membership
from accounts.private_files import is_withheld, permissions_for
from core.enums import Visibility
from core.models import StoredFile


@require_safe
def stored_file(request: HttpRequest, uid: UUID, name: str = "") -> HttpResponse:
    """Serve a file: public and unlisted ones to everybody, private ones to members who may see
    what keeps them.

    Whatever it is, a browser saves it and never runs it in our name.
    """
    del name  # for people who look at the address; the uid alone counts
    file = StoredFile.objects.filter(uid=uid).first()
    if file is None:
        raise Http404
    private = file.visibility == Visibility.PRIVATE or is_withheld(file)
    if private and not _may_see(request, file):
        raise Http404
    etag = f'"{file.digest}"'
    response: Any
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            content = file.file.open("rb")
        except OSError as error:
            raise Http404 from error
        response = FileResponse(
            content,
            as_attachment=True,
            filename=file.original_name or str(file.uid),
            content_type=file.content_type,
        )
    response["ETag"] = etag
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store" if private else "public, max-age=3600"
    return response  # type: ignore[no-any-return]  # one of two kinds of HttpResponse


def _may_see(request: HttpRequest, file: StoredFile) -> bool:
    if not request.user.is_authenticated:
        return False
    membership = Membership.objects.filter(
        organisation_id=file.organisation_id_value, account_id=request.user.pk
    ).first()
    return membership is not None and any(map(membership.may, permissions_for(file)))
