"""Live streams: named on pages, and loaded from where they come only when somebody asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from events.enums import Attribution, MaterialKind
from events.languages import Reader
from events.models import Conference, Material
from events.programme import Programme
from events.services.schedules import current_programme
from events.services.stamps import Stamp
from events.views.public.context import conference_context, conference_of
from events.views.public.serving import Page, public_page

_YOUTUBE = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com"})
_ID = re.compile(r"[A-Za-z0-9_-]{6,20}")
_VIMEO = re.compile(r"/(?:event/)?([0-9]{4,20})/?")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream as pages name it.

    Arguments:
        url: of our own page about it.
        source: where it comes from: "youtube.com".
        original: its own address, to open it there.
        frame: what is shown in our page; "" for what can not be shown in it.
    """

    code: str
    title: str
    url: str
    source: str
    original: str
    frame: str
    session_code: str


def frame_of(address: str) -> str:
    """Return the address by which a stream can stand in a page; "" where it has none.

    Known hosts have one of their own, without their cookies; all others are taken as they are.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or not _HOST.fullmatch(parts.netloc.lower()):
        return ""
    if host in _YOUTUBE or host == "youtu.be":
        video = parts.path.strip("/").split("/")[-1]
        if host != "youtu.be" and parts.path == "/watch":
            video = parse_qs(parts.query).get("v", [""])[0]
        return f"https://www.youtube-nocookie.com/embed/{video}" if _ID.fullmatch(video) else ""
    if host in {"vimeo.com", "www.vimeo.com"}:
        found = _VIMEO.fullmatch(parts.path)
        return f"https://player.vimeo.com/video/{found[1]}?dnt=1" if found else ""
    return address


def streams_of(conference: Conference, reader: Reader, programme: Programme) -> list[Stream]:
    """Return the streams that anybody may watch by now; none of what is behind closed doors."""
    closed = [s.code for s in programme.sessions() if s.attribution == Attribution.CLOSED]
    rows = (
        Material.objects.filter(conference=conference, kind=MaterialKind.STREAM, shown=True)
        .filter(Q(release_at__isnull=True) | Q(release_at__lte=timezone.now()))
        .exclude(session__attribution=Attribution.CLOSED)
        .exclude(session__code__in=closed)
        .select_related("session", "conference__organisation")
    )
    return [_stream(row, reader) for row in rows]


def _stream(row: Material, reader: Reader) -> Stream:
    at = {"organisation": row.conference.organisation.slug, "conference": row.conference.slug}
    host = (urlsplit(row.url).hostname or "").removeprefix("www.")
    return Stream(
        code=row.code,
        title=reader.text(row.title),
        url=reverse("stream", kwargs={**at, "code": row.code}) + reader.query,
        source=host,
        original=row.url,
        frame=frame_of(row.url),
        session_code=row.session.code if row.session else "",
    )


@public_page
def stream_page(stamp: Stamp, reader: Reader, at: dict[str, str]) -> Page:
    """Say where a stream comes from; nothing is asked of that place before somebody wishes it."""
    return _page(stamp, reader, at, "stream")


def stream_watch_page(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
    """Show a stream in the page: the one page that may frame another host, and only that one."""
    response = _watch_page(request, **kwargs)
    row = Material.objects.filter(code=kwargs["code"], kind=MaterialKind.STREAM).first()
    if row is not None and (frame := frame_of(row.url)):
        host = f"https://{urlsplit(frame).netloc}"
        # As the decorators of django-csp do.
        response._csp_replace = {"frame-src": [host]}  # type: ignore[attr-defined]  # noqa: SLF001
    return response


@public_page
def _watch_page(stamp: Stamp, reader: Reader, at: dict[str, str]) -> Page:
    return _page(stamp, reader, at, "stream-watch")


def _page(stamp: Stamp, reader: Reader, at: dict[str, str], name: str) -> Page:
    conference = conference_of(stamp.pk)
    programme = current_programme(conference)
    page = reverse("stream", kwargs=at) + reader.query
    streams = streams_of(conference, reader, programme)
    stream = next((one for one in streams if one.url == page), None)
    if stream is None or (name == "stream-watch" and not stream.frame):
        return None
    context = conference_context(conference, reader, name, at)
    context |= {
        "main_width": "wide" if name == "stream-watch" else "reading",
        "stream": stream,
        "session": programme.sessions_by_code.get(stream.session_code),
        "watches": name == "stream-watch",
    }
    return "events/public/stream.html", context
