"""Finding people for a panel among all whom the organisation knows, whichever conference it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation
from core.text import search_key
from events.enums import ParticipationRole, ParticipationState
from events.models import Candidate, Participation, Person, Session, Tag
from events.services.speaking_parts import KnownPart, clashes, parts_of, title_of
from events.services.track_record import Contact, sentence, track_record

MOST_WORDS: Final = 8
_LONGEST: Final = 200
SPOKE: Final = "spoke"
NEVER_ASKED: Final = "never"
STANDINGS: Final = {SPOKE: "Spoke here before", NEVER_ASKED: "Never asked"}


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for.

    Arguments:
        text: words of a name in either script, a post, an affiliation, a tag or what they spoke on.
        tag: a tag's slug.
        standing: ``spoke``, ``never`` or "" for everybody.
    """

    text: str = ""
    tag: str = ""
    standing: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.tag or self.standing)


@dataclass(frozen=True, slots=True)
class Card:
    """What is worth knowing of somebody who might sit on a panel.

    Arguments:
        record: a sentence.
        at_that_time: what they are on while the session runs, as sentences.
    """

    person: Person
    record: str
    tags: list[str] = field(default_factory=list)
    at_that_time: list[str] = field(default_factory=list)
    on_panel: bool = False


def matching_people(organisation: Organisation, search: Search) -> QuerySet[Person]:
    """Return the people whom a search finds, by family name."""
    rows = Person.objects.filter(organisation=organisation)
    mine = Participation.objects.filter(person=OuterRef("pk"))
    text = search.text.replace("\x00", "")[:_LONGEST]
    for word in search_key(text).split()[:MOST_WORDS]:
        spoke_on = mine.filter(
            state=ParticipationState.CONFIRMED, session__search_key__contains=word
        )
        tagged = Person.tags.through.objects.filter(
            person_id=OuterRef("pk"), tag__slug__contains=word
        )
        rows = rows.filter(Q(search_key__contains=word) | Exists(tagged) | Exists(spoke_on))
    if search.tag:
        rows = rows.filter(tags__slug=search.tag)
    if search.standing == SPOKE:
        over = Q(session__ends_at__lt=timezone.now()) | Q(
            session__ends_at=None, session__conference__ends_at__lt=timezone.now()
        )
        rows = rows.filter(Exists(mine.filter(over, state=ParticipationState.CONFIRMED)))
    elif search.standing == NEVER_ASKED:
        asked = ~Q(state=ParticipationState.PLANNED) | Q(asked_at__isnull=False)
        rows = rows.filter(~Exists(mine.filter(asked)))
    return rows.order_by("sort_key", "pk")


def find_cards(session: Session, search: Search, most: int) -> tuple[list[Card], bool]:
    """Return cards of the first people whom a search finds, and whether there are more; at most
    three queries.
    """
    rows = matching_people(session.conference.organisation, search).prefetch_related(_tags())
    people = list(rows[: most + 1])
    return cards_of(session, people[:most]), len(people) > most


def cards_of(session: Session, people: list[Person]) -> list[Card]:
    """Return what is known of these people, for a seat on this session."""
    parts = parts_of([person.pk for person in people])
    return [_card(session, person, parts[person.pk]) for person in people]


def card_of(session: Session, person: Person, last_contact: Contact | None = None) -> Card:
    """Return what is known of one person; two queries.

    Arguments:
        last_contact: a later one that another app knows of.
    """
    found = Person.objects.prefetch_related(_tags()).get(pk=person.pk)
    return _card(session, found, parts_of([person.pk])[person.pk], last_contact)


def also_considered(session: Session, role: str, person: Person) -> list[str]:
    """Return who else was asked or considered for a role on a session; two queries."""
    asked = session.participations.filter(role=role).exclude(person=person)
    lines = {
        part.person_id: f"{_name(part.person)}: {part.get_state_display().lower()}"
        for part in asked.select_related("person").order_by("order", "pk")
    }
    listed = Candidate.objects.filter(session=session, role=role).exclude(person=person)
    for one in listed.select_related("person").order_by("order", "pk"):
        note = f" ({one.note})" if one.note else ""
        lines.setdefault(one.person_id, f"{_name(one.person)}: considered{note}")
    return list(lines.values())


def _tags() -> Prefetch[str]:
    return Prefetch("tags", queryset=Tag.objects.order_by("name", "pk"))


def _card(
    session: Session,
    person: Person,
    parts: list[KnownPart],
    last_contact: Contact | None = None,
) -> Card:
    record = track_record([known.part for known in parts], timezone.now())
    return Card(
        person=person,
        record=sentence(record, last_contact),
        tags=[tag.name for tag in person.tags.all()],
        at_that_time=[_elsewhere(known, session) for known in clashes(parts, session)],
        on_panel=any(known.row.session_id == session.pk for known in parts),
    )


def _elsewhere(known: KnownPart, session: Session) -> str:
    role = ParticipationRole(known.row.role).label.lower()
    where = (
        ""
        if known.row.session.conference_id == session.conference_id
        else f" at “{known.part.conference}”"
    )
    return f"At that time {role} on “{title_of(known.row.session)}”{where}"


def _name(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip()
