"""Whom a change of the programme concerns. Pure.

The page before publishing, the mails and the last look before one is sent all ask `affected`: what
an organiser reads is what is said. A person and their registration are one, and nobody hears what
they said themselves.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from events.enums import ASKED, ParticipationState
from events.services.differences import SessionDifference, slot_times
from events.services.documents import Document
from notifications.services.programme_humans import Facts, Human
from notifications.services.programme_sentences import Pair, Voice

# They know that they are on a session: they said yes, or were asked.
_KNOWING: Final = (ParticipationState.CONFIRMED, *ASKED)


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
        voice = Voice(one, facts, human.language)
        yield human, [*voice.of_parts(parts), *voice.of_session(one, parts)]
    known = {human.code for human, _parts in on_it}
    for human in facts.signed_up.get(one.code, ()):
        if human.code not in known and one.before is not None:
            yield human, list(Voice(one, facts, human.language).of_slot(one))


def _on_it(one: SessionDifference, facts: Facts) -> list[tuple[Human, list[Pair]]]:
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


def _paired(by_role: Mapping[str, Sequence[Document | None]]) -> list[Pair]:
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
