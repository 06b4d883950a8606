"""Who may use the pages of registrations, by URL name."""

from __future__ import annotations

from typing import Final

from accounts.permissions import Permission
from accounts.routes import CAPABILITY, PUBLIC, Access, needs

_READ = needs(Permission.REGISTRATION_READ)
_WRITE = needs(Permission.REGISTRATION_WRITE, Permission.REGISTRATION_WRITE)

_INVITING = needs(
    Permission.REGISTRATION_WRITE, Permission.REGISTRATION_WRITE, (Permission.PEOPLE_READ,)
)
# A list makes people, not only guests of one conference.
_IMPORTING = needs(
    Permission.REGISTRATION_WRITE, Permission.REGISTRATION_WRITE, (Permission.PEOPLE_WRITE,)
)

ROUTES: Final[dict[str, Access]] = {
    "register": PUBLIC,
    "send-link": PUBLIC,
    "personal": CAPABILITY,
    "ticket": CAPABILITY,
    "personal-change": CAPABILITY,
    "personal-cancel": CAPABILITY,
    "invitation-answer": CAPABILITY,
    "invitation-seen": CAPABILITY,
    "personal-new-date": CAPABILITY,
    "personal-offer": CAPABILITY,
    "personal-still-coming": CAPABILITY,
    "personal-join-again": CAPABILITY,
    "manage-registrations": _READ,
    "manage-registrations-csv": _READ,
    "manage-registration-new": _WRITE,
    "manage-registrations-arrived": _WRITE,
    "manage-registration": needs(Permission.REGISTRATION_READ, Permission.REGISTRATION_WRITE),
    "manage-registration-verb": _WRITE,
    "manage-invitations": _READ,
    "manage-invitations-csv": _READ,
    "manage-call-list": needs(Permission.REGISTRATION_READ, Permission.REGISTRATION_WRITE),
    "manage-call-list-csv": _READ,
    "manage-funnel": _READ,
    "manage-salutations": needs(
        Permission.REGISTRATION_WRITE, Permission.REGISTRATION_WRITE, (Permission.PEOPLE_WRITE,)
    ),
    "manage-invitation-add": _INVITING,
    "manage-invitation-bulk": _WRITE,
    "manage-guest-import-new": _IMPORTING,
    "manage-guest-import": _IMPORTING,
    "manage-invitation": needs(Permission.REGISTRATION_READ, Permission.REGISTRATION_WRITE),
    "manage-invitation-answer": _WRITE,
    "manage-invitation-verb": _WRITE,
    "manage-queue": _READ,
    "manage-queue-decide": _WRITE,
    "manage-rounds": _READ,
    "manage-round-new": _WRITE,
    "manage-round": needs(Permission.REGISTRATION_READ, Permission.REGISTRATION_WRITE),
    "manage-round-delete": _WRITE,
    "manage-types": _READ,
    "manage-type-new": _WRITE,
    "manage-type": _WRITE,
    "manage-type-delete": _WRITE,
}
