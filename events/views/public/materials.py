"""Files and links that a page may show to anybody."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from core.text import full_name
from events.enums import Attribution, MaterialKind
from events.languages import Reader, name_in
from events.models import Conference, Material
from events.programme import Programme
from events.views.public.context import file_url

_SHOWN = (MaterialKind.LINK, MaterialKind.FILE)


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    session_code: str


def materials_of(conference: Conference, reader: Reader, programme: Programme) -> list[Link]:
    """Return links and files released by now; joining links never stand on a page.

    What came with a closed session is kept from readers, and what a speaker gave until an organiser
    shows it. Whose slides they are is said only where names may leave the room.
    """
    closed = [s.code for s in programme.sessions() if s.attribution == Attribution.CLOSED]
    rows = (
        Material.objects.filter(conference=conference, kind__in=_SHOWN, shown=True)
        .filter(Q(release_at__isnull=True) | Q(release_at__lte=timezone.now()))
        .exclude(session__attribution=Attribution.CLOSED)
        .exclude(session__code__in=closed)
        .select_related("session", "file", "participation__person")
    )
    links = [
        Link(
            _title(row, reader),
            row.url or file_url(row.file),
            row.session.code if row.session else "",
        )
        for row in rows
    ]
    return [link for link in links if link.url]


def _title(row: Material, reader: Reader) -> str:
    title = reader.text(row.title)
    if row.participation is None or row.session is None:
        return title
    if row.session.attribution != Attribution.ON_THE_RECORD:
        return title
    return f"{title}: {full_name(*name_in(reader.tag, row.participation.person))}"
