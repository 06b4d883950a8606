"""Files and links that a page may show to anybody."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from events.enums import MaterialKind
from events.languages import Reader
from events.models import Conference, Material
from events.views.public.context import file_url

_SHOWN = (MaterialKind.LINK, MaterialKind.FILE)


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    session_code: str


def materials_of(conference: Conference, reader: Reader) -> list[Link]:
    """Return links and files released by now; joining links never stand on a page."""
    rows = (
        Material.objects.filter(conference=conference, kind__in=_SHOWN)
        .filter(Q(release_at__isnull=True) | Q(release_at__lte=timezone.now()))
        .select_related("session", "file")
    )
    links = [
        Link(
            reader.text(row.title),
            row.url or file_url(row.file),
            row.session.code if row.session else "",
        )
        for row in rows
    ]
    return [link for link in links if link.url]
