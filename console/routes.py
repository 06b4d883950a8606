"""Who may use the pages of the console, by URL name."""

from __future__ import annotations

from typing import Final

from accounts.permissions import Permission
from accounts.routes import SIGNED_IN, Access, needs

ROUTES: Final[dict[str, Access]] = {
    "manage-home": SIGNED_IN,
    "manage-organisation": needs(Permission.CONFERENCE_READ),
    "manage-conference": needs(Permission.CONFERENCE_READ),
    "manage-person": needs(Permission.PEOPLE_READ),
    "manage-person-merge": needs(Permission.PEOPLE_WRITE, Permission.PEOPLE_WRITE),
    "manage-time-line": needs(Permission.REGISTRATION_READ, also=(Permission.MAIL_READ,)),
}
