"""Using an access code: once for each live registration that came with it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection
from typing import Final

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError, invalid
from core.links import absolute_url
from events.models import Conference
from registrations.models import AccessCode, HeldPlace, Registration, RegistrationType
from registrations.querysets.access_code import AccessCodeQuerySet
from registrations.services.place_locks import hold_codes

# Where a code that can not be used is said, and what guessing is counted by.
POINTER: Final = "/access_code"
UNKNOWN: Final = "unknown"


def code_key(text: str) -> str:
    """Return the form of a code by which two are the same: NFC, trimmed, upper case."""
    return unicodedata.normalize("NFC", text).strip().upper()


def find_code(conference: Conference, text: str) -> AccessCode:
    """Return the code of a conference that somebody typed, with its kinds of place fetched.

    Raises:
        DomainError: ``validation-failed`` when there is none, when it was ended, has expired or is
            used up.
    """
    rows = AccessCode.objects.filter(conference=conference, code_key=code_key(text)[:41])
    code = rows.prefetch_related("registration_types").first()
    if code is None:
        raise invalid(POINTER, UNKNOWN, _("There is no such code here."))
    if (why := why_not(code)) is not None:
        raise why
    return code


def check_opens(code: AccessCode, kind: RegistrationType) -> None:
    """Refuse a kind of place that a code does not open.

    Raises:
        DomainError: ``validation-failed``.
    """
    if kind not in code.registration_types.all():
        raise invalid(POINTER, "wrong-type", _("This code is for another kind of place."))


def why_not(code: AccessCode) -> DomainError | None:
    """Return why nobody can use a code now; None when somebody can."""
    if not code.active or (code.expires_at is not None and code.expires_at <= timezone.now()):
        return invalid(POINTER, "ended", _("This code is not valid any more."))
    if code.max_uses is not None and code.used >= code.max_uses:
        return _used_up()
    return None


def _used_up() -> DomainError:
    return invalid(POINTER, "used-up", _("This code has been used already."))


def use_code(code: AccessCode, number: int = 1) -> None:
    """Count uses, one for each who comes; the code stays locked, so call it late.

    Raises:
        DomainError: ``validation-failed`` when somebody was quicker, it has been ended, or it has
            fewer uses left.
    """
    if _count(AccessCode.objects.in_use().filter(pk=code.pk), number):
        return
    now = AccessCode.objects.filter(pk=code.pk).first()
    if now is None:  # somebody has deleted it
        raise invalid(POINTER, UNKNOWN, _("There is no such code here."))
    raise why_not(now) or too_few_uses(now, number) or _used_up()


def too_few_uses(code: AccessCode, number: int) -> DomainError | None:
    """Return why a code is not for so many; None when it is."""
    if code.max_uses is None or code.max_uses - code.used >= number:
        return None
    return invalid(
        POINTER,
        "too-few-uses",
        _("This code is for fewer people: for %(left)d still, and you are %(number)d.")
        % {"left": code.max_uses - code.used, "number": number},
    )


def use_code_again(registration: Registration) -> None:
    """Count the use of somebody's code anew, whether or not others can still use it.

    Raises:
        DomainError: ``conflict`` when it has no use left.
    """
    if registration.access_code_id is None:
        return
    if not _count(AccessCode.objects.filter(pk=registration.access_code_id)):
        raise DomainError(
            "conflict",
            _(
                "The access code that this registration came with has no use left, so it has to be "
                "allowed more uses first. Nothing was changed."
            ),
        )


def kept_by_codes(registrations: Collection[Registration]) -> dict[int, dict[int, int]]:
    """Return how many places of each allotment their codes keep now, by code; one query."""
    ids = {row.access_code_id for row in registrations if row.access_code_id is not None}
    if not ids:
        return {}
    found: dict[int, dict[int, int]] = {}
    rows = HeldPlace.objects.filter(access_code__in=AccessCode.objects.keeping_places())
    for code_id, allotment_id, count in rows.filter(access_code_id__in=ids).values_list(
        "access_code_id", "allotment_id", "count"
    ):
        found.setdefault(code_id, {})[allotment_id] = count
    return found


def locked_keepers(registrations: Collection[Registration]) -> dict[int, AccessCode]:
    """Return the codes with which these came that keep places now, locked, by id."""
    ids = hold_codes(row.access_code_id for row in registrations)
    if not ids:
        return {}
    rows = AccessCode.objects.filter(pk__in=ids).keeping_places()
    return {code.pk: code for code in rows.order_by("pk")}


def give_use_back(registration: Registration) -> None:
    """Let somebody else have the use of a code; before the registration's places go back."""
    if registration.access_code_id is not None:
        AccessCode.objects.filter(pk=registration.access_code_id).update(
            used=F("used") - 1, updated_at=timezone.now()
        )


def give_uses_back(registrations: Collection[Registration]) -> None:
    """Do so for several; the codes stay locked, which is why they are locked by id."""
    uses = Counter(row.access_code_id for row in registrations if row.access_code_id is not None)
    for pk in sorted(uses):
        AccessCode.objects.filter(pk=pk).update(
            used=F("used") - uses[pk], updated_at=timezone.now()
        )


def _count(rows: AccessCodeQuerySet, number: int = 1) -> bool:
    left = rows.filter(Q(max_uses__isnull=True) | Q(max_uses__gte=F("used") + number))
    return bool(left.update(used=F("used") + number, updated_at=timezone.now()))


def code_link(conference: Conference, code: AccessCode) -> str:
    """Return the address of the form with the code filled in."""
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    return f"{absolute_url(reverse('register', kwargs=at))}?code={code.code}"
