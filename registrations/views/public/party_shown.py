"""What a personal page says of those who come along."""

from __future__ import annotations

from typing import Any

from registrations import words
from registrations.enums import RegistrationStatus
from registrations.models import Registration
from registrations.services.cancelling import guests_may_change
from registrations.services.links import manage_path
from registrations.services.party_places import companions_of, may_add


def party_context(registration: Registration, *, query: str) -> dict[str, Any]:
    """Return what a lead's page says of who comes along; one query."""
    if registration.lead_id is not None or not registration.is_live:
        return {"party": []}
    rows = list(companions_of(registration))
    path = f"{manage_path(registration)}party/"
    may_change = guests_may_change(registration.conference)
    return {
        "party": [
            {
                "row": row,
                "status": status_word(row),
                "page": f"{path}{row.code}/{query}" if may_change else "",
                "accept": f"{path}{row.code}/accept/{query}"
                if row.status == RegistrationStatus.OFFERED and not row.email
                else "",
                # Who has an address has the link, and nobody else.
                "link": "" if row.email else f"{manage_path(row)}{query}",
            }
            for row in rows
        ],
        "may_add_companion": may_add(registration, registration.conference, len(rows)),
        "party_path": path,
    }


def status_word(row: Registration) -> str:
    """Return the status in the reader's words."""
    return str(words.STATUSES[RegistrationStatus(row.status)])
