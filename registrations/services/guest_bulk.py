"""One verb for many guests, with who is passed over and why.

What the page shows before is the deed itself, done and taken back: the number on the button is the
number that comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError
from events.models import Conference
from registrations.enums import InvitationResponse
from registrations.models import Invitation
from registrations.services.inviting import (
    change_invitation,
    send_invitations,
    withdraw_invitation,
)

MOST_SENT: Final = 2000
# Each of these is changed by itself, and the trial of all of them is one transaction.
MOST_CHANGED: Final = 300
SENDING: Final = frozenset({"send", "save-the-date", "remind"})
CHANGING: Final = frozenset({"wave", "owner", "plus-one", "no-plus-one", "hold", "release"})
VERBS: Final = SENDING | CHANGING | {"withdraw"}
Skipped = tuple[Invitation, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb came to: for how many it was done, and who was passed over."""

    done: int
    skipped: list[Skipped]


def do_to_guests(
    *,
    conference: Conference,
    invitations: Sequence[Invitation],
    verb: str,
    values: Mapping[str, Any],
    actor: Actor,
) -> Outcome:
    """Do one thing to many invitations of a conference.

    Mails are one sending. Anything else is done to each by itself: a refusal of one stops no other,
    and nobody has to wait for all of them.

    Arguments:
        verb: one of VERBS.
        values: `wave`, `owner` (an Account or None) or `reason`, where the verb asks for it.

    Raises:
        DomainError: ``too-large`` for more than 2,000 mails or 300 changes; ``wrong-state`` when
            nothing can be sent.
    """
    most = MOST_SENT if verb in SENDING else MOST_CHANGED
    if len(invitations) > most:
        raise DomainError(
            "too-large",
            f"That is for {most:,} guests at a time at the most, and these are "
            f"{len(invitations):,}. Filter the list by wave, tag or answer first.",
        )
    if verb in SENDING:
        return _send(conference, invitations, verb, actor)
    done, skipped = 0, list[Skipped]()
    call = _call(verb, values, actor)
    for row in invitations:
        try:
            with transaction.atomic():
                call(row)
        except DomainError as refusal:
            skipped.append((row, refusal.detail))
        else:
            done += 1
    return Outcome(done, skipped)


def try_on_guests(**arguments: Any) -> Outcome:
    """Return what `do_to_guests` would come to; nothing stays of it."""
    with transaction.atomic():
        outcome = do_to_guests(**arguments)
        transaction.set_rollback(True)
    return outcome


def _send(
    conference: Conference, invitations: Sequence[Invitation], verb: str, actor: Actor
) -> Outcome:
    rows, skipped = list(invitations), list[Skipped]()
    if verb == "remind":
        skipped = [(row, reason) for row in rows if (reason := _not_to_remind(row))]
        passed_over = {row.pk for row, _reason in skipped}
        rows = [row for row in rows if row.pk not in passed_over]
    sent = send_invitations(
        conference=conference,
        invitation_ids=[row.pk for row in rows],
        actor=actor,
        save_the_date=verb == "save-the-date",
    )
    by_pk = {row.pk: row for row in rows}
    skipped += [(by_pk.get(row.pk, row), reason) for row, reason in sent.skipped]
    return Outcome(sent.queued, skipped)


def _not_to_remind(row: Invitation) -> str:
    if row.sent_at is None:
        return "The invitation has not gone out yet."
    if row.response and row.response != InvitationResponse.TENTATIVE:
        return "Has answered already."
    return ""


def _call(verb: str, values: Mapping[str, Any], actor: Actor) -> Callable[[Invitation], Any]:
    if verb == "withdraw":
        reason = str(values.get("reason", ""))
        return lambda row: withdraw_invitation(
            invitation=row, expected=None, actor=actor, reason=reason
        )
    changes: dict[str, dict[str, Any]] = {
        "wave": {"wave": values.get("wave")},
        "owner": {"owner": values.get("owner")},
        "plus-one": {"plus_one": True},
        "no-plus-one": {"plus_one": False},
        "hold": {"hold": True},
        "release": {"hold": False},
    }
    return lambda row: change_invitation(
        invitation=row, changes=changes[verb], expected=None, actor=actor
    )
