"""Access codes: making, changing and ending them, and the places that they keep."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from core import cleaning as v
from core.actors import CLOCK, Actor
from core.clock import resolve_local
from core.codes import new_code
from core.errors import DomainError, FieldError, invalid, stale
from core.services import audit
from events.models import Conference
from events.services.writing import (
    assign,
    load_root,
    refuse_if_used,
    save_root,
    taken_as,
)
from registrations.models import AccessCode, Allotment, RegistrationType
from registrations.services.capacity import hold_places, keep_places_for, uses_without_place
from registrations.services.code_uses import code_key
from registrations.services.place_locks import hold_types
from registrations.services.recording import record

MOST_USES: Final = 30_000
MOST_AT_ONCE: Final = 500
# 31 letters and digits, eight of them: 40 bits.
GENERATED: Final = 8
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{3,39}")
_TAKEN: Final = "Another code of this conference is the same."


def _code(value: Any) -> str:
    text = str(v.line(40)(value))
    if not _CODE.fullmatch(text):
        raise v.Wrong(
            "invalid",
            "Use 4 to 40 letters A to Z, digits, hyphens and underscores: every keyboard has them.",
        )
    return text


CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "code": _code,
    "name": v.line(200),
    "max_uses": v.whole_number(1, MOST_USES, required=False),
    "holds_places": v.flag,
    "approves": v.flag,
    "active": v.flag,
    "expires_local": v.local_time(required=False),
}


class CodeFields(TypedDict, total=False):
    """What a code may be given."""

    name: str
    max_uses: int | None
    holds_places: bool
    approves: bool
    expires_local: dt.datetime | str | None


@transaction.atomic
def create_access_code(
    *,
    conference: Conference,
    registration_types: Sequence[RegistrationType],
    actor: Actor,
    code: str = "",
    **fields: Unpack[CodeFields],
) -> AccessCode:
    """Make a code that opens these kinds of place; without `code` it is a random one.

    With `holds_places` a place of each kind is kept for each use, all of them or the code is
    refused.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when there is the same code; ``sold-out``
            when there are too few places to keep.
    """
    given = v.clean({"code": code or new_code(GENERATED), **fields}, CLEANERS)
    hold_types(kind.pk for kind in registration_types)
    row = AccessCode(conference=conference, code_key=code_key(given["code"]), **given)
    _resolve_and_check(row, registration_types)
    with taken_as("/code", _TAKEN):
        row.save(force_insert=True)
    row.registration_types.set(registration_types)
    record("create_access_code", row, actor)
    keep_for_uses(row)
    return row


@transaction.atomic
def make_access_codes(
    *,
    conference: Conference,
    registration_types: Sequence[RegistrationType],
    number: int,
    actor: Actor,
    **fields: Unpack[CodeFields],
) -> list[AccessCode]:
    """Make so many random codes, each for one use.

    Raises:
        DomainError: ``validation-failed``; ``sold-out`` when there are too few places to keep.
    """
    count = v.clean({"number": number}, {"number": v.whole_number(1, MOST_AT_ONCE)})["number"]
    given = v.clean({**fields, "max_uses": 1}, CLEANERS)
    hold_types(kind.pk for kind in registration_types)
    _resolve_and_check(AccessCode(conference=conference, **given), registration_types)
    taken = set(conference.access_codes.values_list("code_key", flat=True))
    texts: set[str] = set()
    while len(texts) < count:
        text = new_code(GENERATED)
        if text not in taken:
            texts.add(text)
    at = _instant(given.get("expires_local"), conference)
    rows = AccessCode.objects.bulk_create(
        AccessCode(conference=conference, code=text, code_key=text, expires_at=at, **given)
        for text in sorted(texts)
    )
    through = AccessCode.registration_types.through
    through.objects.bulk_create(
        through(accesscode_id=row.pk, registrationtype_id=kind.pk)
        for row in rows
        for kind in registration_types
    )
    audit.record(
        verb="make_access_codes",
        obj=conference,
        organisation_id=conference.organisation_id,
        actor=actor,
        facts={"number": count},
    )
    if given.get("holds_places"):
        allotments = _allotments(registration_types)
        got = hold_places(wanted={row.pk: 1 for row in rows}, allotments=allotments, of=AccessCode)
        if allotments and len(got) < count:
            raise DomainError(
                "sold-out", f"Only {len(got)} of {count} places are free. No code was made."
            )
    return rows


@transaction.atomic
def change_access_code(
    *,
    access_code: AccessCode,
    changes: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
) -> AccessCode:
    """Change a code; what it keeps follows: more uses keep more places, an ended one keeps none.

    Arguments:
        changes: names of CLEANERS, and ``registration_types``.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``conflict`` when there is the same code;
            ``sold-out`` when there are too few places to keep.
    """
    rest = dict(changes)
    types = rest.pop("registration_types", None)
    # Before the code, in the order in which others lock them.
    held = {kind.pk for kind in [*access_code.registration_types.all(), *(types or ())]}
    hold_types(held)
    row = load_root(access_code, expected, "conference")
    changed = assign(row, v.clean(rest, CLEANERS))
    before = set(row.registration_types.all())
    if any(kind.pk not in held for kind in before):
        raise stale()
    kinds = list(before) if types is None else list(types)
    if set(kinds) != before:
        changed.append("registration_types")
    if not changed:
        return row
    row.code_key = code_key(row.code)
    changed += [*_resolve_and_check(row, kinds), "code_key"]
    with taken_as("/code", _TAKEN):
        save_root(row, [name for name in changed if name != "registration_types"], expected)
    row.registration_types.set(kinds)
    record("change_access_code", row, actor, changed)
    keep_for_uses(row)
    return row


@transaction.atomic
def end_access_code(*, access_code: AccessCode, expected: int | None, actor: Actor) -> AccessCode:
    """Let nobody use a code any more; who came with it keeps the place.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when it has been ended already.
    """
    row = load_root(access_code, expected, "conference")
    if not row.active:
        raise DomainError("wrong-state", "This code has been ended already.")
    row.active = False
    save_root(row, ["active"], expected)
    record("end_access_code", row, actor, ["active"])
    keep_for_uses(row)
    return row


@transaction.atomic
def delete_access_code(*, access_code: AccessCode, expected: int | None, actor: Actor) -> None:
    """Delete a code that nobody ever came with; the places that it kept are free.

    Raises:
        DomainError: ``stale``; ``in-use``.
    """
    row = load_root(access_code, expected, "conference")
    refuse_if_used(
        row,
        owned={"registrations.heldplace"},
        detail="Somebody has registered with this code. End it instead of deleting it.",
    )
    record("delete_access_code", row, actor)
    keep_places_for(holder=row, wanted={})
    row.delete()


def release_expired_codes() -> int:
    """Give everybody the places that expired codes kept; return how many codes that were.

    Each is a transaction of its own; a second run finds nothing.
    """
    now = timezone.now()
    expired = AccessCode.objects.filter(expires_at__lte=now, held_places__isnull=False)
    return sum(
        _release(pk) for pk in expired.values_list("pk", flat=True).distinct().order_by("pk")
    )


@transaction.atomic
def _release(pk: int) -> int:
    row = (
        AccessCode.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conference")
        .filter(pk=pk, expires_at__lte=timezone.now())
        .first()
    )
    if row is None:
        return 0  # somebody has prolonged it while we waited
    record("release_expired_code", row, CLOCK)
    keep_for_uses(row)
    return 1


def keep_for_uses(row: AccessCode) -> None:
    """Keep a place of each of the code's kinds for each use that has taken none, or none at all.

    The caller has it locked. From here to the commit others wait.

    Raises:
        DomainError: ``sold-out``, and then nothing is kept differently.
    """
    wanted: dict[int, int] = {}
    if AccessCode.objects.keeping_places().filter(pk=row.pk).exists() and row.max_uses:
        allotments = _allotments(row.registration_types.all())
        wanted = dict.fromkeys(allotments, uses_without_place(row))
    lacking = keep_places_for(holder=row, wanted=wanted)
    if lacking is not None:
        name = Allotment.objects.get(pk=lacking).name
        raise DomainError(
            "sold-out",
            f"There are too few places in “{name}” to keep one for each use. Nothing was changed.",
        )


def resolve_expiry(row: AccessCode) -> list[str]:
    """Set the expiry's instant in memory; return its name where it changed."""
    return assign(row, {"expires_at": _instant(row.expires_local, row.conference)})


def _instant(local: Any, conference: Conference) -> dt.datetime | None:
    return resolve_local(local, conference.time_zone) if local is not None else None


def _allotments(types: Any) -> list[int]:
    rows = Allotment.objects.filter(registration_types__in=list(types)).order_by("pk").distinct()
    return list(rows.values_list("pk", flat=True))


def _resolve_and_check(row: AccessCode, types: Sequence[RegistrationType]) -> list[str]:
    errors = []
    if not types:
        errors.append(
            FieldError("/registration_types", "required", "Say which kinds of place it opens.")
        )
    if row.holds_places and row.max_uses is None:
        errors.append(
            FieldError("/max_uses", "required", "To keep places it needs a number of uses.")
        )
    v.refuse(errors)
    if row.max_uses is not None and row.max_uses < row.used:
        raise invalid(
            "/max_uses",
            "below-used",
            f"It has been used {row.used} times already. Give {row.used} or more.",
        )
    return resolve_expiry(row)
