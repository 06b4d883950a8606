"""Briefings: from a participation to all that its person needs to know, in their language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.text import full_name
from events import dates, words
from events.briefing import Briefing, Fact, Panellist, Turn, running_order
from events.enums import (
    Attribution,
    ConferenceMode,
    ParticipationRole,
    ParticipationState,
    RecordingConsent,
)
from events.languages import Reader, name_in
from events.models import Participation, Session, Venue
from events.programme import SessionView
from events.sentences import first_sentences, spoken_in
from events.services.audience_questions import questions_for
from events.services.documents import moved
from events.services.needs import NEEDED_OF
from events.services.programmes import read_programme

MOST_QUESTIONS: Final = 100
Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Slot:
    """When and where: as it is published, else as it stands in the draft."""

    start: dt.datetime | None
    end: dt.datetime | None
    title: Texts
    room: Texts
    is_published: bool


def reader_of(participation: Participation, *, asked: str = "") -> Reader:
    """Return who reads a briefing: in the language asked for, else in the person's own."""
    conference = participation.session.conference
    own = participation.person.language or conference.first_language
    languages = tuple(dict.fromkeys([asked or own, *conference.languages]))
    return Reader(asked or own, languages, chosen=bool(asked))


def briefing_of(participation: Participation, reader: Reader) -> Briefing:
    """Return the briefing of one person on one session.

    When and where come from the published programme, who else is there from those who have said
    yes: that acts at once. Whoever moderates has the guests' questions.
    """
    return next(briefings_of(participation.session, [(participation, reader)]))


def briefings_of_session(session: Session) -> list[Briefing]:
    """Return the briefings of everybody on a session who is asked or comes, in its order."""
    rows = _on(session)
    return list(briefings_of(session, [(row, reader_of(row)) for row in rows]))


def briefings_of(
    session: Session, wanted: Sequence[tuple[Participation, Reader]]
) -> Iterator[Briefing]:
    """Yield the briefings of several on one session; the same few queries for all of them."""
    slot = slot_of(session)
    everybody = _on(session)
    link = session.conference.conference_venues.select_related("venue").order_by("order", "id")
    venue = session.room.venue if session.room else next((row.venue for row in link[:1]), None)
    moderates = any(part.role == ParticipationRole.MODERATOR for part, _reader in wanted)
    questions = questions_for(session)[:MOST_QUESTIONS] if moderates else ()
    for part, reader in wanted:
        with translation.override(reader.catalogue):
            yield _briefing(part, reader, session, slot, everybody, venue, questions)


def _on(session: Session) -> list[Participation]:
    rows = session.participations.filter(state__in=NEEDED_OF).select_related("person")
    found = sorted(
        rows.order_by("order", "pk"), key=lambda row: row.role != ParticipationRole.MODERATOR
    )
    for row in found:
        row.session = session
    return found


def slot_of(session: Session) -> Slot:
    """Return when and where a session is: as it is published, else as it stands in the draft."""
    conference = session.conference
    version = conference.schedule_versions.order_by("-number").first()
    view: SessionView | None = None
    if version is not None:
        document = moved(version.document, version.moved_days)
        own = [row for row in document["sessions"] if row["code"] == session.code]
        bare = [{**row, "participations": []} for row in own]
        programme = read_programme(conference, {**document, "sessions": bare}, public=False)
        view = programme.sessions_by_code.get(session.code)
    if view is None:
        room = dict(session.room.name) if session.room else {}
        return Slot(session.start_local, session.end_local, session.title, room, False)
    room = dict(view.room.name) if view.room else {}
    return Slot(view.start_local, view.end_local, dict(view.title), room, True)


def _briefing(
    part: Participation,
    reader: Reader,
    session: Session,
    slot: Slot,
    everybody: Sequence[Participation],
    venue: Venue | None,
    questions: tuple[str, ...],
) -> Briefing:
    conference = session.conference
    comes = [
        row for row in everybody if row.state == ParticipationState.CONFIRMED or row.pk == part.pk
    ]
    when = ""
    if slot.start is not None and slot.end is not None:
        when = dates.say_when(slot.start, slot.end, conference.time_zone, reader.tag)
        when = f"{when[:1].upper()}{when[1:]}"
    moderates = part.role == ParticipationRole.MODERATOR
    return Briefing(
        language=reader.tag,
        title=reader.text(slot.title),
        conference=reader.text(conference.title),
        reader=_name(part, reader),
        role=_role(part),
        when=when or _("The time is not known yet."),
        facts=tuple(
            fact for fact in _facts(part, reader, slot, venue) if any(line for line in fact.lines)
        ),
        turns=tuple(_turns(part, comes, reader, slot)),
        people=tuple(_panellist(row, reader) for row in comes if row.pk != part.pk),
        questions=questions if moderates else (),
        notice="" if slot.is_published else _("This is not published yet: times may change."),
        words=_words(),
    )


def _facts(part: Participation, reader: Reader, slot: Slot, venue: Venue | None) -> Iterator[Fact]:
    session = part.session
    conference = session.conference
    number = part.minutes or 0
    minutes = ngettext("%(n)d minute", "%(n)d minutes", number) % {"n": number}
    yield Fact(_("Your part"), (_role(part), minutes if part.minutes else ""))
    online = reader.text(conference.online_note)
    if conference.mode != ConferenceMode.ONLINE and venue is not None:
        town = " ".join(filter(None, (venue.postal_code, venue.city)))
        street = ", ".join(filter(None, (venue.street, town)))
        yield Fact(_("Room"), (reader.text(slot.room),))
        yield Fact(_("Venue"), (reader.text(venue.name), street))
        yield Fact(_("Entrance"), _lines(reader.text(venue.entrance)))
        yield Fact(_("How to get there"), _lines(reader.text(venue.directions)), _map(venue))
        yield Fact(_("Access"), _lines(reader.text(venue.access)))
    if conference.mode != ConferenceMode.IN_PERSON:
        yield Fact(_("Online"), _lines(online))
    yield Fact(_("Language"), (spoken_in(session),))
    yield Fact(_("Quoting"), (str(words.QUOTED[Attribution(session.attribution)]),))
    yield Fact(_("Recording"), (_recording(part),))
    phone = conference.contact_phone or conference.organisation.contact_phone
    email = conference.contact_email or conference.organisation.contact_email
    digits = "".join(ch for ch in phone if ch in "+0123456789")
    yield Fact(
        _("Who to call"),
        (conference.contact_name or conference.organisation.name, phone, email),
        f"tel:{digits}" if digits else "",
    )
    if part.reply_until_local is not None and part.state == ParticipationState.INVITED:
        day = dates.say_date(part.reply_until_local.date(), reader.tag)
        yield Fact(_("Please answer by"), (f"{day}, {part.reply_until_local:%H:%M}",))


def _recording(part: Participation) -> str:
    if not part.session.recorded:
        return _("This session is not recorded.")
    if part.recording_consent == RecordingConsent.GIVEN:
        return _("This session is recorded. You have agreed to it.")
    if part.recording_consent == RecordingConsent.REFUSED:
        return _("This session is recorded. You have asked us not to record you.")
    return _("This session is recorded. You have not told us yet whether we may record you.")


def _turns(
    part: Participation, comes: Sequence[Participation], reader: Reader, slot: Slot
) -> Iterator[Turn]:
    speaking = [row for row in comes if row.role not in _SILENT]
    return running_order(
        slot.start,
        slot.end,
        [(_name(row, reader), row.minutes, row.pk == part.pk) for row in speaking],
        _("Discussion"),
    )


def _panellist(row: Participation, reader: Reader) -> Panellist:
    return Panellist(
        name=_name(row, reader),
        role=_role(row),
        post=", ".join(filter(None, (row.position, row.affiliation))),
        said=row.person.pronunciation,
        introduction=first_sentences(reader.text(row.person.bio)),
    )


def _name(row: Participation, reader: Reader) -> str:
    name = full_name(*name_in(reader.tag, row.person))
    return f"{row.honorific} {name}" if row.honorific else name


def _role(row: Participation) -> str:
    return str(words.ROLES[ParticipationRole(row.role)])


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _map(venue: Venue) -> str:
    if venue.latitude is None or venue.longitude is None:
        return ""
    at, to = f"{venue.latitude:.6f}", f"{venue.longitude:.6f}"
    return f"https://www.openstreetmap.org/?mlat={at}&mlon={to}#map=17/{at}/{to}"


def _words() -> dict[str, str]:
    return {
        "briefing": _("Briefing"),
        "order": _("Running order"),
        "people": _("With you"),
        "said": _("Say"),
        "questions": _("What guests ask"),
        "minutes": _("min"),
        "map": _("Map"),
    }


# They are on the session, and nobody waits for their turn.
_SILENT: Final = frozenset({ParticipationRole.INTERPRETER, ParticipationRole.RAPPORTEUR})
