"""Messages by what a reader calls one mail: of a rule at one moment, of an announcement, or of a
kind that waits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from core.clock import to_local
from notifications.enums import UNDER_WAY, AnnouncementState, MessageKind
from notifications.models import Announcement, ReminderRule
from notifications.services.announcement_texts import subject_of
from notifications.services.foretelling import foretell
from notifications.services.planning import Plan
from notifications.services.waiting import each_their_own, to_come, waiting_piles

_Key = tuple[int, int, str, str]
_PAUSED = "Paused: it goes when somebody resumes it."
_LOOKED_UP_LATE = "Whom it reaches is looked up a minute before it goes."


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """One mail to come: of a rule at one moment, of an announcement, or of a kind that waits in the
    outbox.

    Arguments:
        due_at: when the first of them goes; the present moment where it is due already.
        last_at: when the last one goes; the same, where all go together.
        languages: language -> how many.
        unread: for how many more nobody has looked up the language yet.
        held_back: why -> how many do not get it (values of CancelReason).
        retried: how many of them were tried before.
        is_about: whether the count was taken from a part of a large audience.
        notes: why it goes then, or why nobody gets it yet.
    """

    rule: ReminderRule | None
    kind: str
    due_at: dt.datetime
    last_at: dt.datetime
    languages: Mapping[str, int]
    held_back: Mapping[str, int] = field(default_factory=dict)
    retried: int = 0
    is_about: bool = False
    is_due: bool = False
    notes: tuple[str, ...] = ()
    announcement: Announcement | None = None
    unread: int = 0

    @property
    def count(self) -> int:
        return sum(self.languages.values()) + self.unread

    @property
    def name(self) -> str:
        if self.announcement is not None:
            return subject_of(self.announcement)
        return self.rule.name if self.rule is not None else str(MessageKind(self.kind).label)


@dataclass(slots=True)
class _Growing:
    first_at: dt.datetime
    last_at: dt.datetime
    languages: dict[str, float] = field(default_factory=dict)
    held_back: dict[str, float] = field(default_factory=dict)
    retried: int = 0
    is_about: bool = False
    unread: int = 0
    notes: tuple[str, ...] = ()


class Piles:
    """Messages by what a reader calls one mail."""

    def __init__(self, plan: Plan, rules: Mapping[int, ReminderRule]) -> None:
        self.plan = plan
        self.rules = rules
        self._announcements: dict[int, Announcement] = {}
        self._found: dict[_Key, _Growing] = {}

    def add_outbox(self, rule_ids: Sequence[int], until: dt.datetime) -> None:
        rows = to_come(self.plan.conference.pk, rule_ids, now=self.plan.now, until=until)
        for pile in waiting_piles(rows, now=self.plan.now, zone=self.plan.times.zone):
            key = self._key(
                pile.rule_id,
                pile.kind,
                pile.first_at,
                announcement_id=pile.announcement_id,
                again=bool(pile.retried),
            )
            grown = self._grow(key, pile.first_at, pile.last_at)
            grown.retried += pile.retried
            counts = grown.held_back if pile.held_back else grown.languages
            name = pile.held_back or pile.language
            counts[name] = counts.get(name, 0) + pile.count

    def add_announcements(self, until: dt.datetime) -> None:
        """Name those in the outbox; add those that are about to leave and not yet in it."""
        conference = self.plan.conference
        known = {announcement_id for _rule, announcement_id, _kind, _slot in self._found}
        rows = Announcement.objects.filter(
            Q(state__in=UNDER_WAY) | Q(pk__in=known), conference=conference
        )
        for row in rows.order_by("pk"):
            row.conference = conference
            self._announcements[row.pk] = row
            paused = (_PAUSED,) if row.state == AnnouncementState.PAUSED else ()
            for key, grown in self._found.items():
                if key[1] == row.pk:
                    grown.notes = paused
            # One that is being planned stands in the outbox with what is planned of it.
            if row.undo_until is None or row.planned_at is not None or row.plan_cursor:
                continue
            if row.undo_until <= until and row.state in UNDER_WAY:
                at = row.undo_until
                key = self._key(None, MessageKind.ANNOUNCEMENT, at, announcement_id=row.pk)
                grown = self._grow(key, at, at)
                grown.unread, grown.is_about = row.expected, True
                grown.notes = (*paused, _LOOKED_UP_LATE)

    def add_foretold(self, rules: Sequence[ReminderRule]) -> None:
        for row in foretell(rules, self.plan) if rules else ():
            if row.held_back and row.due_at <= self.plan.now:
                continue
            key = self._key(row.rule.pk, MessageKind.REMINDER, row.due_at)
            grown = self._grow(key, row.due_at, row.due_at)
            grown.is_about |= row.weight > 1
            counts = grown.held_back if row.held_back else grown.languages
            name = row.held_back or row.language
            counts[name] = counts.get(name, 0) + row.weight

    def _key(
        self,
        rule_id: int | None,
        kind: str,
        at: dt.datetime,
        *,
        announcement_id: int | None = None,
        again: bool = False,
    ) -> _Key:
        rule = self.rules.get(rule_id or 0)
        if at <= self.plan.now:
            slot = "now"
        elif rule is not None and each_their_own(rule):
            slot = to_local(at, self.plan.times.zone).date().isoformat()
        else:
            slot = f"{at:%Y-%m-%dT%H}" if again else f"{at:%Y-%m-%dT%H:%M}"
        return (rule_id or 0, announcement_id or 0, kind, slot)

    def _grow(self, key: _Key, first_at: dt.datetime, last_at: dt.datetime) -> _Growing:
        grown = self._found.setdefault(key, _Growing(first_at, last_at))
        grown.first_at = min(grown.first_at, first_at)
        grown.last_at = max(grown.last_at, last_at)
        return grown

    def mails(self) -> list[PlannedMail]:
        return [self._mail(key, grown) for key, grown in self._found.items()]

    def _mail(self, key: _Key, grown: _Growing) -> PlannedMail:
        rule_id, announcement_id, kind, slot = key
        is_due = slot == "now"
        return PlannedMail(
            rule=self.rules.get(rule_id),
            kind=kind,
            due_at=self.plan.now if is_due else grown.first_at,
            last_at=self.plan.now if is_due else grown.last_at,
            languages={name: round(n) for name, n in sorted(grown.languages.items())},
            held_back={name: round(n) for name, n in sorted(grown.held_back.items())},
            retried=grown.retried,
            is_about=grown.is_about,
            is_due=is_due,
            notes=grown.notes,
            announcement=self._announcements.get(announcement_id),
            unread=grown.unread,
        )
