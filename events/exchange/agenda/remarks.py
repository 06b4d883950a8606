"""What stands in brackets at the end of a session's first line."""

from __future__ import annotations

import re
from typing import Final

from events.exchange.agenda import notes
from events.exchange.agenda.clock import length_of
from events.exchange.agenda.drafts import Head
from events.exchange.agenda.people import may_be_person, reads_as_person
from events.exchange.agenda.places import is_room
from events.exchange.agenda.roles import part_role, role_of

# Between a title and people: "by", a colon, a dash.
BY: Final = re.compile(
    r"\s+(?:by|with|od|from|од|drži|govori|izlaže|govore)\s*:?\s+|\s*[:,|]\s+|\s+[–—-]\s+|\s*[—–]\s*"
)
_LAST_BRACKET: Final = re.compile(r"\s*[(\[]([^()\[\]]{1,120})[)\]]\s*[.,;]?$")
_MOST_BRACKETS: Final = 4
_FEW_WORDS: Final = 3
_MOST_SPLITS: Final = 6


def without_brackets(head: Head, text: str) -> str:
    """Return a line without the brackets at its end, and note what they say."""
    for _ in range(_MOST_BRACKETS):
        found = _LAST_BRACKET.search(text[-130:])
        if not found:
            break
        before = text[: max(0, len(text) - 130) + found.start()]
        if not before or not _bracket(head, found[1].strip(), before):
            break
        text = before
    return text


def _bracket(head: Head, inner: str, before: str) -> bool:
    """Take what brackets at the end of a line say; return whether they are understood."""
    if minutes := length_of(inner):
        head.minutes = minutes
    elif said := notes.attribution(inner):
        head.attribution = said
    elif notes.is_cancelled(inner):
        head.cancelled = True
    elif notes.is_recorded(inner):
        head.recorded = True
    elif notes.confirmation(inner) is not None or role_of(inner):
        return _state_of_title(head, inner, before)
    else:
        return _bracket_of_place(head, inner, before)
    return True


def _state_of_title(head: Head, inner: str, before: str) -> bool:
    """Take "(tbc)" where it is said of the session, not of somebody named in the line."""
    ends = [before[found.end() :] for found in list(BY.finditer(before[-200:]))[-_MOST_SPLITS:]]
    if reads_as_person(before) or any(may_be_person(end) for end in ends):
        return False
    if notes.confirmation(inner) is False:
        head.doubts = (("title", f"“({inner})” says that this is not settled yet."),)
    return notes.confirmation(inner) is not None


def _bracket_of_place(head: Head, inner: str, before: str) -> bool:
    language = notes.language_of(inner) if len(inner.split()) <= _FEW_WORDS else ""
    role = part_role(inner)
    if is_room(inner, said=True) and not reads_as_person(f"{before} ({inner})"):
        head.room = inner
    elif language:
        head.language = language
    elif role and role[1]:
        head.role, head.people = role
    else:
        return False
    return True
