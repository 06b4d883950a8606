"""How a public page is served: from the cache, with an ETag, without cookie and session.

The page holds no token and nothing of one reader but their language, so its bytes are kept whole,
and compressed: there is no secret beside which a stranger's words could be measured.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
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

# Returns the template and its context; None when there is no such page.
Build = Callable[[Stamp, Reader, dict[str, str]], tuple[str, dict[str, Any]] | None]
View = Callable[..., HttpResponseBase]
KEPT_SECONDS = 300
GZIP_LEVEL = 6


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
        kept = keep_subject(kwargs)
        if kept is None:
            return to_todays_address(request, kwargs)
        stamp: Stamp = kept.subject
        reader = choose(
            request.GET.get("lang"), request.headers.get("Accept-Language", ""), stamp.languages
        )
        key = key_of(request.path, stamp, reader, stamp.clock)
        packed = takes_gzip(request)
        etag = f'"{key}-gzip"' if packed else f'"{key}"'
        response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
        if response is None:
            body = kept.once(key, lambda: _packed(key, build, stamp, reader, kwargs))
            response = HttpResponse(body if packed else gzip.decompress(body))
            if packed:
                response["Content-Encoding"] = "gzip"
            if not settings.DEBUG:
                setattr(request, KEPT, kept)
        response["ETag"] = etag
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
        response["Content-Language"] = reader.tag
        patch_vary_headers(response, ["Accept-Language", "Accept-Encoding"])
        return response

    return view


def keep_subject(kwargs: dict[str, str]) -> Kept | None:
    """Return what an address is about, kept for a few seconds; None where nobody may see it."""
    organisation, conference = kwargs["organisation"], kwargs.get("conference")
    if conference is None:
        return keep((organisation,), lambda: organisation_stamp(organisation))
    return keep((organisation, conference), lambda: conference_stamp(organisation, conference))


def _packed(key: str, build: Build, stamp: Stamp, reader: Reader, kwargs: dict[str, str]) -> bytes:
    body: bytes | None = None if settings.DEBUG else cache.get(f"page:{key}")
    if body is None:
        body = gzip.compress(_render(build, stamp, reader, kwargs), GZIP_LEVEL, mtime=0)
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


def key_of(path: str, stamp: Stamp, reader: Reader, clock: str = "") -> str:
    """Return what names everything that an answer is made of."""
    parts = (
        *(templates_version(), path, reader.tag, str(reader.chosen), clock),
        *(*reader.languages, *stamp.marks),
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _render(build: Build, stamp: Stamp, reader: Reader, kwargs: dict[str, str]) -> bytes:
    with translation.override(reader.catalogue):
        page = build(stamp, reader, kwargs)
        if page is None:
            raise Http404
        template, context = page
        # Without the request: a page that many get can hold nothing of one of them.
        return render_to_string(template, context).encode()
