"""What happened to invitations: their own history, the audit, and those above."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from core.actors import Actor
from core.services import audit
from registrations.models import Invitation, InvitationEvent
from registrations.signals import InvitationChanged, invitation_changed


def note(
    invitations: Iterable[Invitation],
    verb: str,
    actor: Actor,
    *,
    response: str = "",
    via: str = "",
    by: str = "",
    detail: str = "",
) -> None:
    """Add one line to the history of each of these."""
    InvitationEvent.objects.bulk_create(
        InvitationEvent(
            invitation=row,
            verb=verb,
            response=response,
            via=via,
            actor_kind=actor.kind,
            actor_id=actor.id,
            by=by,
            detail=detail,
        )
        for row in invitations
    )


def record(
    row: Invitation, verb: str, actor: Actor, changed: Iterable[str] = (), **facts: str | int | bool
) -> None:
    """Write the audit entry of one invitation."""
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=changed,
        facts=facts,
    )


def note_answer(row: Invitation, verb: str, before: str, actor: Actor, via: str) -> None:
    """Write down an answer as it stands on the row, in its history and in the audit."""
    note([row], verb, actor, response=row.response, via=via, by=row.answered_by)
    record(
        row,
        "answer_invitation",
        actor,
        ["response"] if row.response != before else (),
        **{"from": before, "to": str(row.response), "via": str(via)},
    )


def tell_invitations(
    conference_id: int,
    invitation_ids: Collection[int],
    verb: str,
    *,
    occasion: str = "",
    by_guest: bool = False,
) -> None:
    """Tell those above, in this transaction, what happened to invitations of one conference."""
    invitation_changed.send(
        sender=Invitation,
        event=InvitationChanged(
            conference_id=conference_id,
            invitation_ids=tuple(invitation_ids),
            verb=verb,
            occasion=occasion,
            by_guest=by_guest,
        ),
    )
