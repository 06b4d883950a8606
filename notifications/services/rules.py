"""Reminder rules: made, changed, deleted. The sweeper sees it and plans.

A change also raises the conference's plan revision: nothing of the rule as it was goes out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.clock import Offset
from core.errors import DomainError, FieldError
from core.services import audit
from core.services.versions import raise_version
from events.models import Conference, Session
from events.services.instants import raise_plan_revision
from events.services.writing import assign, load_root, save
from events.validators import clean, refuse
from notifications.enums import (
    SPEAKING,
    Anchor,
    Audience,
    CancelReason,
    Late,
    MessageKind,
    MessageState,
)
from notifications.models import Message, ReminderRule
from notifications.services.kinds import FOR_INVITATIONS, KINDS, MAYBE, SPEAKER_THANKS
from notifications.services.outbox import cancel_messages_of
from notifications.services.own_texts import own_slugs
from notifications.services.texts import templates
from notifications.validators import RULE

_REQUIRED: Final = ("name", "audience", "anchor", "offset", "template")
_DEFAULTS: Final[Mapping[str, Any]] = {
    "at": None,
    "session": None,
    "role": "",
    "quiet_hours": False,
    "working_days": False,
    "late": Late.SKIP.value,
    "enabled": True,
}
# These are known only once they have happened: nothing can be counted back from them.
_KNOWN_AFTERWARDS: Final = {
    Anchor.REGISTERED,
    Anchor.INVITATION_SENT,
    Anchor.SPEAKER_ASKED,
    Anchor.OUTCOME_PUBLISHED,
}
# Texts that belong to an act or an event, never to a rule.
_NOT_FOR_RULES: Final = frozenset(
    (
        *(row.template for kind, row in KINDS.items() if kind is not MessageKind.REMINDER),
        *FOR_INVITATIONS.values(),
        *SPEAKER_THANKS.values(),
        MAYBE,
    )
)


def rule_templates(conference: Conference | None = None) -> tuple[str, ...]:
    """Return the texts among which a rule chooses, with those that a conference has of its own."""
    delivered = tuple(name for name in templates() if name not in _NOT_FOR_RULES)
    return delivered if conference is None else (*delivered, *own_slugs(conference))


@transaction.atomic
def create_reminder_rule(
    *, conference: Conference, values: Mapping[str, Any], actor: Actor
) -> ReminderRule:
    """Add a rule; its mails are planned within seconds, once the conference is published.

    A moment that has passed already is made up for at once, until it is no longer worth sending.

    Arguments:
        values: name, audience, anchor, offset, template; perhaps at, session (a row or its code),
            role, quiet_hours, working_days, late, enabled.

    Raises:
        DomainError: ``validation-failed``.
    """
    row = checked_rule(conference=conference, rule=None, values=values)
    row.save(force_insert=True)
    audit.record(
        verb="create_reminder_rule",
        obj=row,
        organisation_id=conference.organisation_id,
        actor=actor,
    )
    return row


def checked_rule(
    *, conference: Conference, rule: ReminderRule | None, values: Mapping[str, Any]
) -> ReminderRule:
    """Return a rule as it would be with these values; nothing is kept.

    Arguments:
        rule: the one that would be changed; None for a new one.

    Raises:
        DomainError: ``validation-failed``.
    """
    if rule is not None:
        row = copy(rule)
        assign(row, _clean(conference, values))
    else:
        refuse(
            [
                FieldError(f"/{name}", "required", "This is needed.")
                for name in _REQUIRED
                if values.get(name) in (None, "")
            ]
        )
        row = ReminderRule(conference=conference, **_clean(conference, {**_DEFAULTS, **values}))
    refuse(list(_contradictions(row)))
    return row


@transaction.atomic
def change_reminder_rule(
    *, rule: ReminderRule, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> ReminderRule:
    """Change a rule; what it has planned is planned anew, what it has sent stays sent.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    row = load_root(rule, expected, "conference", "session")
    changed = assign(row, _clean(row.conference, changes))
    if not changed:
        return row
    refuse(list(_contradictions(row)))
    raise_version(row, expected)
    save(row, changed)
    raise_plan_revision(row.conference)
    audit.record(
        verb="change_reminder_rule",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=changed,
    )
    return row


@transaction.atomic
def delete_reminder_rule(*, rule: ReminderRule, expected: int | None, actor: Actor) -> None:
    """Delete a rule that has sent nothing; what it had planned is taken back.

    Raises:
        DomainError: ``stale``; ``in-use`` when it has sent something, or is about to.
    """
    row = load_root(rule, expected, "conference")
    cancel_messages_of(rule=row, reason=CancelReason.PLAN)
    if Message.objects.filter(rule=row).exclude(state=MessageState.CANCELLED).exists():
        raise DomainError(
            "in-use", "This rule has sent mail, so it stays in the history. Switch it off instead."
        )
    audit.record(
        verb="delete_reminder_rule",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
    )
    row.delete()


def _clean(conference: Conference, values: Mapping[str, Any]) -> dict[str, Any]:
    found = clean(values, RULE)
    errors = []
    if "template" in found and found["template"] not in (texts := rule_templates(conference)):
        known = ", ".join(texts)
        errors.append(FieldError("/template", "choice", f"Choose one of {known}."))
    if "session" in found:
        found["session"] = session = _session(conference, found["session"])
        if session is None and values["session"]:
            errors.append(FieldError("/session", "unknown", "There is no such session."))
    refuse(errors)
    return found


def _session(conference: Conference, given: Session | str | None) -> Session | None:
    if isinstance(given, Session):
        return given if given.conference_id == conference.pk else None
    if not given or not isinstance(given, str):
        return None
    return conference.sessions.filter(code=given).first()


def _contradictions(rule: ReminderRule) -> Iterator[FieldError]:
    """Yield what does not go together."""
    audience, anchor = Audience(rule.audience), Anchor(rule.anchor)
    offset = Offset(rule.offset)
    speaking = audience in SPEAKING
    if rule.at is not None and not offset.whole_days:
        yield FieldError("/at", "whole-days", "A time of day goes with whole days only: -P1D.")
    if anchor in _KNOWN_AFTERWARDS and offset.is_before:
        yield FieldError("/offset", "before", "Nobody knows this moment before it has come.")
    if audience is Audience.NO_SHOWS and offset.is_before:
        yield FieldError("/offset", "before", "Nobody is missing before the end.")
    if (why := _not_theirs(audience, anchor)) is not None:
        yield FieldError("/anchor", "audience", why)
    if rule.role and not speaking:
        yield FieldError("/role", "audience", "Only speakers have a role.")
    if rule.session is None:
        if audience is Audience.SESSION:
            yield FieldError("/session", "required", "Say which session's people.")
        elif anchor is Anchor.SESSION_START and not speaking:
            yield FieldError("/session", "required", "Say before which session.")
    elif anchor is not Anchor.SESSION_START and not speaking:
        yield FieldError("/session", "unused", "This rule is about the conference as a whole.")


def _not_theirs(audience: Audience, anchor: Anchor) -> str | None:
    """Return why people of an audience have no such moment, None where they have."""
    silent, asked = audience is Audience.UNANSWERED, audience is Audience.ASKED
    if anchor is Anchor.REGISTERED and (silent or asked or audience in SPEAKING):
        return "They have not registered." if silent else "Speakers do not register."
    if anchor is Anchor.SPEAKER_ASKED and not asked:
        return "Only who was asked to speak has this moment."
    if anchor is Anchor.INVITATION_SENT and not silent:
        return "Only guests without an answer are reminded of their invitation."
    if anchor is Anchor.SESSION_START and (silent or asked):
        return "Who has not answered belongs to no session."
    return None
