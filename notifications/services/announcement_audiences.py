"""Who an announcement reaches: its audience in chunks of a thousand rows, in a fixed order.

The registered come first, then who speaks, then who is invited. One mail goes to one address, in
the name of the first who has it. People who speak or are invited are read from the present rows,
not from the published programme: somebody who declined may be meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from core.text import email_key, full_name
from events.models import Conference, Participation, Person
from notifications.enums import Section, SkipReason
from notifications.models import Announcement
from notifications.services.announcement_readers import Chunk, Reader
from notifications.services.audience_filters import Filters, filters_of, standing_is
from notifications.services.optouts import keys_that_opted_out
from notifications.services.recipients import (
    CHUNK,
    person_contacts,
    registration_contact,
)
from registrations.enums import LIVE
from registrations.models import Invitation, Registration

_SECTIONS: Final = tuple(Section)


@dataclass(slots=True)
class _Seen:
    """Addresses that a mail goes to already, as numbers: some six megabytes for 100,000."""

    numbers: set[int] = field(default_factory=set)

    def is_new(self, *facts: object) -> bool:
        number = hash(facts)
        known = number in self.numbers
        self.numbers.add(number)
        return not known


def recipients_of(announcement: Announcement, *, after: str = "") -> Iterator[Chunk]:
    """Yield an announcement's audience, a thousand rows at most at a time.

    Whoever starts with a cursor knows nothing of the addresses before it: the outbox's unique key
    keeps those apart.

    Arguments:
        after: the cursor of the chunk that was the last one.
    """
    conference, filters = announcement.conference, filters_of(announcement.audience)
    seen, cursor = _Seen(), after
    while True:
        found, cursor = _next(conference, filters, cursor)
        yield _sorted_out(conference, found, seen, cursor)
        if not cursor:
            return


def _sorted_out(
    conference: Conference, found: Sequence[Reader | str], seen: _Seen, cursor: str
) -> Chunk:
    """Keep one reader an address, without those who opted out."""
    opted_out = keys_that_opted_out(conference, {r.key for r in found if isinstance(r, Reader)})
    readers: list[Reader] = []
    skipped: dict[SkipReason, list[str]] = {}
    for one in found:
        if isinstance(one, str):
            skipped.setdefault(SkipReason.NO_ADDRESS, []).append(one)
            continue
        # The same human in another way, such as a speaker with a place, is no second one.
        is_other = one.human is None or seen.is_new(one.key, one.human)
        if not seen.is_new(one.key):
            if is_other:
                skipped.setdefault(SkipReason.DOUBLE, []).append(one.who)
        elif one.key in opted_out:
            skipped.setdefault(SkipReason.OPTED_OUT, []).append(one.who)
        else:
            readers.append(one)
    return Chunk(readers, skipped, cursor)


def _next(conference: Conference, filters: Filters, cursor: str) -> tuple[list[Reader | str], str]:
    """Return the next rows as readers, or the names of those without an address; and the cursor."""
    name, _colon, last = cursor.partition(":")
    section, after = (Section(name), int(last)) if name else (_SECTIONS[0], 0)
    rows = _READ[section](conference, filters, after)
    found = [
        reader
        for row in rows
        for reader in _AS_READERS[section](conference, row)
        if isinstance(reader, str)
        or not filters.languages
        or reader.contact.language in filters.languages
    ]
    if len(rows) == CHUNK:
        return found, f"{section}:{rows[-1].pk}"
    further = _SECTIONS[_SECTIONS.index(section) + 1 :]
    return found, f"{further[0]}:0" if further else ""


# --- Rows ----------------------------------------------------------------------------------------
def _tagged(filters: Filters, person: str) -> Q:
    if not filters.tags:
        return Q()
    links = Person.tags.through.objects.filter(
        person_id=OuterRef(person), tag__slug__in=filters.tags
    )
    return Q(Exists(links))


def _registrations(conference: Conference, filters: Filters, after: int) -> list[Any]:
    if not filters.registrations:
        return []
    rows = Registration.objects.all()
    if filters.checked_in is None and not filters.tags:
        # Their lead reads it: by the other filters both are meant, or none.
        rows = rows.spoken_to()
    rows = rows.filter(
        _tagged(filters, "person_id"),
        conference=conference,
        status__in=filters.registrations,
        pk__gt=after,
    )
    if filters.types:
        rows = rows.filter(registration_type__slug__in=filters.types)
    if filters.checked_in is not None:
        rows = rows.filter(checked_in_at__isnull=not filters.checked_in)
    return list(rows.select_related("booking", "person").order_by("pk")[:CHUNK])


def _speaking(conference: Conference, filters: Filters) -> QuerySet[Participation]:
    parts = Participation.objects.filter(session__conference=conference, state__in=filters.speakers)
    if filters.roles:
        parts = parts.filter(role__in=filters.roles)
    if filters.sessions:
        parts = parts.filter(session__code__in=filters.sessions)
    return parts


def _speakers(conference: Conference, filters: Filters, after: int) -> list[Any]:
    if not filters.speakers:
        return []
    parts = _speaking(conference, filters)
    people = (
        Person.objects.filter(
            _tagged(filters, "pk"), Exists(parts.filter(person_id=OuterRef("pk"))), pk__gt=after
        )
        .prefetch_related(
            "assistants",
            Prefetch("participations", parts.order_by("pk"), to_attr="parts_meant"),
            Prefetch("registrations", _live(conference), to_attr="places_meant"),
        )
        .order_by("pk")
    )
    return list(people[:CHUNK])


def _live(conference: Conference) -> QuerySet[Registration]:
    rows = Registration.objects.filter(conference=conference, status__in=LIVE)
    return rows.select_related("booking").order_by("pk")


def _invitations(conference: Conference, filters: Filters, after: int) -> list[Any]:
    if not filters.invitations:
        return []
    rows = Invitation.objects.live().filter(
        standing_is(filters.invitations),
        _tagged(filters, "person_id"),
        conference=conference,
        pk__gt=after,
    )
    return list(
        rows.select_related("person", "registration__booking")
        .prefetch_related("person__assistants")
        .order_by("pk")[:CHUNK]
    )


_READ: Final = {
    Section.REGISTRATIONS: _registrations,
    Section.SPEAKERS: _speakers,
    Section.INVITATIONS: _invitations,
}


# --- Readers -------------------------------------------------------------------------------------
def _lacks_salutation(person: Person | None, language: str) -> bool:
    if person is None or not person.honorific:
        return False
    return not (person.salutation or {}).get(language)


def _as_registered(_conference: Conference, row: Registration) -> list[Reader | str]:
    who = full_name(row.given_name, row.family_name)
    contact = registration_contact(row)
    if contact is None:
        return [who]
    return [
        Reader(
            contact=contact,
            key=email_key(contact.email),
            who=who,
            section=Section.REGISTRATIONS,
            status=row.status,
            registration_id=row.pk,
            human=row.person_id,
            needs_salutation=_lacks_salutation(row.person, contact.language),
        )
    ]


def _as_person(
    conference: Conference, person: Person, place: Registration | None, **links: Any
) -> list[Reader | str]:
    who = full_name(person.given_name, person.family_name)
    contacts = person_contacts(person, conference)
    if not contacts and place is not None:
        contacts = [found for found in [registration_contact(place)] if found is not None]
    return [
        Reader(
            contact=contact,
            key=email_key(contact.email),
            who=who,
            status=place.status if place is not None else "",
            registration_id=place.pk if place is not None else None,
            person_id=person.pk,
            human=person.pk,
            needs_salutation=_lacks_salutation(person, contact.language),
            **links,
        )
        for contact in contacts
    ] or [who]


def _as_speaker(conference: Conference, row: Any) -> list[Reader | str]:
    return _as_person(
        conference,
        row,
        next(iter(row.places_meant), None),
        section=Section.SPEAKERS,
        participation_id=row.parts_meant[0].pk,
    )


def _as_invited(conference: Conference, row: Invitation) -> list[Reader | str]:
    return _as_person(
        conference,
        row.person,
        row.registration,
        section=Section.INVITATIONS,
        invitation_id=row.pk,
    )


_AS_READERS: Final[Any] = {
    Section.REGISTRATIONS: _as_registered,
    Section.SPEAKERS: _as_speaker,
    Section.INVITATIONS: _as_invited,
}
