"""Who tries out access codes is slowed down; who mistypes one, or sits in a full lecture hall, not.

Only codes that are not there are counted. Each registration that came with a code allows its
client one more wrong one, so that a crowd behind one address does not stop itself; and while a
whole conference's codes are being guessed from everywhere, each client still has a few tries.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from core.counting import count_try, tries_so_far
from core.errors import DomainError, FieldError
from events.models import Conference
from registrations.services.code_uses import POINTER, UNKNOWN

SECONDS: Final = 600
A_CLIENT: Final = 20
A_CONFERENCE: Final = 300
# What each client may still try while the conference's limit is passed.
AT_LEAST: Final = 3


def check_guesses(conference: Conference, client: str, code: str) -> None:
    """Refuse to look at another code from who has tried too many.

    Raises:
        DomainError: ``throttled``, at the code's field.
    """
    if not settings.THROTTLE or not code.strip():
        return
    wrong = tries_so_far(_key("wrong", conference, client), SECONDS)
    if wrong.number < AT_LEAST:
        return
    everywhere = tries_so_far(_key("wrong", conference), SECONDS)
    right = tries_so_far(_key("right", conference, client), SECONDS)
    allowed = A_CLIENT if everywhere.number < A_CONFERENCE else AT_LEAST
    if wrong.number < allowed + right.number:
        return
    detail = _("Too many wrong codes came from your network. Try again later, or go on without.")
    raise DomainError(
        "throttled",
        detail,
        errors=[FieldError(POINTER, "throttled", detail)],
        retry_after=wrong.seconds_left,
    )


def count_guess(conference: Conference, client: str, refusal: DomainError | None) -> None:
    """Count what came of a code: a refusal, or a registration."""
    if refusal is None:
        count_try(_key("right", conference, client), SECONDS)
    elif any(error.pointer == POINTER and error.code == UNKNOWN for error in refusal.errors):
        count_try(_key("wrong", conference, client), SECONDS)
        count_try(_key("wrong", conference), SECONDS)


def _key(what: str, conference: Conference, client: str = "") -> str:
    return f"access-code-{what}:{conference.pk}:{client}"
