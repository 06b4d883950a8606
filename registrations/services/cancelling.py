"""Cancelling and taking it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.cleaning import clean
from core.errors import DomainError
from core.services import audit
from events.enums import ConferenceState
from events.models import Conference
from events.services.writing import load_root, save_root
from registrations.enums import RegistrationStatus
from registrations.models import Allotment, Invitation, Registration
from registrations.services.capacity import (
    give_back_all_places,
    keeping_code,
    take_places,
    trim_kept,
)
from registrations.services.code_uses import give_uses_back, use_code_again
from registrations.services.doors import AlreadyRegisteredError, day_of, sold_out
from registrations.services.filling import fill_freed_places
from registrations.services.following import follow_cancelling, follow_uncancelling, invitation_of
from registrations.services.handing_on import hand_on
from registrations.services.losing_choices import take_for_invited, take_for_who_comes_back
from registrations.services.needs import allotments_of
from registrations.services.place_locks import (
    allotments_about,
    hold_allotments,
    hold_registrations,
    hold_types,
    kept_allotments,
)
from registrations.services.registration_rows import tell
from registrations.validators import line

_MAX_REASON = 500


def guests_may_change(conference: Conference) -> bool:
    """Tell whether guests may still change or cancel by themselves."""
    until = conference.changes_until_at or conference.starts_at
    over = {ConferenceState.CANCELLED, ConferenceState.ARCHIVED}
    return timezone.now() < until and conference.state not in over


def check_guest_may_change(conference: Conference) -> None:
    """Refuse what a guest does too late.

    Raises:
        DomainError: ``wrong-state``.
    """
    if not guests_may_change(conference):
        raise DomainError(
            "wrong-state",
            _("It is too late to change this here. Write to the organiser, who can."),
        )


@transaction.atomic
def cancel_registration(
    *,
    registration: Registration,
    actor: Actor,
    reason: str = "",
    by_guest: bool = False,
    expected: int | None = None,
    by_answer: bool = False,
    when_asked: bool = False,
    everybody: bool = False,
) -> Registration:
    """Cancel a live registration; with the same commit its places are free again, and offered to
    who waits longest.

    One that came from an invitation is a regret there, and whoever was to come along is cancelled
    with it. Where a party stays without its lead, the next one leads it.

    Arguments:
        reason: what the organiser keeps about it; guests are not asked for one.
        by_guest: whether the guest does it, who may until the conference's deadline.
        by_answer: whether the answer to an invitation cancels it, so that it is known there.
        when_asked: whether the guest was asked ("still coming?"), so that no deadline counts.
        everybody: whether those who come along are cancelled with it.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when it is not live any more, or too late for a
            guest; ``validation-failed`` for a reason that is no line of text.
    """
    why = clean({"reason": reason}, {"reason": line(_MAX_REASON)})["reason"]
    # Before the registration, in the order in which answers lock them.
    invitation = invitation_of(registration)
    of_guest = invitation is not None and invitation.registration_id == registration.pk
    if invitation is not None and of_guest and invitation.companion_id is not None:
        hold_registrations([registration.pk, invitation.companion_id])
    row = load_root(registration, expected, "conference")
    if not row.is_live:
        raise DomainError("wrong-state", _("This registration is over already."))
    # Nobody joins the party from here; before codes and places, because one of them may lead it.
    along = set(Registration.objects.live().filter(lead=row).values_list("pk", flat=True))
    if along:
        hold_registrations(along)
    if by_guest and not when_asked:
        check_guest_may_change(row.conference)
    rows = [row]
    if invitation is not None and of_guest and invitation.companion is not None:
        companion = load_root(invitation.companion, None, "conference")
        rows += [companion] if companion.is_live else []
    if everybody:
        party = Registration.objects.filter(pk__in=along).exclude(pk__in=[one.pk for one in rows])
        rows += [one for one in party.select_related("conference") if one.is_live]
    also = () if invitation is None else allotments_about(invitation)
    _cancel(rows, why, expected, actor, by_guest=by_guest, also=also)
    if invitation is not None and not by_answer:
        follow_cancelling(invitation, row, actor, by_guest=by_guest)
    hand_on([row], actor, by_guest=by_guest)
    # An answer may yet keep the places for a guest who is not sure.
    if not by_answer:
        fill_freed_places(conference_id=row.conference_id)
    return row


def _cancel(
    rows: Sequence[Registration],
    why: str,
    expected: int | None,
    actor: Actor,
    *,
    by_guest: bool,
    also: Collection[int],
) -> None:
    """Cancel somebody and who was to come along.

    Arguments:
        expected: the version of the first.
        also: ids of allotments of which places are kept for them.
    """
    before = {row.pk: row.status for row in rows}
    for row in rows:
        row.status = RegistrationStatus.CANCELLED
        row.status_at = row.cancelled_at = timezone.now()
        row.cancel_reason = why
        row.sequence += 1
        changed = ["status", "status_at", "cancelled_at", "cancel_reason", "sequence"]
        save_root(row, changed, expected if row is rows[0] else None)
    give_uses_back(rows)
    give_back_all_places(rows, also)
    for row in rows:
        record_status("cancel_registration", row, before[row.pk], actor)
        tell(row, "cancelled", by_guest=by_guest)


@transaction.atomic
def uncancel_registration(
    *,
    registration: Registration,
    actor: Actor,
    expected: int | None = None,
    by_answer: bool = False,
) -> Registration:
    """Confirm a registration that was cancelled, turned down or let expire; it takes its place
    anew, without what it had chosen where that is full by now. One that came from an invitation is
    a yes there, and never meets "sold out".

    Arguments:
        by_answer: whether the answer to an invitation brings it back, so that it is known there.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when it is live, or the conference takes nobody;
            ``already-registered`` when its address has registered again since; ``sold-out``.
    """
    invitation = invitation_of(registration)
    row = load_root(registration, expected, "conference")
    if row.is_live:
        raise DomainError("wrong-state", "This registration is not cancelled.")
    check_conference_takes(row.conference)
    before = row.status
    row.cancelled_at = None
    row.cancel_reason = ""
    # Before the code, in the order in which others lock them.
    hold_types([row.registration_type_id])
    use_code_again(row)
    try:
        with transaction.atomic():
            confirm(
                row,
                expected,
                actor,
                "cancelled_at",
                "cancel_reason",
                invitation=invitation,
                comes_back=True,
            )
    except IntegrityError as error:
        raise AlreadyRegisteredError from error
    record_status("uncancel_registration", row, before, actor)
    tell(row, "uncancelled")
    if invitation is not None and not by_answer:
        follow_uncancelling(invitation, row, actor)
    return row


def confirm(
    row: Registration,
    expected: int | None,
    actor: Actor,
    *more: str,
    invitation: Invitation | None = None,
    comes_back: bool = False,
) -> None:
    """Write a registration as confirmed and take its places, last.

    Arguments:
        invitation: whose kept places it takes; without one left it comes on top, and without what
            it had chosen where that is full.
        comes_back: whether it was over, so that what is full by now is chosen no more.

    Raises:
        DomainError: ``sold-out``.
    """
    row.status = RegistrationStatus.CONFIRMED
    row.status_at = row.confirmed_at = timezone.now()
    row.confirmed_day = day_of(row.conference)
    row.sequence += 1
    row.offer_expires_at = None
    changed = ["status", "status_at", "confirmed_at", "confirmed_day", "sequence"]
    save_root(row, [*changed, "offer_expires_at", *more], expected)
    allotments = allotments_of(row)
    code = keeping_code(row)
    if invitation is not None:
        if code is not None:
            kept = kept_allotments(invitation=invitation) | kept_allotments(access_code=code)
            hold_allotments(kept.union(allotments))
        take_for_invited(
            registration=row, allotments=allotments, invitation=invitation, actor=actor
        )
        if code is not None:
            trim_kept(code)
        return
    if comes_back:
        lacking = take_for_who_comes_back(
            registration=row, allotments=allotments, code=code, actor=actor
        )
    else:
        lacking = take_places(wanted={row.pk: allotments}, holder=code)
    if lacking is not None:
        raise _lacks(row, lacking)


def _lacks(row: Registration, allotment: int) -> DomainError:
    """Name a session or an option that is full: the kind of place may have places left."""
    if row.registration_type.allotments.filter(pk=allotment).exists():
        return sold_out()
    name = Allotment.objects.values_list("name", flat=True).get(pk=allotment)
    detail = _("There is no place left at “%(title)s”. Nothing was changed.") % {"title": name}
    return DomainError("sold-out", detail)


def check_conference_takes(conference: Conference) -> None:
    """Refuse to give places of a conference that will not be.

    Raises:
        DomainError: ``wrong-state``.
    """
    if conference.state in {ConferenceState.CANCELLED, ConferenceState.ARCHIVED}:
        word = ConferenceState(conference.state).label.lower()
        raise DomainError("wrong-state", f"The conference is {word}, so it has no places to give.")


def record_status(verb: str, row: Registration, before: str, actor: Actor) -> None:
    """Write down who took a registration from one status to another."""
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=["status"],
        facts={"from": before, "to": row.status},
    )
