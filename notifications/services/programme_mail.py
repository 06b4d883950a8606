"""The mails that a new version of the programme is worth: who gets one, and what is in it.

A message remembers from which version on its reader has not heard (`facts`), never the words. They
are made when it is sent, of what readers see then: a newer version that takes a change back leaves
nothing to say, and one that changes it again is what is told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from core.errors import DomainError
from events.enums import ConferenceState
from events.models import Conference, ScheduleVersion
from events.services.differences import SessionDifference, differences
from events.services.documents import FORMAT, Document
from events.services.schedules import note_told, read_document
from notifications.enums import CancelReason, MessageKind
from notifications.models import Message
from notifications.services.dbclock import database_now
from notifications.services.outbox import OPEN, new_message, put_in, take_back
from notifications.services.programme_changes import Affected, affected, count_mails
from notifications.services.programme_readers import read_facts, read_facts_of_one

_NOTHING: Final[Document] = {
    "format": FORMAT,
    "time_zone": "",
    "rooms": [],
    "tracks": [],
    "sessions": [],
}


@dataclass(frozen=True, slots=True)
class Told:
    """One who is to be told.

    Arguments:
        since: the number of the last version that they know of.
    """

    affected: Affected
    since: int


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom a version concerns.

    Arguments:
        differences: from what readers see now.
        told: who gets mail; those without an address stand in `unreachable`.
        overtaken: ids of messages that still wait and are no longer right.
        withdrawn: how many of those have no other in their place.
    """

    differences: Sequence[SessionDifference]
    told: Sequence[Told] = ()
    unreachable: Sequence[Affected] = ()
    overtaken: Sequence[int] = ()
    withdrawn: int = 0

    @property
    def mails(self) -> int:
        """Return how many mails that is: the number on the button."""
        return count_mails(one.affected for one in self.told)


def is_told(conference: Conference) -> bool:
    """Tell whether changes of the programme are told: not of a draft, nor when all is over."""
    is_open = conference.state == ConferenceState.PUBLISHED
    return is_open and conference.ends_at > database_now()


def telling_of(conference: Conference, last: ScheduleVersion | None, document: Document) -> Telling:
    """Return whom a document concerns that comes after a version; nothing is written.

    Who has not got the mail about an earlier version yet is told of both in one.
    """
    before = read_document(last) if last is not None else _NOTHING
    changed = differences(before, document)
    if not is_told(conference) or not changed:
        return Telling(changed)
    since = last.number if last is not None else 0
    facts = read_facts(
        conference, (before, document), changed, last.created_at if last is not None else None
    )
    found = {one.human.code: Told(one, since) for one in affected(changed, facts)}
    overtaken = _join_waiting(conference, document, found)
    every = found.values()
    return Telling(
        changed,
        told=[one for one in every if one.affected.human.contacts],
        unreachable=[one.affected for one in every if not one.affected.human.contacts],
        overtaken=list(overtaken),
        withdrawn=sum(1 for code in overtaken.values() if code not in found),
    )


def _join_waiting(
    conference: Conference, document: Document, found: dict[str, Told]
) -> dict[int, str]:
    """Let mails that still wait be said by the new one; return whose is taken back for it, by id.

    Who is told nothing on the whole, because a change was taken back, is no longer in `found`.
    """
    waiting = Message.objects.filter(
        conference=conference, kind=MessageKind.PROGRAMME_CHANGED, state__in=OPEN
    ).select_related("person", "registration")
    concerned = frozenset(found)
    overtaken: dict[int, str] = {}
    known: dict[int, dict[str, Affected]] = {}
    for message in waiting:
        owner = message.person or message.registration
        code = owner.code if owner is not None else ""
        if code not in concerned:
            continue
        overtaken[message.pk] = code
        since = int(message.facts.get("since", 0))
        if code not in found or since >= found[code].since:
            continue  # a copy of the mail before, or one that knows as much
        if since not in known:
            known[since] = {
                one.human.code: one for one in _affected_since(conference, since, document)
            }
        one = known[since].get(code)
        if one is None:
            del found[code]
        else:
            found[code] = Told(one, since)
    return overtaken


def _affected_since(conference: Conference, since: int, document: Document) -> list[Affected]:
    version = conference.schedule_versions.filter(number=since).first()
    before = read_document(version) if version is not None else _NOTHING
    changed = differences(before, document)
    moment = version.created_at if version is not None else None
    return affected(changed, read_facts(conference, (before, document), changed, moment))


def tell_version(*, version_id: int, telling: int | None) -> int:
    """Queue the mails of a version that was just written, and return how many; once a version.

    Must run in the transaction that publishes it.

    Arguments:
        telling: how many the organiser was shown.

    Raises:
        DomainError: ``conflict`` when it is another number by now.
    """
    version = ScheduleVersion.objects.select_related("conference").get(pk=version_id)
    conference = version.conference
    earlier = conference.schedule_versions.filter(number__lt=version.number).first()
    found = telling_of(conference, earlier, read_document(version))
    if telling is not None and telling != found.mails:
        people = "1 person" if found.mails == 1 else f"{found.mails} people"
        raise DomainError(
            "conflict",
            f"It concerns {people} by now, not {telling}. Nothing was published and nobody was "
            "told. Look at whom it concerns, and publish again.",
        )
    take_back(Message.objects.filter(pk__in=found.overtaken), CancelReason.PLAN)
    mails = [mail for one in found.told for mail in _mails(version, one)]
    if mails:
        put_in(mails)
    note_told(version.pk, len(mails))
    return len(mails)


def _mails(version: ScheduleVersion, one: Told) -> list[Message]:
    human = one.affected.human
    return [
        new_message(
            key=f"{MessageKind.PROGRAMME_CHANGED}:{version.pk}:{human.code}"
            f"{'.copy' if number else ''}",
            kind=MessageKind.PROGRAMME_CHANGED,
            conference=version.conference,
            contact=contact,
            not_after=version.conference.ends_at,
            occurrence=f"schedule:{version.number}",
            person_id=human.person_id,
            registration_id=None if human.person_id else human.registration_id,
            facts={"since": one.since},
        )
        for number, contact in enumerate(human.contacts)
    ]


def sentences_of(message: Message) -> tuple[str, ...]:
    """Return what the programme of this moment means for a message's reader; nothing: no mail."""
    if message.person is None and message.registration is None:
        return ()
    conference = message.conference
    since, newest = _versions(message)
    if newest is None:
        return ()
    moment = since[2] if since is not None else None
    before, after, changed = _read(since, newest)
    facts, mine = read_facts_of_one(
        conference,
        (before, after),
        changed,
        moment,
        person=message.person,
        registration=message.registration,
    )
    owner = message.person or message.registration
    code = owner.code if owner is not None else ""
    found = affected(mine, facts)
    return next((one.sentences for one in found if one.human.code == code), ())


def changed_sessions(message: Message) -> frozenset[str]:
    """Return the codes of the sessions that have changed since a message's reader heard of them."""
    since, newest = _versions(message)
    if newest is None:
        return frozenset()
    return frozenset(one.code for one in _read(since, newest)[2])


# A version's id, how many days later its slots are read, and when it was published.
_Key = tuple[int, int, dt.datetime]


def _versions(message: Message) -> tuple[_Key | None, _Key | None]:
    """Return the version that a message's reader knows, and what is published now."""
    rows = message.conference.schedule_versions.order_by("-number").values_list(
        "pk", "moved_days", "created_at"
    )
    since = rows.filter(number=int(message.facts.get("since", 0))).first()
    return since, rows.first()


@lru_cache(maxsize=8)
def _read(
    before: _Key | None, after: _Key
) -> tuple[Document, Document, Sequence[SessionDifference]]:
    """Return two published documents, which never change, and how they differ."""

    def read(key: _Key | None) -> Document:
        if key is None:
            return _NOTHING
        pk, days, _moment = key
        version = ScheduleVersion.objects.only("document").get(pk=pk)
        version.moved_days = days
        return read_document(version)

    old, new = read(before), read(after)
    return old, new, differences(old, new)
