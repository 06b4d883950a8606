"""Nudges: mail of rules to guests who were invited and have not answered.

Two at most, of all rules together. They are planned when an invitation has gone out and end with
any answer; both are looked at once more at the commit that begins one (services.fitness).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final

from events.models import Conference
from notifications.enums import Audience, MessageState
from notifications.models import Message
from notifications.services.instants import Own
from notifications.services.recipients import Recipient, person_contacts
from registrations.models import Invitation

MOST_NUDGES: Final = 2
# Who has one of these has been nudged, or may have been.
_WENT: Final = (MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN)
Nudge = tuple[int, str]


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
