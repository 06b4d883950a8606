"""Somebody comes, or comes back, and what they had chosen is full by now: they come without it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from core.actors import Actor
from core.models import AuditEntry
from registrations.models import (
    AccessCode,
    Answer,
    Invitation,
    Registration,
    SensitiveAnswer,
    SignUp,
)
from registrations.services.capacity import take_places
from registrations.services.recording import record

VERB: Final = "lose_choice"


def take_for_invited(
    *,
    registration: Registration,
    allotments: Collection[int],
    invitation: Invitation,
    actor: Actor,
) -> None:
    """Take the places of who is invited by name, as far as there are any; call it last.

    The type's place is theirs in any case: kept, free, or on top. A session or an option without a
    place left is chosen no more, which the time line and the guest's page say.

    Arguments:
        allotments: ids of all that the registration takes a place of.
    """
    of_type = set(registration.registration_type.allotments.values_list("pk", flat=True))
    wanted = set(allotments)
    while wanted:
        lacking = take_places(wanted={registration.pk: wanted}, holder=invitation)
        if lacking is None:
            return
        if lacking in of_type:
            wanted -= of_type
        else:
            wanted.discard(lacking)
            _lose(registration, lacking, actor)


def take_for_who_comes_back(
    *,
    registration: Registration,
    allotments: Collection[int],
    code: AccessCode | None,
    actor: Actor,
) -> int | None:
    """Take the places of who was not invited, as far as there are any; call it last.

    Without the type's place nobody comes: its allotment is returned where that is full. A session
    or an option without a place left is chosen no more, as for who is invited.

    Arguments:
        allotments: ids of all that the registration takes a place of.
        code: whose kept places are used first.
    """
    of_type = set(registration.registration_type.allotments.values_list("pk", flat=True))
    wanted = set(allotments)
    while (lacking := take_places(wanted={registration.pk: wanted}, holder=code)) is not None:
        if lacking in of_type:
            return lacking
        wanted.discard(lacking)
        _lose(registration, lacking, actor)
    return None


def lost_sessions(registration: Registration) -> list[str]:
    """Return the codes of sessions that somebody lost since they chose last; one query."""
    entries = AuditEntry.objects.filter(
        object_type=registration._meta.label_lower,
        object_uid=str(registration.uid),
        verb__in=(VERB, "choose_sessions"),
    )
    lost: list[str] = []
    for verb, facts in entries.order_by("at", "pk").values_list("verb", "facts"):
        lost = [] if verb != VERB else [*lost, str(facts.get("session") or "")]
    return [code for code in lost if code]


def _lose(row: Registration, allotment: int, actor: Actor) -> None:
    left = SignUp.objects.filter(registration=row, sign_up_session__allotment=allotment)
    code = left.values_list("sign_up_session__session__code", flat=True).first()
    left.delete()
    for model in (Answer, SensitiveAnswer):
        model.objects.filter(registration=row, option__allotment=allotment).delete()
    changed = "answers" if code is None else "sessions"
    record(VERB, row, actor, [changed], facts={} if code is None else {"session": code})
