"""Personal links and tickets: derived from the row, never stored, revoked by a number."""

from __future__ import annotations

import datetime as dt
import io
from typing import Final

import segno
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, stale
from core.links import absolute_url, link_matches, link_token
from core.services import audit
from core.text import email_key
from core.tickets import ticket_text
from events.models import Conference
from registrations.models import Booking, Registration
from registrations.signals import RegistrationChanged, registration_changed

PURPOSE: Final = "manage"
# A stranger who types somebody's address may cause one mail an hour; an organiser may press again.
GUEST_PAUSE: Final = dt.timedelta(hours=1)
ORGANISER_PAUSE: Final = dt.timedelta(minutes=1)


def manage_path(registration: Registration) -> str:
    """Return the path of a registration's personal page at its present link generation."""
    token = link_token(PURPOSE, registration.pk, registration.link_generation)
    return f"/r/{registration.code}/{token}/"


def manage_url(registration: Registration) -> str:
    """Return the absolute address of a registration's personal page."""
    return absolute_url(manage_path(registration))


def find_by_link(code: str, token: str) -> Registration | None:
    """Return the registration that a personal link opens; None for a wrong or revoked one."""
    row = (
        Registration.objects.select_related(
            "conference__organisation", "registration_type", "booking"
        )
        .filter(code=code)
        .first()
    )
    if row is None or not link_matches(token, PURPOSE, row.pk, row.link_generation):
        return None
    return row


def ticket_svg(registration: Registration) -> str:
    """Return the ticket's QR code as an SVG picture, dark on white in every colour scheme."""
    out = io.BytesIO()
    code = segno.make(ticket_text(registration.code), error="m", micro=False)
    code.save(out, kind="svg", scale=4, border=4, dark="#000", light="#fff", omitsize=True)
    return out.getvalue().decode()


def ticket_png(registration: Registration) -> bytes:
    """Return the ticket's QR code as a PNG picture, for mail."""
    out = io.BytesIO()
    code = segno.make(ticket_text(registration.code), error="m", micro=False)
    code.save(out, kind="png", scale=6, border=4)
    return out.getvalue()


@transaction.atomic
def revoke_link(
    *, registration: Registration, actor: Actor, expected: int | None = None
) -> Registration:
    """End all links of a registration at once; a new one has to be sent or copied.

    Raises:
        DomainError: ``stale``.
    """
    rows = Registration.objects.filter(pk=registration.pk)
    if expected is not None:
        rows = rows.filter(version=expected)
    if not rows.update(
        link_generation=F("link_generation") + 1,
        version=F("version") + 1,
        link_sent_at=None,
        updated_at=timezone.now(),
    ):
        raise stale()
    registration.refresh_from_db()
    audit.record(
        verb="revoke_link",
        obj=registration,
        organisation_id=registration.conference.organisation_id,
        actor=actor,
        changed=["link_generation"],
    )
    return registration


@transaction.atomic
def resend_link(*, registration: Registration, actor: Actor) -> Registration:
    """Mail a registration its personal link because an organiser asked for it.

    Raises:
        DomainError: ``wrong-state`` when it is not live or has no address, ``throttled`` when it
            went out within the last minute.
    """
    if not registration.is_live:
        raise DomainError("wrong-state", "This registration is over, so there is no link to send.")
    if not (registration.email or registration.booking.contact_email):
        raise DomainError("wrong-state", "There is no e-mail address. Copy the link instead.")
    if not _mail_link(Registration.objects.filter(pk=registration.pk), ORGANISER_PAUSE, actor):
        raise DomainError(
            "throttled",
            "The link went out less than a minute ago. Wait a moment before sending it again.",
            retry_after=int(ORGANISER_PAUSE.total_seconds()),
        )
    registration.refresh_from_db()
    return registration


@transaction.atomic
def request_link(*, conference: Conference, email: str, actor: Actor) -> None:
    """Mail the personal link to whoever is registered with this address, at most once an hour.

    The caller learns nothing: not whether there is such a registration, not whether a mail went
    out. The same one statement runs in all cases.
    """
    key = email_key(email)
    bookings = Booking.objects.filter(conference=conference, contact_email_key=key)
    # One link for a party: its lead's page leads to the others.
    mine = Q(email_key=key) | Q(email_key__isnull=True, lead__isnull=True, booking__in=bookings)
    _mail_link(Registration.objects.live().filter(mine, conference=conference), GUEST_PAUSE, actor)


def _mail_link(rows: QuerySet[Registration], pause: dt.timedelta, actor: Actor) -> bool:
    """Note the time and tell those above; do nothing within the pause. Two at once are one."""
    now = timezone.now()
    due = Q(link_sent_at__isnull=True) | Q(link_sent_at__lte=now - pause)
    if not rows.filter(due).update(link_sent_at=now):
        return False
    found = list(rows.select_related("conference").filter(link_sent_at=now))
    for row in found:
        audit.record(
            verb="send_link", obj=row, organisation_id=row.conference.organisation_id, actor=actor
        )
    registration_changed.send(
        sender=Registration,
        event=RegistrationChanged(
            conference_id=found[0].conference_id,
            registration_ids=tuple(row.pk for row in found),
            verb="link_requested",
            by_guest=actor.kind in {"guest", "anonymous"},
        ),
    )
    return True
