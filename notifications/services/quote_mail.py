"""What who is quoted is sent, in the transaction that asks them or takes the question back."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from events.models import Quote
from notifications.enums import CancelReason, MessageKind
from notifications.models import Message
from notifications.services.outbox import OPEN, new_message, put_in, take_back
from notifications.services.quote_facts import ABOUT_A_QUOTE, asking_of, facts_of_asking
from notifications.services.recipients import person_contacts


def ask_for_approval(codes: Collection[str]) -> None:
    """Queue the question to each: to the assistant where there is one, with a copy where wished.

    What waits of an earlier asking is overtaken by it.
    """
    rows = list(
        Quote.objects.filter(code__in=codes)
        .select_related("outcome__conference", "person")
        .prefetch_related("person__assistants")
        .order_by("pk")
    )
    if not rows:
        return
    take_back_quotes(rows[0].outcome.conference_id, codes, CancelReason.PLAN)
    mails = [mail for row in rows for mail in _mails(row)]
    if mails:
        put_in(mails)


def take_back_quotes(conference_id: int, codes: Collection[str], reason: CancelReason) -> None:
    """Take back what waits about these quotes."""
    for code in codes:
        waiting = Message.objects.filter(
            conference_id=conference_id,
            state__in=OPEN,
            kind__in=ABOUT_A_QUOTE,
            key__startswith=f"quote:{code}:",
        )
        take_back(waiting, reason)


def _mails(row: Quote) -> Iterator[Message]:
    """Yield a mail for each who gets it; who gets a copy is one occasion more."""
    conference = row.outcome.conference
    for number, contact in enumerate(person_contacts(row.person, conference)):
        yield new_message(
            key=f"quote:{row.code}:{asking_of(row)}{'.copy' if number else ''}",
            kind=MessageKind.QUOTE_ASK,
            conference=conference,
            contact=contact,
            person=row.person,
            facts=facts_of_asking(row),
        )
