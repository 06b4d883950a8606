"""An invitation follows its registration: a place given back is a regret, one taken anew a yes."""

from __future__ import annotations

from django.db.models import Q

from core.actors import Actor
from core.enums import AnsweredVia
from events.services.writing import save_root
from registrations.enums import InvitationResponse
from registrations.models import Invitation, Registration
from registrations.querysets.invitation import InvitationQuerySet
from registrations.services.capacity import release_holds
from registrations.services.invitation_history import note, note_answer, tell_invitations
from registrations.services.needs import comes_on_top


def invitation_of(registration: Registration) -> Invitation | None:
    """Return the live invitation that a registration, or a companion's, came from; locked."""
    rows = _invitations_of(registration).select_related("conference")
    return rows.select_for_update(of=("self",), no_key=True).first()


def seen_invitation_of(registration: Registration) -> Invitation | None:
    """Return the same to look at, with its person, and hold nobody up."""
    return _invitations_of(registration).select_related("person").first()


def _invitations_of(registration: Registration) -> InvitationQuerySet:
    mine = Q(registration=registration) | Q(companion=registration)
    return Invitation.objects.live().filter(mine)


def guests_come_on_top(row: Invitation) -> bool:
    """Tell whether somebody of this invitation has a yes for which no place was left."""
    ids = [pk for pk in (row.registration_id, row.companion_id) if pk is not None]
    return Registration.objects.filter(comes_on_top(), pk__in=ids).exists()


def follow_cancelling(
    row: Invitation, registration: Registration, actor: Actor, *, by_guest: bool
) -> None:
    """Write down as a regret that the guest's registration was cancelled by itself.

    How the regret came is known of a guest, who did it by the link; a member's entry in the history
    says the rest. Without the companion the guest still comes.
    """
    before = row.response
    via = AnsweredVia.LINK if by_guest else ""
    row.over_capacity = guests_come_on_top(row)
    if row.registration_id != registration.pk:
        save_root(row, ["over_capacity"], None)
        note([row], "cancel_companion", actor, via=via)
        tell_invitations(row.conference_id, [row.pk], "changed", by_guest=by_guest)
        return
    row.response = InvitationResponse.DECLINED
    _save_answer(row, registration, via)
    release_holds(invitations=[row.pk])
    note_answer(row, "cancel_registration", before, actor, via)
    tell_invitations(row.conference_id, [row.pk], "answered", by_guest=by_guest)


def follow_uncancelling(row: Invitation, registration: Registration, actor: Actor) -> None:
    """Write down as a yes that an organiser gave the guest's place back to them."""
    before = row.response
    was_over, row.over_capacity = row.over_capacity, guests_come_on_top(row)
    if row.registration_id == registration.pk:
        row.response = InvitationResponse.ACCEPTED
        _save_answer(row, registration, "")
        note_answer(row, "uncancel_registration", before, actor, "")
        tell_invitations(row.conference_id, [row.pk], "answered")
    else:
        save_root(row, ["over_capacity"], None)
        note([row], "uncancel_companion", actor)
    if row.over_capacity and not was_over:
        tell_invitations(row.conference_id, [row.pk], "over_capacity")


def _save_answer(row: Invitation, registration: Registration, via: str) -> None:
    # At the very moment: that the guest hears of it by the registration's own mail is told by this.
    row.answered_at = registration.status_at
    row.answered_via = via or row.answered_via
    # Who spoke for the guest before did not do this.
    row.answered_by = ""
    row.decline_reason = ""
    changed = ["response", "answered_at", "answered_via", "answered_by", "decline_reason"]
    if row.response != InvitationResponse.ACCEPTED:
        row.by_delegate = False
    save_root(row, [*changed, "by_delegate", "over_capacity"], None)
