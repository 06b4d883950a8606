"""The line a session begins with: kind, title, and what else stands in it."""

from __future__ import annotations

import re
from typing import Final

from events.enums import SessionKind
from events.exchange.agenda import notes
from events.exchange.agenda.clock import take_length, time_at_end
from events.exchange.agenda.drafts import Head
from events.exchange.agenda.kinds import COMPLETE, is_label, kind_of, part_label
from events.exchange.agenda.names import honorific_at_head, looks_like_name, names_somebody
from events.exchange.agenda.people import may_be_person, reads_as_person
from events.exchange.agenda.places import is_room
from events.exchange.agenda.remarks import BY, without_brackets
from events.exchange.agenda.roles import Role, part_role, role_of

GUESS: Final = ", or part of the title?"
QUOTES: Final = '"“”„«»'
_CLOSERS: Final = '"“”«»'
_LAST_DASH: Final = re.compile(r"\s+[–—-]\s+|\s*[|]\s*|\s+/\s+")
_AFTER_QUOTE: Final = re.compile(r"^[\s,;:.–—|-]+(?:by\s+|with\s+)?")
_ROOM_TAIL: Final = re.compile(r"\s+[–—-]\s+|\s*[,;|]\s+|\s+@\s+|\s+(?=Room\b|Sala\b|Сала\b)")
_MODERATED: Final = re.compile(
    r"[\s,;(–—-]+(?:moderated by|chaired by|facilitated by|moderator(?:ka)?:?|moderira:?|chair:|"
    r"модератор(?:ка)?:?|модерира:?)\s+",
    re.IGNORECASE,
)
_STATE: Final = re.compile(r"(\w{5,12})\s*[:–—-]\s*(?=\S)")
_MODERATOR: Final = Role("moderator")
_MOST_SPLITS: Final = 6
_SPOKEN: Final = frozenset(
    {SessionKind.KEYNOTE, SessionKind.OPENING_REMARKS, SessionKind.PRESENTATION, None}
)


def head_of(text: str) -> Head:
    """Return what the first line of a session says, its time taken off."""
    head = Head()
    text = without_brackets(head, text.strip())
    first = _STATE.match(text)
    if first and notes.is_cancelled(first[1]):
        head.cancelled, text = True, text[first.end() :]
    if found := time_at_end(text):
        head.clock, text = found
    minutes, text = take_length(text)
    head.minutes = head.minutes or minutes
    if text.endswith(":") and (role := role_of(text)):
        _only_role(head, text, role)
        return head
    _without_moderator(head, text)
    minutes, head.title = take_length(head.title)
    head.minutes = head.minutes or minutes
    head.title = head.title.strip(" ,;–—|-").rstrip(" :")
    if not head.people and names_somebody(head.title):
        head.doubts = (*head.doubts, ("name", f"Does “{head.title[:80]}” name a person?"))
    if not head.pending and not head.title and not head.people:
        head.title, head.pending = text, True
    return head


def _only_role(head: Head, text: str, role: Role) -> None:
    """Take "Opening remarks:" or "Speakers:", which names people on the lines below."""
    head.role = role
    if role.name in {SessionKind.OPENING_REMARKS.value, SessionKind.KEYNOTE.value}:
        head.kind, head.title = SessionKind(role.name), text.rstrip(" :")


def _without_moderator(head: Head, text: str) -> None:
    """Take the title, and a moderator named after it in the same line."""
    found = _MODERATED.search(text[:300])
    if not found or not may_be_person(text[found.end() :]):
        _title_of(head, text)
        return
    head.role, head.people = _MODERATOR, text[found.end() :]
    text = text[: found.start()].rstrip(" ,;(–—-")
    label, rest = part_label(text)
    _kind(head, label or text)
    head.title = rest if label else text


def _title_of(head: Head, text: str) -> None:
    label, rest = part_label(text)
    if label:
        _labelled(head, label, rest)
    elif is_label(text):
        _kind(head, text)
        head.title, head.pending = text, True
    else:
        _titled(head, text)


def quoted(text: str) -> tuple[str, str, bool] | None:
    """Return what stands in the quotation marks that a text begins with, the rest, and whether
    they are still open; None where it begins with none."""
    if text[:1] not in QUOTES or len(text) < 2:  # noqa: PLR2004 - a mark and a letter
        return None
    marks = [i for i, ch in enumerate(text) if i and ch in _CLOSERS]
    if not marks:
        return text[1:].strip(), "", True
    last = marks[-1]
    if len(marks) % 2 and text[last + 1 :].strip(" .,") == "":
        return text[1:last].strip(), "", False
    return text[1 : marks[0]].strip(), text[marks[0] + 1 :], False


def _kind(head: Head, text: str) -> None:
    said = kind_of(text)
    if said and head.kind is None:
        head.kind, head.kind_sure = said.kind, said.sure


def _labelled(head: Head, label: str, rest: str) -> None:
    _kind(head, label)
    head.block = head.kind is None
    if head.kind is SessionKind.BREAK and is_label(rest):
        head.title = f"{label} – {rest}"
        return
    inner, after = part_label(rest)
    if inner and after:
        _kind(head, inner)
        label, rest = (inner if head.kind else label), after
    role = part_role(rest)
    if role and role[1]:
        head.title, head.role, head.people, head.pending = label, role[0], role[1], True
        return
    if is_room(rest) and not quoted(rest):
        head.title, head.room, head.pending = label, rest, True
        return
    if head.kind in _SPOKEN and reads_as_person(rest):
        head.title, head.people = label, rest
        return
    if head.kind in {SessionKind.KEYNOTE, SessionKind.OPENING_REMARKS} and may_be_person(rest):
        head.title, head.people = label, rest
        head.doubts = (("name", f"Is “{rest}” a person or the title?"),)
        return
    _kind_of_title(head, rest)
    _title_and_people(head, rest)


def _titled(head: Head, text: str) -> None:
    if text[:1] not in QUOTES:
        _kind(head, text)
        for i, found in enumerate(BY.finditer(text[:300])):
            before, after = text[: found.start()], text[found.end() :]
            if is_label(before) and is_room(after):
                head.title, head.room, head.pending = before, after, True
                return
            if is_label(before) and (reads_as_person(after) or may_be_person(after)):
                head.title, head.people = before, after
                return
            if i == _MOST_SPLITS:
                break
        if reads_as_person(text) and ("“" in text or "„" in text or '"' in text):
            _person_first(head, text)
            return
    _title_and_people(head, text)


def _kind_of_title(head: Head, text: str) -> None:
    if head.kind is None:
        said = kind_of(text)
        if said:
            head.kind, head.kind_sure = said.kind, said.sure


def _title_and_people(head: Head, text: str) -> None:
    """Take a title from a text, and the people before or after it."""
    if found := quoted(text):
        head.title, after, head.open_quote = found
        after = _AFTER_QUOTE.sub("", after)
        if not after:
            return
        if reads_as_person(after) or may_be_person(after):
            head.people = after
        elif is_room(after, said=True):
            head.room = after
        else:
            head.title = text
        return
    if _name_first(head, text):
        return
    head.title = text
    for found_dash in list(_LAST_DASH.finditer(text))[-_MOST_SPLITS:]:
        before, after = text[: found_dash.start()], text[found_dash.end() :]
        if is_room(after):
            head.title, head.room = before, after
            return
        if reads_as_person(after) or all(
            looks_like_name(piece) for piece in re.split(r"\s*(?:,|&| and | i | и )\s*", after)
        ):
            head.title, head.people = before, after
            if not reads_as_person(after):
                head.doubts = (("name", f"Is “{after}” a person{GUESS}"),)
            return
    _room_at_end(head, text)


def _name_first(head: Head, text: str) -> bool:
    found = re.search(r"\s*:\s+|\s+[–—-]\s+|,?\s+(?=[„“\"«])", text[:150])
    if not found or head.kind not in {None, SessionKind.PRESENTATION, SessionKind.KEYNOTE}:
        return False
    before, after = text[: found.start()], text[found.end() :]
    name = re.sub(r"\s*\([^()]{0,120}\)$", "", before)
    honorific, plain = honorific_at_head(name)
    if not looks_like_name(plain, fewest=1 if honorific else 2) or reads_as_person(text):
        return False
    if may_be_person(after) and not quoted(after):
        return False
    inside = quoted(after)
    head.title = inside[0] if inside and not inside[1].strip() else after
    head.open_quote = bool(inside and inside[2])
    head.people = before
    if not inside and not honorific:
        head.doubts = (("name", f"Is “{before}” a person{GUESS}"),)
    return True


def _person_first(head: Head, text: str) -> None:
    start = min(i for i, ch in enumerate(text) if ch in QUOTES)
    found = quoted(text[start:])
    if found and not found[1].strip(" .,"):
        head.people = text[:start].strip(" ,:;–—-")
        head.title, _, head.open_quote = found
    else:
        head.title = text


def _room_at_end(head: Head, text: str) -> None:
    for found in list(_ROOM_TAIL.finditer(text))[-2:]:
        if is_room(text[found.end() :]) and len(text[: found.start()]) > 2:  # noqa: PLR2004 - a mark and a letter
            head.title, head.room = text[: found.start()], text[found.end() :]
            return


def is_complete(kind: SessionKind | None) -> bool:
    """Return whether a session of this kind needs no other title than its kind's name."""
    return kind in COMPLETE
