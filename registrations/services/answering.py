"""A guest's answer to an invitation, whoever gives it and however it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.cleaning import Cleaner, Wrong, clean
from core.enums import AnsweredVia
from core.errors import DomainError, invalid
from events.enums import ConferenceState
from events.models import Conference
from events.services.writing import load_root, save_root
from registrations.enums import InvitationResponse
from registrations.models import Invitation
from registrations.services.cancelling import guests_may_change
from registrations.services.coming import (
    Guest,
    bring_companion,
    bring_guest,
    colleague_as_guest,
    hold_guests_of,
    person_as_guest,
    send_away,
)
from registrations.services.filling import fill_freed_places
from registrations.services.following import guests_come_on_top
from registrations.services.invitation_history import note, note_answer, tell_invitations
from registrations.validators import DETAILS, MAX_LINE, line, name

MAX_REASON: Final = 500
_NAMES: Final = {"given_name": "", "family_name": ""}
_COMPANION: Final = {
    key: DETAILS[key] for key in ("honorific", "given_name", "family_name", "affiliation")
}
_DETAILS: Final = {key: DETAILS[key] for key in ("email", "phone", "affiliation", "position")}
_PUT_AWAY: Final = frozenset({ConferenceState.CANCELLED, ConferenceState.ARCHIVED})
_NO_GUESTS: Final = frozenset({ConferenceState.DRAFT, ConferenceState.POSTPONED})


@transaction.atomic
def answer_invitation(  # noqa: PLR0913 - what an answer has
    *,
    invitation: Invitation,
    response: str,
    via: str,
    actor: Actor,
    answered_by: str = "",
    delegate: Mapping[str, str] | None = None,
    companion: Mapping[str, str] | None = None,
    details: Mapping[str, str] | None = None,
    reason: str = "",
    wants_findings: bool = False,
    by_guest: bool = False,
    expected: int | None = None,
) -> Invitation:
    """Write down an answer, the first one or another one, and do what it means.

    A yes is a confirmed registration: it takes the place that was kept, else a free one, and else
    comes on top, of which the organiser is told. A regret gives the places back; a maybe keeps them
    until the deadline. A changed answer never makes a second registration. The same answer again
    only adds to it.

    Arguments:
        response: an InvitationResponse.
        via: an AnsweredVia.
        answered_by: who gave the answer, when it was not the guest.
        delegate: the colleague who comes in the guest's place: `given_name`, `family_name`, and
            perhaps `email`, `position`, `affiliation`, `phone`, `honorific`, `language`. An empty
            mapping keeps the colleague who was named before; None means that the guest comes.
        companion: `given_name`, `family_name` of who comes along; an empty mapping means nobody,
            None leaves it as it is.
        details: `email`, `phone`, `affiliation`, `position` of who comes, to correct them.
        reason: why the guest does not come, where they say so.
        wants_findings: whether a guest who does not come wants to read what came out.
        by_guest: whether the guest or their assistant answers, who may until the cut-off.

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``wrong-state`` when the invitation was
            withdrawn, the conference will not be, or it is too late for a guest.
    """
    values = _clean(response, via, answered_by, reason)
    row = load_root(invitation, expected, "person", "registration_type")
    row.conference = Conference.objects.get(pk=row.conference_id)
    refuse_answers(row, by_guest=by_guest)
    hold_guests_of(row, with_places=companion is not None)
    comes = values["response"] == InvitationResponse.ACCEPTED
    if not comes and (delegate is not None or companion):
        raise invalid("/response", "invalid", _("Who does not come brings nobody."))
    if companion and not row.plus_one:
        raise invalid("/companion", "not-invited", _("This invitation is for one person."))
    guest = _who_comes(row, delegate) if comes else None
    names = clean({**_NAMES, **companion}, _COMPANION, "/companion") if companion else companion
    corrections = clean(details or {}, _DETAILS)

    before, was_over = row.response, row.over_capacity
    is_new = before != values["response"] or row.by_delegate != (delegate is not None)
    _write(
        row,
        values,
        by_delegate=delegate is not None,
        wants_findings=wants_findings and not comes,
        is_new=is_new,
        expected=expected,
    )
    note_answer(row, "answer" if is_new else "add_to_answer", before, actor, values["via"])
    if comes:
        bring_guest(row, guest, corrections, actor, limited=by_guest)
        if names is not None:
            bring_companion(row, names, actor)
    else:
        send_away(row, actor, by_guest=by_guest)
    row.over_capacity = comes and guests_come_on_top(row)
    # The version was raised above; others wait for the places until the commit.
    row.save(update_fields=["registration", "companion", "over_capacity", "updated_at"])
    tell_invitations(
        row.conference_id, [row.pk], "answered" if is_new else "changed", by_guest=by_guest
    )
    if row.over_capacity and not was_over:
        tell_invitations(row.conference_id, [row.pk], "over_capacity", by_guest=by_guest)
    fill_freed_places(conference_id=row.conference_id)
    return row


def refuse_answers(row: Invitation, *, by_guest: bool) -> None:
    """Refuse an answer that can not be given any more, or not yet.

    Raises:
        DomainError: ``wrong-state``.
    """
    if not row.is_live:
        raise DomainError("wrong-state", _("This invitation was withdrawn."))
    conference = row.conference
    if conference.state == ConferenceState.CANCELLED:
        raise DomainError("wrong-state", _("This will not take place, so no answer is needed."))
    if conference.state in _PUT_AWAY:
        raise DomainError("wrong-state", _("This is over."))
    if not by_guest:
        return
    if conference.state == ConferenceState.POSTPONED:
        raise DomainError(
            "wrong-state",
            _("This was postponed. You can answer again when the new date is known."),
        )
    if conference.state in _NO_GUESTS:
        raise DomainError("wrong-state", _("This can not be answered yet."))
    if not guests_may_change(conference):
        raise DomainError(
            "wrong-state",
            _("It is too late to answer here. Write to the organiser, who can still change it."),
        )


@transaction.atomic
def note_seen(*, invitation: Invitation) -> bool:
    """Note that the answer page was looked at; tell whether this was the first time.

    The version stays: an answer that is being given meanwhile is not an older one by that.
    """
    now = timezone.now()
    rows = Invitation.objects.live().filter(pk=invitation.pk, seen_at__isnull=True)
    if not rows.update(seen_at=now, updated_at=now):
        return False
    note([invitation], "see", Actor("guest"))
    return True


def _clean(response: str, via: str, answered_by: str, reason: str) -> dict[str, str]:
    def word(choices: type[InvitationResponse | AnsweredVia]) -> Cleaner:
        def cleaner(value: object) -> str:
            if value not in choices.values:
                raise Wrong("choice", f"Choose one of {', '.join(choices.values)}.")
            return str(value)

        return cleaner

    return clean(
        {"response": response, "via": via, "answered_by": answered_by, "reason": reason},
        {
            "response": word(InvitationResponse),
            "via": word(AnsweredVia),
            "answered_by": name(MAX_LINE, required=False),
            "reason": line(MAX_REASON),
        },
    )


def _who_comes(row: Invitation, delegate: Mapping[str, str] | None) -> Guest | None:
    """Return who comes, when it is another one than so far."""
    if delegate is None:
        is_other = row.by_delegate or row.response != InvitationResponse.ACCEPTED
        return person_as_guest(row) if is_other else None
    if not delegate and row.by_delegate:
        return None
    return colleague_as_guest(row, clean({**_NAMES, **delegate}, DETAILS, "/delegate"))


def _write(
    row: Invitation,
    values: Mapping[str, str],
    *,
    by_delegate: bool,
    wants_findings: bool,
    is_new: bool,
    expected: int | None,
) -> None:
    declines = values["response"] == InvitationResponse.DECLINED
    row.response = values["response"]
    row.by_delegate = by_delegate
    row.decline_reason = values["reason"] if declines else ""
    row.wants_findings = wants_findings
    if is_new:
        row.answered_at = timezone.now()
        row.answered_via = values["via"]
    if is_new or values["answered_by"]:
        row.answered_by = values["answered_by"]
    save_root(
        row,
        [
            "response",
            "by_delegate",
            "decline_reason",
            "wants_findings",
            "answered_at",
            "answered_via",
            "answered_by",
        ],
        expected,
    )
