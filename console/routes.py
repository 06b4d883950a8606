"""Who may use the pages of the console, by URL name."""

from __future__ import annotations

from typing import Final

from accounts.permissions import Permission
from accounts.routes import SIGNED_IN, Access, needs

_PROGRAMME = needs(Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE)
# Figures of guests, names of some, and what was mailed: nothing of it is changed.
_DONOR_PACK = needs(
    Permission.REGISTRATION_READ, Permission.REGISTRATION_READ, also=(Permission.MAIL_READ,)
)
_DONOR_PACK_READ = needs(Permission.REGISTRATION_READ, also=(Permission.MAIL_READ,))

ROUTES: Final[dict[str, Access]] = {
    "manage-home": SIGNED_IN,
    "manage-organisation": needs(Permission.CONFERENCE_READ),
    "manage-conference": needs(Permission.CONFERENCE_READ),
    "manage-schedule": _PROGRAMME,
    "manage-schedule-compare": needs(Permission.PROGRAMME_READ),
    "manage-version": needs(Permission.PROGRAMME_READ),
    "manage-version-restore": needs(Permission.PROGRAMME_WRITE, Permission.PROGRAMME_WRITE),
    # How many are told is counted from mail, and names nobody.
    "manage-outcome-publish": needs(Permission.CONFERENCE_WRITE, Permission.CONFERENCE_WRITE),
    "manage-conflicts": needs(Permission.PROGRAMME_READ, Permission.PROGRAMME_WRITE),
    "manage-conflict-withdraw": needs(Permission.PROGRAMME_WRITE, Permission.PROGRAMME_WRITE),
    "manage-person": needs(Permission.PEOPLE_READ),
    "manage-person-merge": needs(Permission.PEOPLE_WRITE, Permission.PEOPLE_WRITE),
    "manage-grid-conflicts": needs(Permission.PROGRAMME_READ),
    # Asking is reading, though it takes a body.
    "manage-grid-check": needs(Permission.PROGRAMME_READ, Permission.PROGRAMME_READ),
    "manage-donor-pack": _DONOR_PACK,
    "manage-donor-pack-file": _DONOR_PACK_READ,
    "manage-donor-pack-delete": _DONOR_PACK,
    "manage-time-line": needs(Permission.REGISTRATION_READ, also=(Permission.MAIL_READ,)),
}
