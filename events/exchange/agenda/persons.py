"""Lines that name people, put on the session above them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from events.exchange.agenda import notes
from events.exchange.agenda.affiliations import sort_of
from events.exchange.agenda.drafts import PartDraft, SessionDraft
from events.exchange.agenda.lines import Line
from events.exchange.agenda.names import looks_like_name
from events.exchange.agenda.people import may_be_person, people_of, person_of, reads_as_person
from events.exchange.agenda.roles import SPEAKER, Role, part_role
from events.exchange.agenda.state import Reading

_LONG: Final = 12
_GOES_ON: Final = (",", "–", " of", " for", " the", " former", " and", " za", " i", " u")
_WITH: Final = re.compile(r"^(?:with|by|featuring|sa|са|uz|уз)\s+(?=\w)", re.IGNORECASE)  # noqa: RUF001 - as people write it, in both scripts
_IS_PERSON: Final = "Is “{}” a person?"


def add_people(reading: Reading, line: Line, text: str, role: Role, *, sure: bool = True) -> None:
    """Add those whom a text names."""
    session = reading.session
    if session is None:
        return
    for found in people_of(text, several=role.several):
        if found.unknown:
            sentence = "Somebody is still to be named here; nobody was added."
            reading.mark(line.number, "name", sentence, "skipped")
            continue
        if found.name.given[:1].islower():
            sentence = f"“{text[:80]}” names nobody; nobody was added."
            reading.mark(line.number, "name", sentence, "skipped")
            continue
        doubts = list(found.doubts)
        if not sure and not doubts:
            doubts = [("name", _IS_PERSON.format(text))]
        somebody = replace(found, doubts=tuple(doubts))
        if sure:
            _settle_above(session, line)
        session.parts.append(PartDraft(line.number, text, somebody, somebody.role or role))
        reading.listed = line.number
    session.pending = False
    reading.talking = False


def _settle_above(session: SessionDraft, line: Line) -> None:
    """Doubt no more that the line above names a person, now that the next one does."""
    last = session.parts[-1] if session.parts else None
    if last is not None and last.line == line.number - 1 and not line.gap:
        doubt = ("name", _IS_PERSON.format(last.text))
        kept = tuple(pair for pair in last.somebody.doubts if pair != doubt)
        last.somebody = replace(last.somebody, doubts=kept)


def go_on_with_person(reading: Reading, line: Line) -> bool:
    """Take a line that goes on with the person of the line before: position, organisation."""
    session, text = reading.session, line.text
    if session is None or not session.parts or line.bullet or not is_below_person(reading):
        return False
    most = _LONG * (5 if text.startswith("(") else 2)
    if len(text.split()) > most or text.endswith("."):
        return False
    last = session.parts[-1]
    between = _between(line, last)
    if between is None:
        return False
    whole = f"{last.text.rstrip()}{between}{text}"
    found = person_of(whole)
    if found.unknown:
        return False
    last.text, last.somebody = whole, replace(found, role=last.somebody.role or found.role)
    reading.listed = line.number
    return True


def _between(line: Line, last: PartDraft) -> str | None:
    """Return what joins a line to the person above it; None where it says something else."""
    before, text = last.text.rstrip(), line.text
    if text.startswith("(") and text.endswith(")"):
        return " "
    if part_role(text) or _WITH.match(text) or reads_as_person(text):
        return None
    if text[0].islower() or before.endswith(_GOES_ON):
        return " "
    unsaid = not last.somebody.standing.affiliation and not line.gap
    return ", " if unsaid and sort_of(text) and not looks_like_name(text) else None


def is_below_person(reading: Reading) -> bool:
    """Return whether the line before the one that is read named somebody."""
    above = reading.place - 2
    return above >= 0 and reading.lines[above].number == reading.listed


def read_person(reading: Reading, line: Line) -> bool:
    """Take a line that names somebody."""
    if reading.session is None:
        return False
    text = _WITH.sub("", line.text)
    sure = reads_as_person(text)
    if reading.role is not None and (reading.listed == 0 or line.bullet or not line.gap or sure):
        if _listed(reading, line, text, reading.role, sure=sure):
            return True
        reading.role = None
        return False
    if sure and len(text.split()) <= _LONG * 3:
        add_people(reading, line, text, Role(SPEAKER, several=True))
    elif may_be_person(text) and not reading.talking and not text.endswith((".", ":", "?")):
        beside = reading.listed == line.number - 1 and not line.gap
        add_people(reading, line, text, Role(SPEAKER, several=text != line.text), sure=beside)
    else:
        return False
    return True


def _listed(reading: Reading, line: Line, text: str, role: Role, *, sure: bool) -> bool:
    """Take a line of a list of people, below "Panellists:"."""
    if sure or notes.is_unknown(text) or (may_be_person(text) and not text.endswith(".")):
        add_people(reading, line, text, replace(role, several=False))
    elif line.bullet and sort_of(text) == "position":
        sentence = f"“{text[:80]}” names nobody yet; nobody was added."
        reading.mark(line.number, "name", sentence, "skipped")
    elif not reading.listed and len(text.split()) <= _LONG and not reading.talking:
        add_people(reading, line, text, role, sure=False)
    else:
        return False
    return True
