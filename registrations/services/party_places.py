"""What who leads a party does for the others on the personal page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import DomainError
from core.services.idempotency import Answer, once
from events.models import Conference
from events.services.writing import load_root
from registrations.enums import PUBLIC_SOURCES, RegistrationSource, RegistrationStatus
from registrations.models import Registration
from registrations.services.cancelling import check_guest_may_change, guests_may_change
from registrations.services.offering import accept_offer
from registrations.services.registering import register


def companions_of(registration: Registration) -> QuerySet[Registration]:
    """Return the live ones who come with this registration, in the order in which they came."""
    return Registration.objects.live().filter(lead=registration).order_by("pk")


def may_add(registration: Registration, conference: Conference, number: int) -> bool:
    """Tell whether who leads a party can bring one more.

    Arguments:
        number: how many come along by now.
    """
    return (
        registration.is_live
        and registration.lead_id is None
        and registration.source in PUBLIC_SOURCES
        and 1 + number < registration.registration_type.party_max
        and guests_may_change(conference)
    )


@transaction.atomic
def add_companion(
    *, registration: Registration, details: Mapping[str, str], actor: Actor
) -> Registration:
    """Bring one more: a place is taken, or they wait for one where the type has a list for it.

    Arguments:
        registration: who leads the party.
        details: given_name, family_name, email, each of which may be missing.

    Raises:
        DomainError: ``wrong-state`` when it is too late, or the party is as large as it may be;
            and what `register` raises.
    """
    lead = load_root(registration, None, "conference", "booking", "registration_type")
    check_guest_may_change(lead.conference)
    if not may_add(lead, lead.conference, companions_of(lead).count()):
        raise DomainError("wrong-state", _("You can not bring anybody else here."))
    code = lead.access_code.code if lead.access_code is not None else ""
    return register(
        conference=lead.conference,
        type_slug=lead.registration_type.slug,
        given_name=details.get("given_name", ""),
        family_name=details.get("family_name", ""),
        email=details.get("email", ""),
        language=lead.language,
        source=RegistrationSource.FORM,
        actor=actor,
        booking=lead.booking,
        lead=lead,
        access_code=code,
    )


def add_companion_once(
    *,
    registration: Registration,
    details: Mapping[str, str],
    actor: Actor,
    key: str | None,
    body: bytes,
) -> None:
    """Do so; the same request under the same key brings one, however often it comes.

    Arguments:
        key, body: of the request (core.services.idempotency.once).

    Raises:
        DomainError: whatever `add_companion` and `once` raise.
    """

    def act() -> Answer:
        made = add_companion(registration=registration, details=details, actor=actor)
        return Answer(status=HTTPStatus.CREATED, body=json.dumps({"code": made.code}))

    once(scope=f"party of {registration.code}", key=key, body=body, act=act)


@transaction.atomic
def accept_offer_of_party(
    *, registration: Registration, actor: Actor, by_guest: bool = False
) -> Registration:
    """Take the place that is offered, and those that are offered to companions without an address
    of their own: their letters come to who answers.

    Raises:
        DomainError: what `accept_offer` raises.
    """
    row = accept_offer(registration=registration, actor=actor, by_guest=by_guest)
    offered = companions_of(row).filter(status=RegistrationStatus.OFFERED, email="")
    for one in offered:
        accept_offer(registration=one, actor=actor, by_guest=by_guest)
    return row
