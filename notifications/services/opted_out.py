"""The list of addresses that get no optional mail, as organisers read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from accounts.models import Account, Organisation
from core.clock import to_local
from core.text import email_key, pick_text
from events import dates
from events.models import Conference
from notifications.enums import CancelReason
from notifications.models import LiftedSuppression, Message, Suppression
from notifications.services.suppression import suppressions_of

LIFTED_SHOWN: Final = 10
_ACTORS: Final[Mapping[str, str]] = {"guest": "themselves", "token": "a program"}


@dataclass(frozen=True, slots=True)
class OptedOut:
    """A suppression, lifted or not, in words.

    Arguments:
        reach: of what the address gets no more mail: a conference's title, or all of them.
        since: the day on which it was put down, or lifted.
        who: who did that.
    """

    row: Suppression | LiftedSuppression
    reach: str
    since: str
    who: str


def suppressions(
    organisation: Organisation, *, conference: Conference | None = None, text: str = ""
) -> QuerySet[Suppression]:
    """Return who opted out, the latest first.

    Arguments:
        conference: only what holds for this one, that for all conferences included.
        text: a part of the address, however it is written.
    """
    rows = Suppression.objects.filter(organisation=organisation).select_related("conference")
    if conference is not None:
        rows = rows.filter(Q(conference=conference) | Q(conference__isnull=True))
    typed = text.replace("\x00", "").strip().lower()[:254]
    if typed:
        rows = rows.filter(email_key__contains=typed)
    return rows.order_by("-created_at", "-pk")


def lately_lifted(organisation: Organisation) -> list[LiftedSuppression]:
    """Return what organisers have lifted, the latest first."""
    rows = LiftedSuppression.objects.filter(organisation=organisation)
    return list(rows.select_related("conference")[:LIFTED_SHOWN])


def in_words(
    rows: Sequence[Suppression | LiftedSuppression], organisation: Organisation
) -> list[OptedOut]:
    """Return rows in words; the accounts are read once."""
    ids = {row.by_id for row in rows if row.by_kind == "account"}
    names = {
        str(account.pk): account.get_full_name() for account in Account.objects.filter(pk__in=ids)
    }
    return [
        OptedOut(
            row,
            reach=reach_of(row),
            since=dates.say_short_date(to_local(row.created_at, organisation.time_zone), "en"),
            who=names.get(row.by_id) or _ACTORS.get(row.by_kind, "somebody"),
        )
        for row in rows
    ]


def reach_of(row: Suppression | LiftedSuppression) -> str:
    """Return of what an address gets no more mail."""
    if row.conference is None:
        return "All conferences"
    return pick_text(row.conference.title, "en", row.conference.languages)


def opt_outs_of(messages: Iterable[Message], conference: Conference) -> dict[int, str]:
    """Return message id -> since when its reader has opted out: "Opted out on 3 Mar 2027".

    One query, and none where no message was taken back for that.
    """
    taken_back = [m for m in messages if m.cancelled_for == CancelReason.SUPPRESSED]
    found = suppressions_of(conference, {email_key(m.to_email) for m in taken_back})
    return {
        message.pk: opted_out_on(found.get(email_key(message.to_email)), conference.time_zone)
        for message in taken_back
    }


def opted_out_on(row: Suppression | None, zone: str) -> str:
    """Return since when somebody has opted out, in words; what was lifted meanwhile has no day."""
    if row is None:
        return "Had opted out"
    return f"Opted out on {dates.say_short_date(to_local(row.created_at, zone), 'en')}"
