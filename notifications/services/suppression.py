"""Who gets no more optional mail: opting out, getting it again, and what organisers do for others.

Optional is what `services.kinds` says. Opting out neither declines nor cancels anything. What waits
is taken back in the same transaction (services.suppressed_mail); what a sender has in hand is
looked at once more when it is begun (services.fitness), and planning asks here before it queues
anything.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from accounts.models import Organisation
from core.actors import Actor
from core.cleaning import Cleaner, clean, email_address, line
from core.errors import invalid
from core.services import audit
from core.text import email_key
from events.models import Conference
from events.services.writing import load_root, taken
from notifications.enums import OWN_WORD, SuppressionReason, SuppressionScope
from notifications.models import LiftedSuppression, Message, Suppression
from notifications.services.dbclock import DatabaseNow
from notifications.services.suppressed_mail import give_back, take_back

_ADDRESS: Final[Mapping[str, Cleaner]] = {
    "email": email_address(required=True),
    "note": line(300, required=True),
}
_NOTE: Final[Mapping[str, Cleaner]] = {"note": line(300)}

# Each registration asks for one address.
_IS_HELD: Final = """SELECT 1 FROM notifications_suppression
WHERE organisation_id = %s AND email_key = %s AND (conference_id IS NULL OR conference_id = %s)
LIMIT 1
"""


# --- Asking --------------------------------------------------------------------------------------
def suppressions_of(conference: Conference, keys: Collection[str]) -> dict[str, Suppression]:
    """Return key -> why an address gets no optional mail of a conference; one query.

    Arguments:
        keys: of addresses, as core.text.email_key makes them.
    """
    if not keys:
        return {}
    rows = _holding(conference).filter(email_key__in=keys).order_by("-created_at", "-pk")
    return {row.email_key: row for row in rows}  # the oldest one of a key comes last


def suppressed_keys(conference: Conference, keys: Collection[str]) -> frozenset[str]:
    """Return which of these addresses' keys get no optional mail of a conference; one query."""
    if not keys:
        return frozenset()
    if len(keys) == 1:
        (key,) = keys
        with connection.cursor() as cursor:
            cursor.execute(_IS_HELD, [conference.organisation_id, key, conference.pk])
            return frozenset([key] if cursor.fetchone() else [])
    rows = _holding(conference).filter(email_key__in=keys)
    return frozenset(rows.order_by().values_list("email_key", flat=True))


def why_suppressed(conference: Conference, email: str) -> Suppression | None:
    """Return why an address gets no optional mail of a conference; None where it does."""
    key = email_key(email)
    return suppressions_of(conference, [key]).get(key)


def scopes_stopped(message: Message) -> frozenset[SuppressionScope]:
    """Return of what the address that a message went to gets no more optional mail."""
    rows = _holding(message.conference).filter(email_key=email_key(message.to_email))
    return frozenset(row.scope for row in rows)


def _holding(conference: Conference) -> QuerySet[Suppression]:
    """Return what holds for a conference: its own, and that of all its organisation."""
    return Suppression.objects.filter(
        Q(conference__isnull=True) | Q(conference=conference),
        organisation_id=conference.organisation_id,
    )


# --- The reader's own word -----------------------------------------------------------------------
@transaction.atomic
def opt_out(
    *, message: Message, scope: SuppressionScope, reason: SuppressionReason, actor: Actor
) -> Suppression:
    """Send no more optional mail to the address that a message went to; once more is fine.

    Where an organiser had put it down, it is the reader's own word from now on.
    """
    conference = message.conference
    key = email_key(message.to_email)
    row, is_new = Suppression.objects.get_or_create(
        organisation_id=conference.organisation_id,
        conference=conference if scope == SuppressionScope.CONFERENCE else None,
        email_key=key,
        defaults={"reason": reason, "by_kind": actor.kind, "by_id": actor.id},
    )
    if is_new:
        _written_down("opt_out", row, actor, taken_back=take_back(row))
    elif row.reason not in OWN_WORD:
        Suppression.objects.filter(pk=row.pk).update(
            reason=reason,
            by_kind=actor.kind,
            by_id=actor.id,
            version=F("version") + 1,
            updated_at=DatabaseNow(),
        )
        row.refresh_from_db()
        _written_down("opt_out", row, actor)
    return row


@transaction.atomic
def opt_in_again(*, message: Message, actor: Actor) -> int:
    """Let the address that a message went to get all mail of its conference again.

    What keeps it from that is lifted, that of the whole organisation included. What waited and
    whose moment is still to come waits again. Returns how many suppressions were lifted.
    """
    rows = list(_holding(message.conference).filter(email_key=email_key(message.to_email)))
    for row in rows:
        _written_down("opt_in_again", row, actor)
    Suppression.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        give_back(row)
    return len(rows)


# --- The organiser's -----------------------------------------------------------------------------
@transaction.atomic
def suppress_by_organiser(
    *,
    organisation: Organisation,
    email: str,
    note: str,
    actor: Actor,
    conference: Conference | None = None,
) -> Suppression:
    """Put down that an address is to get no more optional mail, and who asked for it.

    Arguments:
        note: who asked for it, and how.
        conference: None for all conferences of the organisation.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when it is on the list already.
    """
    typed = clean({"email": email, "note": note}, _ADDRESS)
    if conference is not None and conference.organisation_id != organisation.pk:
        raise invalid("/conference", "unknown", "There is no such conference.")
    row, is_new = Suppression.objects.get_or_create(
        organisation=organisation,
        conference=conference,
        email_key=email_key(typed["email"]),
        defaults={
            "reason": SuppressionReason.ORGANISER,
            "note": typed["note"],
            "by_kind": actor.kind,
            "by_id": actor.id,
        },
    )
    if not is_new:
        raise taken("/email", "This address has opted out already.")
    _written_down("suppress_by_organiser", row, actor, taken_back=take_back(row))
    return row


@transaction.atomic
def lift_suppression(
    *, suppression: Suppression, note: str, expected: int | None, actor: Actor
) -> LiftedSuppression:
    """Let an address get optional mail again; what waited and is still to come waits again.

    Arguments:
        note: on whose word; needed where somebody opted out themselves.

    Raises:
        DomainError: ``stale``, ``not-found``, ``validation-failed``.
    """
    row = load_root(suppression, expected)
    typed = clean({"note": note}, _NOTE)
    if row.reason in OWN_WORD and not typed["note"]:
        raise invalid(
            "/note",
            "required",
            "They opted out themselves. Ask them first, and write who asked for it and how.",
        )
    lifted = LiftedSuppression.objects.create(
        organisation_id=row.organisation_id,
        conference_id=row.conference_id,
        suppression_uid=row.uid,
        reason=row.reason,
        note=typed["note"],
        by_kind=actor.kind,
        by_id=actor.id,
    )
    _written_down("lift_suppression", row, actor)
    Suppression.objects.filter(pk=row.pk).delete()
    give_back(row)
    return lifted


def _written_down(verb: str, row: Suppression, actor: Actor, **facts: int) -> None:
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        facts={"scope": str(row.scope), "reason": str(row.reason), **facts},
    )
