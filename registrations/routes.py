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
    "personal-substitute": CAPABILITY,
    "personal-cancel": CAPABILITY,
    "personal-sessions": CAPABILITY,
    "invitation-answer": CAPABILITY,
    "speaker-answer": CAPABILITY,
    "speaker-seen": CAPABILITY,
    "invitation-seen": CAPABILITY,
    "personal-new-date": CAPABILITY,
    "personal-offer": CAPABILITY,
    "personal-still-coming": CAPABILITY,
    "personal-join-again": CAPABILITY,
    "personal-party-add": CAPABILITY,
    "personal-companion": CAPABILITY,
    "personal-companion-remove": CAPABILITY,
    "personal-companion-accept": CAPABILITY,
    "manage-registrations": _READ,
    "manage-registrations-csv": _READ,
    "manage-registration-new": _WRITE,
    "manage-registrations-xlsx": _READ,
    "manage-registrations-bulk": _WRITE,
    "manage-deed": needs(Permission.REGISTRATION_READ, Permission.REGISTRATION_WRITE),
    "manage-figures": _READ,
    "manage-walk-in": _WRITE,
    "manage-registration": needs(Permission.REGISTRATION_READ, Permission.REGISTRATION_WRITE),
    "manage-registration-verb": _WRITE,
    "manage-registration-answers": _WRITE,
    "manage-registration-substitute": _WRITE,
    "manage-registration-sensitive": _WRITE,
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
    "manage-form": _READ,
    "manage-form-preview": _READ,
    "manage-form-order": _WRITE,
    "manage-form-usual": _WRITE,
    "manage-form-section-new": _WRITE,
    "manage-form-section": _WRITE,
    "manage-form-section-move": _WRITE,
    "manage-form-section-delete": _WRITE,
    "manage-form-question-new": _WRITE,
    "manage-form-question": _WRITE,
    "manage-form-question-move": _WRITE,
    "manage-form-question-retire": _WRITE,
    "manage-form-question-restore": _WRITE,
    "manage-form-question-delete": _WRITE,
    "manage-places": _READ,
    "manage-allotment-new": _WRITE,
    "manage-allotment": _WRITE,
    "manage-allotment-delete": _WRITE,
    "manage-hold-back-new": _WRITE,
    "manage-hold-back": _WRITE,
    "manage-hold-back-release": _WRITE,
    # Whoever reads a code can use it.
    "manage-codes": _WRITE,
    "manage-codes-csv": _WRITE,
    "manage-code-new": _WRITE,
    "manage-codes-many": _WRITE,
    "manage-code": _WRITE,
    "manage-code-end": _WRITE,
    "manage-code-delete": _WRITE,
    "manage-sign-ups": _READ,
    "manage-sign-up-new": _WRITE,
    "manage-sign-up": needs(Permission.REGISTRATION_READ, Permission.REGISTRATION_WRITE),
    "manage-sign-up-csv": _READ,
    "manage-sign-up-delete": _WRITE,
}
