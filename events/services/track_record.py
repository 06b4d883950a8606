"""What an organisation knows of somebody as a speaker, in a sentence. Pure: rows in, words out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from events.enums import ParticipationState as State

# With one of these somebody was asked, also where nobody wrote down when.
_ASKED: Final = (State.INVITED, State.TENTATIVE, State.CONFIRMED, State.DECLINED)
_TIMES: Final = {1: "once", 2: "twice"}
_TITLES: Final = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One time that somebody was on a session, in whatever state.

    Arguments:
        ends_at: when the session, or without a slot the conference, is over.
        took_place: False for a session or a conference that was cancelled or postponed.
    """

    state: str
    title: str
    conference: str
    ends_at: dt.datetime
    asked_at: dt.datetime | None = None
    answered_at: dt.datetime | None = None
    decline_reason: str = ""
    took_place: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """When one last had to do with somebody, and how: "mail", "asked", "answered"."""

    at: dt.datetime
    how: str


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Counts of all times, and the last decline.

    Arguments:
        waiting: asked, and no answer yet.
        spoke: what they spoke on, the last one first.
    """

    asked: int
    said_yes: int
    declined: int
    waiting: int
    spoke: tuple[Part, ...]
    last_decline: Part | None
    last_contact: Contact | None


def track_record(parts: Iterable[Part], now: dt.datetime) -> TrackRecord:
    """Count what somebody was asked, what they answered and on what they spoke."""
    rows = list(parts)
    asked = [one for one in rows if was_asked(one)]
    declined = [one for one in asked if one.state == State.DECLINED]
    spoke = [
        one for one in rows if one.state == State.CONFIRMED and one.took_place and one.ends_at < now
    ]
    contacts = [Contact(one.asked_at, "asked") for one in rows if one.asked_at]
    contacts += [Contact(one.answered_at, "answered") for one in rows if one.answered_at]
    return TrackRecord(
        asked=len(asked),
        said_yes=sum(one.state == State.CONFIRMED for one in asked),
        declined=len(declined),
        waiting=sum(one.state in {State.INVITED, State.TENTATIVE} for one in asked),
        spoke=tuple(sorted(spoke, key=lambda one: one.ends_at, reverse=True)),
        last_decline=max(declined, key=_answered, default=None),
        last_contact=max(contacts, key=lambda one: one.at, default=None),
    )


def was_asked(part: Part) -> bool:
    return part.asked_at is not None or part.answered_at is not None or part.state in _ASKED


def sentence(record: TrackRecord, last_contact: Contact | None = None) -> str:
    """Say a record: "Asked twice, said yes once, declined in May (travel); spoke on “Media”".

    Arguments:
        last_contact: a later one that another app knows of, such as a mail.
    """
    parts = [_asking(record)]
    if record.spoke:
        titles = list(dict.fromkeys(one.title for one in record.spoke))
        quoted = " and ".join(f"“{title}”" for title in titles[:_TITLES])
        more = f" and {len(titles) - _TITLES} more" if len(titles) > _TITLES else ""
        parts.append(f"spoke on {quoted}{more}")
    known = [one for one in (record.last_contact, last_contact) if one is not None]
    if known:
        last = max(known, key=lambda one: one.at)
        parts.append(f"last contact {last.at.day} {last.at:%B %Y} ({last.how})")
    return "; ".join(parts)


def _asking(record: TrackRecord) -> str:
    if not record.asked:
        return "Never asked"
    said = [f"Asked {times(record.asked)}"]
    if record.said_yes or not record.waiting:
        said.append(f"said yes {times(record.said_yes)}")
    if record.waiting:
        said.append(f"has not answered {times(record.waiting)}")
    if record.last_decline is not None:
        said.append(_decline(record))
    return ", ".join(said)


def _decline(record: TrackRecord) -> str:
    last = record.last_decline
    if last is None:
        return ""
    when = f" in {last.answered_at:%B %Y}" if last.answered_at else ""
    reason = f" ({last.decline_reason})" if last.decline_reason else ""
    often = f" {times(record.declined)}, the last time" if record.declined > 1 else ""
    return f"declined{often}{when}{reason}"


def times(number: int) -> str:
    """Return a number as how often: "never", "once", "twice", "3 times"."""
    return _TIMES.get(number, f"{number} times") if number else "never"


def _answered(part: Part) -> float:
    return part.answered_at.timestamp() if part.answered_at else 0.0
