"""What publishing would do, before it is done: changes, conflicts, and who is told what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from events.models import Conference, ScheduleVersion
from events.programme import Change
from events.services.documents import Document, build_document
from events.services.restoring_plan import Return, plan_return
from events.services.schedules import changes_between, read_document, stamp_of
from notifications.services.programme_changes import Affected
from notifications.services.programme_mail import Telling, is_told, telling_of

# In this order, with what each group is called.
GROUPS: Final = {
    "cancelled": "Cancelled",
    "removed": "No longer in the programme",
    "added": "New",
    "restored": "Takes place after all",
    "moved": "Another time",
    "roomed": "Another room",
    "people": "People",
    "renamed": "Another title",
    "changed": "Other changes",
}


@dataclass(frozen=True, slots=True)
class Group:
    kind: str
    label: str
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Impact:
    """What a document means on top of what readers see.

    Arguments:
        last: what readers see; None before the first version.
        seen: names what was looked at; publishing anything else is refused.
        is_told: whether anybody is told at all at this moment.
        back: what going back to a version means besides, where that is what it does.
    """

    last: ScheduleVersion | None
    changes: Sequence[Change]
    telling: Telling
    seen: str
    is_told: bool
    session_count: int
    back: Return | None = None

    @property
    def groups(self) -> list[Group]:
        """Return the changes by their kind."""
        return group_changes(self.changes)

    @property
    def mails(self) -> int:
        return self.telling.mails

    @property
    def touched(self) -> set[str]:
        """Return the codes of sessions that change."""
        return {one.code for one in self.telling.differences}


def impact_of(conference: Conference) -> Impact:
    """Return what publishing the draft would do."""
    document = build_document(conference)
    return _impact(conference, document)


def return_impact(conference: Conference, version: ScheduleVersion) -> Impact:
    """Return what going back to a version would do."""
    back = plan_return(conference, version)
    return _impact(conference, back.document, back)


def _impact(conference: Conference, document: Document, back: Return | None = None) -> Impact:
    last = conference.schedule_versions.first()
    changes = changes_between(conference, read_document(last), document) if last is not None else []
    return Impact(
        last=last,
        changes=changes,
        telling=telling_of(conference, last, document),
        seen=stamp_of(last, document),
        is_told=is_told(conference),
        session_count=len(document["sessions"]),
        back=back,
    )


def group_changes(changes: Iterable[Change]) -> list[Group]:
    """Return changes by their kind, the gravest first."""
    found: dict[str, list[Change]] = {kind: [] for kind in GROUPS}
    for change in changes:
        found[change.kind].append(change)
    return [Group(kind, GROUPS[kind], rows) for kind, rows in found.items() if rows]


@dataclass(frozen=True, slots=True)
class Said:
    """The same sentences, and all who read them.

    Arguments:
        who: names; with the assistant's where the mail goes there.
    """

    sentences: Sequence[str]
    language: str
    who: Sequence[str]


def said_alike(found: Iterable[Affected]) -> list[Said]:
    """Return what is said, each with those who read it."""
    by_words: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in found:
        names = by_words.setdefault((one.human.language, one.sentences), [])
        name = one.human.name or "Name to come"
        others = [to.name for to in one.human.contacts if to.name and to.name != one.human.name]
        names.append(f"{name} (mail to {', '.join(others)})" if others else name)
    return [Said(words, language, who) for (language, words), who in by_words.items()]


def told_guests(found: Iterable[Affected]) -> list[Affected]:
    """Return those who are told because they signed up."""
    return [one for one in found if one.human.person_id is None]
