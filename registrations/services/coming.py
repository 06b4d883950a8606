"""What a yes, a maybe or a regret does to the registrations of an invitation.

An invitation has one registration in its life, and one more for a companion: a changed answer
cancels it, brings it back or gives it to a colleague, but never makes a second one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from core.actors import Actor
from core.cleaning import Wrong
from core.text import email_key
from events.models import Person
from events.services.writing import load_root, save_root
from registrations import validators
from registrations.enums import RegistrationSource, RegistrationStatus
from registrations.models import Booking, Invitation, Registration
from registrations.services.approving import approve_registration
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.capacity import release_holds
from registrations.services.changing import change_registration
from registrations.services.contacts import address_of
from registrations.services.doors import AlreadyRegisteredError
from registrations.services.forgetting_answers import forget_answers
from registrations.services.holding import keep_places, may_keep
from registrations.services.needs import allotments_of
from registrations.services.offering import accept_offer
from registrations.services.place_locks import (
    hold_allotments,
    hold_codes,
    hold_registrations,
    hold_types,
    kept_allotments,
)
from registrations.services.registering import live_with_address, register

_ASKED: Final = frozenset({RegistrationStatus.PENDING_APPROVAL, RegistrationStatus.WAITING_LIST})
_NOTHING: Final = dict.fromkeys(("honorific", "position", "phone"), "")


@dataclass(frozen=True, slots=True)
class Guest:
    """Who comes for an invitation: the person, or a colleague in their place.

    Arguments:
        details: names, email, affiliation, position, phone, language.
        person: None for a colleague, whom the organisation does not know.
        contact: where mail goes when the details have no address.
    """

    details: Mapping[str, str]
    person: Person | None
    contact: str


def person_as_guest(invitation: Invitation) -> Guest:
    """Return the invited person with the facts that the organisation keeps of them."""
    person = invitation.person
    contact = address_of(person)
    details = {
        "honorific": person.honorific,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": _usable(contact),
        "affiliation": person.affiliation,
        "position": person.position,
        "phone": person.phone,
        "language": person.language or invitation.conference.first_language,
    }
    return Guest(details, person, contact)


def colleague_as_guest(invitation: Invitation, given: Mapping[str, str]) -> Guest:
    """Return a colleague: their own names, and what they share with the invited person; mail goes
    where the person's goes when there is no address of the colleague's.
    """
    principal = person_as_guest(invitation)
    shared = {name: principal.details[name] for name in ("affiliation", "language", "email")}
    own = {name: text for name, text in given.items() if text}
    return Guest({**_NOTHING, **shared, **own}, None, principal.contact)


def bring_guest(
    row: Invitation, guest: Guest | None, details: Mapping[str, str], actor: Actor, *, limited: bool
) -> None:
    """Give the guest a confirmed registration, and set it on the row.

    Arguments:
        guest: who comes; None keeps whom the registration names.
        details: corrections to that registration.
        limited: whether new addresses are typed by a guest, who may do so a few times a day.
    """
    own = _own(row)
    if own is None:
        who = guest or person_as_guest(row)
        own = _join_known(row, actor)
        if own is None:
            own = _register(row, who, actor)
            guest = None
    elif not own.is_live:
        _make_way(own)
        own = uncancel_registration(registration=own, actor=actor, by_answer=True)
    elif own.status == RegistrationStatus.OFFERED:
        own = accept_offer(registration=own, actor=actor)
    # What the guest has corrected there stays.
    if guest is not None and (guest.person is None or guest.person.pk != own.person_id):
        own = _rename(own, guest, actor, limited=limited and guest.person is None)
    if details:
        own = change_registration(
            registration=own, changes=details, expected=None, actor=actor, by_guest=limited
        )
    row.registration = own


def hold_guests_of(row: Invitation, *, with_places: bool) -> None:
    """Lock all who may come or go by an answer, in the order in which everybody locks.

    Arguments:
        with_places: whether places move for two, one after the other, and so are locked before.
    """
    known = Q(conference=row.conference, person=row.person)
    mine = Registration.objects.filter(known | Q(pk__in=[row.registration_id, row.companion_id]))
    ids = list(mine.values_list("pk", flat=True))
    hold_registrations(ids)
    facts = list(mine.values_list("registration_type_id", "access_code_id"))
    hold_types({row.registration_type_id, *(type_id for type_id, _code in facts)})
    if with_places:
        hold_codes(code for _type, code in facts)
        hold_allotments(row.conference.allotments.values_list("pk", flat=True))


def _own(row: Invitation) -> Registration | None:
    """Return the registration that an answer brings back or gives to a colleague.

    What the programme gave a speaker is not given to a colleague; what came about in another way
    and is over is not brought back.
    """
    if row.registration is None:
        return None
    own = load_root(row.registration, None, "conference")
    if row.by_delegate and own.source == RegistrationSource.PARTICIPATION:
        return None
    if not own.is_live and own.source != RegistrationSource.INVITATION:
        return None
    return own


def bring_companion(row: Invitation, names: Mapping[str, str], actor: Actor) -> None:
    """Give a companion a registration in the guest's booking, or the one that there is the names.

    Arguments:
        names: none means that nobody comes along.
    """
    companion = row.companion
    if companion is not None:
        companion = load_root(companion, None, "conference")
    if not names:
        if companion is not None and companion.is_live:
            cancel_registration(registration=companion, actor=actor, by_answer=True)
        return
    main = row.registration
    if main is None:
        raise ValueError("a companion comes with somebody")
    if companion is None:
        row.companion = register(
            conference=row.conference,
            type_slug=row.registration_type.slug,
            email="",
            language=main.language,
            source=RegistrationSource.INVITATION,
            actor=actor,
            booking=main.booking,
            lead=main,
            invitation=row,
            given_name=names["given_name"],
            family_name=names["family_name"],
            honorific=names.get("honorific", ""),
            affiliation=names.get("affiliation", ""),
            pointer_prefix="/companion",
        )
        return
    if companion.lead_id != main.pk:
        companion.lead = main
        save_root(companion, ["lead"], None)
    if not companion.is_live:
        companion = uncancel_registration(registration=companion, actor=actor, by_answer=True)
    row.companion = change_registration(
        registration=companion, changes=names, expected=None, actor=actor
    )


def send_away(row: Invitation, actor: Actor, *, by_guest: bool) -> None:
    """Cancel the invitation's registrations; the places are free, or kept while it is a maybe."""
    comes = [one for one in (row.registration, row.companion) if one is not None and one.is_live]
    # The programme gives speakers their place, and only it takes that back.
    given_back = [one for one in comes if one.source != RegistrationSource.PARTICIPATION]
    if given_back:  # the guest's own takes the companion's along
        cancel_registration(
            registration=given_back[0], actor=actor, by_guest=by_guest, by_answer=True
        )
    if not may_keep(row, timezone.now()):
        release_holds(invitations=[row.pk])
    elif given_back:
        release_holds(invitations=[row.pk])
        keep_places([row], row.registration_type_id)


def _usable(address: str) -> str:
    """Return an address if a registration can have it; mail goes to the booking's anyway."""
    try:
        return str(validators.email(required=False)(address))
    except Wrong:
        return ""


def _join_known(row: Invitation, actor: Actor) -> Registration | None:
    """Return the live registration that is known to be this person's, confirmed by their yes."""
    known = Registration.objects.live().filter(
        conference=row.conference, person=row.person, companion_of__isnull=True
    )
    if row.by_delegate:
        known = known.exclude(source=RegistrationSource.PARTICIPATION)
    found = known.select_related("conference").first()
    if found is None:
        return None
    # An invitation that was withdrawn has left it.
    Invitation.objects.filter(registration=found).exclude(pk=row.pk).update(registration=None)
    if found.status in _ASKED:
        # What is kept for the invitation need not be what it draws from.
        hold_codes([found.access_code_id])
        hold_allotments({*allotments_of(found), *kept_allotments(invitation=row)})
        found = approve_registration(registration=found, actor=actor, invitation=row)
        release_holds(invitations=[row.pk], keep=1 if row.plus_one else 0)
        return found
    if found.status == RegistrationStatus.OFFERED:
        found = accept_offer(registration=found, actor=actor)
    # It has its place already: what was kept is for a companion at the most.
    release_holds(invitations=[row.pk], keep=1 if row.plus_one else 0)
    return found


def _register(row: Invitation, guest: Guest, actor: Actor) -> Registration:
    details: dict[str, Any] = dict(guest.details)
    email = details.pop("email")

    def make(address: str, booking: Booking | None) -> Registration:
        return register(
            conference=row.conference,
            type_slug=row.registration_type.slug,
            email=address,
            contact_email=email or guest.contact,
            person=guest.person,
            source=RegistrationSource.INVITATION,
            actor=actor,
            booking=booking,
            invitation=row,
            pointer_prefix="" if guest.person is not None else "/delegate",
            **details,
        )

    try:
        return make(email, None)
    except AlreadyRegisteredError:
        # Two guests behind one mailbox are two registrations of one booking.
        return make("", _booking_at(row, email))


def _booking_at(row: Invitation, address: str) -> Booking | None:
    taken = Registration.objects.live().filter(
        conference=row.conference, email_key=email_key(address)
    )
    found = taken.select_related("booking").first()
    return found.booking if found is not None else None


def _make_way(own: Registration) -> None:
    """Give up the address of a cancelled registration that somebody else has registered since."""
    if own.email_key is not None and live_with_address(own.conference, own.email_key):
        own.email, own.email_key = "", None
        save_root(own, ["email", "email_key"], None)


def _rename(own: Registration, guest: Guest, actor: Actor, *, limited: bool) -> Registration:
    """Give the registration to another guest; its place and code stay, answers do not."""
    person_id = guest.person.pk if guest.person is not None else None
    names = (guest.details["given_name"], guest.details["family_name"])
    if own.person_id != person_id or names != (own.given_name, own.family_name):
        forget_answers(registration=own, actor=actor)
    if own.person_id != person_id:
        own.person = guest.person
        save_root(own, ["person"], None)
    changes = dict(guest.details)
    key = email_key(changes["email"]) if changes["email"] else None
    if key is None or (key != own.email_key and live_with_address(own.conference, key)):
        # Nobody's, or another registration's: mail goes on to where it went.
        del changes["email"]
    return change_registration(
        registration=own, changes=changes, expected=None, actor=actor, by_guest=limited
    )
