"""Checks of the moment, the conference and the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.clock import to_local
from events.enums import ConferenceState
from notifications.enums import MessageKind
from notifications.services.flight_facts import Flight
from notifications.services.flight_found import Found, stop, warn
from notifications.services.kinds import kind_of
from notifications.services.wording import zone_city

_SATURDAY: Final = 5
_STATES: Final = {
    ConferenceState.DRAFT: "is still a draft: its page opens for nobody",
    ConferenceState.POSTPONED: "is postponed: its date is not known",
    ConferenceState.CANCELLED: "is cancelled",
}


def quiet_hours(flight: Flight) -> Iterator[Found]:
    if flight.morning is None:
        return
    zone = flight.conference.time_zone
    now, then = to_local(flight.leaves, zone), to_local(flight.morning, zone)
    yield warn(
        f"It is {now:%H:%M} in {zone_city(zone, 'en')}. It leaves at {then:%H:%M} on {then:%A}, "
        "unless you send it anyway."
    )


def weekend(flight: Flight) -> Iterator[Found]:
    moment = to_local(flight.morning or flight.leaves, flight.conference.time_zone)
    if moment.weekday() >= _SATURDAY:
        yield warn(f"It leaves on a {moment:%A}.")


def state(flight: Flight) -> Iterator[Found]:
    found = _STATES.get(ConferenceState(flight.conference.state))
    if found:
        yield warn(f"The conference {found}.", flight.conference.state)


def over(flight: Flight) -> Iterator[Found]:
    if flight.conference.ends_at <= flight.now:
        yield warn("The conference is over.")
    elif flight.conference.ends_at <= flight.leaves:
        yield warn("It leaves after the conference is over.")


def contact(flight: Flight) -> Iterator[Found]:
    if not flight.contact_email:
        yield stop("There is no contact address: answers would reach nobody.")


def stop_link(flight: Flight) -> Iterator[Found]:
    if not kind_of(MessageKind.ANNOUNCEMENT).optional:
        yield stop("Mails of this kind carry no link that stops them.")
    if not flight.has_imprint:
        yield warn("The organisation has no imprint: readers can not see whose mail it is.")


def paused(flight: Flight) -> Iterator[Found]:
    if flight.paused is not None:
        yield warn(f"Sending is paused: {flight.paused}. It leaves when somebody resumes.")


def mail_server(flight: Flight) -> Iterator[Found]:
    if not flight.email_url:
        yield warn("No mail server is set up: mails go into a folder, not to people.")
    elif not flight.email_url.startswith("smtp"):
        yield stop("EMAIL_URL names no mail server.")
    elif flight.unreachable:
        yield warn("The mail server does not answer now. Mails wait until it does.")
