"""Pausing one conference's mail, resuming it, and what organisers are told meanwhile.

The row is read where a message is claimed and again where it is begun. So a message that a sender
has taken and not begun goes back, and what is being given to a server is finished.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from core.actors import Actor
from core.services import audit
from events.models import Conference
from notifications.enums import MessageState
from notifications.models import MailPause, Message, SendingSwitch
from notifications.services.dbclock import DatabaseNow
from notifications.services.pulse import note_resumed
from notifications.services.sending_switch import account_of, reason_of
from notifications.signals import messages_queued

# What has been due for longer may no longer be worth sending.
STALE_SECONDS: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause as it is told.

    Arguments:
        by: who paused; "" where nobody's name is known.
        everywhere: whether it is the installation's, which no organiser can end.
    """

    reason: str
    since: dt.datetime
    by: str
    everywhere: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a pause holds back now.

    Arguments:
        due: how many messages go at once when it ends.
        stale: how many of them have been due for over a day, those left out that somebody asked
            for (a confirmation is wanted, however late).
    """

    due: int
    stale: int


@transaction.atomic
def pause_conference_mail(*, conference: Conference, reason: str, actor: Actor) -> MailPause:
    """Let no further message of a conference be begun until somebody resumes.

    Planning goes on and people can register; their mails wait too. A second time keeps the first
    reason.
    """
    row, made = MailPause.objects.get_or_create(
        conference=conference,
        defaults={"reason": reason_of(reason), "paused_by_id": account_of(actor)},
    )
    if made:
        audit.record(
            verb="pause_conference_mail",
            obj=conference,
            organisation_id=conference.organisation_id,
            actor=actor,
        )
    return row


@transaction.atomic
def resume_conference_mail(
    *, conference: Conference, give_up_stale: bool = False, actor: Actor
) -> Waiting | None:
    """Let a conference's mail go again; return what goes, or None when it was not paused.

    Arguments:
        give_up_stale: whether what has been due for over a day is given up instead. `stale` of the
            answer is then how much that was.
    """
    gone, _each = MailPause.objects.filter(conference=conference).delete()
    if not gone:
        return None
    given_up = 0
    if give_up_stale:
        given_up = (
            _due(conference)
            .filter(_is_stale())
            .update(state=MessageState.EXPIRED, updated_at=DatabaseNow())
        )
    found = Waiting(due=_due(conference).count(), stale=given_up)
    audit.record(
        verb="resume_conference_mail",
        obj=conference,
        organisation_id=conference.organisation_id,
        actor=actor,
        facts={"due": found.due, "given_up": given_up},
    )
    note_resumed()
    messages_queued.send(sender=MailPause)
    return found


def pause_of(conference: Conference) -> Pause | None:
    """Return the pause that holds a conference's mail: the installation's before its own."""
    switch = SendingSwitch.objects.select_related("paused_by").first()
    if switch is not None:
        return _told(switch, everywhere=True)
    row = MailPause.objects.select_related("paused_by").filter(conference=conference).first()
    return None if row is None else _told(row, everywhere=False)


def why_paused(conference: Conference) -> str | None:
    """Return why no mail of a conference leaves, or None while it does."""
    pause = pause_of(conference)
    return None if pause is None else pause.reason


def pauses_of(conferences: Iterable[Conference]) -> dict[int, str]:
    """Return conference id -> why its mail is paused, for those whose mail is; one query."""
    rows = MailPause.objects.filter(conference__in=[row.pk for row in conferences])
    return dict(rows.values_list("conference_id", "reason"))


def waiting_of(conference: Conference) -> Waiting:
    """Return what goes at once when the pause ends."""
    counts = _due(conference).aggregate(due=Count("pk"), stale=Count("pk", filter=_is_stale()))
    return Waiting(counts["due"], counts["stale"])


def _told(row: SendingSwitch | MailPause, *, everywhere: bool) -> Pause:
    by = row.paused_by.get_full_name() if row.paused_by is not None else ""
    return Pause(row.reason, row.since, by, everywhere)


def _due(conference: Conference) -> QuerySet[Message]:
    return Message.objects.filter(
        Q(not_after__isnull=True) | Q(not_after__gt=DatabaseNow()),
        conference=conference,
        state=MessageState.QUEUED,
        due_at__lte=DatabaseNow(),
    )


def _is_stale() -> Q:
    return Q(requested=False, due_at__lte=DatabaseNow(-STALE_SECONDS))
