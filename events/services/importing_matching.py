"""Which session of the draft is which one in the source.

By its identifier; as our own export, by uid; else by title and start together. Of what the source
brought before and calls otherwise now: by title, or by time and room, where only one fits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from core.text import search_key
from events.enums import RefKind
from events.models import Conference, ExternalRef, Session
from events.services.importing_lines import SessionLine, ref_key
from events.services.importing_values import Values, session_as_it_is

Key = Callable[[Values, str], Any]


class Match:
    """The rows of the draft, and which of them are taken."""

    def __init__(self, conference: Conference, refs: Mapping[tuple[str, str], ExternalRef]) -> None:
        self.language = conference.first_language
        rows = list(conference.sessions.select_related("room", "track"))
        for row in rows:
            row.conference = conference
        self.free = {row.pk: row for row in rows}
        self.refs = refs
        self.brought = {ref.session_id: ref for ref in refs.values() if ref.kind == RefKind.SESSION}

    @property
    def left(self) -> dict[int, Session]:
        """Return what the source brought before and none of its sessions is now."""
        return {pk: row for pk, row in self.free.items() if pk in self.brought}

    def match(self, lines: Sequence[SessionLine]) -> None:
        """Set the row of each line that has one."""
        for line in lines:
            ref = self.refs.get((RefKind.SESSION, ref_key(line.incoming.ref)))
            row = self.free.get(ref.session_id or 0) if ref is not None else None
            self._take(line, row, ref)
        by_uid = {str(row.uid): row for row in self.free.values()}
        for line in lines:
            if line.session is None:
                row = by_uid.get(line.incoming.ref.lower())
                self._take(line, row, self.brought.get(row.pk) if row else None)
        self._match_by(_by_title_and_start, lines, self.free.values())
        for key in (_by_title, _by_slot):
            self._match_by(key, lines, self.left.values())

    def _take(self, line: SessionLine, row: Session | None, ref: ExternalRef | None) -> None:
        if row is not None and row.pk in self.free:
            line.session, line.ref = row, ref
            del self.free[row.pk]

    def _match_by(self, key: Key, lines: Iterable[SessionLine], rows: Iterable[Session]) -> None:
        there = _single(
            (line, key(line.values, self.language)) for line in lines if line.session is None
        )
        if not there:
            return
        here = _single((row, key(session_as_it_is(row), self.language)) for row in rows)
        for name, line in there.items():
            if name in here:
                self._take(line, here[name], self.brought.get(here[name].pk))


def _by_title_and_start(values: Values, language: str) -> Any:
    return (_title(values, language), values["start_local"])


def _by_title(values: Values, language: str) -> Any:
    return _title(values, language)


def _by_slot(values: Values, _language: str) -> Any:
    start = values["start_local"]
    return (start, values["end_local"], values["room"]) if start else None


def _title(values: Values, language: str) -> str:
    return search_key(str(values.get(f"title:{language}", "")))


def _single(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Return what has a key that nothing else has."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for one, key in pairs:
        if key:
            found[key].append(one)
    return {key: ones[0] for key, ones in found.items() if len(ones) == 1}
