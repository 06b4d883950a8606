"""Who is invited: adding to the guest list, changing a line of it, taking an invitation back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Account
from core.actors import Actor
from core.cleaning import Cleaner, clean, flag, local_time, whole_number
from core.clock import resolve_local
from core.errors import DomainError, invalid
from core.services import audit
from events.models import Conference, Person
from events.services.writing import assign, load_root, save_root
from registrations.enums import InvitationResponse
from registrations.models import Allotment, HeldPlace, Invitation, RegistrationType
from registrations.services.cancelling import check_conference_takes
from registrations.services.capacity import release_holds
from registrations.services.filling import fill_freed_places
from registrations.services.holding import keep_places, may_keep
from registrations.services.invitation_history import note, record, tell_invitations
from registrations.services.place_locks import allotments_about, hold_allotments, hold_types
from registrations.services.sending_invitations import Sent, send_invitations
from registrations.validators import line

__all__ = [
    "Added",
    "Sent",
    "add_invitations",
    "change_invitation",
    "resolve_deadline",
    "send_invitations",
    "set_invitation_keys",
    "withdraw_invitation",
]

MOST_WAVES: Final = 99
MAX_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class Added:
    """What adding people came to.

    Arguments:
        invitations: the new ones, in the order in which their people were named.
        already: how many of them had a live invitation.
        without_place: for how many of the new ones no place was left to keep.
    """

    invitations: list[Invitation]
    already: int
    without_place: int


@transaction.atomic
def add_invitations(  # noqa: PLR0913 - what an invitation has
    *,
    conference: Conference,
    person_ids: Collection[int],
    type_slug: str,
    actor: Actor,
    wave: int = 1,
    plus_one: bool = False,
    hold: bool = True,
    owner: Account | None = None,
    reply_until_local: dt.datetime | None = None,
) -> Added:
    """Put people on a conference's guest list; nothing is sent to them by that.

    A place is kept for each, two where a companion may come; who gets none is invited all the same.
    Who is invited already stays as they are.

    Raises:
        DomainError: ``validation-failed`` for an unknown type, person, owner or deadline;
            ``wrong-state`` when the conference will not be.
    """
    check_conference_takes(conference)
    kind = _type(conference, type_slug)
    values = clean(
        {"wave": wave, "plus_one": plus_one, "reply_until_local": reply_until_local}, CLEANERS
    )
    ids = list(dict.fromkeys(person_ids))
    people = Person.objects.filter(organisation_id=conference.organisation_id).in_bulk(ids)
    if len(people) < len(ids):
        raise invalid("/people", "unknown", "There is no such person in your organisation.")
    live = Invitation.objects.live().filter(conference=conference, person_id__in=ids)
    known = set(live.values_list("person_id", flat=True))
    rows = []
    for pk in ids:
        if pk in known:
            continue
        row = Invitation(
            conference=conference, person=people[pk], registration_type=kind, owner=owner, **values
        )
        _check_owner(row)
        _resolve(row)
        set_invitation_keys(row)
        rows.append(row)
    # Whom somebody else invites at this moment is invited already.
    Invitation.objects.bulk_create(rows, ignore_conflicts=True)
    made = Invitation.objects.select_related("conference", "person", "registration_type")
    by_code = {row.code: row for row in made.filter(code__in=[row.code for row in rows])}
    added = [by_code[row.code] for row in rows if row.code in by_code]
    note(added, "add", actor)
    audit.record(
        verb="add_invitations",
        obj=conference,
        organisation_id=conference.organisation_id,
        actor=actor,
        facts={"invitations": len(added), "wave": values["wave"]},
    )
    kept = keep_places(added, kind.pk) if hold else set()
    limited = hold and Allotment.objects.filter(registration_types=kind).exists()
    without = len(added) - len(kept) if limited else 0
    return Added(added, len(ids) - len(added), without)


@transaction.atomic
def change_invitation(
    *, invitation: Invitation, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Invitation:
    """Change what an organiser says about an invitation, not its answer.

    Arguments:
        changes: `wave`, `plus_one`, `owner` (an Account or None), `note`, `reply_until_local`,
            `registration_type` (a slug or the type), `hold` (whether a place is kept).

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``wrong-state`` for a withdrawn one, another
            type after a yes, a companion who comes already, a place for who has declined;
            ``sold-out`` when no place is left to keep.
    """
    row = load_root(invitation, expected, "conference", "person", "registration_type")
    if not row.is_live:
        raise DomainError("wrong-state", "This invitation was withdrawn.")
    wanted = dict(changes)
    hold = wanted.pop("hold", None)
    kind = wanted.pop("registration_type", row.registration_type)
    values = clean({k: v for k, v in wanted.items() if k != "owner"}, CLEANERS)
    if "owner" in wanted:
        values["owner"] = wanted["owner"]
    values["registration_type"] = _type(
        row.conference, kind if isinstance(kind, str) else kind.slug
    )
    has_hold = HeldPlace.objects.filter(invitation=row).exists()
    changed = assign(row, values)
    _check_change(row, changed)
    if hold and row.response == InvitationResponse.DECLINED:
        raise DomainError("wrong-state", "This guest does not come, so no place is kept.")
    _check_owner(row)
    derived = _resolve(row)
    if not row.plus_one and row.companion is not None:
        row.companion = None
        derived.append("companion")
    if not changed and hold in {None, has_hold}:
        return row
    save_root(row, [*changed, *derived], expected)
    note([row], "change", actor, detail=", ".join(sorted(changed))[:500])
    record(row, "change_invitation", actor, changed)
    tell_invitations(row.conference_id, [row.pk], "changed")
    _keep_as_wished(row, changed, has_hold=has_hold, wish=hold)
    fill_freed_places(conference_id=row.conference_id)
    return row


def _keep_as_wished(
    row: Invitation, changed: list[str], *, has_hold: bool, wish: bool | None
) -> None:
    """Keep places anew where their kind or number has changed, or where an organiser asks."""
    keeps = has_hold if wish is None else wish
    if keeps and has_hold and not {"registration_type", "plus_one"} & set(changed):
        return
    hold_types([row.registration_type_id])
    hold_allotments(allotments_about(row))
    release_holds(invitations=[row.pk])
    if not keeps or not (wish or may_keep(row, timezone.now())):
        return
    if not keep_places([row], row.registration_type_id) and wish:
        limited = Allotment.objects.filter(registration_types=row.registration_type_id)
        if limited.exists():
            raise DomainError("sold-out", "There is no place left to keep. Nothing was changed.")


@transaction.atomic
def withdraw_invitation(
    *, invitation: Invitation, expected: int | None, actor: Actor, reason: str = ""
) -> Invitation:
    """Take an invitation back: its link opens nothing but a sentence, its places are free again.

    No mail says so; what waits to be sent is taken back.

    Raises:
        DomainError: ``stale``; ``validation-failed`` for a reason that is no line of text;
            ``wrong-state`` when it was withdrawn, or the guest comes.
    """
    why = clean({"reason": reason}, {"reason": line(MAX_NOTE)})["reason"]
    row = load_root(invitation, expected, "conference", "person")
    if not row.is_live:
        raise DomainError("wrong-state", "This invitation was withdrawn already.")
    if row.response == InvitationResponse.ACCEPTED:
        raise DomainError(
            "wrong-state",
            "This guest has said yes. Cancel the registration first, then withdraw the invitation.",
        )
    row.withdrawn_at = timezone.now()
    save_root(row, ["withdrawn_at"], expected)
    note([row], "withdraw", actor, detail=why)
    record(row, "withdraw_invitation", actor, ["withdrawn_at"])
    tell_invitations(row.conference_id, [row.pk], "withdrawn")
    release_holds(invitations=[row.pk])
    fill_freed_places(conference_id=row.conference_id)
    return row


def set_invitation_keys(row: Invitation) -> list[str]:
    """Set in memory what lists search and sort by; return the names of those that changed."""
    person = row.person
    return assign(
        row,
        {
            "search_key": f"{person.search_key} {row.code.lower()}"[:1000].strip(),
            "sort_key": person.sort_key,
        },
    )


CLEANERS: Final[Mapping[str, Cleaner]] = {
    "wave": whole_number(1, MOST_WAVES),
    "plus_one": flag,
    "note": line(MAX_NOTE),
    "reply_until_local": local_time(required=False),
}


def _type(conference: Conference, slug: str) -> RegistrationType:
    found: RegistrationType | None = conference.registration_types.filter(slug=slug).first()
    if found is None:
        raise invalid(
            "/registration_type", "unknown", "There is no such kind of registration here."
        )
    return found


def resolve_deadline(row: Invitation) -> list[str]:
    """Set the deadline's instant in memory; return its name where it changed."""
    local, zone = row.reply_until_local, row.conference.time_zone
    at = resolve_local(local, zone) if local is not None else None
    return assign(row, {"reply_until_at": at})


def _resolve(row: Invitation) -> list[str]:
    changed = resolve_deadline(row)
    at = row.reply_until_at
    if changed and at is not None and at > row.conference.starts_at:
        raise invalid(
            "/reply_until_local", "range", "The deadline for an answer is before the conference."
        )
    return changed


def _check_owner(row: Invitation) -> None:
    if row.owner is None:
        return
    if not row.owner.memberships.filter(organisation_id=row.conference.organisation_id).exists():
        raise invalid("/owner", "unknown", "There is no such member in your team.")


def _check_change(row: Invitation, changed: Collection[str]) -> None:
    comes = row.response == InvitationResponse.ACCEPTED
    if "registration_type" in changed and comes:
        raise DomainError(
            "wrong-state", "This guest has said yes. The kind of place stays what it was then."
        )
    if "plus_one" in changed and not row.plus_one:
        companion = row.companion
        if companion is not None and companion.is_live:
            raise DomainError(
                "wrong-state",
                "Somebody comes with this guest already. Cancel that registration first.",
            )
