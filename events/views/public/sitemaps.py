"""What search engines may read: one list a conference, one a host, and one of all these lists.

Only public conferences stand in them. Each page is named in each of its languages, with the others
beside it (sitemaps.org, with the links that Google reads).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from core.enums import Visibility
from core.links import absolute_url
from events.enums import SessionKind
from events.languages import Reader
from events.models import Conference, Series
from events.services.schedules import current_programme
from events.services.stamps import Stamp
from events.views.public.context import conference_of, outcome_of
from events.views.public.files import File, public_file

MEDIA_TYPE: Final = "application/xml; charset=utf-8"
# So many addresses stand in one list (sitemaps.org).
MOST: Final = 50_000
_AN_HOUR: Final = 3600
_OPENING: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES: Final = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
_PAUSES: Final = frozenset({SessionKind.BREAK, SessionKind.RECEPTION})


@public_file
def conference_sitemap(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """The pages of one public conference."""
    conference = conference_of(stamp.pk)
    if conference.visibility != Visibility.PUBLIC:
        return None
    body = _urls(_pages(conference, at), reader.languages, stamp.changed_at)
    return File(body, MEDIA_TYPE, is_listed=True)


@public_file
def organisation_sitemap(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """The pages of a host that are not of one of its conferences."""
    if not Conference.objects.listed().filter(organisation_id=stamp.pk).exists():
        return None
    slugs = _listed_series(stamp.pk)
    pages = [reverse("organisation", kwargs=at)]
    pages += [reverse("series", kwargs={**at, "series": slug}) for slug in slugs]
    body = _urls(pages, reader.languages, stamp.changed_at)
    return File(body, MEDIA_TYPE, is_listed=True)


def _listed_series(organisation_id: int) -> list[str]:
    rows = Series.objects.filter(
        conferences__in=Conference.objects.listed().filter(organisation_id=organisation_id)
    )
    return list(rows.order_by("slug").values_list("slug", flat=True).distinct())


def _index_body() -> bytes:
    rows = Conference.objects.listed().order_by("organisation__slug", "slug")
    found = rows.values_list("organisation__slug", "slug", "updated_at")[:MOST]
    hosts: dict[str, dt.datetime] = {}
    lines = []
    for organisation, conference, updated_at in found:
        at = {"organisation": organisation, "conference": conference}
        hosts[organisation] = max(hosts.get(organisation, updated_at), updated_at)
        lines.append(_map(reverse("conference-sitemap", kwargs=at), updated_at))
    first = [
        _map(reverse("organisation-sitemap", kwargs={"organisation": slug}), updated_at)
        for slug, updated_at in hosts.items()
    ]
    body = "".join([*first, *lines][:MOST])
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{_OPENING}<sitemapindex xmlns="{namespace}">\n{body}</sitemapindex>\n'.encode()


def _index_tag(request: HttpRequest) -> str:
    request.sitemap = _index_body()  # type: ignore[attr-defined] # made once for tag and answer
    return f'"{hashlib.sha256(request.sitemap).hexdigest()[:32]}"'  # type: ignore[attr-defined]


@require_safe
@cache_control(public=True, max_age=_AN_HOUR)
@condition(etag_func=_index_tag)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Name the lists of all hosts and of all public conferences; one query."""
    body: bytes = request.sitemap  # type: ignore[attr-defined]
    return HttpResponse(body, content_type=MEDIA_TYPE)


def _pages(conference: Conference, at: dict[str, str]) -> Iterator[str]:
    yield reverse("conference", kwargs=at)
    programme = current_programme(conference)
    if not programme.is_empty:
        yield reverse("programme", kwargs=at)
    if programme.speakers():
        yield reverse("speakers", kwargs=at)
    if outcome_of(conference) is not None:
        yield reverse("outcome", kwargs=at)
    for session in programme.sessions():
        if session.kind not in _PAUSES:
            yield reverse("session", kwargs={**at, "code": session.code})
    for part in programme.speakers():
        yield reverse("speaker", kwargs={**at, "code": part.person_code})


def _map(path: str, changed_at: dt.datetime) -> str:
    return (
        f"<sitemap><loc>{escape(absolute_url(path))}</loc>"
        f"<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod></sitemap>\n"
    )


def _urls(
    paths: Iterable[str], languages: tuple[str, ...], changed_at: dt.datetime | None
) -> bytes:
    date = f"<lastmod>{changed_at.isoformat(timespec='seconds')}</lastmod>" if changed_at else ""
    lines: list[str] = []
    for path in paths:
        plain = absolute_url(path)
        own = {tag: f"{plain}?lang={tag}" for tag in languages} if len(languages) > 1 else {}
        if len(lines) + 1 + len(own) > MOST:
            break
        others = "".join(_other(tag, url) for tag, url in own.items())
        others += _other("x-default", plain) if own else ""
        lines += [
            f"<url><loc>{escape(url)}</loc>{date}{others}</url>\n" for url in (plain, *own.values())
        ]
    return f"{_OPENING}<urlset {_NAMES}>\n{''.join(lines)}</urlset>\n".encode()


def _other(tag: str, url: str) -> str:
    return f'<xhtml:link rel="alternate" hreflang="{tag}" href={quoteattr(url)}/>'
