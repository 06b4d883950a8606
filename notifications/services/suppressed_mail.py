"""What waits in the outbox for an address that opts out, or comes back."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from core.text import email_key
from notifications.enums import CancelReason, MessageState
from notifications.models import Message, Suppression
from notifications.services.dbclock import DatabaseNow
from notifications.services.kinds import OPTIONAL, TO_INVITED
from notifications.signals import messages_queued
from registrations.models import Registration

_NOT_BEGUN: Final = (MessageState.QUEUED, MessageState.CLAIMED)
# A revision that no conference has: the rule plans the row anew, or takes it back.
_PLAN_ANEW: Final = 0


def take_back(row: Suppression) -> int:
    """Take back what waits for the address and is optional, and return how many that is."""
    return Message.objects.filter(
        pk__in=_mails(row, state__in=_NOT_BEGUN), state__in=_NOT_BEGUN
    ).update(
        state=MessageState.CANCELLED,
        cancelled_for=CancelReason.SUPPRESSED,
        lease_token=None,
        lease_until=None,
        updated_at=DatabaseNow(),
    )


def give_back(row: Suppression) -> None:
    """Let what was taken back for a suppression that has gone wait again, if its moment comes yet.

    A rule's message is planned anew within seconds: whether it is still right, its rule knows.
    """
    left = set(
        Suppression.objects.filter(
            organisation_id=row.organisation_id, email_key=row.email_key
        ).values_list("conference_id", flat=True)
    )
    if None in left:
        return
    taken_back = {"state": MessageState.CANCELLED, "cancelled_for": CancelReason.SUPPRESSED}
    ids = _mails(row, due_at__gt=DatabaseNow(), **taken_back)
    rows = Message.objects.filter(pk__in=ids, **taken_back).exclude(conference_id__in=left)
    waits = {
        "state": MessageState.QUEUED,
        "cancelled_for": "",
        "updated_at": DatabaseNow(),
    }
    rows.filter(rule__isnull=False).update(plan_revision=_PLAN_ANEW, **waits)
    rows.filter(rule__isnull=True, plan_revision__isnull=True).update(**waits)
    messages_queued.send(sender=Message)


def _mails(row: Suppression, **wanted: Any) -> list[int]:
    """Return the optional messages to an address within a suppression's reach.

    Addresses are kept as they were typed. What the database finds alike is compared by the key; one
    that it does not find is still refused when it is begun.
    """
    rows = Message.objects.filter(
        _alike(row.email_key),
        _can_be_stopped(),
        conference__organisation_id=row.organisation_id,
        **wanted,
    )
    if row.conference_id is not None:
        rows = rows.filter(conference_id=row.conference_id)
    return [
        pk
        for pk, address in rows.order_by("pk").values_list("pk", "to_email")
        if email_key(address) == row.email_key
    ]


def _alike(key: str) -> Q:
    """Return what finds an address however it is written; SQLite knows capitals of ASCII only."""
    local, _at, domain = key.rpartition("@")
    if "xn--" in domain:  # typed in other letters, as likely as not
        return Q(to_email__istartswith=f"{local}@")
    if not local.isascii():
        return Q(to_email__iendswith=f"@{domain}")
    return Q(to_email__iexact=key)


def has_got_a_place(message: Message) -> bool:
    """Tell whether the guest of a notice to the invited has come to a place since it was written.

    Then it is owed to them as to everybody with a place.
    """
    if message.template not in TO_INVITED or message.person_id is None:
        return False
    rows = Registration.objects.live().filter(conference_id=message.conference_id)
    return rows.filter(person_id=message.person_id).exists()


def _can_be_stopped() -> Q:
    """Return what finds messages of which their reader can opt out."""
    places = Registration.objects.live().filter(
        conference=OuterRef("conference"), person=OuterRef("person")
    )
    return Q(kind__in=OPTIONAL) | Q(~Exists(places), template__in=TO_INVITED)
