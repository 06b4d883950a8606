"""Nudges: mail of rules to who was invited, or asked to speak, and has not answered.

Two at most, of all rules together. They are planned when an invitation or an asking has gone out,
and end with any answer; both are looked at once more at the commit that begins one
(services.fitness).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final

from django.db.models import Q, QuerySet

from events.enums import ParticipationState, SessionState
from events.models import Conference, Participation
from notifications.enums import Audience, MessageState
from notifications.models import Message
from notifications.services.instants import Own
from notifications.services.recipients import Recipient, person_contacts
from registrations.models import Invitation

MOST_NUDGES: Final = 2
# Who has one of these has been nudged, or may have been.
_WENT: Final = (MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN)
Nudge = tuple[int, str]
_SILENT: Final = Q(state=ParticipationState.INVITED, asked_at__isnull=False)


def nudges_of(invitation_ids: Collection[int]) -> dict[int, dict[Nudge, dt.datetime]]:
    """Return (rule, occurrence) -> when, of the nudges that went out, by invitation; one query.

    A copy to the principal is a part of the same nudge.
    """
    rows = Message.objects.filter(
        invitation_id__in=invitation_ids, rule__audience=Audience.UNANSWERED, state__in=_WENT
    ).values_list("invitation_id", "rule_id", "occurrence", "sent_at", "due_at")
    found: dict[int, dict[Nudge, dt.datetime]] = {}
    for invitation_id, rule_id, occurrence, sent_at, due_at in rows:
        if invitation_id is not None and rule_id is not None:
            mine = found.setdefault(invitation_id, {})
            mine[rule_id, occurrence] = sent_at or due_at
    return found


def may_nudge(nudges: Collection[Nudge], rule_id: int, occurrence: str) -> bool:
    """Tell whether this nudge is one of the first two."""
    others = {nudge for nudge in nudges if nudge != (rule_id, occurrence)}
    return len(others) < MOST_NUDGES


def invited_recipients(
    invitations: Iterable[Invitation], conference: Conference
) -> list[Recipient]:
    """Return invitations as recipients, with the person and the person's assistants at hand.

    An assistant gets the mail; the person gets a copy where that is wished.
    """
    rows = list(invitations)
    nudges = nudges_of([row.pk for row in rows])
    return [
        Recipient(
            code=f"{row.code}.copy" if number else row.code,
            contact=contact,
            since=row.sent_at,
            person_id=row.person_id,
            invitation_id=row.pk,
            own=Own(invited_at=row.sent_at, reply_until=row.reply_until_local),
            nudges=nudges.get(row.pk, {}),
        )
        for row in rows
        for number, contact in enumerate(person_contacts(row.person, conference))
    ]


def asked_of(conference: Conference) -> QuerySet[Participation]:
    """Return who was asked to speak at a conference and has not answered."""
    return (
        Participation.objects.filter(
            _SILENT, session__conference=conference, session__state=SessionState.PLANNED
        )
        .select_related("person", "session")
        .prefetch_related("person__assistants")
        .order_by("pk")
    )


def is_silent(row: Participation) -> bool:
    """Tell whether somebody was asked to speak and has not answered; the session is at hand."""
    is_asked = row.asked_at is not None and row.state == ParticipationState.INVITED
    return is_asked and row.session.state == SessionState.PLANNED


def asked_own(row: Participation) -> Own:
    """Return what is one's own among the things that rules count from, for who was asked."""
    return Own(asked_at=row.asked_at, reply_until=row.reply_until_local)


def asked_recipients(rows: Iterable[Participation], conference: Conference) -> list[Recipient]:
    """Return who was asked to speak as recipients, one for each asking; two queries at most."""
    found = list(rows)
    nudges = asked_nudges(found)
    return [
        Recipient(
            code=f"{row.code}.copy" if number else row.code,
            contact=contact,
            since=row.asked_at,
            person_id=row.person_id,
            participation_id=row.pk,
            own=asked_own(row),
            speaks=True,
            nudges=nudges.get(row.pk, {}),
        )
        for row in found
        for number, contact in enumerate(person_contacts(row.person, conference))
    ]


def asked_nudges(rows: Iterable[Participation]) -> dict[int, dict[Nudge, dt.datetime]]:
    """Return (rule, occurrence) -> when, of the nudges that went out since each was asked.

    Who has answered and is asked anew is asked for the first time.
    """
    asked = {row.pk: row.asked_at for row in rows}
    if not asked:
        return {}
    went = Message.objects.filter(
        participation_id__in=asked, rule__audience=Audience.ASKED, state__in=_WENT
    ).values_list("participation_id", "rule_id", "occurrence", "sent_at", "due_at")
    found: dict[int, dict[Nudge, dt.datetime]] = {}
    for participation_id, rule_id, occurrence, sent_at, due_at in went:
        since = asked.get(participation_id or 0)
        at = sent_at or due_at
        if participation_id is not None and rule_id is not None and since and at >= since:
            found.setdefault(participation_id, {})[rule_id, occurrence] = at
    return found
