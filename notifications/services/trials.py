"""A text tried on a real recipient: the row of the outbox that a mail to them would come from.

Nothing of it is kept, and nothing in it gives a right: whoever looks on gets the mail disarmed.
"""

from __future__ import annotations

import datetime as dt
from copy import copy
from dataclasses import replace
from typing import Any, Final

from django.utils import timezone

from core.text import full_name
from events.enums import ParticipationRole
from events.models import Conference, Participation, Person, Session
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.archive import MailContent, disarm
from notifications.services.kinds import SPEAKER_THANKS, kind_of
from notifications.services.own_texts import PARTS
from notifications.services.placeholders import allowed_in, kind_of_template
from notifications.services.quote_facts import EXAMPLE
from notifications.services.texts import MailText, Source, make_text
from registrations.enums import LIVE, RegistrationKind, RegistrationStatus
from registrations.models import Invitation, Registration, RegistrationType

PREFIX: Final = "[Test]"
_GUESTS: Final = 8
_SPEAKERS: Final = 6
_INVITED: Final = 6


def samples_of(conference: Conference | None, template: str = "") -> list[tuple[str, str]]:
    """Return a short choice of people whose mail can be looked at: value and name.

    Arguments:
        template: the text to be looked at; who may really get it stands first.
    """
    if conference is None:
        return []
    guests = (
        Registration.objects.filter(conference=conference, status__in=LIVE)
        .select_related("registration_type")
        .order_by("-honorific", "sort_key", "pk")[:_GUESTS]
    )
    speakers = (
        Person.objects.filter(participations__session__conference=conference)
        .distinct()
        .order_by("sort_key", "pk")[:_SPEAKERS]
    )
    found = [(f"r.{guest.code}", f"{_name(guest)}, registered") for guest in guests]
    invited = (
        Invitation.objects.live()
        .filter(conference=conference)
        .select_related("person")
        .order_by("-person__honorific", "sort_key", "pk")[:_INVITED]
    )
    found += [(f"p.{person.code}", f"{_name(person)}, speaks") for person in speakers]
    asked = [(f"i.{row.code}", f"{_name(row.person)}, invited") for row in invited]
    about_invitations = template and "answer_url" in allowed_in(template)
    found = [*asked, *found] if about_invitations else [*found, *asked]
    return found or [("", "An example guest")]


def trial(conference: Conference, template: str, language: str, sample: str) -> Message:
    """Return a row that was never saved: the mail of this text to one of the samples.

    Who is not there any more, or never was, is an example guest.
    """
    kind = kind_of_template(template)
    mark, _dot, code = sample.partition(".")
    registration: Registration | None = None
    person: Person | None = None
    invitation: Invitation | None = None
    if mark == "i":
        invitation = _invitation(conference, code)
        person = invitation.person if invitation is not None else None
    elif mark == "p":
        person = Person.objects.filter(
            organisation_id=conference.organisation_id, code=code
        ).first()
    elif mark == "r":
        registration = (
            Registration.objects.filter(conference=conference, code=code)
            .select_related("registration_type", "person")
            .first()
        )
    asked: Participation | None = None
    if kind == MessageKind.QUOTE_ASK:
        person = (registration.person if registration else person) or _example_person(conference)
        registration, invitation = None, None
    elif "session" in allowed_in(template):
        asked = _asked(conference, registration.person if registration else person)
        person, registration = asked.person, None
    elif "answer_url" in allowed_in(template):
        invitation = invitation or _example_invitation(conference, registration or person)
        person, registration = invitation.person, None
    elif registration is None and (person is None or kind != MessageKind.REMINDER):
        registration = _example(conference, person)
        invitation = None
    if asked is not None:
        invitation = None
    shown = _in_its_status(registration, kind) if registration is not None else None
    who = shown or person
    return Message(
        kind=kind,
        template=template,
        conference=conference,
        registration=shown,
        person=person if shown is None else None,
        invitation=invitation if shown is None else None,
        participation=asked,
        to_name=_name(who) if who else "",
        language=language,
        facts=_facts(conference, kind, template),
        due_at=timezone.now(),
    )


def facts_of(source: Source, sample: str) -> dict[str, Any]:
    """Return what a test mail must remember: the text as it was typed, and on whom it is tried."""
    parts = {name: getattr(source, name) for name in PARTS}
    return {"parts": parts, "sample": sample}


def trial_of(message: Message) -> tuple[Message, MailText]:
    """Return what a row of kind ``test`` tries: a mail that was never saved, and its text."""
    parts = dict(message.facts["parts"])
    for name in ("facts", "reason"):
        parts[name] = tuple(parts[name])
    source = Source(template=message.template, language=message.language, **parts)
    tried = trial(message.conference, source.template, source.language, message.facts["sample"])
    return tried, make_text(source)


def as_test(content: MailContent) -> MailContent:
    """Return a mail as a test of it: disarmed, and its subject says so."""
    harmless = disarm(content)
    return replace(harmless, subject=f"{PREFIX} {harmless.subject}")


def _name(who: Registration | Person) -> str:
    return full_name(who.honorific, full_name(who.given_name, who.family_name))


def _example(conference: Conference, person: Person | None) -> Registration:
    """Return a registration that was never made, of a person where there is one."""
    kind = conference.registration_types.order_by("pk").first() or RegistrationType(
        conference=conference, name={}, kind=RegistrationKind.GUEST
    )
    return Registration(
        pk=0,
        conference=conference,
        registration_type=kind,
        person=person,
        code="EXAMPLE",
        status=RegistrationStatus.CONFIRMED,
        honorific=person.honorific if person else "",
        given_name=person.given_name if person else "Ana",
        family_name=person.family_name if person else "Example",
    )


def _invitation(conference: Conference, code: str) -> Invitation | None:
    rows = Invitation.objects.live().filter(conference=conference, code=code)
    return rows.select_related("person").first()


def _example_invitation(conference: Conference, who: Registration | Person | None) -> Invitation:
    """Return an invitation that was never made, of a person where there is one."""
    person = who if isinstance(who, Person) else None
    return Invitation(
        pk=0,
        conference=conference,
        code="EXAMPLE",
        person=person
        or Person(
            pk=0,
            organisation=conference.organisation,
            honorific=who.honorific if who else "",
            given_name=who.given_name if who else "Ana",
            family_name=who.family_name if who else "Example",
        ),
    )


def _example_person(conference: Conference) -> Person:
    return Person(
        pk=0, organisation=conference.organisation, given_name="Ana", family_name="Example"
    )


def _in_its_status(registration: Registration, kind: MessageKind) -> Registration:
    """Return a copy in a status for which a mail of this kind is right."""
    shown = copy(registration)
    fitting = kind_of(kind).statuses
    if shown.status not in fitting:
        shown.status = min(fitting)
    return shown


def _asked(conference: Conference, person: Person | None) -> Participation:
    """Return what a person was asked for, else an example that was never made."""
    rows = Participation.objects.filter(session__conference=conference).select_related(
        "session__room__venue", "person"
    )
    if person is not None and (own := rows.filter(person=person).order_by("pk").first()):
        return own
    session = conference.sessions.select_related("room__venue").order_by("starts_at", "pk").first()
    return Participation(
        pk=0,
        code="EXAMPLE",
        role=ParticipationRole.PANELLIST,
        session=session
        or Session(pk=0, conference=conference, code="EXAMPLE", title=conference.title),
        person=person or _example_person(conference),
    )


def _facts(conference: Conference, kind: MessageKind, template: str) -> dict[str, str]:
    if kind == MessageKind.QUOTE_ASK:
        return {"quote": EXAMPLE}
    if kind == MessageKind.SPEAKER_ANSWER:
        state = next((s for s, text in SPEAKER_THANKS.items() if text == template), "confirmed")
        return {"state": state}
    start, end = conference.start_local, conference.end_local
    if kind != MessageKind.CHANGED_TIME or start is None or end is None:
        return {}
    day = dt.timedelta(days=1)
    return {
        "former_start": (start - day).isoformat(timespec="minutes"),
        "former_end": (end - day).isoformat(timespec="minutes"),
    }
