"""How a public page is served: from the cache, with an ETag, without cookie and session.

The page holds no token and nothing of one reader but their language, so its bytes are kept whole,
and compressed: there is no secret beside which a stranger's words could be measured.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from events.languages import Reader, choose
from events.services.keeping import KEPT, Kept, keep
from events.services.stamps import Stamp, conference_stamp, moved_to, organisation_stamp

# A template and its context; None when there is no such page.
Page = tuple[str, dict[str, Any]] | None
Build = Callable[[Stamp, Reader, dict[str, str]], Page]
# What an address asks for behind its question mark, by name.
Asked = Mapping[str, str]
Made = Callable[[Stamp, Reader], Page]
AskedBuild = Callable[[Stamp, Reader, dict[str, str], Asked], Page]
View = Callable[..., HttpResponseBase]
_NOTHING: Asked = MappingProxyType({})
KEPT_SECONDS = 300
GZIP_LEVEL = 6
# A word that somebody types; such pages are as many as there are words, so none is kept.
SEARCH = "q"
_LONGEST_SEARCH = 100
# Longer than any day, track, room or zone is called in an address.
_LONGEST_NAME = 100


@lru_cache(maxsize=1)
def templates_version() -> str:
    """Return a word that changes when what pages are made of changes: templates, code, words."""
    digest = hashlib.sha256()
    root = Path(settings.BASE_DIR)
    for folder, pattern in (
        ("config/templates", "**/*.html"),
        ("events", "**/*.html"),
        ("events", "**/*.py"),
        ("config/locale", "**/*.mo"),
        ("config/static", "**/*.*"),
    ):
        for path in sorted((root / folder).glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def public_page(build: Build) -> View:
    """Make a view of a function that builds a page's template and context.

    Addresses of another day go to those of today; what nobody may see answers 404.
    """

    @require_safe
    def view(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        return _answer(
            request, kwargs, lambda stamp, reader: build(stamp, reader, kwargs), _NOTHING
        )

    return view


def asked_page(*names: str) -> Callable[[AskedBuild], View]:
    """Make views as `public_page` does, of pages that show what their address asks for.

    What is asked under one of these names and not empty is told to the function that builds the
    page, and it answers with no page to what there is not: so there are only as many pages as the
    programme has days, tracks and rooms. A page that was asked for one of them is kept as all
    others are; one that was asked for several only in the cache that all processes share, which is
    bounded; what was searched for is not kept at all.
    """

    def make(build: AskedBuild) -> View:
        @require_safe
        def view(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
            asked = _asked(request, names)
            return _answer(
                request, kwargs, lambda stamp, reader: build(stamp, reader, kwargs, asked), asked
            )

        return view

    return make


def _asked(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for name in names:
        value = request.GET.get(name, "").strip()
        if name == SEARCH:
            value = value[:_LONGEST_SEARCH]
        elif len(value) > _LONGEST_NAME:
            raise Http404
        if value:
            found[name] = value
    return found


def _answer(
    request: HttpRequest,
    kwargs: dict[str, str],
    build: Made,
    asked: Asked,
) -> HttpResponseBase:
    kept = keep_subject(kwargs)
    if kept is None:
        return to_todays_address(request, kwargs)
    stamp: Stamp = kept.subject
    reader = choose(
        request.GET.get("lang"), request.headers.get("Accept-Language", ""), stamp.languages
    )
    key = key_of(request.path, stamp, reader, stamp.clock, asked)
    packed = takes_gzip(request)
    etag = f'"{key}-gzip"' if packed else f'"{key}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        if SEARCH in asked:
            body = _rendered(build, stamp, reader)
        elif len(asked) > 1:
            body = _packed(key, build, stamp, reader)
        else:
            body = kept.once(key, lambda: _packed(key, build, stamp, reader))
            # What else an address says would only make more of the same page.
            if not settings.DEBUG and request.GET.keys() <= {*asked, "lang"}:
                setattr(request, KEPT, kept)
        response = HttpResponse(body if packed else gzip.decompress(body))
        if packed:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    response["Content-Language"] = reader.tag
    patch_vary_headers(response, ["Accept-Language", "Accept-Encoding"])
    return response


def keep_subject(kwargs: dict[str, str]) -> Kept | None:
    """Return what an address is about, kept for a few seconds; None where nobody may see it."""
    organisation, conference = kwargs["organisation"], kwargs.get("conference")
    if conference is None:
        return keep((organisation,), lambda: organisation_stamp(organisation))
    return keep((organisation, conference), lambda: conference_stamp(organisation, conference))


def _packed(key: str, build: Made, stamp: Stamp, reader: Reader) -> bytes:
    body: bytes | None = None if settings.DEBUG else cache.get(f"page:{key}")
    if body is None:
        body = _rendered(build, stamp, reader)
        cache.set(f"page:{key}", body, KEPT_SECONDS)
    return body


def takes_gzip(request: HttpRequest) -> bool:
    """Tell whether the reader's browser unpacks what is packed."""
    for part in request.headers.get("Accept-Encoding", "").split(","):
        coding, _, weight = part.partition(";")
        if coding.strip().lower() == "gzip":
            return weight.strip().replace(" ", "").rstrip("0.") != "q="
    return False


def to_todays_address(request: HttpRequest, kwargs: dict[str, str]) -> HttpResponseBase:
    """Lead from an address of another day to that of today.

    Raises:
        Http404: when nobody may see what is there, or nothing is.
    """
    today = moved_to(kwargs)
    if today is None or request.resolver_match is None:
        raise Http404
    url = reverse(request.resolver_match.view_name, kwargs=today)
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)


def key_of(
    path: str, stamp: Stamp, reader: Reader, clock: str = "", asked: Asked = _NOTHING
) -> str:
    """Return what names everything that an answer is made of."""
    parts = (
        *(templates_version(), path, reader.tag, str(reader.chosen), clock),
        *(*reader.languages, *stamp.marks),
        *(f"{name}={asked[name]}" for name in sorted(asked)),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _rendered(build: Made, stamp: Stamp, reader: Reader) -> bytes:
    with translation.override(reader.catalogue):
        page = build(stamp, reader)
        if page is None:
            raise Http404
        template, context = page
        # Without the request: a page that many get can hold nothing of one of them.
        return gzip.compress(render_to_string(template, context).encode(), GZIP_LEVEL, mtime=0)
