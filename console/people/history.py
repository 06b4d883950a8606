"""Everything about one person, across conferences and apps: figures, then a time line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from console.people import lines as of
from console.people.lines import Line
from events.enums import ConferenceState
from events.models import Availability, Person
from events.services.speaking_parts import KnownPart, parts_of
from events.services.track_record import Contact, TrackRecord, track_record
from events.services.track_record import sentence as record_sentence
from registrations.enums import RegistrationStatus
from registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Attendance:
    """How often somebody had a place at what is over by now, and came."""

    came: int
    had_a_place: int

    @property
    def words(self) -> str:
        return f"came to {self.came} of {self.had_a_place}" if self.had_a_place else ""


@dataclass(frozen=True, slots=True)
class History:
    """All of it.

    Arguments:
        record: what somebody was asked and said, as figures.
        attendance: None for who may not read registrations.
        last_contact: the last time one had to do with them, and how.
        lines: newest first.
    """

    parts: list[KnownPart]
    record: TrackRecord
    attendance: Attendance | None
    last_contact: Contact | None
    lines: list[Line]
    availabilities: list[Availability] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """Say the figures: "Asked 5 times, said yes 3 times; came to 2 of 3; last contact …"."""
        words = record_sentence(self.record, self.last_contact)
        came = self.attendance.words if self.attendance is not None else ""
        if not came:
            return words
        head, mark, tail = words.rpartition("; last contact")
        return f"{head}; {came}{mark}{tail}" if mark else f"{words}; {came}"


def history_of(person: Person, *, registrations: bool, mails: bool) -> History:
    """Return a person's history in at most seven queries, however long it is.

    Arguments:
        registrations: whether the reader may see who registered and who was invited.
        mails: whether the reader may see the outbox.
    """
    parts = parts_of([person.pk])[person.pk]
    found = [*of.of_parts(parts), *of.of_candidacies(person), *of.of_merges(person)]
    attendance = None
    if registrations:
        mine = Registration.objects.filter(person=person)
        rows = list(mine.select_related("conference__organisation"))
        attendance = _attendance(rows)
        found += [*of.of_invitations(person), *of.of_registrations(rows)]
    if mails:
        found += of.of_mails(person)
    available = Availability.objects.filter(person=person).select_related("conference")
    return History(
        parts=parts,
        record=track_record([known.part for known in parts], timezone.now()),
        attendance=attendance,
        last_contact=_last_contact(found),
        lines=sorted(found, key=lambda line: line.at, reverse=True),
        availabilities=list(available.order_by("-starts_at", "pk")),
    )


def _last_contact(found: Iterable[Line]) -> Contact | None:
    now = timezone.now()
    contacts = [Contact(line.at, line.contact) for line in found if line.contact and line.at <= now]
    return max(contacts, key=lambda one: one.at, default=None)


def _attendance(rows: Iterable[Registration]) -> Attendance:
    now = timezone.now()
    over = [
        row
        for row in rows
        if row.status == RegistrationStatus.CONFIRMED
        and row.conference.ends_at < now
        and row.conference.state not in {ConferenceState.CANCELLED, ConferenceState.POSTPONED}
    ]
    return Attendance(sum(row.checked_in_at is not None for row in over), len(over))
