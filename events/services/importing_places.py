"""Which rooms and tracks a source means: those it brought before, those of its name, new ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.text import pick_text, search_key
from events.incoming import IncomingProgramme, IncomingRoom, IncomingTrack
from events.models import Conference, ExternalRef, Room, Track
from events.services.importing_values import texts_of


@dataclass(slots=True)
class PlaceLine:
    """A room or track in the source, and what becomes of it.

    Arguments:
        verdict: ``added``, ``unchanged``, or ``left_out`` where no session that comes in has it.
        row: the room or track here; None for a new one.
        key: code of the room, slug of the track; until there is one, what stands for it.
    """

    incoming: IncomingRoom | IncomingTrack
    verdict: str = "added"
    row: Any = None
    name: dict[str, str] = field(default_factory=dict)
    ref: ExternalRef | None = None

    @property
    def key(self) -> str:
        if isinstance(self.row, Room):
            return self.row.code
        if isinstance(self.row, Track):
            return self.row.slug
        return f"+{self.incoming.ref}"


def plan_rooms(
    conference: Conference,
    programme: IncomingProgramme,
    refs: Mapping[str, ExternalRef],
    used: set[str],
) -> dict[str, PlaceLine]:
    """Return what becomes of each room; only rooms of the conference's venues are known."""
    rows = Room.objects.filter(venue__conference_venues__conference=conference)
    here = list(rows.order_by("venue__conference_venues__order", "order", "pk"))
    return _plan(programme.rooms, here, refs, used, conference.first_language, "room")


def plan_tracks(
    conference: Conference,
    programme: IncomingProgramme,
    refs: Mapping[str, ExternalRef],
    used: set[str],
) -> dict[str, PlaceLine]:
    """Return what becomes of each track."""
    here = list(conference.tracks.all())
    return _plan(programme.tracks, here, refs, used, conference.first_language, "track")


def _plan(
    incoming: Iterable[Any],
    here: list[Any],
    refs: Mapping[str, ExternalRef],
    used: set[str],
    language: str,
    kind: str,
) -> dict[str, PlaceLine]:
    by_pk = {row.pk: row for row in here}
    by_name: dict[str, Any] = {}
    for row in here:
        for text in row.name.values():
            by_name.setdefault(search_key(text), row)
    lines: dict[str, PlaceLine] = {}
    for one in incoming:
        if one.ref in lines:
            continue
        line = lines[one.ref] = PlaceLine(one)
        line.name = texts_of(one.name, language, 200, [], "name") or {language: one.ref[:200]}
        line.ref = refs.get(one.ref)
        line.row = by_pk.get(getattr(line.ref, f"{kind}_id", None))
        if line.row is None:
            # What was deleted here since comes anew; what another one is called is that one.
            names = [search_key(text) for text in line.name.values()]
            line.row = next((by_name[name] for name in names if name in by_name), None)
        if one.ref not in used:
            line.verdict = "left_out"
        elif line.row is not None:
            line.verdict = "unchanged"
    return lines


def name_of(line: PlaceLine, language: str) -> str:
    return pick_text(line.name, language)
