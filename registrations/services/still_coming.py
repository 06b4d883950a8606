""" "Still coming?": asking, the answers, and what becomes of the places of the silent.

Silence never takes the place of a speaker or of an invited guest, whatever a round says.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import CLOCK, Actor
from core.errors import DomainError
from core.models import AuditEntry
from events.enums import ConferenceState
from events.services.writing import load_root, save_root
from registrations.enums import RegistrationKind, RegistrationSource, RegistrationStatus
from registrations.models import Reconfirmation, Registration
from registrations.services.offering import let_go
from registrations.services.recording import record
from registrations.services.registration_rows import tell
from registrations.signals import RegistrationChanged, registration_changed

_CHUNK: Final = 200
_CLOSED: Final = "close_reconfirmation"
_SILENT: Final = Q(still_coming_at__isnull=True) | Q(still_coming_at__lt=F("asked_again_at"))
_INVITED: Final = (
    Q(source=RegistrationSource.INVITATION)
    | Q(invitation__isnull=False)
    | Q(companion_of__isnull=False)
)


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """How a round stands, or stood at its end.

    Arguments:
        asked: who was asked.
        yes: who still comes.
        no: who gave the place back since.
        silent: who has not answered.
        released: whose places went to others by their silence.
    """

    asked: int = 0
    yes: int = 0
    no: int = 0
    silent: int = 0
    released: int = 0


def addressed_by(row: Reconfirmation) -> QuerySet[Registration]:
    """Return those with a place whom a round asks, now."""
    rows = Registration.objects.filter(
        conference_id=row.conference_id,
        status=RegistrationStatus.CONFIRMED,
        checked_in_at__isnull=True,
    ).exclude(
        Q(source=RegistrationSource.PARTICIPATION)
        | Q(registration_type__kind=RegistrationKind.SPEAKER)
        # Whom no question reaches.
        | Q(email="", booking__contact_email="")
    )
    types = list(row.registration_types.values_list("pk", flat=True))
    return rows.filter(registration_type_id__in=types) if types else rows


def silent_in(row: Reconfirmation) -> QuerySet[Registration]:
    """Return those with a place who were asked by a round and have not answered."""
    return addressed_by(row).filter(_SILENT, asked_again_at__gte=row.ask_at)


def lost_by_silence(row: Reconfirmation) -> QuerySet[Registration]:
    """Return those whose places a releasing round gives to others when they stay silent."""
    return silent_in(row).exclude(_INVITED)


def is_lost_by_silence(registration: Registration, row: Reconfirmation) -> bool:
    """Tell whether silence in this round would cost this place; one query."""
    mine = Registration.objects.filter(pk=registration.pk)
    return row.releases and not mine.filter(_INVITED).exists()


def open_round_of(registration: Registration) -> Reconfirmation | None:
    """Return the round in which somebody with a place is asked now; one query where one was."""
    if registration.status != RegistrationStatus.CONFIRMED or registration.asked_again_at is None:
        return None
    mine = Q(registration_types__isnull=True) | Q(
        registration_types=registration.registration_type_id
    )
    return (
        Reconfirmation.objects.filter(
            mine,
            conference_id=registration.conference_id,
            ask_at__lte=registration.asked_again_at,
            until_at__gt=timezone.now(),
            closed_at__isnull=True,
            conference__state=ConferenceState.PUBLISHED,
        )
        .order_by("-ask_at")
        .first()
    )


def has_answered(registration: Registration) -> bool:
    """Tell whether somebody who was asked has said yes since."""
    asked, said = registration.asked_again_at, registration.still_coming_at
    return asked is not None and said is not None and said >= asked


@transaction.atomic
def confirm_still_coming(
    *,
    registration: Registration,
    actor: Actor,
    by_guest: bool = False,
    expected: int | None = None,
) -> Registration:
    """Write down that somebody who was asked still comes; once more changes nothing.

    Raises:
        DomainError: ``stale``; ``wrong-state`` without a place, or when nobody asks now.
    """
    row = load_root(registration, expected, "conference", "booking", "registration_type")
    if row.status != RegistrationStatus.CONFIRMED:
        raise DomainError("wrong-state", _("There is no place that could be confirmed."))
    if has_answered(row):
        return row
    if open_round_of(row) is None:
        raise DomainError("wrong-state", _("Nobody asks for an answer at the moment."))
    row.still_coming_at = timezone.now()
    save_root(row, ["still_coming_at"], expected)
    record("confirm_still_coming", row, actor)
    tell(row, "still_coming", by_guest=by_guest)
    # Nobody else is asked for companions without an address.
    for one in Registration.objects.filter(
        lead=row, email="", status=RegistrationStatus.CONFIRMED, asked_again_at__isnull=False
    ).order_by("pk"):
        _answer_for(one, row, actor, by_guest=by_guest)
    return row


def _answer_for(
    companion: Registration, lead: Registration, actor: Actor, *, by_guest: bool
) -> None:
    row = load_root(companion, None, "conference", "booking", "registration_type")
    if row.status == RegistrationStatus.CONFIRMED and not has_answered(row):
        row.still_coming_at = lead.still_coming_at
        save_root(row, ["still_coming_at"], None)
        record("confirm_still_coming", row, actor)
        tell(row, "still_coming", by_guest=by_guest)


def ask_due_rounds() -> int:
    """Ask in rounds whose time has come; return how many were asked.

    Each bulk is a transaction of its own; a second run asks nobody again.
    """
    now = timezone.now()
    due = Reconfirmation.objects.filter(
        asked_at__isnull=True,
        ask_at__lte=now,
        until_at__gt=now,
        conference__state=ConferenceState.PUBLISHED,
        conference__starts_at__gt=now,
    )
    total = 0
    for pk in due.values_list("pk", flat=True):
        while asked := _ask(pk):
            total += asked
    return total


@transaction.atomic
def _ask(pk: int) -> int:
    row = _locked(pk)
    if row is None or row.asked_at is not None:
        return 0
    now = timezone.now()
    not_yet = Q(asked_again_at__isnull=True) | Q(asked_again_at__lt=row.ask_at)
    rows = list(
        addressed_by(row)
        .select_for_update(of=("self",), no_key=True)
        .select_related("conference", "booking", "registration_type")
        .filter(not_yet)
        .order_by("pk")[:_CHUNK]
    )
    if not rows:
        row.asked_at = now
        save_root(row, ["asked_at"], None)
        record("ask_reconfirmation", row, CLOCK, facts={"asked": figures_of(row).asked})
        return 0
    for one in rows:
        one.asked_again_at = now
        save_root(one, ["asked_again_at"], None)
        record("ask_again", one, CLOCK)
    registration_changed.send(
        sender=Registration,
        event=RegistrationChanged(
            conference_id=row.conference_id,
            registration_ids=tuple(one.pk for one in rows),
            verb="asked_again",
            occasion=row.code,
        ),
        registrations=rows,
    )
    return len(rows)


def close_due_rounds() -> int:
    """Close rounds whose time is over; return how many places of the silent went to others.

    Each bulk is a transaction of its own; a second run finds nothing.
    """
    due = Reconfirmation.objects.filter(
        asked_at__isnull=False,
        closed_at__isnull=True,
        until_at__lte=timezone.now(),
        conference__state__in=(ConferenceState.PUBLISHED, ConferenceState.ARCHIVED),
    )
    total = 0
    for pk in due.values_list("pk", flat=True):
        while released := _close(pk):
            total += released
    return total


@transaction.atomic
def _close(pk: int) -> int:
    row = _locked(pk)
    if row is None or row.closed_at is not None or row.until_at > timezone.now():
        return 0
    # Once it has begun, a place taken from somebody is of use to nobody.
    in_time = timezone.now() < row.conference.starts_at
    if row.releases and in_time and row.conference.state == ConferenceState.PUBLISHED:
        rows = list(
            lost_by_silence(row)
            .select_for_update(of=("self",), no_key=True)
            .select_related("conference", "booking", "registration_type")
            .order_by("pk")[:_CHUNK]
        )
        if rows:
            let_go(rows, verb="release_silent", told="released")
            return len(rows)
    close_round(row)
    return 0


def close_round(row: Reconfirmation) -> None:
    """End a round, and write down how it stood then."""
    figures = figures_of(row)
    row.closed_at = timezone.now()
    save_root(row, ["closed_at"], None)
    record(_CLOSED, row, CLOCK, facts=asdict(figures))


def figures_of(row: Reconfirmation) -> RoundFigures:
    """Return how a round stands; of one that is over, how it stood at its end. One query."""
    if row.closed_at is not None:
        entry = AuditEntry.objects.filter(
            object_type=row._meta.label_lower, object_uid=str(row.pk), verb=_CLOSED
        ).first()
        return RoundFigures(**entry.facts) if entry is not None else RoundFigures()
    status = RegistrationStatus
    asked = Registration.objects.filter(
        conference_id=row.conference_id, asked_again_at__gte=row.ask_at
    )
    types = list(row.registration_types.values_list("pk", flat=True))
    if types:
        asked = asked.filter(registration_type_id__in=types)
    yes = Q(still_coming_at__gte=F("asked_again_at"), status=status.CONFIRMED)
    found = asked.aggregate(
        asked=Count("pk"),
        yes=Count("pk", filter=yes),
        no=Count("pk", filter=Q(status=status.CANCELLED, cancelled_at__gte=F("asked_again_at"))),
        silent=Count("pk", filter=Q(status=status.CONFIRMED) & _SILENT),
        released=Count("pk", filter=Q(status=status.EXPIRED, status_at__gte=F("asked_again_at"))),
    )
    return RoundFigures(**found)


def _locked(pk: int) -> Reconfirmation | None:
    """Return a round for one worker at a time; None while another one has it."""
    return (
        Reconfirmation.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("conference")
        .filter(pk=pk)
        .first()
    )
