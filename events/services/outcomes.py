"""Outcomes: what the page after the event says. Publishing it stands in `outcome_publishing`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError, invalid, stale
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.enums import Attribution, OutcomeItemKind
from events.models import Conference, Outcome, OutcomeItem
from events.services.attribution import attribution_of
from events.services.writing import assign, load, missing_text, save

CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "headline": v.texts(v.MAX_TITLE),
    "summary": v.texts(v.MAX_TEXT, lines=True),
    "outlook": v.texts(v.MAX_TEXT, lines=True),
    "record_note": v.texts(2000, lines=True),
    "press_name": v.line(200),
    "press_email": v.email_address,
    "press_phone": v.line(40),
}
ITEM_CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "kind": v.choice(OutcomeItemKind),
    "topic": v.texts(200),
    "text": v.texts(v.MAX_TEXT, lines=True),
    "person": v.anything,
    "session": v.anything,
}
MOST_ITEMS: Final = 100
NO_OUTCOME: Final = "This conference has no outcome yet. Write it first."


class OutcomeFields(TypedDict, total=False):
    """What an outcome may say besides: how to quote, and who answers the press."""

    record_note: Mapping[str, str]
    press_name: str
    press_email: str
    press_phone: str


@transaction.atomic
def save_outcome(
    *,
    conference: Conference,
    headline: Mapping[str, str],
    summary: Mapping[str, str],
    outlook: Mapping[str, str],
    actor: Actor,
    expected: int | None,
    items: Sequence[Mapping[str, Any]] | None = None,
    related: Sequence[Conference] | None = None,
    **fields: Unpack[OutcomeFields],
) -> Outcome:
    """Write the outcome of a conference; a list or field that is not given stays as it was.

    Arguments:
        items: `kind` and `text`, perhaps `topic`, `person` and `session`, of each, in order; in
            place of all that were there.
        related: other conferences of the organisation, in place of those that were there.
        expected: the outcome's version; 0 where there is none yet, None where nobody looked.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    given = {"headline": headline, "summary": summary, "outlook": outlook, **fields}
    values = v.clean(given, CLEANERS)
    root = load(conference)
    v.refuse(missing_text("headline", values["headline"], root.first_language))
    outcome = Outcome.objects.filter(conference=root).first()
    is_public = outcome is not None and outcome.published_at is not None
    rows = None if items is None else checked_items(items, root, complete=is_public)
    for other in related or ():
        if other.organisation_id != root.organisation_id or other.pk == root.pk:
            raise invalid("/related", "unknown", "There is no such other conference.")
    if (expected or 0) != (outcome.version if outcome else 0) and expected is not None:
        raise stale()
    if outcome is None:
        outcome = Outcome.objects.create(conference=root, **values)
        changed = list(values)
    else:
        changed = assign(outcome, values)
        raise_version(outcome, expected)
        save(outcome, changed)
    if rows is not None:
        put_items(outcome, rows)
        changed.append("items")
    if related is not None:
        outcome.related.set(related)
        changed.append("related")
    audit.record(
        verb="save_outcome",
        obj=outcome,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=changed,
        facts={"items": outcome.items.count(), "related": outcome.related.count()},
    )
    return outcome


def load_outcome(conference: Conference, expected: int | None) -> tuple[Conference, Outcome]:
    """Return conference and outcome afresh: the conference is locked first, always.

    Raises:
        DomainError: ``stale`` when the outcome is not at the version `expected`; ``not-found``.
    """
    root = load(conference)
    outcome = Outcome.objects.filter(conference=root).first()
    if outcome is None:
        raise DomainError("not-found", NO_OUTCOME)
    if expected is not None and outcome.version != expected:
        raise stale()
    outcome.conference = root
    return root, outcome


def put_items(outcome: Outcome, rows: Sequence[OutcomeItem]) -> None:
    """Put these in place of an outcome's points, in this order."""
    outcome.items.all().delete()
    for order, item in enumerate(rows):
        item.pk, item.outcome, item.order = None, outcome, order
    OutcomeItem.objects.bulk_create(rows)


def checked_items(
    items: Sequence[Mapping[str, Any]], conference: Conference, *, complete: bool
) -> list[OutcomeItem]:
    """Return points as they may stand on an outcome.

    Arguments:
        complete: whether each must have its words; a draft's may follow.

    Raises:
        DomainError: ``validation-failed``.
    """
    if len(items) > MOST_ITEMS:
        raise invalid("/items", "too-many", f"An outcome has {MOST_ITEMS} points at the most.")
    return [
        checked_item(item, conference, complete=complete, prefix=f"/items/{index}")
        for index, item in enumerate(items)
    ]


def checked_item(
    item: Mapping[str, Any], conference: Conference, *, complete: bool, prefix: str = ""
) -> OutcomeItem:
    """Return one point as it may stand on an outcome.

    Raises:
        DomainError: ``validation-failed``.
    """
    values = v.clean(item, ITEM_CLEANERS, prefix=prefix)
    if not values.get("kind"):
        raise invalid(f"{prefix}/kind", "required", "Say whether this is a finding or a point.")
    values.setdefault("text", {})
    first = conference.first_language
    if not values["text"].get(first) and (complete or not values.get("topic", {}).get(first)):
        raise invalid(f"{prefix}/text", "required", "Write this in the first language.")
    person, session = values.get("person"), values.get("session")
    if person is not None and person.organisation_id != conference.organisation_id:
        raise invalid(f"{prefix}/person", "unknown", "There is no such person.")
    if session is not None and session.conference_id != conference.pk:
        raise invalid(f"{prefix}/session", "unknown", "The conference has no such session.")
    if session is not None:
        _check_attribution(attribution_of(conference, person, session), person, prefix)
    return OutcomeItem(**values)


def _check_attribution(rule: Attribution, person: Any, prefix: str) -> None:
    if rule == Attribution.CLOSED:
        raise invalid(
            f"{prefix}/session", "closed", "This session is closed: nothing said there is shown."
        )
    if rule == Attribution.CHATHAM_HOUSE and person is not None:
        raise invalid(
            f"{prefix}/person",
            "attribution",
            "The Chatham House Rule holds in this session: name nobody.",
        )
