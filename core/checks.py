"""System checks: what must never run in production."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks

from core.tickets import key_is_usable

TAG = "lectern"


@register(TAG)
def secret_key_is_our_own(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with DEBUG off and the key that everybody can read in the source."""
    if not settings.DEBUG and settings.SECRET_KEY == settings.INSECURE_KEY:
        return [
            Error(
                "SECRET_KEY is the default that stands in the source.",
                hint="Set SECRET_KEY in the environment or .env; `make run` makes one by itself.",
                id="lectern.E001",
            )
        ]
    return []


@register(TAG)
def ticket_key_is_a_seed(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a key that can not sign tickets."""
    if key_is_usable():
        return []
    return [
        Error(
            "TICKET_KEY is not 32 bytes in URL-safe base64.",
            hint="Leave it empty, or give it the key from your backup.",
            id="lectern.E002",
        )
    ]


def refuse_unsafe_start() -> None:
    """Run our own checks where no management command does: in web servers and workers.

    Raises:
        SystemExit: with one sentence a finding.
    """
    serious = [found for found in run_checks(tags=[TAG]) if found.is_serious()]
    if serious:
        raise SystemExit("\n".join(f"{found.msg} {found.hint}" for found in serious))
