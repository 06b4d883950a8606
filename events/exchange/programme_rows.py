"""The draft as rows of a table: one for each session, its people line by line in a cell.

Columns are named so that such a table can be brought in again by their names: `code` is a
session's own, and each line of `people` ends with a person's. Texts in the conference's first
language stand under the bare name, those in another one under `title:sr-Latn`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import F, Prefetch, QuerySet

from core.text import full_name
from events.enums import (
    OFF_THE_PANEL,
    ParticipationRole,
)
from events.models import Conference, Participation, Session

Value = str | int | dt.datetime | None
# Between the parts of a line of `people`; it stands in none of them.
PARTED: Final = " | "
_FIRST: Final = ("code", "start", "end", "room", "kind")
_LAST: Final = (
    *("track", "language", "interpretation", "attribution", "recorded", "state", "minutes"),
    *("moderator", "speakers", "people"),
)
_CHUNK: Final = 500
# In a cell of several people these part one from the next, or what they are from who they are.
_AMBIGUOUS: Final = re.compile(r"[()\[\];|\n]|\s/\s")


def programme_header(conference: Conference) -> list[str]:
    """Return the names of the columns."""
    first, *others = conference.languages or ["en"]
    texts = [
        name if tag == first else f"{name}:{tag}"
        for tag in (first, *others)
        for name in ("title", "abstract")
    ]
    return [*_FIRST, *texts, *_LAST]


def programme_rows(conference: Conference) -> Iterator[list[Value]]:
    """Yield the sessions of the draft in the order in which they happen, those without a time last.

    Times are the conference's wall-clock times, as datetimes without an offset. Who has declined
    or was replaced stands under `people` only, with that state.
    """
    languages = conference.languages or ["en"]
    for session in _sessions(conference).iterator(chunk_size=_CHUNK):
        yield _row(session, conference.first_language, languages)


def _sessions(conference: Conference) -> QuerySet[Session]:
    parts = Participation.objects.select_related("person").order_by("order", "pk")
    return (
        conference.sessions.select_related("track", "room")
        .prefetch_related(Prefetch("participations", queryset=parts))
        .order_by(F("starts_at").asc(nulls_last=True), "order", "pk")
    )


def _row(session: Session, first: str, languages: Sequence[str]) -> list[Value]:
    parts = list(session.participations.all())
    on_it = [part for part in parts if part.state not in OFF_THE_PANEL]
    moderates = [part for part in on_it if part.role == ParticipationRole.MODERATOR]
    texts = [texts.get(tag, "") for tag in languages for texts in (session.title, session.abstract)]
    return [
        session.code,
        session.start_local,
        session.end_local,
        _named(session.room.name, first) if session.room else "",
        session.kind,
        *texts,
        _named(session.track.name, first) if session.track else "",
        session.language,
        ", ".join(session.interpretation),
        session.attribution,
        "yes" if session.recorded else "no",
        session.state,
        _minutes(session),
        "\n".join(_named_with_house(part) for part in moderates),
        "\n".join(_named_with_house(part) for part in on_it if part not in moderates),
        "\n".join(_line(part) for part in parts),
    ]


def _named(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or next((text for text in texts.values() if text), "")


def _minutes(session: Session) -> int | None:
    if session.start_local is None or session.end_local is None:
        return session.planned_minutes
    return int((session.end_local - session.start_local) / dt.timedelta(minutes=1))


def _name(part: Participation) -> str:
    name = full_name(part.person.given_name, part.person.family_name)
    return " ".join(word for word in (part.honorific, name) if word)


def _named_with_house(part: Participation) -> str:
    """Return "Dr. Mila Simić (Institute of Rivers)", where that can not be read in another way."""
    house = part.affiliation
    return _name(part) if not house or _AMBIGUOUS.search(house) else f"{_name(part)} ({house})"


def _line(part: Participation) -> str:
    """Return "moderator: Dr. Mila Simić | Director | Institute of Rivers | confirmed | MILA22"."""
    parts = (
        f"{part.role}: {_name(part)}",
        part.position,
        part.affiliation,
        part.state,
        part.person.code,
    )
    return PARTED.join(" ".join(text.replace("|", "/").split()) for text in parts)
