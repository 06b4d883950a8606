"""Rooms, tracks and people of a programme, each once, in texts that can be kept; and marks."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from core.cleaning import Wrong, email_address
from core.errors import DomainError
from core.text import clean_line, full_name, language_tag, search_key
from events.exchange.found import Someone
from events.exchange.instants import Clock
from events.exchange.kinds import split_role
from events.exchange.limits import MOST_NAMED, MOST_PEOPLE
from events.exchange.names import PersonName, part_name
from events.exchange.safe_json import as_text
from events.exchange.texts import one_line, paragraphs
from events.incoming import (
    IncomingPerson,
    IncomingRoom,
    IncomingTrack,
    Mark,
    ReadingOptions,
    Texts,
)
from events.validators import MAX_TEXT, MAX_TITLE, colour

LONGEST_NAME: Final = 200
_LONGEST_REF: Final = 200
_is_email: Final = email_address()


class Collector:
    """Takes note of rooms, tracks and people, each once, and of what is to be said."""

    def __init__(self, options: ReadingOptions) -> None:
        self.options = options
        self.clock = Clock(options.time_zone)
        self.title = ""
        self.source = ""
        self.start: dt.datetime | None = None
        self.end: dt.datetime | None = None
        self.base_url = ""
        self.rooms: dict[str, IncomingRoom] = {}
        self.tracks: dict[str, IncomingTrack] = {}
        self.people: dict[str, IncomingPerson] = {}
        self.marks: list[Mark] = []
        self.said: set[Mark] = set()
        self.named = 0
        self.left_out: Counter[str] = Counter()

    # What is said about the file

    def mark(self, level: str, sentence: str, *, about: str = "", line: int = 0) -> None:
        """Say something about a line, or with line 0 about the whole."""
        self.marks.append(Mark(line, level, about, sentence))

    def once(self, level: str, sentence: str, *, about: str = "") -> None:
        """Say something about the whole that is said only once."""
        mark = Mark(0, level, about, sentence)
        if mark not in self.said:
            self.said.add(mark)
            self.marks.append(mark)

    def count(self, what: str) -> None:
        """Count what was left out for a reason that need not be said each time."""
        self.left_out[what] += 1

    # Texts

    def texts(
        self, value: Any, longest: int = MAX_TITLE, *, prose: bool = False, line: int = 0
    ) -> Texts:
        """Return a text by language: in those of the conference, or in what there is."""
        found: dict[str, str] = {}
        for tag, text in self._by_language(value).items():
            clean, cut = paragraphs(text, longest) if prose else one_line(text, longest)
            if clean:
                found[tag] = clean
            if cut:
                self.mark(
                    "unsure", f"“{clean[:40]}…” was cut to {longest:,} characters.",
                    about="title" if not prose else "abstract", line=line,
                )  # fmt: skip
        return found

    def _by_language(self, value: Any) -> dict[str, str]:
        first = self.options.language
        if not isinstance(value, Mapping):
            return {first: as_text(value)}
        given = {_tag(key): as_text(text) for key, text in value.items() if as_text(text)}
        wanted = {tag: text for tag, text in given.items() if tag in self.options.languages}
        if wanted or not given:
            return wanted
        return {first: given.get(first) or next(iter(given.values()))}

    def plain(self, value: Any, longest: int = MAX_TITLE) -> str:
        """Return one line of a text, of several languages the first that there is."""
        texts = self._by_language(value)
        text = texts.get(self.options.language) or next(iter(texts.values()), "")
        return one_line(text, longest)[0]

    # Rooms, tracks, people

    def room(self, ref: str, name: Any = "", capacity: int | None = None) -> str:
        """Take note of a room and return its ref; "" for one without a name."""
        key = ref_of(ref)
        if key and key not in self.rooms:
            texts = self.texts(name or ref, LONGEST_NAME)
            if not texts:
                return ""
            self.rooms[key] = IncomingRoom(key, texts, capacity)
        return key

    def track(self, ref: str, name: Any = "", shade: str = "") -> str:
        """Take note of a track and return its ref; "" for one without a name."""
        key = ref_of(ref)
        if key and key not in self.tracks:
            texts = self.texts(name or ref, LONGEST_NAME)
            if not texts:
                return ""
            self.tracks[key] = IncomingTrack(key, texts, _shade(shade))
        return key

    def has_person(self, ref: str) -> bool:
        return ref_of(ref) in self.people

    def person(self, someone: Someone, role: str = "") -> tuple[str, str]:
        """Take note of a person; return their ref and the word for their role.

        A role that stands in the name ("Ana Kovač (moderator)") is parted from it.
        """
        self.named += 1
        if self.named > MOST_NAMED:
            raise DomainError("too-large", f"A programme may name people {MOST_NAMED:,} times.")
        name, said = split_role(self.plain(someone.name))
        parts = self._name(someone, name)
        key = ref_of(someone.ref or f"name:{search_key(name)}")
        if not parts.given_name or key == "name:":
            return "", ""
        row = IncomingPerson(
            key, parts.given_name, parts.family_name, parts.honorific,
            one_line(someone.affiliation, 200)[0], one_line(someone.position, 200)[0],
            self._email(someone.email),
            self.texts(someone.bio, MAX_TEXT, prose=True, line=someone.line), someone.line,
        )  # fmt: skip
        known = self.people.get(key)
        if known is None and len(self.people) >= MOST_PEOPLE:
            raise DomainError("too-large", f"A programme may have {MOST_PEOPLE:,} people.")
        self.people[key] = self._joined(known, row) if known else row
        return key, role or said

    @staticmethod
    def _name(someone: Someone, name: str) -> PersonName:
        given, family = clean_line(someone.given_name), clean_line(someone.family_name)
        if given or family:
            first, last = (given, family) if given else (family, "")
            return PersonName(first[:120].strip(), last[:120].strip())
        return part_name(name)

    @staticmethod
    def _email(text: str) -> str:
        try:
            return str(_is_email(text.strip()[:300]))
        except Wrong:
            return ""

    def _joined(self, known: IncomingPerson, row: IncomingPerson) -> IncomingPerson:
        """Return who they are when two places say something about them: the first counts."""
        if (known.given_name, known.family_name) != (row.given_name, row.family_name):
            self.mark(
                "unsure",
                f"“{full_name(known.given_name, known.family_name)}” and "
                f"“{full_name(row.given_name, row.family_name)}” stand under the same identifier "
                f"“{known.ref[:40]}”. They were taken for one person, by the first name.",
                about="name", line=row.line,
            )  # fmt: skip
        return IncomingPerson(
            known.ref, known.given_name, known.family_name, known.honorific,
            known.affiliation or row.affiliation, known.position or row.position,
            known.email or row.email, known.bio or row.bio, known.line,
        )  # fmt: skip


def ref_of(text: str) -> str:
    """Return an identifier as it is kept; a very long one by its hash."""
    ref = clean_line(text[: 10 * _LONGEST_REF])
    if len(ref) <= _LONGEST_REF:
        return ref
    return f"{ref[:100]}~{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:40]}"


def _shade(text: str) -> str:
    try:
        return colour(text)
    except Wrong:
        return ""


def _tag(key: Any) -> str:
    try:
        return language_tag(str(key)[:40].replace("_", "-"))
    except ValueError:
        return str(key)[:40]
