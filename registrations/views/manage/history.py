"""What happened to a registration, told from the audit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from accounts.models import Account
from core.clock import to_local
from core.models import AuditEntry
from registrations.models import Registration

_DEEDS: Final = {
    "register": "Registered",
    "cancel_registration": "Cancelled",
    "uncancel_registration": "Given a place again",
    "approve_registration": "Given a place",
    "reject_registration": "Turned down",
    "put_on_waiting_list": "Put on the waiting list",
    "offer_place": "Offered a place",
    "accept_offer": "Took the offered place",
    "decline_offer": "Gave the offered place to the next",
    "expire_offer": "Offer lapsed",
    "join_list_again": "Joined the waiting list again",
    "ask_again": "Asked whether they still come",
    "confirm_still_coming": "Still comes",
    "release_silent": "Place given away after silence",
    "change_registration": "Details changed",
    "check_in": "Checked in",
    "undo_check_in": "Check-in undone",
    "confirm_new_date": "New date confirmed",
    "revoke_link": "Links ended",
    "send_link": "Link sent",
}
_ACTORS: Final = {
    "anonymous": "the guest",
    "guest": "the guest",
    "token": "a program",
    "system": "the programme",
    "rule": "the clock",
}


@dataclass(frozen=True, slots=True)
class Deed:
    at: dt.datetime
    what: str
    who: str


def history(registration: Registration) -> list[Deed]:
    """Return who did what, the first deed first; two queries."""
    entries = list(
        AuditEntry.objects.filter(
            object_type=registration._meta.label_lower, object_uid=str(registration.uid)
        ).order_by("at", "pk")
    )
    ids = {entry.actor_id for entry in entries if entry.actor_kind == "account"}
    accounts = {str(one.pk): one for one in Account.objects.filter(pk__in=ids)}
    deeds = []
    for entry in entries:
        account = accounts.get(entry.actor_id)
        who = account.get_full_name() if account else _ACTORS.get(entry.actor_kind, "somebody")
        at = to_local(entry.at, registration.conference.time_zone)
        deeds.append(Deed(at, _DEEDS.get(entry.verb, entry.verb), who))
    return deeds
