"""The locks around places, always taken in one order, so that nobody waits in a circle.

Invitation, registration, type, access code or hold-back, allotments; several of one kind by id.
docs/locks.md says what each verb takes. On SQLite there is one writer at a time, and none of this
waits for anybody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from core.errors import busy
from registrations.models import (
    AccessCode,
    Allotment,
    HeldPlace,
    Invitation,
    Registration,
    RegistrationType,
)

# So often the locks of a shut type are taken anew because somebody came in between.
_TRIES: Final = 5
# Django has no word for this weakest of locks.
_WAIT: Final = """
SELECT id, version FROM registrations_registrationtype WHERE id = ANY(%s)
ORDER BY id FOR KEY SHARE
"""
_WHAT_IS_FREE: Final = f"{_WAIT} SKIP LOCKED"


def hold_invitations(ids: Iterable[int | None]) -> None:
    """Lock these invitations to the transaction's end."""
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=_known(ids)).order_by("pk").values_list("pk"))


def hold_registrations(ids: Iterable[int | None]) -> None:
    """Lock these registrations to the transaction's end."""
    rows = Registration.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=_known(ids)).order_by("pk").values_list("pk"))


def hold_types(ids: Iterable[int], *, at_once: bool = False) -> dict[int, int]:
    """Let nobody change from which allotments these types draw, to the transaction's end.

    Any number may do so together: only who shuts a type waits for them.

    Arguments:
        at_once: whether those that somebody has shut are left out instead of waited for.

    Returns: id of a type -> its version, which such a change raises.
    """
    wanted = sorted(set(ids))
    if connection.vendor != "postgresql":
        rows = RegistrationType.objects.filter(pk__in=wanted)
        return dict(rows.order_by("pk").values_list("pk", "version"))
    with connection.cursor() as cursor:
        cursor.execute(_WHAT_IS_FREE if at_once else _WAIT, [wanted])
        return dict(cursor.fetchall())


def hold_codes(ids: Iterable[int | None], *, at_once: bool = False) -> set[int]:
    """Lock these access codes to the transaction's end; return the ids of those that are.

    Arguments:
        at_once: whether those that somebody else has are left out instead of waited for.
    """
    wanted = _known(ids)
    if not wanted:
        return set()
    rows = AccessCode.objects.select_for_update(of=("self",), no_key=True, skip_locked=at_once)
    return set(rows.filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True))


def hold_allotments(ids: Iterable[int], *, at_once: bool = False) -> list[Allotment]:
    """Lock these allotments to the transaction's end, and return them as they are.

    Arguments:
        at_once: whether those that somebody else has are left out instead of waited for.
    """
    rows = Allotment.objects.select_for_update(of=("self",), no_key=True, skip_locked=at_once)
    return list(rows.filter(pk__in=set(ids)).order_by("pk"))


def kept_allotments(**holder: Any) -> set[int]:
    """Return the ids of allotments of which places are kept: ``invitation=``, ``access_code=``."""
    return set(HeldPlace.objects.filter(**holder).values_list("allotment_id", flat=True))


def allotments_about(invitation: Invitation) -> set[int]:
    """Return the ids of allotments of which an invitation keeps places, or may keep them anew."""
    drawn = Allotment.objects.filter(registration_types=invitation.registration_type_id)
    return {*drawn.values_list("pk", flat=True), *kept_allotments(invitation=invitation)}


def hold_for_several(*, conference_id: int, registrations: Collection[int]) -> None:
    """Lock all that several verbs about these registrations may lock, before the first of them.

    For what is done in one transaction by verbs each of which takes its locks to the allotments;
    others of the conference wait from here to the commit.
    """
    ids = set(registrations)
    mine = Q(registration__in=ids) | Q(companion__in=ids)
    live = Invitation.objects.live().filter(mine)
    hold_invitations(live.values_list("pk", flat=True))
    both = live.values_list("registration_id", "companion_id")
    ids |= {pk for pair in both for pk in pair if pk is not None}
    hold_registrations(ids)
    facts = Registration.objects.filter(pk__in=ids).values_list(
        "registration_type_id", "access_code_id"
    )
    types, codes = zip(*facts, strict=True) if facts else ((), ())
    hold_types({*types, *live.values_list("registration_type_id", flat=True)})
    hold_codes(codes)
    rows = Allotment.objects.filter(conference_id=conference_id)
    hold_allotments(rows.values_list("pk", flat=True))


class _SomebodyCameError(Exception):
    """Somebody has a row that came in while the types were waited for: all is let go again."""


def shut(
    *,
    types: Collection[int],
    registrations: QuerySet[Registration],
    invitations: QuerySet[Invitation] | None = None,
) -> list[int]:
    """Lock these types against all who register or take places, and those who are there already.

    Arguments:
        registrations: of these types, whom the change is about; asked anew once the types are shut.
        invitations: the same.

    Returns: the ids of the registrations.

    Raises:
        DomainError: ``busy`` when others came in between again and again.
    """
    for _try in range(_TRIES):
        try:
            with transaction.atomic():
                return _shut(types, registrations, invitations)
        except _SomebodyCameError:
            continue
    raise busy()


def _shut(
    types: Collection[int],
    registrations: QuerySet[Registration],
    invitations: QuerySet[Invitation] | None,
) -> list[int]:
    guests: set[int] = set()
    if invitations is not None:
        guests = set(invitations.values_list("pk", flat=True))
        hold_invitations(guests)
    ids = set(registrations.values_list("pk", flat=True))
    hold_registrations(ids)
    rows = RegistrationType.objects.select_for_update(of=("self",))
    list(rows.filter(pk__in=types).order_by("pk").values_list("pk"))
    # From here nobody comes; who came meanwhile is not waited for, because of the order.
    if invitations is not None:
        _hold_rest(Invitation.objects.all(), set(invitations.values_list("pk", flat=True)) - guests)
    now = set(registrations.values_list("pk", flat=True))
    _hold_rest(Registration.objects.all(), now - ids)
    return sorted(now)


def _hold_rest(rows: QuerySet[Any], ids: set[int]) -> None:
    if not ids:
        return
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    if len(locked.filter(pk__in=ids).values_list("pk")) < len(ids):
        raise _SomebodyCameError


def _known(ids: Iterable[int | None]) -> set[int]:
    return {pk for pk in ids if pk is not None}
