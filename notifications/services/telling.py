"""From a notice to one message a recipient, a thousand at a time; telling again adds none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from core.text import email_key
from events.models import Conference
from notifications.enums import CancelReason, MessageKind, MessageState
from notifications.models import Message, Notice
from notifications.services.dbclock import DatabaseNow
from notifications.services.kinds import FOR_INVITATIONS, MOVES, kind_of
from notifications.services.outbox import OPEN, new_message, put_in
from notifications.services.recipients import CHUNK, person_contacts, registration_contact
from notifications.services.suppression import suppressed_keys
from registrations.enums import InvitationResponse, RegistrationStatus
from registrations.models import Invitation, Registration

# A message in one of these has reached its reader, or may have.
_HEARD: Final = frozenset({MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN})
# Each of these says when it is, and makes the earlier ones void.
_ABOUT_TIME: Final = (*MOVES, MessageKind.POSTPONED, MessageKind.CONFERENCE_CANCELLED)
Told = tuple[str, Mapping[str, Any]]


def occurrence_of(notice: Notice) -> str:
    """Return what names a notice in its messages."""
    return f"revision:{notice.revision}"


def present(conference: Conference) -> dict[str, str]:
    """Return a conference's time as a notice keeps the one before a move."""

    def local(moment: dt.datetime | None) -> str:
        return moment.isoformat(timespec="minutes") if moment is not None else ""

    return {
        "former_start": local(conference.start_local),
        "former_end": local(conference.end_local),
        "former_time_zone": conference.time_zone,
    }


def tell(notice_id: int) -> int:
    """Make one message a recipient of a notice and return how many; telling again adds none.

    Messages of an earlier notice that still wait are taken back: this one says what holds now.
    """
    notice = Notice.objects.select_related("conference").filter(pk=notice_id).first()
    if notice is None or notice.done_at is not None:
        return 0
    _take_back_earlier(notice)
    told = 0
    for rows in _chunks(notice):
        with transaction.atomic():
            if not Notice.objects.filter(pk=notice.pk, done_at__isnull=True).exists():
                return told
            put_in(rows)
            told += len(rows)
    Notice.objects.filter(pk=notice.pk).update(done_at=DatabaseNow())
    return told


def _take_back_earlier(notice: Notice) -> None:
    Message.objects.filter(
        conference=notice.conference, kind__in=_ABOUT_TIME, state__in=OPEN
    ).exclude(occurrence=occurrence_of(notice)).update(
        state=MessageState.CANCELLED,
        cancelled_for=CancelReason.PLAN,
        lease_token=None,
        lease_until=None,
        updated_at=DatabaseNow(),
    )


def _chunks(notice: Notice) -> Iterator[list[Message]]:
    kind = MessageKind.CHANGED_TIME if notice.kind in MOVES else notice.kind
    registrations = (
        Registration.objects.spoken_to()
        .filter(conference=notice.conference, status__in=kind_of(kind).statuses)
        .select_related("booking")
        .order_by("pk")
    )
    after = 0
    while found := list(registrations.filter(pk__gt=after)[:CHUNK]):
        yield list(_to_registrations(notice, found))
        after = found[-1].pk
    after = 0
    invitations = _invited(notice.conference)
    while invited := list(invitations.filter(pk__gt=after)[:CHUNK]):
        yield list(_to_invited(notice, invited))
        after = invited[-1].pk


def _to_registrations(notice: Notice, rows: Sequence[Registration]) -> Iterator[Message]:
    told = _told_before(notice, "registration_id", [row.pk for row in rows])
    for registration in rows:
        contact = registration_contact(registration)
        facts = _facts(notice, told.get(registration.pk, ()), registration.confirmed_at)
        if contact is None or facts is None:
            continue
        kind = _kind_for(notice, registration)
        yield new_message(
            key=f"{kind}:{registration.code}:{notice.revision}",
            kind=kind,
            conference=notice.conference,
            contact=contact,
            not_after=notice.conference.ends_at,
            registration=registration,
            facts=facts,
            occurrence=occurrence_of(notice),
        )


def _kind_for(notice: Notice, registration: Registration) -> str:
    """Return what a registration is told: who said yes to another day is asked for a new yes."""
    if notice.kind not in MOVES:
        return notice.kind
    day = present(notice.conference)["former_start"][:10]
    keeps = str(registration.confirmed_day or "") == day
    confirmed = registration.status == RegistrationStatus.CONFIRMED
    return MessageKind.NEW_DATE if confirmed and not keeps else MessageKind.CHANGED_TIME


def _told_before(notice: Notice, whose: str, ids: Collection[int]) -> dict[int, list[Told]]:
    """Return by recipient (state, facts) of what they were told of the time, the oldest first."""
    rows = (
        Message.objects.filter(**{f"{whose}__in": ids}, kind__in=_ABOUT_TIME)
        .exclude(occurrence=occurrence_of(notice))
        .order_by("pk")
        .values_list(whose, "state", "facts")
    )
    found: dict[int, list[Told]] = {}
    for pk, state, facts in rows:
        found.setdefault(pk, []).append((state, facts))
    return found


def _facts(
    notice: Notice, told: Sequence[Told], since: dt.datetime | None
) -> dict[str, Any] | None:
    """Return the former time as this recipient knows it; None for who knows what holds.

    What was written and never went out has told nobody anything.

    Arguments:
        since: when they heard of the conference's time last by another way.
    """
    if notice.kind not in MOVES:
        known, _heard = _known(notice, told)
        return known
    if since is not None and since > notice.created_at:
        return None
    known, heard = _known(notice, told)
    if known != present(notice.conference):
        return known
    return {} if heard else None  # {}: it takes place at the old time after all


def _known(notice: Notice, told: Sequence[Told]) -> tuple[dict[str, Any], bool]:
    """Return the time that was told last, and whether a message told it."""
    known: Mapping[str, Any] | None = None
    heard = False
    for state, facts in told:
        if state in _HEARD:
            known, heard = None, True
        elif known is None and facts:
            known = facts
    if known is not None:
        return dict(known), False
    return dict(notice.facts), heard


def _invited(conference: Conference) -> Any:
    """Return the invitations of a conference whose guests hear of it by them alone.

    Who declined, or has been registered, is left out: that is one human and one mail.
    """
    mine = Registration.objects.live().filter(conference=conference, person=OuterRef("person"))
    return (
        Invitation.objects.sent()
        .filter(conference=conference, registration__isnull=True)
        .exclude(response=InvitationResponse.DECLINED)
        .exclude(Exists(mine))
        .select_related("person")
        .prefetch_related("person__assistants")
        .order_by("pk")
    )


def _to_invited(notice: Notice, rows: Iterable[Invitation]) -> Iterator[Message]:
    conference = notice.conference
    contacts = [
        (row, number, contact)
        for row in rows
        for number, contact in enumerate(person_contacts(row.person, conference))
    ]
    keys = {email_key(contact.email) for _, _, contact in contacts}
    # Without a place nothing is owed to somebody who has opted out.
    left_out = _registered_keys(conference, keys) | suppressed_keys(conference, keys)
    told = _told_before(notice, "invitation_id", {row.pk for row, _, _ in contacts})
    kind = MessageKind.CHANGED_TIME if notice.kind in MOVES else MessageKind(notice.kind)
    for row, number, contact in contacts:
        facts = _facts(notice, told.get(row.pk, ()), row.last_sent_at)
        if facts is None or email_key(contact.email) in left_out:
            continue
        copy = ".copy" if number else ""
        yield new_message(
            key=f"{kind}:{row.code}{copy}:{notice.revision}",
            kind=kind,
            template=FOR_INVITATIONS[kind],
            conference=conference,
            contact=contact,
            not_after=conference.ends_at,
            invitation=row,
            person=row.person,
            facts=facts,
            occurrence=occurrence_of(notice),
        )


def _registered_keys(conference: Conference, keys: Collection[str]) -> set[str]:
    """Return which of these addresses have a live registration of their own."""
    rows = Registration.objects.live().filter(conference=conference, email_key__in=keys)
    return {key for key in rows.values_list("email_key", flat=True) if key}
