"""Who may use the pages of registrations, by URL name."""

from __future__ import annotations

from typing import Final

from accounts.permissions import Permission
from accounts.routes import CAPABILITY, PUBLIC, Access, needs

_READ = needs(Permission.REGISTRATION_READ)
_WRITE = needs(Permission.REGISTRATION_WRITE, Permission.REGISTRATION_WRITE)

ROUTES: Final[dict[str, Access]] = {
    "register": PUBLIC,
    "send-link": PUBLIC,
    "personal": CAPABILITY,
    "ticket": CAPABILITY,
    "personal-change": CAPABILITY,
    "personal-cancel": CAPABILITY,
    "personal-new-date": CAPABILITY,
    "manage-registrations": _READ,
    "manage-registrations-csv": _READ,
    "manage-registration-new": _WRITE,
    "manage-registrations-arrived": _WRITE,
    "manage-registration": needs(Permission.REGISTRATION_READ, Permission.REGISTRATION_WRITE),
    "manage-registration-verb": _WRITE,
    "manage-types": _READ,
    "manage-type-new": _WRITE,
    "manage-type": _WRITE,
    "manage-type-delete": _WRITE,
}
