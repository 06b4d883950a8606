"""What invited guests are sent, in the transaction that sends, answers or withdraws."""

from __future__ import annotations

from collections.abc import Collection

from core.text import email_key
from notifications.enums import CancelReason, MessageKind
from notifications.models import Message
from notifications.services.kinds import MAYBE
from notifications.services.outbox import cancel_messages_of, new_message, put_in
from notifications.services.recipients import Contact, person_contacts, registration_contact
from registrations.enums import InvitationResponse
from registrations.models import Invitation


def invite(invitation_ids: Collection[int], *, kind: MessageKind, occasion: str) -> None:
    """Queue an invitation, or a save-the-date, to each: to the assistant where there is one."""
    mails = []
    for row in _load(invitation_ids):
        for number, contact in enumerate(person_contacts(row.person, row.conference)):
            mails.append(_mail(row, contact, kind, occasion, copy=number > 0))
    if mails:
        put_in(mails)


def follow_answer(invitation_ids: Collection[int], *, by_guest: bool) -> None:
    """Take back what waits for who has answered, and thank for a regret or a maybe.

    A yes gets the confirmation of its registration, and a place given back the cancellation: each
    answer is one mail. What a member of the team writes down gets none beside those.
    """
    cancel_messages_of(invitations=invitation_ids, reason=CancelReason.ANSWERED)
    if not by_guest:
        return
    mails = []
    for row in _load(invitation_ids):
        if row.response not in {InvitationResponse.DECLINED, InvitationResponse.TENTATIVE}:
            continue
        told = _told_by_cancellation(row)
        for number, contact in enumerate(person_contacts(row.person, row.conference)):
            if email_key(contact.email) == told or row.answered_at is None:
                continue
            occasion = f"{row.answered_at:%Y%m%dT%H%M%S%f}"
            mails.append(_mail(row, contact, MessageKind.ANSWER, occasion, copy=number > 0))
    if mails:
        put_in(mails)


def take_back(invitation_ids: Collection[int]) -> None:
    """Take back what waits for invitations that were withdrawn; nobody is told."""
    cancel_messages_of(invitations=invitation_ids, reason=CancelReason.ORGANISER)


def _load(invitation_ids: Collection[int]) -> list[Invitation]:
    return list(
        Invitation.objects.filter(pk__in=invitation_ids)
        .select_related("conference", "person", "registration__booking")
        .prefetch_related("person__assistants")
        .order_by("pk")
    )


def _told_by_cancellation(row: Invitation) -> str:
    """Return the key of the address that hears of this very answer by a cancellation; "" if none
    does.
    """
    own = row.registration
    if own is None or own.is_live or row.answered_at is None or own.status_at < row.answered_at:
        return ""
    contact = registration_contact(own)
    return email_key(contact.email) if contact is not None else ""


def _mail(
    row: Invitation, contact: Contact, kind: MessageKind, occasion: str, *, copy: bool
) -> Message:
    """Return one mail; who gets a copy is one occasion more."""
    is_maybe = kind == MessageKind.ANSWER and row.response == InvitationResponse.TENTATIVE
    return new_message(
        key=f"{kind}:{row.code}:{occasion}{'.copy' if copy else ''}",
        kind=kind,
        template=MAYBE if is_maybe else "",
        conference=row.conference,
        contact=contact,
        invitation=row,
        person=row.person,
        facts={"response": row.response} if kind == MessageKind.ANSWER else {},
    )
