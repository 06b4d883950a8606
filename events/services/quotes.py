"""Quotes of an outcome: which words of whom. Asking and answering stands in `quote_answers`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError, FieldError, invalid
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.enums import Attribution, QuoteState
from events.models import Conference, Outcome, Person, Quote, Session
from events.services.attribution import attribution_of
from events.services.outcomes import load_outcome
from events.services.writing import assign, load_root, missing_text, put_in_order, save_root
from events.signals import QuoteChanged, quote_changed

MAX_QUOTE: Final = 2000
MOST_QUOTES: Final = 100
CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "text": v.texts(MAX_QUOTE, lines=True),
    "person": v.anything,
    "session": v.anything,
    "order": v.whole_number(0, MOST_QUOTES),
}
# What a quote is without an answer.
NO_ANSWER: Final[Mapping[str, Any]] = {
    "answered_at": None,
    "answered_via": "",
    "answered_name": "",
    "proposal": {},
    "comment": "",
}


@transaction.atomic
def create_quote(
    *,
    conference: Conference,
    person: Person,
    text: Mapping[str, str],
    actor: Actor,
    session: Session | None = None,
) -> Quote:
    """Add a quote to the outcome, after the others. Nobody sees it before it is approved.

    Raises:
        DomainError: ``not-found`` without an outcome; ``validation-failed``, also for words from a
            closed session.
    """
    values = v.clean({"text": text, "person": person, "session": session}, CLEANERS)
    root, outcome = load_outcome(conference, None)
    if outcome.quotes.count() >= MOST_QUOTES:
        detail = f"An outcome has {MOST_QUOTES} quotes at the most."
        raise DomainError("wrong-state", detail)
    row = Quote(outcome=outcome, order=outcome.quotes.count(), **values)
    row.by_name = _check(row, root) == Attribution.ON_THE_RECORD
    row.save(force_insert=True)
    raise_version(outcome)
    note("create_quote", row, actor)
    return row


@transaction.atomic
def change_quote(
    *, quote: Quote, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Quote:
    """Change a quote, or its place among the others.

    Other words, or another person or session, need approval anew: an answer that there was is
    forgotten, and a question that waits in the outbox is taken back.

    Raises:
        DomainError: ``stale``, ``validation-failed``, ``not-found``.
    """
    root, outcome, row = load_quote(quote, expected)
    values = v.clean(changes, CLEANERS)
    order = values.pop("order", None)
    person_id, before = row.person_id, row.state
    changed = assign(row, values)
    if order is not None and order != row.order:
        others = list(outcome.quotes.exclude(pk=row.pk))
        put_in_order([*others[:order], row, *others[order:]])
        changed.append("order")
    if not changed:
        return row
    is_other = bool({"text", "person", "session"} & set(changed))
    if is_other:
        changed += forget_answer(row)
        rule = _check(row, root)
        changed += assign(row, {"by_name": rule == Attribution.ON_THE_RECORD})
        if row.person_id != person_id:
            # The link was another person's.
            row.link_generation += 1
            changed.append("link_generation")
    save_root(row, changed, expected)
    raise_version(outcome)
    note("change_quote", row, actor, changed=changed, facts={"from": before, "to": row.state})
    if is_other:
        tell(row, "taken_back")
    return row


@transaction.atomic
def delete_quote(*, quote: Quote, expected: int | None, actor: Actor) -> None:
    """Take a quote off the outcome; a question that waits in the outbox is taken back.

    Raises:
        DomainError: ``stale``, ``not-found``.
    """
    _root, outcome, row = load_quote(quote, expected)
    note("delete_quote", row, actor)
    tell(row, "taken_back")
    row.delete()
    put_in_order(list(outcome.quotes.all()))
    raise_version(outcome)


def load_quote(quote: Quote, expected: int | None) -> tuple[Conference, Outcome, Quote]:
    """Return conference, outcome and quote afresh; the conference is locked first, always.

    Raises:
        DomainError: ``stale`` when the quote is not at the version `expected`; ``not-found``.
    """
    root, outcome = load_outcome(quote.outcome.conference, None)
    row = load_root(quote, expected, "person", "session")
    row.outcome = outcome
    return root, outcome, row


def forget_answer(row: Quote) -> list[str]:
    """Let a quote be one that nobody was asked about, in memory; return what changed."""
    return assign(row, {**NO_ANSWER, "state": QuoteState.DRAFT, "asked_at": None})


def note(verb: str, row: Quote, actor: Actor, **details: Any) -> None:
    """Write the audit entry of one quote."""
    organisation_id = row.outcome.conference.organisation_id
    audit.record(verb=verb, obj=row, organisation_id=organisation_id, actor=actor, **details)


def tell(row: Quote, verb: str) -> None:
    """Tell those above, in this transaction."""
    event = QuoteChanged(row.outcome.conference_id, (row.code,), verb)
    quote_changed.send(sender=Quote, event=event)


def _check(row: Quote, conference: Conference) -> Attribution:
    """Refuse what can not be a quote; return what may be told of it outside."""
    errors = missing_text("text", row.text, conference.first_language)
    if row.person.organisation_id != conference.organisation_id:
        errors.append(FieldError("/person", "unknown", "There is no such person."))
    if row.session is not None and row.session.conference_id != conference.pk:
        errors.append(FieldError("/session", "unknown", "The conference has no such session."))
    v.refuse(errors)
    rule = attribution_of(conference, row.person, row.session)
    if rule == Attribution.CLOSED:
        field = "session" if row.session is not None else "person"
        raise invalid(
            f"/{field}", "closed", "What is said in a closed session is not quoted, by anybody."
        )
    return rule
