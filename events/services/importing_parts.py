"""Who sits on a session: what the source says of it, what stands here, what it said last. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from events.enums import OFF_THE_PANEL, ParticipationState
from events.incoming import IncomingPart
from events.models import Participation
from events.services.importing_lines import (
    ADDED,
    CHANGED,
    EDITED,
    LEFT_OUT,
    REMOVED,
    STAYS,
    UNCHANGED,
    PartLine,
    SessionLine,
)
from events.services.importing_merge import EVERYTHING, FieldChange, Said, digest
from events.services.importing_people import PersonLine
from events.services.importing_values import Values, part_as_it_is, part_values

PREFIX: Final = "part:"
# By this name a person takes the source's people of a session.
PEOPLE: Final = "people"
_ORDER: Final = "order"


@dataclass(slots=True)
class _Panel:
    """One session's people.

    Arguments:
        mine: those here, in their order.
        said: what the source said last; None where it never said anything of this session.
        take: whether a person takes the source's people, whatever was edited here.
    """

    line: SessionLine
    people: Mapping[str, PersonLine]
    mine: Sequence[Participation]
    said: Said | None
    take: bool


def plan_parts(
    line: SessionLine,
    people: Mapping[str, PersonLine],
    mine: Sequence[Participation],
    said: Said | None,
    take: Collection[str],
) -> None:
    """Set on the line what becomes of who sits on a session, and what the source says of it."""
    panel = _Panel(line, people, mine, said, PEOPLE in take or EVERYTHING in take)
    here = {(part.person.code, part.role): part for part in mine}
    there: list[tuple[str, str]] = []
    left = dict(here)
    for part in line.incoming.parts:
        person = people.get(part.person)
        if person is None or person.verdict == LEFT_OUT:
            continue
        code = person.person.code if person.person else f"+{part.person}"
        if (code, part.role) in there:
            continue
        there.append((code, part.role))
        row = here.get((code, part.role)) or _in_another_role(panel, code)
        if row is not None:
            left.pop((code, row.role), None)
        line.parts.append(_plan_part(panel, part, code, part_values(part, person.values), row))
    for (code, role), row in left.items():
        if said is not None and _key(code, role) in said and row.state not in OFF_THE_PANEL:
            settled = row.state != ParticipationState.PLANNED or row.asked_at is not None
            line.parts.append(PartLine(STAYS if settled else REMOVED, code, role, row=row))
    _plan_order(panel, there)


def _plan_part(
    panel: _Panel, part: IncomingPart, code: str, values: Values, row: Participation | None
) -> PartLine:
    key = _key(code, part.role)
    panel.line.said[key] = digest(values)
    one = PartLine(ADDED, code, part.role, part.person, part, row, values)
    said = panel.said
    if row is None:
        if said is not None and key in said and not panel.take:
            one.verdict = EDITED  # taken off here since
        return one
    one.verdict = UNCHANGED
    if row.state in OFF_THE_PANEL:
        return one
    if row.role != part.role:
        one.changes.append(FieldChange("role", row.role, part.role, edited=False, taken=True))
    was = part_as_it_is(row, values)
    edited = said is None or (key in said and digest(was) != said[key])
    one.changes += [
        FieldChange(name, was[name], new, edited, not edited or panel.take)
        for name, new in values.items()
        if new and was[name] != new
    ]
    if any(change.taken for change in one.changes):
        one.verdict = CHANGED
    elif one.changes:
        one.verdict = EDITED
    return one


def _in_another_role(panel: _Panel, code: str) -> Participation | None:
    """Return somebody's only part on a session when the source has given them another role."""
    theirs = [part for part in panel.mine if part.person.code == code]
    if panel.said is None or len(theirs) != 1 or _key(code, theirs[0].role) not in panel.said:
        return None
    refs = {ref for ref, one in panel.people.items() if one.person and one.person.code == code}
    roles = [part.role for part in panel.line.incoming.parts if part.person in refs]
    return theirs[0] if len(roles) == 1 and theirs[0].role not in roles else None


def _plan_order(panel: _Panel, there: Sequence[tuple[str, str]]) -> None:
    line = panel.line
    line.said[_ORDER] = digest(there)
    if panel.said is None or panel.said.get(_ORDER) in {None, line.said[_ORDER]}:
        return
    rows = [(part.row.order, part.row.pk, part) for part in line.parts if part.row is not None]
    now = [(part.person, part.role) for _order, _pk, part in sorted(rows, key=lambda row: row[:2])]
    now = [key for key in now if key in there]
    if [*now, *(key for key in there if key not in now)] != list(there):
        line.order = list(there)


def _key(code: str, role: str) -> str:
    return f"{PREFIX}{code}|{role}"
