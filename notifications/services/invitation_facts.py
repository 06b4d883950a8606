"""What mails say about an invitation: where it is answered, and until which day that counts."""

from __future__ import annotations

from copy import copy
from typing import Final

from django.utils import timezone

from core.links import absolute_url, link_token
from notifications.models import Message
from notifications.services import wording
from registrations.models import Invitation

_PURPOSE: Final = "invitation"


def answer_link(invitation: Invitation, generation: int) -> str:
    """Return the address of the answer page as it was, or is, at a link generation."""
    then = copy(invitation)
    then.link_generation = generation
    token = link_token(_PURPOSE, then.pk, then.link_generation)
    return absolute_url(f"/i/{then.code}/{token}/")


def answer_links_of(message: Message) -> dict[str, str]:
    """Return placeholder -> address of the link by which a message's invitation is answered."""
    invitation = message.invitation
    if invitation is None:
        return {}
    generation = invitation.link_generation
    return {f"⟦answer:{generation}⟧": answer_link(invitation, generation)}


def invitation_values(message: Message, language: str) -> dict[str, str]:
    """Return what a mail may say about its invitation; the deadline only while it is to come."""
    invitation = message.invitation
    if invitation is None:
        return {}
    conference = message.conference
    at = invitation.reply_until_at or conference.reply_until_at
    local = invitation.reply_until_local or conference.reply_until_local
    ahead = at is not None and local is not None and at > timezone.now()
    return {
        "answer_url": next(iter(answer_links_of(message).values())),
        "reply_on": wording.on_day(local.date(), language) if ahead and local else "",
    }
