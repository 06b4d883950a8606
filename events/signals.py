"""What happens in the programme, for those above. Sent inside the service's transaction with
`send()`: a failing receiver rolls the deed back. One signal a bulk verb, with all ids.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class ConferenceCreated:
    conference_id: int
    actor_kind: str


@dataclass(frozen=True, slots=True)
class ConferenceMoved:
    """The conference's start, end, zone or state changed.

    Arguments:
        reason: ``moved`` (another day), ``shifted`` (within the day), ``rezoned``, ``postponed``,
            ``cancelled``, ``reopened``.
        former_start, former_end, former_zone: the local times and the zone before a move.
    """

    conference_id: int
    reason: str
    actor_kind: str
    former_start: dt.datetime | None = None
    former_end: dt.datetime | None = None
    former_zone: str = ""


@dataclass(frozen=True, slots=True)
class SchedulePublished:
    """A version of the programme is what readers see now.

    Arguments:
        tell: whether those whom its changes concern are told.
        telling: how many the organiser was shown; any other number refuses the deed.
    """

    conference_id: int
    schedule_version_id: int
    tell: bool = False
    telling: int | None = None


@dataclass(frozen=True, slots=True)
class ParticipationChanged:
    """Participations were added, changed, re-ordered or removed.

    Arguments:
        verb: ``changed``, ``asked``, ``answered``, ``replaced``, ``released`` (asked, and not
            needed after all), ``given`` (something that was needed of who speaks).
        occasion: names one asking among several, for the keys of mails.
        by_speaker: whether the person or their assistant did it.
        removed: (person, session) ids of those that are gone.
    """

    conference_id: int
    participation_ids: tuple[int, ...]
    removed: tuple[tuple[int, int], ...] = ()
    verb: str = "changed"
    occasion: str = ""
    by_speaker: bool = False


@dataclass(frozen=True, slots=True)
class OutcomePublished:
    """What came out of a conference can be read.

    Arguments:
        tell: whether those who wait for it are told.
        telling: how many the organiser was shown; any other number refuses the deed.
    """

    conference_id: int
    outcome_id: int
    tell: bool = True
    telling: int | None = None


@dataclass(frozen=True, slots=True)
class OutcomeWithdrawn:
    """What came out of a conference can not be read any more."""

    conference_id: int
    outcome_id: int


@dataclass(frozen=True, slots=True)
class QuoteChanged:
    """Something happened to quotes.

    Arguments:
        codes: of the quotes; one that was deleted has no row any more.
        verb: ``asked``, ``answered``, or ``taken_back`` (other words, withdrawn, deleted, or the
            link was revoked).
    """

    conference_id: int
    codes: tuple[str, ...]
    verb: str


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """A person's names, address or affiliation changed: copies of what lists search by follow."""

    person_id: int


@dataclass(frozen=True, slots=True)
class PeopleMerged:
    """One person was put into another: rows that point to `gone_id` go to `kept_id`.

    Each receiver adds to `moved`, by model label and field, the ids of the rows that it moved; one
    that can not have both together refuses.

    Arguments:
        joined: participation -> the one that stays, where both were on a session in one role.
    """

    merge_id: int
    kept_id: int
    gone_id: int
    moved: dict[str, list[int]]
    joined: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeopleParted:
    """A merge was undone: the rows in `moved` go back to the person who is there again."""

    merge_id: int
    kept_id: int
    again_id: int
    moved: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class TagsChanged:
    """Tags have another slug, or are no more: whoever keeps slugs follows.

    Arguments:
        slugs: former slug -> the one that stands for it now, "" where there is none.
    """

    organisation_id: int
    slugs: dict[str, str]


# Each is sent with `sender=<the model>` and `event=<the dataclass above>`.
conference_created = Signal()
conference_moved = Signal()
schedule_published = Signal()
participation_changed = Signal()
outcome_published = Signal()
outcome_withdrawn = Signal()
quote_changed = Signal()
person_changed = Signal()
people_merged = Signal()
people_parted = Signal()
tags_changed = Signal()
