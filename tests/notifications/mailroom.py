"""A conference with everything that a mail can say, a guest, and rows of the outbox for them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone

from core.actors import SYSTEM
from events.enums import Attribution, ParticipationRole, SessionKind
from events.models import Conference, Person, Session
from events.services.schedules import publish_schedule
from notifications.models import Message
from notifications.services.mail_facts import forget
from notifications.services.quote_facts import EXAMPLE
from registrations.models import Invitation, Registration
from tests.factories.accounts import OrganisationFactory
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    VenueFactory,
)
from tests.factories.registrations import (
    InvitationFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

# Texts that no kind of message has of its own go with a rule.
_OF_RULES = (
    *("practical", "briefing", "thanks", "nudge", "speakers_needs", "find_us", "missed_you"),
    *(
        "speaker_nudge",
        "outcome",
        "invitation_moved",
        "invitation_postponed",
        "invitation_cancelled",
    ),
)
KIND_OF_TEMPLATE = {
    **dict.fromkeys(_OF_RULES, "reminder"),
    "answer_maybe": "answer",
    "speaker_answer_maybe": "speaker_answer",
    "speaker_answer_no": "speaker_answer",
}
# These are about what somebody was asked to speak in.
OF_SPEAKERS = (
    *("speaker_ask", "speaker_answer", "speaker_answer_maybe", "speaker_answer_no"),
    *("speaker_released", "speaker_nudge"),
)
# These are about an invitation, and about no registration.
OF_INVITATIONS = ("answer", "answer_maybe", "findings", "invitation", "save_the_date")
# These are about words that somebody said.
OF_QUOTES = ("quote_ask",)
STATUS_OF_KIND = {
    "pending": "pending_approval",
    "waiting_list": "waiting_list",
    "cancellation": "cancelled",
    "rejection": "rejected",
}


@dataclass
class Mailroom:
    conference: Conference
    registration: Registration
    moderator: Person
    panel: Session
    invitation: Invitation

    def message(self, template: str, language: str = "en", **columns) -> Message:
        """Return a row that was never saved; rendering reads nothing but its columns."""
        kind = KIND_OF_TEMPLATE.get(template, template)
        if template in OF_INVITATIONS:
            columns = {
                "registration": None,
                "invitation": self.invitation,
                "person": self.invitation.person,
                **columns,
            }
        if template in OF_SPEAKERS:
            asked = self.panel.participations.get(person=self.moderator)
            columns = {
                "registration": None,
                "participation": asked,
                "person": self.moderator,
                **columns,
            }
        if template in OF_QUOTES:
            about = {"registration": None, "person": self.moderator}
            columns = {**about, "facts": {"quote": EXAMPLE}, **columns}
        registration = columns.pop("registration", self.registration)
        if registration is not None:
            registration.status = STATUS_OF_KIND.get(kind, registration.status)
        return Message(
            key=f"{template}:{language}",
            kind=kind,
            template=template,
            conference=self.conference,
            registration=registration,
            to_email="ana@example.org",
            language=language,
            due_at=timezone.now(),
            **{"to_name": "Ana Petrović", **columns},
        )


def _moment(time: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2027-03-18T{time}")


def furnish() -> Mailroom:
    """Make the conference of 18 March 2027 with a programme that is published."""
    # Ids come again after a rollback, and with them the keys of what was kept.
    cache.clear()
    forget()
    organisation = OrganisationFactory(
        slug="institute", name="Institute for Testing", contact_email="desk@example.org"
    )
    conference = ConferenceFactory(
        organisation=organisation,
        slug="forum",
        title={
            "en": "Rivers and borders",
            "sr-Latn": "Reke i granice",
            "sr-Cyrl": "Реке и границе",
            "ru": "Реки и границы",
        },
        doors_local=_moment("09:30"),
        languages=["en", "sr-Latn", "sr-Cyrl", "ru"],
        contact_name="Mila Jović",
        contact_phone="+381 11 555 0100",
    )
    venue = VenueFactory(
        organisation=organisation,
        name={
            "en": "Old Post Office",
            "sr-Latn": "Stara pošta",
            "sr-Cyrl": "Стара пошта",
            "ru": "Старая почта",
        },
        street="Knez Mihailova 1",
        postal_code="11000",
        city="Belgrade",
        entrance={
            "en": "Through the yard",
            "sr-Latn": "Kroz dvorište",
            "sr-Cyrl": "Кроз двориште",
            "ru": "Через двор",
        },
        directions={
            "en": "Bus 24",
            "sr-Latn": "Autobus 24",
            "sr-Cyrl": "Аутобус 24",
            "ru": "Автобус 24",
        },
    )
    ConferenceVenueFactory(conference=conference, venue=venue)
    hall = RoomFactory(
        venue=venue, name={"en": "Hall", "sr-Latn": "Sala", "sr-Cyrl": "Сала", "ru": "Зал"}
    )
    moderator = PersonFactory(
        organisation=organisation,
        honorific="Prof. Dr.",
        given_name="Radina",
        family_name="Vasić",
        position="",
        affiliation="University of Belgrade",
    )
    guest = PersonFactory(
        organisation=organisation,
        given_name="Jean",
        family_name="O’Brien, Jr.",
        position="Editor",
        affiliation="The River",
    )
    opening = SessionFactory(
        conference=conference,
        kind=SessionKind.OPENING_REMARKS,
        title={
            "en": "Opening",
            "sr-Latn": "Otvaranje",
            "sr-Cyrl": "Отварање",
            "ru": "Открытие",
        },
        start_local=_moment("10:00"),
        end_local=_moment("10:15"),
    )
    panel = SessionFactory(
        conference=conference,
        title={
            "en": "Who owns a river",
            "sr-Latn": "Čija je reka",
            "sr-Cyrl": "Чија је река",
            "ru": "Чья это река",
        },
        start_local=_moment("10:15"),
        end_local=_moment("12:00"),
        room=hall,
        attribution=Attribution.CHATHAM_HOUSE,
    )
    pause = SessionFactory(
        conference=conference,
        kind=SessionKind.BREAK,
        title={"en": "Coffee"},
        start_local=_moment("12:00"),
        end_local=_moment("12:30"),
        attribution=Attribution.CLOSED,
    )
    del pause
    ParticipationFactory(session=opening, person=guest, role=ParticipationRole.OPENING_REMARKS)
    for order, (person, role) in enumerate(
        [(moderator, ParticipationRole.MODERATOR), (guest, ParticipationRole.PANELLIST)]
    ):
        ParticipationFactory(
            session=panel, person=person, role=role, order=order, honorific=person.honorific
        )
    publish_schedule(conference=conference, name="First", actor=SYSTEM)
    conference.refresh_from_db()
    registration = RegistrationFactory(
        registration_type=RegistrationTypeFactory(
            conference=conference,
            name={"en": "Guest", "sr-Latn": "Gost", "sr-Cyrl": "Гост", "ru": "Гость"},
        ),
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
        confirmed_at=timezone.now(),
    )
    invitation = InvitationFactory(
        registration_type=registration.registration_type,
        person=PersonFactory(
            organisation=organisation, given_name="Ana", family_name="Petrović", source="our list"
        ),
        held=1,
    )
    return Mailroom(conference, registration, moderator, panel, invitation)
