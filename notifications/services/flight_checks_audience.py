"""Checks of whom an announcement goes to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from events.enums import ParticipationState
from notifications.enums import InvitationStanding, SkipReason
from notifications.services.audience_filters import filters_of
from notifications.services.flight_facts import Flight
from notifications.services.flight_found import Found, people, some, stop, warn
from registrations.enums import LIVE, RegistrationStatus

# More than so many times the last audience, and more than so many people at all.
_TIMES: Final = 3
_MANY: Final = 50
# More than half as many again, and ten people at least: people do register while one waits.
_GROWN_TIMES: Final = 1.5
_GROWN_BY: Final = 10


def empty(flight: Flight) -> Iterator[Found]:
    if filters_of(flight.announcement.audience).is_empty:
        yield stop("Nobody is chosen yet.")
    elif not flight.survey.total:
        yield stop("Nobody in this audience can be written to.")


def large(flight: Flight) -> Iterator[Found]:
    last, total = flight.last_planned, flight.survey.total
    if last is not None and total > max(_MANY, last * _TIMES):
        yield warn(f"It goes to {people(total)}; the last one went to {last:,}.")


def grown(flight: Flight) -> Iterator[Found]:
    """Compare with what was agreed to when the button was pressed."""
    agreed, total = flight.announcement.expected, flight.survey.total
    if total - agreed >= _GROWN_BY and total > agreed * _GROWN_TIMES:
        yield warn(f"It was sent to {people(agreed)} and would go to {total:,} now.")


def gone(flight: Flight) -> Iterator[Found]:
    filters = filters_of(flight.announcement.audience)
    out = [RegistrationStatus(s).label.lower() for s in filters.registrations if s not in LIVE]
    out += [
        state.label.lower()
        for state in (ParticipationState.DECLINED, ParticipationState.REPLACED)
        if state in filters.speakers
    ]
    if InvitationStanding.DECLINED in filters.invitations:
        out.append("invited, not coming")
    if out:
        yield warn(f"It also goes to people who are out of it: {', '.join(out)}.")


def _skipped(flight: Flight, reason: SkipReason, one: str, many: str) -> Iterator[Found]:
    tally = flight.survey.skipped.get(reason)
    if tally is not None:
        who = f"{people(tally.number)} {one if tally.number == 1 else many}"
        yield warn(f"{who}: {some(tally.names, tally.number)}.")


def doubles(flight: Flight) -> Iterator[Found]:
    end = "an address with another, which gets one mail"
    return _skipped(flight, SkipReason.DOUBLE, f"shares {end}", f"share {end}")


def no_address(flight: Flight) -> Iterator[Found]:
    return _skipped(
        flight,
        SkipReason.NO_ADDRESS,
        "without an address gets nothing",
        "without an address get nothing",
    )


def opted_out(flight: Flight) -> Iterator[Found]:
    return _skipped(
        flight, SkipReason.OPTED_OUT, "opted out and gets nothing", "opted out and get nothing"
    )


def nameless(flight: Flight) -> Iterator[Found]:
    tally = flight.survey.lacking.get("name")
    if tally is not None:
        yield warn(
            f"{people(tally.number)} without a name {_are(tally.number)} greeted without one: "
            f"{some(tally.names, tally.number)}."
        )


def salutations(flight: Flight) -> Iterator[Found]:
    tally = flight.survey.lacking.get("salutation")
    if tally is not None and any("greeting" in text.named for text in flight.read):
        yield warn(
            f"{people(tally.number)} with a title and no salutation in their language "
            f"{_are(tally.number)} greeted by name: {some(tally.names, tally.number)}."
        )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def repeated(flight: Flight) -> Iterator[Found]:
    if flight.repeats:
        yield warn("The same subject went to the same audience within the last 24 hours.")
