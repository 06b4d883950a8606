"""Who may use the pages of notifications, by URL name."""

from __future__ import annotations

from typing import Final

from accounts.permissions import Permission
from accounts.routes import CAPABILITY, DEMO, Access, needs

_READ = needs(Permission.MAIL_READ)
_WRITE = needs(Permission.MAIL_WRITE, Permission.MAIL_WRITE)
_PROGRAMME_WRITE = needs(Permission.PROGRAMME_WRITE, Permission.PROGRAMME_WRITE)
_BOTH = needs(Permission.MAIL_READ, Permission.MAIL_WRITE)

ROUTES: Final[dict[str, Access]] = {
    "preferences": CAPABILITY,
    "invitation-calendar": CAPABILITY,
    "speaker-calendar": CAPABILITY,
    "manage-speakers-ask": _PROGRAMME_WRITE,
    "manage-speakers-ask-preview": _PROGRAMME_WRITE,
    "manage-inbox": DEMO,
    "manage-inbox-mail": DEMO,
    "manage-inbox-html": DEMO,
    "manage-inbox-file": DEMO,
    "manage-suppressions": _READ,
    "manage-suppression-new": _WRITE,
    "manage-suppression-lift": _WRITE,
    "manage-outbox": _READ,
    "manage-outbox-cancel": _WRITE,
    "manage-outbox-retry": _WRITE,
    "manage-mail-pause": _WRITE,
    "manage-mail-resume": _WRITE,
    "manage-message": _READ,
    "manage-message-html": _READ,
    "manage-message-retry": _WRITE,
    "manage-message-cancel": _WRITE,
    "manage-mail-calendar": _READ,
    "manage-why": _READ,
    "manage-announcements": _READ,
    "manage-announcement-new": _WRITE,
    "manage-announcement-count": _WRITE,
    "manage-announcement-preview": _WRITE,
    "manage-announcement": needs(Permission.MAIL_READ, Permission.MAIL_WRITE),
    "manage-announcement-check": needs(Permission.MAIL_READ, Permission.MAIL_WRITE),
    "manage-announcement-delete": _WRITE,
    "manage-announcement-moment": _WRITE,
    "manage-announcement-verb": _WRITE,
    "manage-rules": _READ,
    "manage-rule-new": _WRITE,
    "manage-rule": needs(Permission.MAIL_READ, Permission.MAIL_WRITE),
    "manage-rule-switch": _WRITE,
    "manage-rule-delete": _WRITE,
    **{
        f"manage-{level}mail-text{page}": access
        for level in ("", "host-")
        for page, access in (
            ("s", _READ),
            ("-new", _WRITE),
            ("", _BOTH),
            ("-preview", _BOTH),
            ("-test", _WRITE),
            ("-reset", _WRITE),
        )
    },
}
