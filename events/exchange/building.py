"""What every reader puts a programme together with: it cleans, joins what belongs together, marks.

A reader names what it finds; the builder sees to it that each room, track and person comes once,
that nothing is longer than can be kept, that no two sessions answer to one identifier, and that
what a person should look at is said, once and not a thousand times.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Final
from urllib.parse import urljoin

from core.cleaning import Wrong, web_address
from core.errors import DomainError
from core.text import LANGUAGES, search_key
from events.exchange.collecting import LONGEST_NAME, Collector, ref_of
from events.exchange.found import Item
from events.exchange.instants import LONGEST
from events.exchange.kinds import kind_of, language_of, role_of
from events.exchange.limits import MOST_MARKS, MOST_SESSIONS
from events.exchange.texts import join, one_line
from events.incoming import (
    IncomingLink,
    IncomingPart,
    IncomingProgramme,
    IncomingSession,
    Mark,
    ReadingOptions,
    Texts,
)
from events.validators import MAX_TEXT

MOST_LINKS: Final = 50
ASSUMED: Final = dt.timedelta(hours=1)
_FEEDBACK: Final = frozenset({"submit feedback", "give feedback", "feedback"})

_Twin = tuple[str, dt.datetime | None, str]


class Builder(Collector):
    """Puts an IncomingProgramme together."""

    def __init__(self, options: ReadingOptions) -> None:
        super().__init__(options)
        self.sessions: list[IncomingSession] = []
        # Where those stand that answer to one identifier, in the order of the file.
        self._refs: dict[str, dict[_Twin, None]] = {}
        self._asked = 0
        self._languages: Counter[str] = Counter()

    def add(self, item: Item) -> None:
        """Take a session in; one without a title stays out with a mark."""
        self._asked += 1
        if self._asked > MOST_SESSIONS:
            raise DomainError("too-large", f"A programme may have {MOST_SESSIONS:,} sessions.")
        title = self.texts(item.title, line=item.line)
        shown = next(iter(title.values()), "")
        if not shown:
            self.mark("broken", "A session without a title was left out.", about="title",
                      line=item.line)  # fmt: skip
            return
        start, end = self._slot(item, shown)
        room = ref_of(item.room) if start else ""
        ref = self._session_ref(item, shown, start, room)
        if not ref:
            return
        kind = kind_of(item.type, shown, people=len(item.speakers))
        self.sessions.append(
            IncomingSession(
                ref=ref, kind=kind, title=title, abstract=self._abstract(item), start=start,
                end=end, room=room if room in self.rooms else "",
                track=ref_of(item.track) if ref_of(item.track) in self.tracks else "",
                language=self._language(item.language), recorded=item.recorded,
                cancelled=item.cancelled, parts=self._parts(item, kind), links=self._links(item),
                line=item.line,
            )
        )  # fmt: skip

    def _slot(self, item: Item, shown: str) -> tuple[dt.datetime | None, dt.datetime | None]:
        start, end = item.start, item.end
        if start is None:
            if not item.cancelled:
                self.mark("unsure", f"“{shown[:80]}” has no time that can be read.", about="time",
                          line=item.line)  # fmt: skip
            return None, None
        if end is None:
            self.mark("unsure", f"“{shown[:80]}” does not say how long it lasts: one hour was "
                      "assumed.", about="time", line=item.line)  # fmt: skip
            return start, start + ASSUMED
        if not start < end <= start + LONGEST:
            self.mark("unsure", f"“{shown[:80]}” ends no later than it begins, or days later: "
                      "one hour was assumed.", about="time", line=item.line)  # fmt: skip
            return start, start + ASSUMED
        return start, end

    def _session_ref(self, item: Item, shown: str, start: dt.datetime | None, room: str) -> str:
        """Return by what the session is found again; "" for one that stands there twice."""
        ref = ref_of(item.ref or f"title:{search_key(shown)}")
        twins = self._refs.setdefault(ref, {})
        twin = (shown, start, room)
        if twin in twins:
            self.mark("skipped", f"“{shown[:80]}” stands twice with the same time and place; it "
                      "comes in once.", line=item.line)  # fmt: skip
            return ""
        twins[twin] = None
        if len(twins) == 1:
            return ref
        if item.ref:
            self.mark("unsure", f"“{shown[:80]}” has the identifier “{ref[:40]}” of another "
                      "session. Both come in.", line=item.line)  # fmt: skip
        number = len(twins)
        while (other := f"{ref}#{number}") in self._refs:
            number += 1
        self._refs[other] = {twin: None}
        return other

    def _abstract(self, item: Item) -> Texts:
        """Return subtitle, abstract and description one under the other, by language."""
        pieces = [
            self.texts(item.subtitle, 1000, line=item.line),
            self.texts(item.abstract, MAX_TEXT, prose=True, line=item.line),
            self.texts(item.description, MAX_TEXT, prose=True, line=item.line),
        ]
        tags = dict.fromkeys(tag for piece in pieces for tag in piece)
        return {tag: join(*(p.get(tag, "") for p in pieces))[:MAX_TEXT].rstrip() for tag in tags}

    def _language(self, text: str) -> str:
        tag = language_of(text)
        if tag and tag not in LANGUAGES:
            self._languages[tag] += 1
            return ""
        return tag

    def _parts(self, item: Item, kind: str) -> tuple[IncomingPart, ...]:
        parts: dict[str, IncomingPart] = {}
        for person, word in item.speakers:
            key = ref_of(person)
            if key in self.people and (key not in parts or word):
                parts[key] = IncomingPart(key, role_of(word, kind), item.confirmed)
        return tuple(parts.values())

    def _links(self, item: Item) -> tuple[IncomingLink, ...]:
        links: dict[str, IncomingLink] = {}
        for title, address in item.links[: 2 * MOST_LINKS]:
            line, _cut = one_line(title, LONGEST_NAME)
            if not address or line.lower() in _FEEDBACK:
                continue
            try:
                url = web_address(urljoin(self.base_url, address.strip()[:1000]))
            except (Wrong, ValueError):
                self.count("links that are no web addresses")
                continue
            links.setdefault(url, IncomingLink(line or url[:LONGEST_NAME], url))
        return tuple(links.values())[:MOST_LINKS]

    # The whole

    def programme(self) -> IncomingProgramme:
        """Return what was found.

        Raises:
            DomainError: ``validation-failed`` when there is no session at all.
        """
        if not self.sessions:
            raise DomainError(
                "validation-failed", "There is no session in this file that can be read."
            )
        self._say_what_was_counted()
        starts = [s.start for s in self.sessions if s.start]
        ends = [s.end for s in self.sessions if s.end]
        marks = self.marks
        if len(marks) > MOST_MARKS:
            more = len(marks) - MOST_MARKS
            rest = Mark(0, "unsure", "", f"{more:,} more things were noticed; they are not listed.")
            marks = [*marks[:MOST_MARKS], rest]
        return IncomingProgramme(
            source=ref_of(self.source)[:120],
            title=self.title,
            time_zone=self.clock.written_in,
            start=self.start or min(starts, default=None),
            end=self.end or max(ends, default=None),
            rooms=tuple(self.rooms.values()),
            tracks=tuple(self.tracks.values()),
            people=tuple(self.people.values()),
            sessions=tuple(self.sessions),
            marks=tuple(marks),
        )

    def _say_what_was_counted(self) -> None:
        for what, number in sorted(self.left_out.items()):
            self.mark("skipped", f"Left out: {number:,} {what}.")
        for tag, number in self._languages.most_common():
            said = _many(number, "session is", "sessions are")
            self.mark("unsure", f"{said} in “{tag}”, which is no language of this installation; "
                      "the language was left open.", about="language")  # fmt: skip
        if self.clock.moved:
            said = _many(self.clock.moved, "time is", "times are")
            self.mark("unsure", f"{said} written for another zone than {self.clock.zone}, and "
                      "turned into its local time.", about="time")  # fmt: skip
        if self.clock.unzoned:
            self.mark("unsure", "The file does not say in which zone its times are; they were "
                      f"taken for those of {self.clock.zone}.", about="time")  # fmt: skip
        if recorded := sum(session.recorded for session in self.sessions):
            said = _many(recorded, "session", "sessions")
            self.mark("unsure", f"{said} may be recorded, as the file says, and so come in as "
                      "recorded.", about="recorded")  # fmt: skip
        spoken = {part.person for session in self.sessions for part in session.parts}
        if silent := len(self.people) - len(spoken):
            said = _many(silent, "person stands", "people stand")
            self.mark("unsure", f"{said} in the list of speakers and on no session.",
                      about="name")  # fmt: skip


def _many(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
