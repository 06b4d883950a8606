"""What a registration is told, and what is planned for it, in the transaction that changed it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import prefetch_related_objects

from core.text import email_key
from notifications.enums import CancelReason, MessageKind
from notifications.models import Message, ReminderRule
from notifications.services.kinds import TO_FORMER
from notifications.services.known_rules import ASKED_AS, known_facts, plan_for_arrivals
from notifications.services.outbox import OPEN, cancel_messages_of, new_message, put_in, take_back
from notifications.services.plan_writing import as_message, compare, without_suppressed, write
from notifications.services.planning import Planned, planned_on_arrival
from notifications.services.recipients import Contact, registration_contact
from notifications.services.registration_messages import (
    SAID_TO_THEM,
    farewell,
    for_new_address,
    message_to,
    question,
    status_message,
)
from registrations.models import Registration
from registrations.signals import Answers, Former


def welcome(
    registration_ids: Collection[int],
    *,
    is_new: bool,
    loaded: Sequence[Registration] = (),
    with_reason: bool = False,
    says_status: bool = True,
    answers: Answers | None = None,
) -> None:
    """Tell registrations what they are now, and plan for them what rules have.

    What a rule's `late` says counts here: whoever comes after its moment is late.

    Arguments:
        is_new: whether they have just been made, so that nothing is there for them yet.
        loaded: the rows, where the caller has them as they are in this transaction.
        with_reason: whether they read why it was decided so.
        says_status: whether they are told at all; otherwise rules only plan.
        answers: what was asked along (FIGURES) as they were written.
    """
    all_of_them = loaded or _load(registration_ids)
    prefetch_related_objects([row for row in all_of_them if row.lead_id is not None], "lead")
    registrations = [row for row in all_of_them if not row.is_spoken_for]
    if not registrations:
        return
    conference = registrations[0].conference
    contact = registration_contact(registrations[0])
    key = email_key(contact.email) if contact is not None else ""
    answer = None
    if answers is not None and answers.email_key == key:
        answer = answers.rows.get(ASKED_AS)
    known = known_facts(conference, key, answer)
    rules = known.for_registrations
    plan = plan_for_arrivals(conference, known)
    wanted: dict[str, tuple[Planned, ReminderRule]] = {}
    merged: dict[int, list[str]] = {}
    for rule in rules:
        rows = [row for r in registrations for row in planned_on_arrival(rule, r, plan)]
        for row in rows:
            if row.held_back is CancelReason.MERGED and row.recipient.registration_id is not None:
                merged.setdefault(row.recipient.registration_id, []).append(rule.template)
        if is_new:
            wanted |= {row.key: (row, rule) for row in rows if row.instant.not_after > plan.now}
        else:
            write(compare(rows, rule, plan), rule, plan)
    reminders = [
        as_message(row, wanted[row.key][1], plan)
        for row in without_suppressed(
            [row for row, _rule in wanted.values()], conference, {key: known.suppressed}
        )
    ]
    status_mails = [
        mail
        for registration in (registrations if says_status else ())
        if (
            mail := status_message(
                registration, merged.get(registration.pk, []), with_reason=with_reason
            )
        )
        is not None
    ]
    if status_mails or reminders:
        put_in([*status_mails, *reminders])


def say_goodbye(registration_ids: Collection[int], *, with_reason: bool = False) -> None:
    """Take back what waits for registrations that are over, and tell them so."""
    cancel_messages_of(registrations=registration_ids, reason=CancelReason.REGISTRATION)
    rows = _addressed(registration_ids)
    _put(status_message(row, [], with_reason=with_reason) for row in rows)


def tell_lapse(registration_ids: Collection[int], kind: MessageKind) -> None:
    """Take back what waits for those who let their place go by silence, and tell them so."""
    cancel_messages_of(registrations=registration_ids, reason=CancelReason.REGISTRATION)
    _put(message_to(row, kind) for row in _addressed(registration_ids))


def offer(registration_ids: Collection[int]) -> None:
    """Tell those on the waiting list that a place is free for them, until it goes to the next."""
    _put(
        message_to(row, MessageKind.OFFER, not_after=row.offer_expires_at)
        for row in _addressed(registration_ids)
    )


def ask_again(registration_ids: Collection[int], code: str) -> None:
    """Ask those with a place whether they still come.

    Arguments:
        code: of the round, in which each of them is asked once.
    """
    _put(question(row, code) for row in _addressed(registration_ids))


def follow_change(registration_ids: Collection[int]) -> None:
    """Let what waits go where mail goes now; a new address is told what it is registered for."""
    for registration in _load(registration_ids):
        contact = registration_contact(registration)
        if contact is None:
            continue
        if registration.is_spoken_for:
            cancel_messages_of(registrations=[registration.pk], reason=CancelReason.REGISTRATION)
            continue
        mine = Message.objects.filter(registration=registration)
        _readdress(registration, contact)
        last = (
            mine.filter(kind__in=SAID_TO_THEM)
            .order_by("-pk")
            .values_list("to_email", flat=True)
            .first()
        )
        if last is None and registration.lead_id is not None and registration.email:
            # Up to now the lead's letters were for both.
            welcome([registration.pk], is_new=False)
        elif last is not None and last != contact.email:
            _put(for_new_address(registration))


def lead_on(registration_ids: Collection[int]) -> None:
    """Plan for who leads a party from now on what rules have, and mail their link."""
    welcome(registration_ids, is_new=False, says_status=False)
    send_link(registration_ids)


def hand_over(registration_ids: Collection[int], former: Former | None) -> None:
    """Tell who comes now what they are registered for, and who had the place that it is theirs.

    What was planned goes to the new one; what was still to be said of the registration is said to
    them anew.
    """
    for registration in _load(registration_ids):
        contact = registration_contact(registration)
        waits = Message.objects.filter(registration=registration, state__in=OPEN)
        outdated = waits.exclude(kind__in=TO_FORMER)
        if contact is not None:
            outdated = outdated.filter(kind__in=(*SAID_TO_THEM, MessageKind.MANAGE_LINK))
        take_back(outdated, CancelReason.REGISTRATION)
        if contact is not None:
            _readdress(registration, contact)
        _put([*for_new_address(registration), farewell(registration, contact, former)])


def _readdress(registration: Registration, contact: Contact) -> None:
    waits = Message.objects.filter(
        registration=registration, state__in=OPEN, person__isnull=True
    ).exclude(kind__in=TO_FORMER)
    waits.update(to_email=contact.email, to_name=contact.name[:250], language=contact.language)


def send_link(registration_ids: Collection[int]) -> None:
    """Mail registrations their personal link; who asks decides how often (registrations' links)."""
    mails = []
    for registration in _load(registration_ids):
        contact = registration_contact(registration)
        asked = registration.link_sent_at
        if contact is not None and asked is not None:
            mails.append(
                new_message(
                    key=f"{MessageKind.MANAGE_LINK}:{registration.code}:{asked:%Y%m%dT%H%M%S%f}",
                    kind=MessageKind.MANAGE_LINK,
                    conference=registration.conference,
                    contact=contact,
                    registration=registration,
                )
            )
    if mails:
        put_in(mails)


def _put(mails: Iterable[Message | None]) -> None:
    """Put the mails in that there are."""
    found = [mail for mail in mails if mail is not None]
    if found:
        put_in(found)


def _load(registration_ids: Collection[int]) -> list[Registration]:
    return list(
        Registration.objects.filter(pk__in=registration_ids)
        .select_related("conference", "booking", "registration_type", "lead")
        .order_by("pk")
    )


def _addressed(registration_ids: Collection[int]) -> list[Registration]:
    """Return them without companions whose lead is told the same."""
    return [row for row in _load(registration_ids) if not row.is_spoken_for]
