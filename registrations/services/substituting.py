"""Somebody else comes: a place goes to another person, and nothing that was the first one's.

The ticket is the place's: its code stays, so the old picture shows the same code. Who comes with it
is asked for the name that stands there now, and it opens the door once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.cleaning import clean
from core.errors import DomainError, invalid
from core.links import link_matches
from core.models import AuditEntry
from core.services import audit
from core.text import email_key, full_name
from events.enums import ParticipationState
from events.models import Participation
from events.services.writing import assign, load_root
from registrations import validators
from registrations.enums import RegistrationKind, RegistrationSource, RegistrationStatus
from registrations.models import Invitation, Registration
from registrations.services.cancelling import check_guest_may_change
from registrations.services.changing import check_new_addresses, save_details
from registrations.services.filling import fill_freed_places
from registrations.services.following import invitation_of
from registrations.services.forgetting_answers import forget_answers
from registrations.services.links import PURPOSE
from registrations.signals import Former, RegistrationChanged, registration_changed

VERB: Final = "substitute"
_ALSO: Final = ("email_key", "link_generation", "link_sent_at", "sequence", "decision_reason")


@transaction.atomic
def substitute(  # noqa: PLR0913 - what a person has
    *,
    registration: Registration,
    given_name: str,
    family_name: str,
    email: str,
    expected: int | None,
    actor: Actor,
    affiliation: str = "",
    position: str = "",
    honorific: str = "",
    phone: str = "",
    language: str = "",
    by_guest: bool = False,
) -> Registration:
    """Give somebody's place to another person, with its code and its sessions.

    Answers and consents of the first one are forgotten, and their personal links open nothing any
    more. The new one gets the confirmation at their own address, the first one a letter that says
    who comes.

    Arguments:
        language: of the new one's letters; the first one's unless said.
        by_guest: whether the guest does it: with a place, until the conference's deadline, where
            the type allows it, and with an address.

    Raises:
        DomainError: ``stale``; ``validation-failed``, also for the person who comes already;
            ``wrong-state`` when it is over, checked in, given by the programme or by an
            invitation, or not for a guest to do; ``already-registered`` for an address that
            somebody else has registered; ``throttled`` for one new address after the other.
    """
    # Before the registration, in the order in which answers lock them.
    invitation = invitation_of(registration)
    row = load_root(registration, expected, "conference", "booking", "registration_type")
    details = {
        "honorific": honorific,
        "given_name": given_name,
        "family_name": family_name,
        "email": email,
        "affiliation": affiliation,
        "position": position,
        "phone": phone,
        "language": language or row.language,
    }
    values = clean(details, validators.PUBLIC_DETAILS if by_guest else validators.DETAILS)
    why = why_no_substitute(row, invitation, by_guest=by_guest)
    if why is not None:
        raise why
    if by_guest:
        check_new_addresses(row)
    _refuse_the_same(row, values)
    former, old_email, old_generation = _former(row), row.email, row.link_generation
    changed = assign(row, {**values, "person": None})
    row.email_key = email_key(row.email) if row.email else None
    row.link_generation += 1
    row.link_sent_at = None
    row.sequence += 1
    row.decision_reason = ""
    save_details(row, [*changed, *_ALSO], expected, old_email, by_guest=by_guest)
    audit.record(
        verb=VERB,
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        # A new person is a new address, whatever is written there.
        changed={*changed, "email"},
        facts={"generation": old_generation},
    )
    registration_changed.send(
        sender=Registration,
        event=RegistrationChanged(
            conference_id=row.conference_id,
            registration_ids=(row.pk,),
            verb="substituted",
            by_guest=by_guest,
            former=former,
        ),
    )
    forget_answers(registration=row, actor=actor)
    # Places of options went back with the answers.
    fill_freed_places(conference_id=row.conference_id)
    return row


def why_no_substitute(
    row: Registration, invitation: Invitation | None, *, by_guest: bool
) -> DomainError | None:
    """Return why nobody else can come in somebody's place; None when somebody can.

    Arguments:
        invitation: the live one that the registration came from.
    """
    why = ""
    if not row.is_live:
        why = _("This registration is over, so nobody can come in its place.")
    elif row.checked_in_at is not None:
        why = _("This ticket has been used at the door, so nobody else can come with it.")
    elif _is_on_programme(row, by_guest=by_guest):
        why = _("This place belongs to somebody on the programme. Write to the organiser.")
    elif invitation is not None:
        why = _(
            "This place came with an invitation by name. Name the colleague who comes on the page "
            "of the invitation."
        )
    elif by_guest:
        return _why_not_a_guest(row)
    return DomainError("wrong-state", why) if why else None


def handed_over(code: str, token: str) -> Registration | None:
    """Return the registration that a link opened until somebody else got the place.

    Only who was given that link can know its token, so it may be told why it opens nothing now.
    """
    row = Registration.objects.select_related("conference__organisation").filter(code=code).first()
    if row is None:
        return None
    entries = AuditEntry.objects.filter(
        object_type=row._meta.label_lower, object_uid=str(row.uid), verb=VERB
    )
    former = [facts.get("generation") for facts in entries.values_list("facts", flat=True)]
    known = any(
        isinstance(one, int) and link_matches(token, PURPOSE, row.pk, one) for one in former
    )
    return row if known else None


def _why_not_a_guest(row: Registration) -> DomainError | None:
    try:
        check_guest_may_change(row.conference)
    except DomainError as too_late:
        return too_late
    if not row.registration_type.substitutes:
        sentence = _("The hosts do not take substitutes for this kind of place. Write to them.")
    elif row.status != RegistrationStatus.CONFIRMED:
        sentence = _("You can send somebody else as soon as you have a place.")
    else:
        return None
    return DomainError("wrong-state", sentence)


def _is_on_programme(row: Registration, *, by_guest: bool) -> bool:
    if row.source == RegistrationSource.PARTICIPATION:
        return True
    if by_guest and row.registration_type.kind == RegistrationKind.SPEAKER:
        return True
    return (
        row.person_id is not None
        and Participation.objects.filter(
            session__conference_id=row.conference_id,
            person_id=row.person_id,
            state=ParticipationState.CONFIRMED,
        ).exists()
    )


def _refuse_the_same(row: Registration, values: Mapping[str, str]) -> None:
    """Refuse who comes already: sent twice it would forget what the new one has answered."""
    key = email_key(values["email"]) if values["email"] else None
    before = (row.given_name, row.family_name, row.email_key)
    if before == (values["given_name"], values["family_name"], key):
        raise invalid("/given_name", "same", _("This is who comes already."))


def _former(row: Registration) -> Former | None:
    address = row.email or row.booking.contact_email
    if not address:
        return None
    return Former(full_name(row.given_name, row.family_name), address, row.language)
