"""How a public file is served: like a public page, from memory, with an ETag, without cookie.

The ETag is made of the file's bytes, so what an organiser changes elsewhere sends nobody who has
the file already to fetch it again.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from events.languages import Reader, choose
from events.services.keeping import KEPT
from events.services.stamps import Stamp
from events.views.public.serving import (
    GZIP_LEVEL,
    KEPT_SECONDS,
    View,
    kept_of,
    redirect_to_today,
    takes_gzip,
    templates_version,
)


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file that many get.

    Arguments:
        listed: whether search engines may show it.
    """

    body: bytes
    content_type: str
    name: str
    listed: bool = True


@dataclass(frozen=True, slots=True)
class _Made:
    """A file as it is kept: packed where that makes it smaller."""

    body: bytes
    is_packed: bool
    digest: str
    content_type: str
    name: str
    listed: bool


Build = Callable[[Stamp, Reader], PublicFile | None]


def public_file(*, packs: bool) -> Callable[[Build], View]:
    """Make a view of a function that builds a file; None answers 404.

    Arguments:
        packs: whether it is worth packing: text is, a PDF is packed already.
    """

    def decorate(build: Build) -> View:
        @require_safe
        def view(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
            kept = kept_of(kwargs)
            if kept is None:
                return redirect_to_today(request, kwargs)
            stamp: Stamp = kept.subject
            reader = choose(
                request.GET.get("lang"), request.headers.get("Accept-Language", ""), stamp.languages
            )
            key = _key(request.path, stamp, reader)
            made = kept.once(key, lambda: _made(key, build, stamp, reader, packs=packs))
            response = _respond(request, made)
            if response.status_code == HttpResponse.status_code and not settings.DEBUG:
                setattr(request, KEPT, kept)
            response["Content-Language"] = reader.tag
            return response

        return view

    return decorate


def _respond(request: HttpRequest, made: _Made) -> HttpResponseBase:
    packed = made.is_packed and takes_gzip(request)
    etag = f'"{made.digest}-gzip"' if packed else f'"{made.digest}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        body = gzip.decompress(made.body) if made.is_packed and not packed else made.body
        response = HttpResponse(body, content_type=made.content_type)
        response["Content-Disposition"] = f'inline; filename="{made.name}"'
        if packed:
            response["Content-Encoding"] = "gzip"
        if not made.listed:
            response["X-Robots-Tag"] = "noindex"
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    patch_vary_headers(response, ["Accept-Language", "Accept-Encoding"])
    return response


def _key(path: str, stamp: Stamp, reader: Reader) -> str:
    parts = (templates_version(), path, reader.tag, *reader.languages, *stamp.without_clock)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _made(key: str, build: Build, stamp: Stamp, reader: Reader, *, packs: bool) -> _Made:
    found = None if settings.DEBUG else cache.get(f"file:{key}")
    if not isinstance(found, _Made):
        with translation.override(reader.catalogue):
            file = build(stamp, reader)
        if file is None:
            raise Http404
        body = gzip.compress(file.body, GZIP_LEVEL, mtime=0) if packs else file.body
        digest = hashlib.sha256(file.body + file.content_type.encode()).hexdigest()[:32]
        found = _Made(body, packs, digest, file.content_type, file.name, file.listed)
        cache.set(f"file:{key}", found, KEPT_SECONDS)
    return found
