"""Drafts made into the programme: ends that flow, kinds, references, one row a person."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from events.enums import ParticipationRole, SessionKind
from events.exchange.agenda.drafts import PartDraft, SessionDraft
from events.exchange.agenda.kinds import kind_of
from events.exchange.agenda.names import name_key
from events.exchange.agenda.slots import Slot, edges, settle_clocks, slots_of
from events.exchange.agenda.state import Reading
from events.exchange.agenda.words import Phrases, keys, words_of
from events.incoming import (
    IncomingPart,
    IncomingPerson,
    IncomingProgramme,
    IncomingRoom,
    IncomingSession,
    IncomingTrack,
)

SOURCE: Final = "agenda"
_TITLE, _NAME, _LINE, _HONORIFIC, _TEXT, _ROOM, _TRACK = 300, 120, 200, 60, 20_000, 100, 100
_WORDS_OF_REF: Final = 10
_SHORT: Final = 3
_FEW: Final = 2
_MANY: Final = 4
_END: Final = Phrases({True: "end,the end,kraj,zavrsetak"})
_END_OF: Final = words_of(
    "of the day one two conference event programme program programa skupa rada dana prvog drugog"
)


@dataclass(slots=True)
class _People:
    """Those found so far, by what they are known again by."""

    rows: dict[str, IncomingPerson] = field(default_factory=dict)

    def add(self, part: PartDraft) -> str:
        somebody = part.somebody
        name, standing = somebody.name, somebody.standing
        ref = name_key(name)[:_LINE] or f"line-{part.line}"
        known = self.rows.get(ref)
        if known is None:
            self.rows[ref] = IncomingPerson(
                ref=ref,
                given_name=(name.given or name.family)[:_NAME],
                family_name=name.family[:_NAME] if name.given else "",
                honorific=name.honorific[:_HONORIFIC],
                affiliation=standing.affiliation[:_LINE],
                position=standing.position[:_LINE],
                line=part.line,
            )
        else:
            self.rows[ref] = replace(
                known,
                honorific=known.honorific or name.honorific[:_HONORIFIC],
                affiliation=known.affiliation or standing.affiliation[:_LINE],
                position=known.position or standing.position[:_LINE],
            )
        return ref


def finished(reading: Reading, language: str) -> IncomingProgramme:
    """Return the programme that the drafts say.

    Arguments:
        language: in which its texts are written.
    """
    if len(reading.guesses) < _MANY:
        reading.marks.extend(reading.guesses)
    drafts = [
        draft for draft in reading.sessions if draft.title or draft.parts or draft.start is not None
    ]
    for draft in drafts:
        _settle_kind(reading, draft)
    settle_clocks(reading, drafts)
    slots = list(slots_of(reading, drafts))
    kept = [i for i, draft in enumerate(drafts) if not _END.whole(keys(draft.title), _END_OF)]
    ends = {draft.line for i, draft in enumerate(drafts) if i not in {*kept}}
    reading.marks = [mark for mark in reading.marks if mark.line not in ends]
    drafts, slots = [drafts[i] for i in kept], [slots[i] for i in kept]
    start, end = edges(reading, slots)
    people = _People()
    refs = _refs([draft.title or str(draft.kind) for draft in drafts])
    parts = [_parts(reading, draft, people) for draft in drafts]
    sessions = tuple(
        _session(reading, draft, ref, slot, _told_apart(own, people), language)
        for draft, ref, slot, own in zip(drafts, refs, slots, parts, strict=True)
    )
    return IncomingProgramme(
        source=SOURCE,
        title=reading.title[:_TITLE],
        start=start,
        end=end,
        rooms=tuple(
            IncomingRoom(ref, {language: name})
            for ref, name in _named([draft.room[:_ROOM] for draft in drafts])
        ),
        tracks=tuple(
            IncomingTrack(ref, {language: name})
            for ref, name in _named([draft.track[:_TRACK] for draft in drafts])
        ),
        people=tuple(people.rows.values()),
        sessions=sessions,
        marks=tuple(sorted(reading.marks, key=lambda mark: mark.line)),
    )


def _settle_kind(reading: Reading, draft: SessionDraft) -> None:
    roles = {part.role.name for part in draft.parts}
    panel = ParticipationRole.MODERATOR in roles or ParticipationRole.PANELLIST in roles
    said = kind_of(draft.abstract[0]) if draft.abstract else None
    if draft.kind in {SessionKind.BREAK, None} and panel and len(draft.parts) > 1:
        draft.kind_sure = draft.kind is None and len(draft.parts) > _FEW
        draft.kind = SessionKind.PANEL
    elif draft.kind is None and said and said.sure:
        draft.kind, draft.kind_sure = said.kind, False
    elif draft.kind is None:
        many = draft.block and len(draft.parts) > _FEW
        draft.kind = SessionKind.PANEL if many else SessionKind.PRESENTATION
        draft.kind_sure = bool(draft.parts) and not panel and not many
    elif draft.kind is SessionKind.BREAK and draft.parts:
        draft.kind_sure = False
    if not draft.kind_sure:
        reading.mark(draft.line, "kind", f"Is this a session of the kind “{draft.kind.label}”?")


def _parts(
    reading: Reading, draft: SessionDraft, people: _People
) -> list[tuple[str, str, PartDraft]]:
    out: list[tuple[str, str, PartDraft]] = []
    seen: set[tuple[str, str]] = set()
    kind = str(draft.kind)
    for part in draft.parts:
        ref, role = people.add(part), part.role.on(kind)
        if part.somebody.left_out:
            sentence = f"“{part.somebody.left_out}” was left out."
            reading.mark(part.line, "", sentence, "skipped")
        for where, sentence in part.somebody.doubts:
            reading.mark(part.line, where, sentence)
        if (ref, role) not in seen:
            seen.add((ref, role))
            out.append((ref, role, part))
    return out


def _told_apart(
    parts: list[tuple[str, str, PartDraft]], people: _People
) -> tuple[IncomingPart, ...]:
    """Return the parts; who somebody is that day is said only where it differs."""
    out = []
    for ref, role, part in parts:
        person, somebody = people.rows[ref], part.somebody
        own = {
            "honorific": somebody.name.honorific[:_HONORIFIC],
            "affiliation": somebody.standing.affiliation[:_LINE],
            "position": somebody.standing.position[:_LINE],
        }
        own = {
            name: value for name, value in own.items() if value and value != getattr(person, name)
        }
        confirmed = somebody.confirmed is not False
        out.append(
            IncomingPart(
                person=ref, role=role, confirmed=confirmed, minutes=somebody.minutes, **own
            )
        )
    return tuple(out)


def _session(
    reading: Reading,
    draft: SessionDraft,
    ref: str,
    slot: Slot,
    parts: tuple[IncomingPart, ...],
    language: str,
) -> IncomingSession:
    kind = draft.kind or SessionKind.PRESENTATION
    title = draft.title
    if not title:
        title = str(kind.label)
        reading.mark(draft.line, "title", f"No title was found; “{title}” was taken.")
    if len(title) > _TITLE:
        reading.mark(draft.line, "title", f"The title was cut after {_TITLE} characters.")
    if draft.open_quote:
        reading.mark(
            draft.line, "title", "Its quotation mark is not closed: is this the whole title?"
        )
    abstract = "\n".join(draft.abstract).strip()
    if len(abstract) > _TEXT:
        reading.mark(draft.line, "abstract", f"The text was cut after {_TEXT:,} characters.")
    return IncomingSession(
        ref=ref,
        kind=kind.value,
        title={language: title[:_TITLE].strip()},
        abstract={language: abstract[:_TEXT].strip()} if abstract else {},
        start=slot[0],
        end=slot[1],
        room=_ref(draft.room[:_ROOM]) if draft.room else "",
        track=_ref(draft.track[:_TRACK]) if draft.track else "",
        language=draft.language,
        attribution=draft.attribution,
        recorded=draft.recorded,
        cancelled=draft.cancelled,
        parts=parts,
        links=tuple(draft.links),
        line=draft.line,
    )


def _refs(titles: list[str]) -> list[str]:
    """Return a reference for each title that most slips of the pen leave as it is.

    It is made of the beginnings of the title's words, in either script, so that a changed time, a
    corrected letter or another order of other sessions finds the same session again.
    """
    out: list[str] = []
    used: dict[str, int] = {}
    for title in titles:
        words = keys(title)[:_WORDS_OF_REF]
        length = 2 if len(words) > _SHORT else 3
        plain = "-".join(word[:length] for word in words) or "session"
        used[plain] = used.get(plain, 0) + 1
        out.append(plain if used[plain] == 1 else f"{plain}-{used[plain]}")
    return out


def _named(names: list[str]) -> list[tuple[str, str]]:
    out: dict[str, str] = {}
    for name in names:
        if name:
            out.setdefault(_ref(name), name)
    return list(out.items())


def _ref(name: str) -> str:
    return "-".join(keys(name)) or name
