"""How a feed or a picture is served: to anybody, from the cache, with an ETag made of its bytes.

What changes nothing in the file leaves its ETag as it is, so that programs which ask again and
again get 304. No cookie is set and no session read. Files of what is not listed say noindex.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from events.languages import Reader, choose
from events.services.keeping import KEPT
from events.services.stamps import Stamp
from events.views.public.serving import (
    GZIP_LEVEL,
    KEPT_SECONDS,
    View,
    keep_subject,
    key_of,
    takes_gzip,
    to_todays_address,
)


@dataclass(frozen=True, slots=True)
class File:
    """A file to be served.

    Arguments:
        is_listed: whether search engines may keep it.
        packs: whether it gets smaller by gzip; pictures do not.
        name: under which it is saved where a program saves it.
    """

    body: bytes
    media_type: str
    is_listed: bool
    packs: bool = True
    name: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A file, packed if it packs, and the digest of what is in it."""

    file: File
    digest: str


# Makes the file; None when there is none.
Build = Callable[[Stamp, Reader, dict[str, str]], File | None]
# Within so many seconds a second change could bear the same date.
_SAME_DATE: Final = 2


def public_file(build: Build) -> View:
    """Make a view of a function that makes a file of a conference or an organisation.

    Addresses of another day go to those of today; what nobody may see answers 404.
    """

    @require_safe
    def view(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        kept = keep_subject(kwargs)
        if kept is None:
            return to_todays_address(request, kwargs)
        stamp: Stamp = kept.subject
        reader = choose(
            request.GET.get("lang"), request.headers.get("Accept-Language", ""), stamp.languages
        )
        key = f"file:{key_of(request.path, stamp, reader)}"
        made = kept.once(key, lambda: _made(key, build, stamp, reader, kwargs))
        packed = made.file.packs and takes_gzip(request)
        etag = f'"{made.digest}-gzip"' if packed else f'"{made.digest}"'
        seconds = _last_modified(stamp)
        response: HttpResponseBase | None = get_conditional_response(request, etag, seconds)
        if response is None:
            response = _answer(made.file, packed=packed)
            # Whatever else an address says would only make more of the same file.
            if not settings.DEBUG and request.GET.keys() <= {"lang"}:
                setattr(request, KEPT, kept)
        response["ETag"] = etag
        if seconds is not None:
            response["Last-Modified"] = http_date(seconds)
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
        response["Content-Language"] = reader.tag
        if not made.file.is_listed:
            response["X-Robots-Tag"] = "noindex"
        patch_vary_headers(response, ["Accept-Language", "Accept-Encoding"])
        return response

    return view


def _answer(file: File, *, packed: bool) -> HttpResponse:
    body = gzip.decompress(file.body) if file.packs and not packed else file.body
    response = HttpResponse(body, content_type=file.media_type)
    if packed:
        response["Content-Encoding"] = "gzip"
    if file.name:
        response["Content-Disposition"] = f'inline; filename="{file.name}"'
    return response


def _last_modified(stamp: Stamp) -> int | None:
    """Return when something changed; None while its date could not tell two changes apart."""
    changed_at = stamp.changed_at
    if changed_at is None or (timezone.now() - changed_at).total_seconds() < _SAME_DATE:
        return None
    return int(changed_at.timestamp())


def _made(key: str, build: Build, stamp: Stamp, reader: Reader, kwargs: dict[str, str]) -> Made:
    made: Made | None = None if settings.DEBUG else cache.get(key)
    if isinstance(made, Made):
        return made
    with translation.override(reader.catalogue):
        file = build(stamp, reader, kwargs)
    if file is None:
        raise Http404
    digest = hashlib.sha256(file.body).hexdigest()[:32]
    body = gzip.compress(file.body, GZIP_LEVEL, mtime=0) if file.packs else file.body
    made = Made(File(body, file.media_type, file.is_listed, file.packs, file.name), digest)
    cache.set(key, made, KEPT_SECONDS)
    return made
