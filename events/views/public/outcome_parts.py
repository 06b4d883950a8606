"""What stands on an outcome page: who said what, quotes, photos, figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.enums import Attribution, OutcomeItemKind, QuoteState, SessionKind, SessionState
from events.languages import Reader
from events.models import Outcome, OutcomeItem, OutcomePhoto, Person, Quote, Session
from events.programme import Programme
from events.services.attribution import mildest
from events.views.public.people import Face, face_of, face_of_person

# What is no part of what was discussed.
_PAUSES = (SessionKind.BREAK, SessionKind.RECEPTION)


@dataclass(frozen=True, slots=True)
class SaidPoint:
    item: OutcomeItem
    face: Face | None
    session: Session | None


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """Approved words, and who said them; nobody is named unless that may be said."""

    quote: Quote
    face: Face | None


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A picture in two sizes, with what it shows."""

    url: str
    small_url: str
    small_width: int
    width: int
    height: int
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Voices:
    """Who may be named for what, by the published programme and by the sessions as they are."""

    programme: Programme
    reader: Reader
    at: dict[str, str]

    def rule(self, person: Person | None, session: Session | None) -> Attribution:
        """Return what may be told outside of what was said there: of the published programme and
        the draft the stricter one.
        """
        if session is not None:
            seen = self.programme.sessions_by_code.get(session.code)
            rules = {session.attribution, *((seen.attribution,) if seen else ())}
            for strict in (Attribution.CLOSED, Attribution.CHATHAM_HOUSE):
                if strict in rules:
                    return strict
            return Attribution.ON_THE_RECORD
        parts = self.programme.sessions_of(person.code) if person is not None else []
        return mildest({view.attribution for view, _part in parts})

    def face(self, person: Person, session: Session | None) -> Face:
        """Return how somebody looks: with the post of that day where they spoke."""
        parts = self.programme.sessions_of(person.code)
        there = [part for view, part in parts if session and view.code == session.code]
        part = next(iter([*there, *(part for _view, part in parts)]), None)
        if part is None:
            return face_of_person(person, self.reader)
        return face_of(part, SessionKind.PANEL, self.reader, self.at)


def points_of(items: Sequence[OutcomeItem], voices: Voices) -> list[SaidPoint]:
    """Return the points; nobody is named where names stay in the room, and what was said in a
    closed session is not there at all.
    """
    points = []
    for item in items:
        rule = voices.rule(item.person, item.session)
        if item.kind != OutcomeItemKind.POINT:
            continue
        if rule == Attribution.CLOSED and item.session is not None:
            continue
        named = item.person is not None and rule == Attribution.ON_THE_RECORD
        face = voices.face(item.person, item.session) if named and item.person else None
        points.append(SaidPoint(item, face, item.session))
    return points


def quotes_of(outcome: Outcome, voices: Voices) -> list[ShownQuote]:
    """Return the quotes whose very words are approved; none from a closed session."""
    rows = outcome.quotes.filter(state=QuoteState.APPROVED).select_related("person", "session")
    return [
        ShownQuote(row, voices.face(row.person, row.session) if row.by_name else None)
        for row in rows
        if voices.rule(row.person, row.session) != Attribution.CLOSED
    ]


def photos_of(outcome: Outcome, reader: Reader) -> list[ShownPhoto]:
    """Return the photos that are shown."""
    rows = outcome.photos.filter(shown=True).select_related("file", "small")
    return [_photo(row, reader) for row in rows]


def _photo(row: OutcomePhoto, reader: Reader) -> ShownPhoto:
    url = reverse("file", args=[row.file.uid])
    longer = max(row.width, row.height, 1)
    scale = min(1.0, 800 / longer)
    return ShownPhoto(
        url=url,
        small_url=reverse("file", args=[row.small.uid]) if row.small is not None else url,
        small_width=round(row.width * scale),
        width=row.width,
        height=row.height,
        alt=reader.text(row.alt),
        caption=reader.text(row.caption),
        credit=row.credit,
    )


def figures_of(programme: Programme, findings: int) -> list[tuple[int, str]]:
    """Return a few numbers with their words, those that are nothing left out."""
    held = [s for s in programme.sessions() if s.state != SessionState.CANCELLED]
    panels = sum(session.kind == SessionKind.PANEL for session in held)
    others = sum(session.kind not in (SessionKind.PANEL, *_PAUSES) for session in held)
    speakers = len(programme.speakers())
    found = [
        (panels, ngettext("panel", "panels", panels)),
        (others, ngettext("other session", "other sessions", others)),
        (speakers, ngettext("speaker", "speakers", speakers)),
        (findings, ngettext("finding", "findings", findings)),
    ]
    return [(number, word) for number, word in found if number]


def voice_in_the_room() -> str:
    """Return what stands for a name that is not said."""
    return _("Somebody in the room")
