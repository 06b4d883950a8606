"""Drafts made into the programme: ends that flow, kinds, references, one row a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from core.clock import LAST_YEAR
from events.enums import ParticipationRole, SessionKind
from events.exchange.agenda.clock import DAY
from events.exchange.agenda.drafts import PartDraft, SessionDraft
from events.exchange.agenda.kinds import kind_of
from events.exchange.agenda.names import name_key
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
from events.services.typed_lines import USUAL_MINUTES

SOURCE: Final = "agenda"
_TITLE, _NAME, _LINE, _HONORIFIC, _TEXT, _ROOM, _TRACK = 300, 120, 200, 60, 20_000, 100, 100
_HALF: Final = DAY // 2
_EARLY, _LATE = 7 * 60, 18 * 60
_WORDS_OF_REF: Final = 10
_SHORT: Final = 3
_FEW: Final = 2
_MANY: Final = 4
_LONGEST: Final = 4 * 60
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
    _settle_clocks(reading, drafts)
    slots = list(_slots(reading, drafts))
    kept = [i for i, draft in enumerate(drafts) if not _END.whole(keys(draft.title), _END_OF)]
    ends = {draft.line for i, draft in enumerate(drafts) if i not in {*kept}}
    reading.marks = [mark for mark in reading.marks if mark.line not in ends]
    drafts, slots = [drafts[i] for i in kept], [slots[i] for i in kept]
    start, end = _edges(reading, slots)
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


def _settle_clocks(reading: Reading, drafts: list[SessionDraft]) -> None:
    """Put times after midnight on the next day, and hours such as 1:30 into the afternoon."""
    before: SessionDraft | None = None
    for draft in drafts:
        if draft.start is None:
            continue
        if before is not None and before.day == draft.day and before.start is not None:
            latest = before.start
            if draft.start < latest and not draft.half_days and draft.start < _EARLY:
                if latest >= _LATE:
                    draft.start += DAY
                    draft.end = draft.end + DAY if draft.end is not None else None
                elif draft.start + _HALF >= latest:
                    draft.start += _HALF
                    if draft.end is not None and draft.end < draft.start:
                        draft.end += _HALF
                    reading.mark(draft.line, "time", "Is this in the afternoon?")
            elif draft.start < latest and draft.room == before.room:
                reading.mark(
                    draft.line, "time", "This begins before the one above it: is a day missing?"
                )
        if draft.end is not None and draft.end <= draft.start:
            _settle_end(reading, draft)
        before = draft


def _settle_end(reading: Reading, draft: SessionDraft) -> None:
    if draft.end is None or draft.start is None:
        return
    if draft.end == draft.start:
        draft.end = None
    elif draft.end < _EARLY and draft.start >= _LATE:
        draft.end += DAY
    elif draft.end + _HALF > draft.start and not draft.half_days:
        draft.end += _HALF
        reading.mark(
            draft.line, "time", "It would end before it begins: is the end in the afternoon?"
        )
    else:
        reading.mark(draft.line, "time", "It would end before it begins; the end was left out.")
        draft.end = None


Slot = tuple[dt.datetime | None, dt.datetime | None]


def _slots(reading: Reading, drafts: list[SessionDraft]) -> Iterator[Slot]:
    """Yield start and end of each; who says no end lasts until the next one begins."""
    following = _following(drafts)
    above: tuple[dt.date, int] | None = None
    for draft, later in zip(drafts, following, strict=True):
        if draft.start is None and draft.minutes and above and above[0] == draft.day:
            draft.start = above[1]
            reading.mark(draft.line, "time", "It says no time and was put after the one above it.")
        if draft.start is None:
            reading.mark(draft.line, "time", "No time was found for this session.")
            yield None, None
            continue
        end = _end(reading, draft, draft.start, later)
        above = draft.day, end
        midnight = dt.datetime.combine(draft.day, dt.time())
        if draft.day.year >= LAST_YEAR:
            yield None, None
            continue
        yield midnight + dt.timedelta(minutes=draft.start), midnight + dt.timedelta(minutes=end)


def _end(reading: Reading, draft: SessionDraft, start: int, later: int | None) -> int:
    hours = reading.hours
    if draft.end is not None:
        return draft.end
    if draft.minutes:
        return start + draft.minutes
    if later is not None and later - start <= _LONGEST:
        return later
    if hours is not None and hours.end is not None and start < hours.end <= start + _LONGEST:
        return hours.end
    end = start + USUAL_MINUTES[draft.kind or SessionKind.PRESENTATION]
    reading.mark(draft.line, "time", f"It says no end; {_clock(end)} was taken.")
    return end


def _following(drafts: list[SessionDraft]) -> list[int | None]:
    """Return when the next one begins after each: in the same room where that is said."""
    out: list[int | None] = []
    soonest: dict[tuple[dt.date, str], list[int]] = {}
    for draft in reversed(drafts):
        later = None
        if draft.start is not None:
            rooms = [draft.room, ""] if draft.room else [draft.room, "*"]
            for room in rooms:
                starts = soonest.get((draft.day, room), [])
                found = next((s for s in reversed(starts[-4:]) if s > draft.start), None)
                later = found if later is None or (found is not None and found < later) else later
            if later is None:
                starts = soonest.get((draft.day, "*"), [])
                later = next((s for s in reversed(starts[-4:]) if s > draft.start), None)
            for room in {draft.room, "*"}:
                soonest.setdefault((draft.day, room), []).append(draft.start)
        out.append(later)
    return out[::-1]


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24}:{minutes % 60:02}"


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


def _edges(reading: Reading, slots: list[Slot]) -> Slot:
    """Return when the gathering begins and ends, where the text says a day."""
    if reading.gathering is None:
        return None, None
    first, last = reading.gathering
    hours = reading.hours
    if hours is not None and hours.end is not None and first == last:
        midnight = dt.datetime.combine(first, dt.time())
        return (
            midnight + dt.timedelta(minutes=hours.start),
            midnight + dt.timedelta(minutes=hours.end),
        )
    starts = [start for start, _ in slots if start]
    ends = [end for _, end in slots if end]
    return min(starts, default=dt.datetime.combine(first, dt.time())), max(ends, default=None)
