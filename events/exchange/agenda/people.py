"""People as agendas list them: names with who they are, in brackets, after commas or dashes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from events.exchange.agenda.affiliations import Standing, is_position_word, sort_of, standing
from events.exchange.agenda.brackets import brackets, pieces_of
from events.exchange.agenda.clock import length_of
from events.exchange.agenda.names import (
    Name,
    begins_with_person,
    honorific_at_head,
    looks_like_name,
    part_name,
)
from events.exchange.agenda.notes import confirmation, is_remote, is_unknown
from events.exchange.agenda.roles import Role, role_of
from events.exchange.agenda.words import key, keys

_DASH: Final = re.compile(r"\s+[–—-]\s+|\s*[–—]\s*|\s*:\s+|\s+\|\s+")
_FROM: Final = re.compile(r"\s+(?:from|iz|из|of the|at)\s+")
_TAIL_STATE: Final = re.compile(
    r"[\s,;–—-]+\(?(tb[cd]|tba|to be confirmed)\)?[\s*.]*$", re.IGNORECASE
)
_AND: Final = re.compile(r"\s+(?:and|i|и|&|te|kao i|као и)\s+")
_GROUP: Final = re.compile(r"\s*[(\[{]([^()\[\]{}]{1,300})[)\]}]")
_BEYOND: Final = re.compile(r",|\s[–—|-]\s|[–—]|:\s")
# Brackets and commas that stay where they are, while the phrases are parted at others.
_KEPT: Final = str.maketrans({"(": "\ue000", ")": "\ue001", ",": "\ue002"})
_PUT_BACK: Final = str.maketrans({"\ue000": "(", "\ue001": ")", "\ue002": ","})
_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person as a line names them.

    Arguments:
        confirmed: None where nothing is said.
        role: where the line says one ("(moderator)").
        unknown: whether it stands for somebody who is not named yet.
        doubts: pairs of a field and what is doubtful about it.
        left_out: what was understood and has no place here ("online").
    """

    name: Name
    standing: Standing = field(default_factory=Standing)
    confirmed: bool | None = None
    role: Role | None = None
    minutes: int | None = None
    unknown: bool = False
    doubts: tuple[tuple[str, str], ...] = ()
    left_out: str = ""


def reads_as_person(text: str) -> bool:
    """Return whether a text surely begins with a person: by an honorific, or who they are."""
    honorific, rest = honorific_at_head(text)
    head, details, brackets = _shape(rest)
    if honorific:
        return looks_like_name(head, fewest=1)
    if not looks_like_name(head):
        return False
    if any(role_of(inner) or confirmation(inner) is not None for inner in brackets):
        return True
    return any(sort_of(piece) or role_of(piece) for piece in (*details, *brackets))


def may_be_person(text: str) -> bool:
    """Return whether a text can begin with a person: a name, or one with anything after it."""
    _, rest = honorific_at_head(text)
    head, details, _ = _shape(rest)
    return looks_like_name(head) and all(len(piece.split()) < 15 for piece in details)  # noqa: PLR2004 - a phrase is short


def people_of(text: str, *, several: bool) -> list[Somebody]:
    """Return the people that a text names, in its order.

    Arguments:
        several: whether more than one is expected, so that commas may stand between people.
    """
    out: list[Somebody] = []
    for part in pieces_of(text, ";\n"):
        out.extend(person_of(piece) for piece in _people(part, several=several) if piece.strip())
    return out[:_MOST]


def _people(text: str, *, several: bool) -> list[str]:
    pieces = _joined(pieces_of(text, ","))
    bare = [not brackets(piece)[1] and looks_like_name(piece.strip()) for piece in pieces]
    all_names = len(pieces) > 2 and all(bare)  # noqa: PLR2004 - two may be name and organisation
    out: list[str] = []
    for i, piece in enumerate(pieces):
        clean = piece.lstrip("\0")
        head = _shape(honorific_at_head(clean.strip())[1])[0]
        named = looks_like_name(head) and not any(_is_acronym(w) for w in head.split())
        begins = begins_with_person(clean.strip())
        begins = begins or (named and (several or all_names or piece.startswith("\0")))
        if out and not begins:
            out[-1] += f", {clean.strip()}"
        else:
            out.append(clean.strip())
        if i > _MOST:
            break
    return out


def _is_acronym(word: str) -> bool:
    return word.isalpha() and word.isupper() and len(word) <= 4  # noqa: PLR2004 - acronyms are short


def _joined(pieces: list[str]) -> list[str]:
    """Part "A B and C D", marking what follows an "and" with a NUL."""
    out: list[str] = []
    for piece in pieces:
        found = _AND.search(piece[:400])
        before = piece[: found.start()] if found else ""
        after = piece[found.end() :] if found else ""
        left = _shape(honorific_at_head(before.strip())[1])[0] if before.strip() else ""
        right = _shape(honorific_at_head(after)[1])[0] if after else ""
        if before.count("(") != before.count(")"):
            out.append(piece)
        elif found and (not before.strip() or looks_like_name(left)) and looks_like_name(right):
            out.extend([before, f"\0{after}"] if before.strip() else [f"\0{after}"])
        elif piece.strip().startswith(("and ", "i ", "и ")) and looks_like_name(
            _shape(piece.strip().split(maxsplit=1)[-1])[0]
        ):
            out.append(f"\0{piece.strip().split(maxsplit=1)[-1]}")
        else:
            out.append(piece)
    return out


def person_of(text: str) -> Somebody:
    """Return the person that a text names, with all that it says of them."""
    if is_unknown(text) or confirmation(text) is False:
        return Somebody(Name("", "", ""), unknown=True)
    state = _TAIL_STATE.search(text[-40:])
    if state:
        text = text[: max(0, len(text) - 40) + state.start()]
    somebody = Somebody(Name("", "", ""), confirmed=False if state else None)
    somebody, plain, extra = _out_of_brackets(somebody, text.rstrip(" *†‡"))
    head, pieces = _head(plain)
    kept: list[str] = []
    for piece in pieces:
        somebody, understood = _remark(somebody, piece)
        kept += [] if understood else [piece]
    return _finished(head, [piece.translate(_PUT_BACK) for piece in (*kept, *extra)], somebody)


def _out_of_brackets(somebody: Somebody, text: str) -> tuple[Somebody, str, list[str]]:
    """Take what brackets say: remarks, and right after a name who that is.

    Brackets further on belong to the phrase before them: "Peace Institute (PI)".
    """
    outside: list[str] = []
    extra: list[str] = []
    place, beyond = 0, False
    for found in _GROUP.finditer(text):
        before, inner = text[place : found.start()], found[1].strip()
        place = found.end()
        outside.append(before)
        beyond = beyond or _BEYOND.search(before) is not None
        somebody, understood = _remark(somebody, inner)
        if beyond and not understood:
            outside.append(f" ({inner})".translate(_KEPT))
        elif not understood:
            extra.extend(pieces_of(inner, ",;"))
    plain, inners = brackets("".join([*outside, text[place:]]))
    return somebody, " ".join(plain.split()).replace(" ,", ","), [*extra, *inners]


def _remark(somebody: Somebody, text: str) -> tuple[Somebody, bool]:
    """Take "tbc", "moderator" or "10 min"; return whether the text says one of these."""
    said, role, minutes = confirmation(text), role_of(text), length_of(text)
    if said is not None:
        return replace(somebody, confirmed=said), True
    if role:
        return replace(somebody, role=role), True
    if minutes:
        return replace(somebody, minutes=minutes), True
    if is_remote(text):
        return replace(somebody, left_out=text), True
    return somebody, False


def _finished(head: str, pieces: list[str], so_far: Somebody) -> Somebody:
    if is_unknown(head) or not head.strip():
        return replace(so_far, unknown=True)
    name = part_name(head)
    if pieces and len(pieces[0].split()) == 1:
        after = part_name(f"{head} {pieces[0]}")  # "Ana Anić, PhD"
        if after.family == name.family and (after.seat or after.honorific != name.honorific):
            name, pieces = after, pieces[1:]
    if not keys(name.given):
        return replace(so_far, unknown=True)
    where = standing(pieces)
    if name.seat:
        where = replace(where, position=", ".join(p for p in (name.seat, where.position) if p))
    doubts = tuple(filter(None, (_doubt_of_name(name, head), _doubt_of_standing(where))))
    return replace(so_far, name=name, standing=where, doubts=doubts)


def _doubt_of_name(name: Name, head: str) -> tuple[str, str] | None:
    if not name.family:
        return "name", f"“{head}” is one word: is it the whole name?"
    if not name.sure:
        return "name", f"Is “{name.family}” the whole family name of “{head}”?"
    if not looks_like_name(honorific_at_head(head)[1], fewest=1):
        return "name", f"Is “{head}” a person?"
    if name.doctor:
        return "name", f"“PhD” after “{head}” was read as the honorific “{name.honorific}”."
    return None


def _doubt_of_standing(where: Standing) -> tuple[str, str] | None:
    position, affiliation = where.position, where.affiliation
    if where.sure:
        return None
    if position and affiliation:
        sentence = f"Is “{position}” the position and “{affiliation}” the organisation?"
    else:
        sentence = f"Is “{affiliation or position}” an organisation or a position?"
    return "affiliation", sentence


def _head(text: str) -> tuple[str, list[str]]:
    """Return the name at the head of a text and the phrases after it."""
    first, *rest = pieces_of(text, ",")
    found = _DASH.search(first[:200])
    if found:
        rest = [first[found.end() :], *rest]
        first = first[: found.start()]
    if not looks_like_name(honorific_at_head(first)[1]):
        first, rest = _before_position(first, rest)
    found = _FROM.search(first[:200])
    if found and looks_like_name(honorific_at_head(first[: found.start()])[1]):
        rest = [first[found.end() :], *rest]
        first = first[: found.start()]
    pieces: list[str] = []
    for piece in rest:
        dash = re.split(r"\s+[–—|-]\s+", piece.strip(), maxsplit=3)
        pieces.extend(part for part in dash if part)
    return first.strip(), pieces


def _before_position(first: str, rest: list[str]) -> tuple[str, list[str]]:
    """Part "Carla Carlić Chief Prosecutor", where nothing stands between name and position."""
    honorific, plain = honorific_at_head(first)
    words = plain.split()
    for i in range(2, min(len(words), 6)):
        if is_position_word(key(words[i])) and looks_like_name(" ".join(words[:i])):
            name = " ".join([honorific, *words[:i]] if honorific else words[:i])
            return name, [" ".join(words[i:]), *rest]
    return first, rest


def _shape(text: str) -> tuple[str, list[str], list[str]]:
    plain, inners = brackets(text[:400])
    plain = _TAIL_STATE.sub("", plain) if len(plain) < 200 else plain  # noqa: PLR2004 - a long text is no name
    head, pieces = _head(plain.rstrip(" *†‡"))
    return head, pieces, inners
