"""Who sits on imported sessions, and their links, written in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.utils import timezone

from events import validators as v
from events.enums import MaterialKind, ParticipationState
from events.models import Material, Participation, Person
from events.services.importing_lines import ADDED, CHANGED, REMOVED, PartLine, SessionLine
from events.services.importing_piece import AGREED, CHUNK, SHOWN, Writing
from events.services.importing_values import texts_of
from events.services.writing import assign
from events.signals import ParticipationChanged, participation_changed


def write_parts(
    writing: Writing, lines: Sequence[SessionLine], people: Mapping[str, Person]
) -> None:
    """Write who comes, who changes and who goes; those above are told once.

    Arguments:
        people: by code.
    """
    moves = _Moves()
    for line in lines:
        if line.verdict in {ADDED, CHANGED}:
            _move(writing, line, people, moves)
    new, changed, gone = moves.new, moves.changed, moves.gone
    removed = tuple((row.person_id, row.session_id) for row in gone)
    Participation.objects.filter(pk__in=[row.pk for row in gone]).delete()
    Participation.objects.bulk_create(new, batch_size=CHUNK)
    there = {id(row): row for row in changed if row.pk and row not in gone}
    now = timezone.now()
    for row in there.values():
        row.updated_at = now
    Participation.objects.bulk_update(
        there.values(),
        ["role", "order", "minutes", "honorific", "affiliation", "position", "updated_at"],
        batch_size=CHUNK,
    )
    for row in new:
        writing.note("add_participation", row)
    if new or there or removed:
        participation_changed.send(
            sender=Participation,
            event=ParticipationChanged(
                conference_id=writing.root.pk,
                participation_ids=tuple(row.pk for row in (*new, *there.values())),
                removed=removed,
            ),
        )


@dataclass(slots=True)
class _Moves:
    new: list[Participation] = field(default_factory=list)
    changed: list[Participation] = field(default_factory=list)
    gone: list[Participation] = field(default_factory=list)


def _move(writing: Writing, line: SessionLine, people: Mapping[str, Person], moves: _Moves) -> None:
    """Do in memory what a line says of its people."""
    orders = [part.row.order for part in line.parts if part.row is not None]
    order = max(orders, default=-1) + 1
    for part in line.parts:
        if part.verdict == ADDED and part.person in people:
            part.row = _seat(writing, line, part, people[part.person], order)
            order += 1
            moves.new.append(part.row)
        elif part.verdict == CHANGED and part.row is not None:
            names = assign(part.row, {one.name: one.new for one in part.changes if one.taken})
            writing.note("change_participation", part.row, changed=names)
            moves.changed.append(part.row)
        elif part.verdict == REMOVED and part.row is not None:
            writing.note("remove_participation", part.row, facts={"state": part.row.state})
            moves.gone.append(part.row)
    moves.changed += _in_order(line)


def _seat(
    writing: Writing, line: SessionLine, part: PartLine, person: Person, order: int
) -> Participation:
    settled = part.incoming is not None and part.incoming.confirmed
    agreed = settled and writing.come_as == AGREED
    of_the_day = {
        name: part.values.get(name) or getattr(person, name)
        for name in ("honorific", "affiliation", "position")
    }
    return Participation(
        session=line.session,
        person=person,
        role=part.role,
        order=order,
        minutes=part.values.get("minutes"),
        state=ParticipationState.CONFIRMED if agreed else ParticipationState.PLANNED,
        shown_unconfirmed=settled and writing.come_as == SHOWN,
        **of_the_day,
    )


def _in_order(line: SessionLine) -> list[Participation]:
    """Put those on a session in the source's order where that has changed; return who moved."""
    if line.order is None:
        return []
    place = {key: number for number, key in enumerate(line.order)}
    rows = [(part, part.row) for part in line.parts if part.row is not None]
    rows = [(part, row) for part, row in rows if part.verdict != REMOVED]
    rows.sort(key=lambda one: (place.get((one[0].person, one[0].role), len(place)), one[1].order))
    moved = []
    for number, (_part, row) in enumerate(rows):
        if row.order != number:
            row.order = number
            moved.append(row)
    return [row for row in moved if row.pk is not None]


def write_links(writing: Writing, lines: Sequence[SessionLine]) -> None:
    """Add the links of these sessions that are not there yet."""
    root = writing.root
    rows = []
    for line in lines:
        if line.verdict not in {ADDED, CHANGED}:
            continue
        for number, (title, url) in enumerate(line.links):
            said = {root.first_language: title or urlsplit(url).hostname or url}
            texts = texts_of(said, root.first_language, v.MAX_TITLE, [], "title")
            rows.append(
                Material(
                    conference=root,
                    session=line.session,
                    kind=MaterialKind.LINK,
                    title=texts,
                    url=url,
                    order=number,
                )
            )
    Material.objects.bulk_create(rows, batch_size=CHUNK)
    for row in rows:
        writing.note("create_material", row)
    writing.materials += [row.code for row in rows]
