"""The sentence that somebody gets about a change of the programme, in their language. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import translation

from core.text import full_name, pick_text
from events import words as programme_words
from events.enums import ParticipationRole, ParticipationState
from events.languages import CATALOGUES, name_in
from events.services.differences import PartDifference, SessionDifference, slot_times
from events.services.documents import Document
from notifications.services.programme_humans import Facts
from notifications.services.texts import mail_language
from notifications.services.values import line, name, sentence
from notifications.services.wording import DASH, clock, day_date, words

# Somebody's part before and after.
Pair = tuple[Document | None, Document | None]


class Voice:
    """Speaks to one human about one session."""

    def __init__(self, one: SessionDifference, facts: Facts, language: str) -> None:
        self.one = one
        self.facts = facts
        self.language = mail_language(language)
        self.phrases = words(self.language).changes
        self.session = self._quoted(one.row)

    def of_parts(self, pairs: Sequence[Pair]) -> Iterator[str]:
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
        pairs: Sequence[Pair],
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
