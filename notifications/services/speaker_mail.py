"""What who was asked to speak is sent, in the transaction that asks, answers or lets them go."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Q, QuerySet

from events.enums import ParticipationState
from events.models import Participation
from notifications.enums import Audience, CancelReason, MessageKind, MessageState
from notifications.models import Message
from notifications.services.dbclock import DatabaseNow
from notifications.services.kinds import SPEAKER_THANKS
from notifications.services.outbox import OPEN, new_message, put_in
from notifications.services.recipients import person_contacts
from notifications.services.speaker_facts import ABOUT_SPEAKING
from notifications.services.speaker_rules import stop_speaker_nudges
from registrations.enums import RegistrationSource
from registrations.models import Registration


def ask(participation_ids: Collection[int], *, occasion: str) -> None:
    """Queue the asking to each: to the assistant where there is one, with a copy where wished.

    What waits of an earlier asking or answer is overtaken by it.
    """
    _take_back(participation_ids, CancelReason.PLAN)
    _queue(participation_ids, MessageKind.SPEAKER_ASK, occasion)


def follow_speaker_answer(participation_ids: Collection[int], *, by_speaker: bool) -> None:
    """Take back what waits for who has answered, and thank.

    Who has a place by the same answer reads both in one mail, with the ticket. What a member of the
    team writes down is thanked for by them.
    """
    _take_back(participation_ids, CancelReason.ANSWERED)
    stop_speaker_nudges(participation_ids, CancelReason.ANSWERED)
    if by_speaker:
        _queue(participation_ids, MessageKind.SPEAKER_ANSWER, "")


def release(participation_ids: Collection[int], *, occasion: str) -> None:
    """Take back what waits for who is not needed any more; tell them where that is wished."""
    _take_back(participation_ids, CancelReason.ORGANISER)
    stop_speaker_nudges(participation_ids, CancelReason.PLAN)
    if occasion:
        _queue(participation_ids, MessageKind.SPEAKER_RELEASED, occasion)


def follow_removal(conference_id: int, person_ids: Collection[int]) -> None:
    """Take back what waits for who was taken off a panel: it has lost what it was about."""
    _cancel(
        Message.objects.filter(
            Q(kind__in=ABOUT_SPEAKING) | Q(rule__audience=Audience.ASKED),
            participation__isnull=True,
            conference_id=conference_id,
            person_id__in=person_ids,
        ),
        CancelReason.PLAN,
    )


def _take_back(participation_ids: Collection[int], reason: CancelReason) -> None:
    _cancel(
        Message.objects.filter(participation_id__in=participation_ids, kind__in=ABOUT_SPEAKING),
        reason,
    )


def _cancel(rows: QuerySet[Message], reason: CancelReason) -> None:
    ids = list(rows.filter(state__in=OPEN).values_list("pk", flat=True))
    Message.objects.filter(pk__in=ids, state__in=OPEN).update(
        state=MessageState.CANCELLED,
        cancelled_for=reason,
        lease_token=None,
        lease_until=None,
        updated_at=DatabaseNow(),
    )


def _queue(participation_ids: Collection[int], kind: MessageKind, occasion: str) -> None:
    mails = [mail for row in _load(participation_ids) for mail in _mails(row, kind, occasion)]
    if mails:
        put_in(mails)


def _load(participation_ids: Collection[int]) -> list[Participation]:
    return list(
        Participation.objects.filter(pk__in=participation_ids)
        .select_related("session__conference", "person")
        .prefetch_related("person__assistants")
        .order_by("pk")
    )


def _mails(row: Participation, kind: MessageKind, occasion: str) -> Iterator[Message]:
    """Yield a mail for each who gets it; who gets a copy is one occasion more."""
    if kind == MessageKind.SPEAKER_ANSWER:
        occasion = f"{row.answered_at:%Y%m%dT%H%M%S%f}"
    is_answer = kind == MessageKind.SPEAKER_ANSWER
    conference = row.session.conference
    place = _take_over_place(row) if is_answer else None
    for number, contact in enumerate(person_contacts(row.person, conference)):
        yield new_message(
            key=f"{kind}:{row.code}:{occasion}{'.copy' if number else ''}",
            kind=kind,
            template=SPEAKER_THANKS.get(row.state, "") if is_answer else "",
            conference=conference,
            contact=contact,
            participation=row,
            registration=place,
            person=row.person,
            facts={"state": row.state} if is_answer else {},
        )


def _take_over_place(row: Participation) -> Registration | None:
    """Return the place that a yes has just given, whose own mail has not gone and goes no more."""
    if row.state != ParticipationState.CONFIRMED:
        return None
    waiting = Message.objects.filter(
        kind=MessageKind.CONFIRMATION,
        state=MessageState.QUEUED,
        attempts=0,
        registration__conference=row.session.conference,
        registration__person=row.person,
        registration__source=RegistrationSource.PARTICIPATION,
    )
    found = waiting.select_related("registration").first()
    if found is None or not Message.objects.filter(pk=found.pk, state=MessageState.QUEUED).delete():
        return None
    return found.registration
