"""Invitations go out: only by an organiser's own click, once a click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from events.enums import ConferenceState
from events.models import Conference
from registrations.enums import InvitationResponse
from registrations.models import Invitation
from registrations.services.cancelling import guests_may_change
from registrations.services.contacts import address_of
from registrations.services.invitation_history import note, tell_invitations

# Two clicks are one sending.
PAUSE: Final = dt.timedelta(minutes=1)
_DECIDED: Final = frozenset({InvitationResponse.ACCEPTED, InvitationResponse.DECLINED})


@dataclass(frozen=True, slots=True)
class Sent:
    """What a sending came to.

    Arguments:
        queued: to how many guests a mail is on its way.
        skipped: who gets none, each with the reason.
    """

    queued: int
    skipped: list[tuple[Invitation, str]]


@transaction.atomic
def send_invitations(
    *,
    conference: Conference,
    invitation_ids: Collection[int],
    actor: Actor,
    save_the_date: bool = False,
) -> Sent:
    """Send invitations, or ask to save the date; sending again is another mail.

    Arguments:
        invitation_ids: of the conference; others are passed over.

    Raises:
        DomainError: ``wrong-state`` while the conference is not published, or too late for answers.
    """
    conference = Conference.objects.get(pk=conference.pk)
    if conference.state != ConferenceState.PUBLISHED:
        raise DomainError(
            "wrong-state", "Publish the conference's page first: the mail leads its readers to it."
        )
    if not guests_may_change(conference):
        raise DomainError("wrong-state", "It is too late: guests can not answer any more.")
    rows = list(
        Invitation.objects.select_for_update(of=("self",), no_key=True)
        .filter(conference=conference, pk__in=invitation_ids)
        .select_related("person", "conference")
        .prefetch_related("person__assistants")
        .order_by("pk")
    )
    now = timezone.now()
    sent: list[Invitation] = []
    skipped: list[tuple[Invitation, str]] = []
    for row in rows:
        reason = _why_not(row, now, save_the_date=save_the_date)
        if reason:
            skipped.append((row, reason))
        else:
            sent.append(row)
    if sent:
        _send(conference, sent, now, actor, save_the_date=save_the_date)
    return Sent(len(sent), skipped)


def _why_not(row: Invitation, now: dt.datetime, *, save_the_date: bool) -> str:
    if not row.is_live:
        return "The invitation was withdrawn."
    if row.response in _DECIDED or (save_the_date and row.response):
        return "Has answered already."
    if not address_of(row.person):
        return "There is no e-mail address."
    if save_the_date and row.sent_at is not None:
        return "Has been invited already."
    last = row.save_the_date_at if save_the_date else row.last_sent_at
    if last is not None and now - last < PAUSE:
        return "It went out less than a minute ago."
    return ""


def _send(
    conference: Conference,
    rows: list[Invitation],
    now: dt.datetime,
    actor: Actor,
    *,
    save_the_date: bool,
) -> None:
    """Note the moment and tell those above.

    Versions stay as they are: an answer that is being given meanwhile is not an older one by that.
    """
    mine = Invitation.objects.filter(pk__in=[row.pk for row in rows])
    if save_the_date:
        mine.update(save_the_date_at=now, updated_at=now)
    else:
        mine.filter(sent_at__isnull=True).update(sent_at=now)
        mine.update(last_sent_at=now, updated_at=now)
    verb = "send_save_the_date" if save_the_date else "send"
    note(rows, verb, actor)
    audit.record(
        verb="send_invitations",
        obj=conference,
        organisation_id=conference.organisation_id,
        actor=actor,
        facts={"invitations": len(rows), "save_the_date": save_the_date},
    )
    tell_invitations(
        conference.pk,
        [row.pk for row in rows],
        "save_the_date" if save_the_date else "sent",
        occasion=f"{now:%Y%m%dT%H%M%S%f}",
    )
