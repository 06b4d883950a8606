"""Many messages of a conference at once: taken back, or sent again.

Who asks has seen a number. When it is no longer that number, nothing is done and that is said: a
program's or a reader's "all of these" never means more than they saw. What is being sent is never
touched.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from events.models import Conference
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services.dbclock import DatabaseNow, database_now
from notifications.services.outbox import (
    OPEN,
    RETRIED_FROM,
    SECOND_CHANCE,
    taken_back_by_organiser,
)
from notifications.services.planning import Plan, planned_instant_of, read_plan
from notifications.services.reading import messages_of
from notifications.services.recipients import contact_of
from notifications.signals import messages_queued

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Selection:
    """Which messages of a conference are meant; an empty text is no condition.

    Arguments:
        rule: a rule's code.
        registration: a registration's code.
        text: a part of the address or the name.
    """

    state: str = ""
    kind: str = ""
    rule: str = ""
    registration: str = ""
    text: str = ""

    def rows(self, conference: Conference) -> QuerySet[Message]:
        """Return the messages meant."""
        found = messages_of(conference, kind=self.kind, text=self.text)
        conditions = {
            "state": self.state,
            "rule__code": self.rule,
            "registration__code": self.registration,
        }
        return found.filter(**{name: value for name, value in conditions.items() if value})

    def facts(self) -> dict[str, Any]:
        """Return what the audit keeps: never what was typed to find a person."""
        named = {"state": self.state, "kind": self.kind, "rule": self.rule}
        facts: dict[str, Any] = {name: value for name, value in named.items() if value}
        if self.text or self.registration:
            facts["of_recipients"] = True
        return facts


@dataclass(frozen=True, slots=True)
class SentAgain:
    """What a bulk retry did.

    Arguments:
        left: reminders of a time that no longer holds; they stay as they were.
    """

    number: int
    left: int = 0


def can_be_cancelled(conference: Conference, selection: Selection) -> QuerySet[Message]:
    """Return what of a selection can be taken back: what has not been begun."""
    return selection.rows(conference).filter(state__in=OPEN)


def can_be_retried(conference: Conference, selection: Selection) -> QuerySet[Message]:
    """Return what of a selection can be sent again: failed, too late, or nobody knows."""
    return selection.rows(conference).filter(state__in=RETRIED_FROM)


@transaction.atomic
def cancel_messages(
    *, conference: Conference, selection: Selection, expected: int, actor: Actor
) -> int:
    """Take back all messages of a selection that have not been begun, in one statement.

    They stay taken back when their rules are planned again.

    Raises:
        DomainError: ``wrong-state`` when there is nothing to take back; ``conflict`` when there
            are not as many as expected any more.
    """
    ids = can_be_cancelled(conference, selection).order_by().values("pk")
    taken = Message.objects.filter(pk__in=ids, state__in=OPEN).update(**taken_back_by_organiser())
    _refuse_surprise(taken, expected, "taken back")
    _record("cancel_messages", conference, selection, actor, {"number": taken})
    return taken


@transaction.atomic
def retry_messages(
    *, conference: Conference, selection: Selection, expected: int, actor: Actor
) -> SentAgain:
    """Send all messages of a selection again that failed, came too late or are in doubt.

    Each goes to the address known now, under its Message-ID. Read and written in chunks, in one
    transaction.

    Raises:
        DomainError: ``wrong-state`` when there is nothing to send again; ``conflict`` when there
            are not as many as expected any more.
    """
    ids = list(can_be_retried(conference, selection).order_by("pk").values_list("pk", flat=True))
    _refuse_surprise(len(ids), expected, "sent again")
    retry = _Retry(conference)
    for start in range(0, len(ids), _CHUNK):
        retry.take(ids[start : start + _CHUNK])
    _refuse_surprise(retry.seen, expected, "sent again")
    done = SentAgain(retry.number, retry.seen - retry.number)
    _record(
        "retry_messages",
        conference,
        selection,
        actor,
        {"number": done.number, "left": done.left},
    )
    messages_queued.send(sender=Message)
    return done


class _Retry:
    """A bulk retry on its way."""

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self.now = database_now()
        self.plan: Plan | None = None
        self.seen = self.number = 0

    def take(self, ids: Sequence[int]) -> None:
        """Queue these again, but for those whose moment their rule has no longer."""
        rows = list(
            Message.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=ids, state__in=RETRIED_FROM)
            .select_related("registration__booking", "person", "rule__session")
            .prefetch_related("person__assistants")
            .order_by("pk")
        )
        self.seen += len(rows)
        again = []
        for row in rows:
            row.conference = self.conference
            if row.plan_revision is None or self._holds(row):
                again.append(row)
        self._readdress(again)
        self.number += Message.objects.filter(pk__in=[row.pk for row in again]).update(
            **_queued_again(self.now, self.conference.plan_revision)
        )

    def _holds(self, row: Message) -> bool:
        if row.rule is None:
            return False
        if self.plan is None:
            rules = list(self.conference.reminder_rules.select_related("session"))
            self.plan = read_plan(self.conference, rules, self.now)
        return planned_instant_of(row, row.rule, self.plan) is not None

    @staticmethod
    def _readdress(rows: Sequence[Message]) -> None:
        moved = []
        for row in rows:
            contact = contact_of(row)
            if contact is None or (contact.email, contact.name[:250]) == (
                row.to_email,
                row.to_name,
            ):
                continue
            row.to_email, row.to_name = contact.email, contact.name[:250]
            moved.append(row)
        if moved:
            Message.objects.bulk_update(moved, ["to_email", "to_name"])


def _queued_again(now: dt.datetime, revision: int) -> Mapping[str, Any]:
    until = now + SECOND_CHANCE
    return {
        "state": MessageState.QUEUED,
        "due_at": now,
        "not_after": Case(When(not_after__gt=until, then=F("not_after")), default=Value(until)),
        "plan_revision": Case(
            When(plan_revision__isnull=False, then=Value(revision)), default=None
        ),
        "ambiguous_tries": 0,
        "lapses": 0,
        "updated_at": DatabaseNow(),
    }


def _refuse_surprise(found: int, expected: int, what: str) -> None:
    if found == expected and found:
        return
    if not found and not expected:
        raise DomainError("wrong-state", f"None of these messages can be {what}.")
    seen = "1 message was" if expected == 1 else f"{expected} messages were"
    raise DomainError(
        "conflict",
        f"{seen} to be {what}, and now it would be {found}. Nothing was changed: look at them "
        "again. While mail goes out the number changes; pause sending to keep it still.",
    )


def _record(
    verb: str,
    conference: Conference,
    selection: Selection,
    actor: Actor,
    facts: Mapping[str, Any],
) -> None:
    audit.record(
        verb=verb,
        obj=conference,
        organisation_id=conference.organisation_id,
        actor=actor,
        facts={**selection.facts(), **facts},
    )
