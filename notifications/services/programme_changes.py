"""Whom a change of the programme concerns, and the sentence that each of them gets. Pure.

The page before publishing, the mails and the last look before one is sent all ask `affected`: what
an organiser reads is what is said. A person and their registration are one, and nobody hears what
they said themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils import translation

from core.text import full_name, pick_text
from events import words as programme_words
from events.enums import ASKED, ParticipationRole, ParticipationState
from events.languages import CATALOGUES, name_in
from events.services.differences import PartDifference, SessionDifference, slot_times
from events.services.documents import Document
from notifications.services.recipients import Contact
from notifications.services.texts import mail_language
from notifications.services.values import line, name, sentence
from notifications.services.wording import DASH, clock, day_date, words

# They know that they are on a session: they said yes, or were asked.
_KNOWING: Final = (ParticipationState.CONFIRMED, *ASKED)
Texts = Mapping[str, str]
# Somebody's part before and after.
_Pair = tuple[Document | None, Document | None]


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody who can be told, by person or by registration.

    Arguments:
        code: names them in keys of mails.
        language: of the texts of mails.
        contacts: where it goes, to an assistant perhaps; none where there is no address.
    """

    code: str
    given_name: str
    family_name: str
    language: str
    contacts: tuple[Contact, ...]
    names_by_script: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    person_id: int | None = None
    registration_id: int | None = None

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the documents do not say.

    Arguments:
        now: local time; nobody is told of what is over.
        people: by the codes that documents name.
        states: of participations by code; those that are gone are not in it.
        signed_up: whoever signed up for a session, by its code.
        released: codes of people who were told already that they are not needed.
    """

    now: dt.datetime
    languages: Sequence[str]
    rooms: Mapping[str, Texts]
    people: Mapping[str, Human]
    states: Mapping[str, str]
    signed_up: Mapping[str, Sequence[Human]]
    released: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Affected:
    """One human, and all that they are told, in their language."""

    human: Human
    sentences: tuple[str, ...]


def affected(differences: Iterable[SessionDifference], facts: Facts) -> list[Affected]:
    """Return who is to be told what, each once, in the order of the programme."""
    humans: dict[str, Human] = {}
    said: dict[str, list[str]] = {}
    for one in differences:
        if _is_over(one, facts.now):
            continue
        for human, sentences in _told(one, facts):
            humans.setdefault(human.code, human)
            mine = said.setdefault(human.code, [])
            mine += [text for text in sentences if text not in mine]
    return [Affected(humans[code], tuple(texts)) for code, texts in said.items() if texts]


def count_mails(found: Iterable[Affected]) -> int:
    """Return how many mails tell them: a copy is one, and who has no address gets none."""
    return sum(len(one.human.contacts) for one in found)


def _is_over(one: SessionDifference, now: dt.datetime) -> bool:
    """Tell whether neither the old slot nor the new one is still to come."""
    ends = [times[1] for times in map(slot_times, (one.before, one.after)) if times]
    return bool(ends) and max(ends) <= now


def _told(one: SessionDifference, facts: Facts) -> Iterator[tuple[Human, list[str]]]:
    """Return the session's people and those who signed up for it, with what each is told."""
    on_it = _on_it(one, facts)
    for human, parts in on_it:
        voice = _Voice(one, facts, human.language)
        yield human, [*voice.of_parts(parts), *voice.of_session(one, parts)]
    known = {human.code for human, _parts in on_it}
    for human in facts.signed_up.get(one.code, ()):
        if human.code not in known and one.before is not None:
            yield human, list(_Voice(one, facts, human.language).of_slot(one))


def _on_it(one: SessionDifference, facts: Facts) -> list[tuple[Human, list[_Pair]]]:
    """Return who is or was on a session and knows it, with their parts before and after."""
    humans: dict[str, Human] = {}
    rows: dict[str, dict[str, list[Document | None]]] = {}
    for place, document in enumerate((one.before, one.after)):
        for part in document["participations"] if document else ():
            human = facts.people.get(part["person"])
            if human is None:
                continue
            # By their code of now: two people may have turned out to be one.
            humans[human.code] = human
            pair = rows.setdefault(human.code, {}).setdefault(part["role"], [None, None])
            pair[place] = part
    found = []
    for code, by_role in rows.items():
        pairs = [(old, new) for old, new in _paired(by_role) if _knows(old, new, facts)]
        if pairs:
            found.append((humans[code], pairs))
    return found


def _paired(by_role: Mapping[str, Sequence[Document | None]]) -> list[_Pair]:
    """Return somebody's parts before and after; another role is not one that went and one that
    came.
    """
    gone = [old for old, new in by_role.values() if new is None]
    come = [new for old, new in by_role.values() if old is None]
    other = min(len(gone), len(come))
    return [
        *((old, new) for old, new in by_role.values() if old is not None and new is not None),
        *zip(gone[:other], come[:other], strict=True),
        *((old, None) for old in gone[other:]),
        *((None, new) for new in come[other:]),
    ]


def _knows(old: Document | None, new: Document | None, facts: Facts) -> bool:
    """Tell whether somebody knows of a part of theirs, and has not given it back themselves."""
    part = new or old or {}
    state = facts.states.get(part["code"])
    if new is not None:
        # Who comes to a session is told once they have said yes.
        wanted = _KNOWING if old is not None else (ParticipationState.CONFIRMED,)
        return (state or part["state"]) in wanted
    # A row that is there still was declined or replaced: they said so, or were told so.
    return state is None and part["state"] in _KNOWING and part["person"] not in facts.released


class _Voice:
    """Speaks to one human about one session."""

    def __init__(self, one: SessionDifference, facts: Facts, language: str) -> None:
        self.one = one
        self.facts = facts
        self.language = mail_language(language)
        self.phrases = words(self.language).changes
        self.session = self._quoted(one.row)

    def of_parts(self, pairs: Sequence[_Pair]) -> Iterator[str]:
        """Say what became of somebody's own part."""
        one = self.one
        if one.is_off:
            return
        now = [new for _old, new in pairs if new]
        if not now:
            yield self._say("left")
        elif not any(old for old, _new in pairs):
            yield self._slotted("joined", self._with_role(now[0]["role"]))
        elif any(old is None or (new and old["role"] != new["role"]) for old, new in pairs):
            yield self._say("role", role=", ".join(self._role(new["role"]) for new in now))
        for old, new in pairs:
            if old and new and new["minutes"] and old["minutes"] != new["minutes"]:
                yield self._say("minutes", minutes=str(new["minutes"]))

    def of_session(
        self,
        one: SessionDifference,
        pairs: Sequence[_Pair],
    ) -> Iterator[str]:
        """Say what became of the session, to somebody who was on it before and still is."""
        if one.before is None or not any(old for old, _new in pairs):
            return
        if one.after is not None and not any(new for _old, new in pairs):
            return
        yield from self.of_slot(one)
        if one.is_off:
            return
        if "renamed" in one.kinds:
            former = self._quoted(one.before)
            if former != self.session:
                yield self._say("renamed", before=former)
        if any(new and new["role"] == ParticipationRole.MODERATOR for _old, new in pairs):
            yield from self._company(one.parts, {new["person"] for _old, new in pairs if new})

    def of_slot(self, one: SessionDifference) -> Iterator[str]:
        """Say when and where the session takes place now, or that it does not."""
        if one.after is None:
            if (one.before or {}).get("state") == "planned":
                yield self._say("removed")
        elif "cancelled" in one.kinds:
            yield self._say("cancelled")
        elif one.is_off:
            return
        elif "restored" in one.kinds:
            yield self._slotted("restored", self.session)
        elif "moved" in one.kinds:
            yield self._moved(one)
        elif "roomed" in one.kinds:
            yield self._roomed(one)

    def _moved(self, one: SessionDifference) -> str:
        before, after = self._when(one.before), self._when(one.after)
        if not after:
            return self._say("no_time", before=before)
        if not before:
            return self._say("first_time", when=self._where_and_when(one.after))
        room = self._room(one.after)
        if "roomed" in one.kinds and room:
            return self._say(
                "time_and_room",
                when=f"{after}, {room}",
                before=", ".join(filter(None, (before, self._room(one.before)))),
            )
        return self._say("time", when=self._where_and_when(one.after), before=before)

    def _roomed(self, one: SessionDifference) -> str:
        before, after = self._room(one.before), self._room(one.after)
        if not after:
            return self._say("no_room", before=before)
        return self._say("room" if before else "first_room", room=after, before=before)

    def _company(self, parts: Sequence[PartDifference], own: set[str]) -> Iterator[str]:
        """Say to who leads it who came and who went."""
        came = [
            part
            for part in parts
            if part.verb == "joined" and self._state(part) == ParticipationState.CONFIRMED
        ]
        went = [
            part
            for part in parts
            if part.verb == "left" and (part.before or {})["state"] == ParticipationState.CONFIRMED
        ]
        both = {self._code(part) for part in came} & {self._code(part) for part in went}
        for key, found in (("with_you", came), ("without", went)):
            names = [
                self._name(part.person)
                for part in found
                if part.person not in own and self._code(part) not in both
            ]
            if any(names):
                yield self._say(key, names=", ".join(filter(None, names)))

    def _code(self, part: PartDifference) -> str:
        human = self.facts.people.get(part.person)
        return human.code if human is not None else part.person

    def _state(self, part: PartDifference) -> str:
        row = part.after or {}
        return self.facts.states.get(row["code"], row["state"])

    def _slotted(self, key: str, session: str) -> str:
        when = self._where_and_when(self.one.after)
        key = key if when else f"{key}_unscheduled"
        return self._say(key, session=session, when=when)

    def _say(self, key: str, **values: str) -> str:
        return sentence(self.phrases[key].format(**{"session": self.session, **values}))

    def _quoted(self, row: Document) -> str:
        title = line(pick_text(row["title"], self.language, self.facts.languages))
        return self.phrases["quoted"].format(title=title)

    def _with_role(self, role: str) -> str:
        said = words(self.language).roles.get(role, "")
        return f"{self.session} ({said})" if said else self.session

    def _role(self, role: str) -> str:
        said = words(self.language).roles.get(role)
        if said:
            return said
        with translation.override(CATALOGUES.get(self.language, "en")):
            return str(programme_words.ROLES[ParticipationRole(role)]).lower()

    def _name(self, person: str) -> str:
        human = self.facts.people.get(person)
        return name(full_name(*name_in(self.language, human))) if human is not None else ""

    def _when(self, row: Document | None) -> str:
        times = slot_times(row)
        if times is None:
            return ""
        start, end = times
        return f"{day_date(start.date(), self.language)}, {clock(start)}{DASH}{clock(end)}"

    def _room(self, row: Document | None) -> str:
        slot = row["slot"] if row else None
        texts = self.facts.rooms.get(slot["room"]) if slot and slot["room"] else None
        return line(pick_text(texts, self.language, self.facts.languages)) if texts else ""

    def _where_and_when(self, row: Document | None) -> str:
        return ", ".join(filter(None, (self._when(row), self._room(row))))
