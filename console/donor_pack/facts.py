"""What a funder is told of one conference: figures without names, names only of who agreed.

Named are those who stand in the published programme, and those who agreed to the consent `funders`
(registrations/usual_questions.toml) and have not taken it back. All others are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.clock import to_local
from core.text import full_name
from events import words
from events.enums import Attribution, PartnerKind
from events.languages import Reader, name_in
from events.models import Conference, Person
from events.programme import Programme
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from registrations.enums import InvitationResponse, QuestionKind, RegistrationStatus
from registrations.models import ConsentGiven, Invitation, Registration
from registrations.services.funnel import funnel_of
from registrations.services.usual_questions import FUNDERS

_FUNDING: Final = (PartnerKind.FUNDER, PartnerKind.PROJECT)


@dataclass(frozen=True, slots=True)
class TagLine:
    """One group: invited by name, said yes, had a place in the end, came."""

    name: str
    invited: int
    said_yes: int
    had_a_place: int
    came: int


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who may be named, with the post and the house of that day."""

    name: str
    position: str
    affiliation: str

    @property
    def post(self) -> str:
        return ", ".join(part for part in (self.position, self.affiliation) if part)


@dataclass(frozen=True, slots=True)
class MailLine:
    """So many mails of one kind that left on one day."""

    day: str
    kind: str
    sent: int


@dataclass(frozen=True, slots=True)
class People:
    """Whom the sheet names, and for how many others it has a line without a name."""

    named: Sequence[Named]
    others: int
    agreed: int


def tag_lines(conference: Conference) -> list[TagLine]:
    """Return the figures of all, then of each tag, then of those without one; five queries.

    Who has several tags counts in each.
    """
    whole, by_tag = funnel_of(conference)
    rows = _placed(conference)
    figures = {"placed": Count("pk"), "came": Count("pk", filter=Q(checked_in_at__isnull=False))}
    everybody = rows.aggregate(**figures)
    tagged = {
        slug: (name, placed, came)
        for slug, name, placed, came in rows.filter(person__tags__isnull=False)
        .order_by()
        .values_list("person__tags__slug", "person__tags__name")
        .annotate(**figures)
    }
    tags_of_person = Person.tags.through.objects.filter(person=OuterRef("person"))
    rest = rows.exclude(Exists(tags_of_person)).aggregate(**figures)
    stages = {stage.tag: stage for stage in by_tag}
    names = {stage.tag: stage.name for stage in by_tag} | {
        slug: name for slug, (name, _placed_, _came) in tagged.items()
    }
    lines = [TagLine("All", whole.sent, whole.coming, everybody["placed"], everybody["came"])]
    for slug in sorted(names, key=lambda one: (names[one].lower(), one)):
        stage = stages.get(slug)
        _name, placed, came = tagged.get(slug, ("", 0, 0))
        lines.append(
            TagLine(
                names[slug],
                stage.sent if stage else 0,
                stage.coming if stage else 0,
                placed,
                came,
            )
        )
    without = _invited_without_tag(conference)
    lines.append(TagLine("Without a tag", *without, rest["placed"], rest["came"]))
    return lines


def people_of(conference: Conference, programme: Programme, reader: Reader) -> People:
    """Return who may be named on the sheet: who speaks in public, then who agreed, by name."""
    speakers = {
        part.person_code: Named(
            _whole_name(part.honorific, *name_in(reader.tag, part)), part.position, part.affiliation
        )
        for session in programme.sessions()
        if session.attribution != Attribution.CLOSED
        for part in session.participations
    }
    rows = _placed(conference).order_by("sort_key", "pk")
    agreed = rows.filter(Exists(_consents().filter(registration=OuterRef("pk"))))
    guests = [
        row
        for row in agreed.select_related("person")
        if row.given_name and (row.person is None or row.person.code not in speakers)
    ]
    named = [
        *speakers.values(),
        *(
            Named(
                _whole_name(row.honorific, row.given_name, row.family_name),
                row.position,
                row.affiliation,
            )
            for row in guests
        ),
    ]
    speaking = rows.filter(person__code__in=list(speakers)).count()
    others = max(0, rows.count() - speaking - len(guests))
    return People(named, others, len(guests))


def mail_lines(conference: Conference) -> list[MailLine]:
    """Return how many mails left, by day and kind, without an address; one query."""
    rows = (
        Message.objects.filter(conference=conference, state=MessageState.SENT)
        .exclude(kind=MessageKind.TEST)
        .exclude(sent_at=None)
        .order_by("sent_at")
        .values_list("sent_at", "kind")
    )
    numbers: dict[tuple[str, str], int] = {}
    for sent_at, kind in rows.iterator(chunk_size=2000):
        if sent_at is None:  # pragma: no cover - left out above
            continue
        key = (f"{to_local(sent_at, conference.time_zone):%Y-%m-%d}", kind)
        numbers[key] = numbers.get(key, 0) + 1
    return [
        MailLine(day, str(MessageKind(kind).label), number)
        for (day, kind), number in numbers.items()
    ]


def funder_lines(conference: Conference, reader: Reader) -> list[str]:
    """Return what is said of who paid: "Funded by A, B", "Part of the project C"."""
    rows = list(conference.partners.filter(kind__in=_FUNDING))
    lines = []
    for kind in _FUNDING:
        names = [reader.text(row.name) for row in rows if row.kind == kind]
        if names:
            lines.append(f"{words.PARTNER_KINDS[kind]}: {', '.join(names)}")
    return lines


def asks_for_consent(conference: Conference) -> bool:
    """Tell whether the form asks guests whether they may be named."""
    return conference.questions.filter(slug=FUNDERS, kind=QuestionKind.CONSENT).exists()


def _invited_without_tag(conference: Conference) -> tuple[int, int]:
    """Return how many without a tag were invited and said yes."""
    tags_of_person = Person.tags.through.objects.filter(person=OuterRef("person"))
    figures = (
        Invitation.objects.live()
        .filter(conference=conference)
        .exclude(Exists(tags_of_person))
        .aggregate(
            sent=Count("pk", filter=Q(sent_at__isnull=False)),
            yes=Count("pk", filter=Q(response=InvitationResponse.ACCEPTED)),
        )
    )
    return figures["sent"], figures["yes"]


def _consents() -> QuerySet[ConsentGiven]:
    return ConsentGiven.objects.filter(
        consent_text__question__slug=FUNDERS, withdrawn_at__isnull=True
    )


def _placed(conference: Conference) -> QuerySet[Registration]:
    return Registration.objects.filter(conference=conference, status=RegistrationStatus.CONFIRMED)


def _whole_name(honorific: str, given_name: str, family_name: str) -> str:
    return " ".join(part for part in (honorific, full_name(given_name, family_name)) if part)
