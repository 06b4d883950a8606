"""What imported sessions need before they can be written: rooms, tracks, people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.codes import new_code
from core.errors import DomainError, FieldError, invalid
from core.models import AuditEntry
from core.text import pick_text, search_key
from events import validators as v
from events.enums import RefKind
from events.incoming import IncomingRoom, IncomingTrack
from events.models import Conference, Person, Venue
from events.services.importing_lines import ADDED, CHANGED, LEFT_OUT
from events.services.importing_merge import digests
from events.services.importing_people import PersonLine
from events.services.importing_piece import CHUNK, Writing, keep_refs, unused_codes
from events.services.importing_places import PlaceLine
from events.services.importing_values import grouped
from events.services.languages import first_language_of
from events.services.people import CLEANERS, change_person, set_keys
from events.services.tracks import create_track
from events.services.venues import create_room, create_venue

_COLOUR_LENGTH: Final = 7
_MOST_CAPACITY: Final = 1_000_000


def write_places(writing: Writing, settings: Mapping[str, Any]) -> None:
    """Make the rooms and tracks that are new; keep what the source calls all of them."""
    plan = writing.plan
    new = [line for line in plan.rooms.values() if line.verdict == ADDED]
    venue = venue_for(plan.conference, settings) if new else None
    if new and venue is None:
        venue = _make_venue(writing, settings)
    for line in new:
        if venue is not None:
            _make_room(writing, venue, line)
    for line in plan.tracks.values():
        if line.verdict == ADDED:
            _make_track(writing, line)
    for kind, lines in ((RefKind.ROOM, plan.rooms), (RefKind.TRACK, plan.tracks)):
        keep_refs(
            plan,
            [
                (kind, line.incoming.ref, line.row, {})
                for line in lines.values()
                if line.verdict != LEFT_OUT and line.row is not None
            ],
        )


def venue_for(conference: Conference, settings: Mapping[str, Any]) -> Venue | None:
    """Return the venue that new rooms are in: the chosen one, else the conference's main one.

    None: a new venue is made for them.

    Raises:
        DomainError: ``validation-failed`` when the chosen one is not there any more.
    """
    code = str(settings.get("venue", ""))
    if settings.get("venue_name"):
        return None
    if code:
        venues = Venue.objects.filter(organisation_id=conference.organisation_id)
        found = venues.filter(code=code).first()
        if found is None:
            raise invalid("/settings/venue", "unknown", "There is no such venue any more.")
        return found
    return conference.venues.order_by("conference_venues__order", "pk").first()


def _make_venue(writing: Writing, settings: Mapping[str, Any]) -> Venue:
    root = writing.root
    name = str(settings.get("venue_name") or pick_text(root.title, root.first_language))
    language = first_language_of(root.organisation)
    return create_venue(
        organisation=root.organisation, name={language: name[:200]}, actor=writing.actor
    )


def _make_room(writing: Writing, venue: Venue, line: PlaceLine) -> None:
    incoming = line.incoming
    capacity = incoming.capacity if isinstance(incoming, IncomingRoom) else None
    language = first_language_of(writing.root.organisation)
    line.row = create_room(
        venue=venue,
        name={language: pick_text(line.name, language), **line.name},
        capacity=capacity if capacity and 0 < capacity <= _MOST_CAPACITY else None,
        conference=writing.root,
        actor=writing.actor,
    )
    line.verdict = ADDED


def _make_track(writing: Writing, line: PlaceLine) -> None:
    root, incoming = writing.root, line.incoming
    colour = incoming.colour if isinstance(incoming, IncomingTrack) else ""
    try:
        colour = v.colour(colour)
    except v.Wrong:
        colour = ""
    taken = set(root.tracks.values_list("slug", flat=True))
    name = pick_text(line.name, root.first_language)
    line.row = create_track(
        conference=root,
        slug=_slug(name, taken),
        name=line.name,
        colour=colour,
        actor=writing.actor,
    )


def _slug(name: str, taken: set[str]) -> str:
    plain = "".join(ch if ch.isascii() and ch.isalnum() else "-" for ch in search_key(name))
    stem = "-".join(part for part in plain.split("-") if part)[:50].strip("-") or "track"
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def write_people(writing: Writing, source: str) -> None:
    """Make the people that are new, in bulk, and fill in what is new of those who are known.

    Arguments:
        source: where the organisation knows them from.
    """
    plan = writing.plan
    lines = [line for line in plan.people.values() if line.verdict != LEFT_OUT]
    new = [_person(writing, line, source) for line in lines if line.verdict == ADDED]
    rows = [row for row in new if row is not None]
    people = Person.objects.filter(organisation_id=plan.conference.organisation_id)
    for row, code in zip(rows, unused_codes(len(rows), people, new_code), strict=True):
        row.code = code
        set_keys(row)
    Person.objects.bulk_create(rows, batch_size=CHUNK)
    for row in rows:
        writing.note("create_person", row)
    for line in lines:
        if line.verdict == CHANGED and line.person is not None:
            changes = grouped(((one.name, one.new) for one in line.taken), {"bio": line.person.bio})
            line.person = change_person(
                person=line.person, changes=changes, expected=None, actor=writing.actor
            )
    keep_refs(
        plan,
        [
            (RefKind.PERSON, line.incoming.ref, line.person, digests(line.values))
            for line in lines
            if line.person is not None
        ],
    )
    AuditEntry.objects.bulk_create(writing.entries, batch_size=CHUNK)
    writing.entries = []


def _person(writing: Writing, line: PersonLine, source: str) -> Person | None:
    try:
        values = v.clean(grouped(line.values.items(), {}), CLEANERS)
    except DomainError as refusal:
        line.verdict, line.reason = LEFT_OUT, _first(refusal)
        return None
    row = Person(organisation=writing.root.organisation, source=source[:200], **values)
    line.person = row
    return row


def _first(refusal: DomainError) -> str:
    errors: tuple[FieldError, ...] = refusal.errors
    return errors[0].detail if errors else refusal.detail
