"""Why somebody is not in a rule's audience: one function an audience. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from events.enums import ParticipationState
from events.models import Conference, Participation, Person
from notifications.enums import Audience, Step
from notifications.models import ReminderRule
from notifications.services.needs_facts import ASKS_FOR_NEEDS, open_parts
from notifications.services.reading import short_moment
from registrations.enums import RegistrationStatus
from registrations.models import Invitation, Registration


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody as a conference knows them.

    Arguments:
        name: as it is spoken.
        person: None for who registered without being known.
        registrations: all of theirs at this conference, the one that counts first.
        invitation: the live one, else the last one.
        asked: what they sit on, or were asked for, in the draft; the latest asking first.
        roles: (session's code, role) of what they have confirmed in the published programme.
    """

    name: str
    person: Person | None = None
    registrations: Sequence[Registration] = ()
    invitation: Invitation | None = None
    roles: Sequence[tuple[str, str]] = ()
    asked: Sequence[Participation] = ()

    @property
    def registration(self) -> Registration | None:
        return self.registrations[0] if self.registrations else None


@dataclass(frozen=True, slots=True)
class Door:
    """What is known of who came.

    Arguments:
        is_over: whether the conference has ended.
        somebody_came: whether anybody was checked in.
    """

    is_over: bool = False
    somebody_came: bool = False


_Why = Callable[[Human, ReminderRule, Door, str], str]


def why_not_for(human: Human, rule: ReminderRule, door: Door, conference: Conference) -> str:
    """Return why somebody is not in a rule's audience, in a sentence; "" where they are."""
    return _WHY[Audience(rule.audience)](human, rule, door, conference.time_zone)


def _unanswered(human: Human, _rule: ReminderRule, _door: Door, zone: str) -> str:
    only, invitation = "Only guests without an answer get it", human.invitation
    if invitation is None:
        return f"{only}, and there is no invitation."
    if invitation.withdrawn_at is not None:
        return f"{only}: the invitation was withdrawn on {_day(invitation.withdrawn_at, zone)}."
    if invitation.response:
        answer = invitation.get_response_display().lower()
        when = _day(invitation.answered_at, zone)
        how = invitation.get_answered_via_display()
        who = f" ({invitation.answered_by})" if invitation.answered_by else ""
        return f"{only}: the answer of {when} is “{answer}”, {how[:1].lower()}{how[1:]}{who}."
    if invitation.sent_at is None:
        return f"{only}, and the invitation has not been sent."
    return ""


def _asked(human: Human, _rule: ReminderRule, _door: Door, zone: str) -> str:
    only = "Only who was asked to speak and has not answered gets it"
    rows = [row for row in human.asked if row.asked_at is not None]
    if any(row.state == ParticipationState.INVITED for row in rows):
        return ""
    row = next(iter(rows), None)
    if row is None:
        return f"{only}, and nobody has asked them."
    state = row.get_state_display().lower()
    if row.answered_at is None:
        return f"{only}: they are “{state}” now."
    how = row.get_answered_via_display()
    who = f" ({row.answered_by})" if row.answered_by else ""
    when = _day(row.answered_at, zone)
    return f"{only}: the answer of {when} is “{state}”, {how[:1].lower()}{how[1:]}{who}."


def _place(human: Human, only: str, status: RegistrationStatus, zone: str) -> str:
    if any(row.status == status for row in human.registrations):
        return ""
    row = human.registration
    if row is None:
        return f"{only}, and there is no registration."
    state = row.get_status_display().lower()
    return f"{only}: the registration is “{state}” since {_day(row.status_at, zone)}."


def _attendees(human: Human, _rule: ReminderRule, _door: Door, zone: str) -> str:
    return _place(human, "Only attendees get it", RegistrationStatus.CONFIRMED, zone)


def _waiting_list(human: Human, _rule: ReminderRule, _door: Door, zone: str) -> str:
    only = "Only people on the waiting list get it"
    return _place(human, only, RegistrationStatus.WAITING_LIST, zone)


def _checked_in(human: Human, rule: ReminderRule, door: Door, zone: str) -> str:
    only = "Only who came gets it"
    if why := _place(human, only, RegistrationStatus.CONFIRMED, zone):
        return why
    everybody = rule.step == Step.THANKS and door.is_over and not door.somebody_came
    if everybody or _came_at(human) is not None:
        return ""
    return f"{only}, and nobody has checked them in{'' if door.is_over else ' so far'}."


def _no_shows(human: Human, _rule: ReminderRule, door: Door, zone: str) -> str:
    only = "Only who did not come gets it"
    if why := _place(human, only, RegistrationStatus.CONFIRMED, zone):
        return why
    came_at = _came_at(human)
    if came_at is not None:
        return f"{only}: checked in on {short_moment(came_at, zone)}."
    if not door.is_over:
        return f"{only}, and that is known after the end."
    return "" if door.somebody_came else f"{only}, and nobody was looked for at the door."


def _speakers(human: Human, rule: ReminderRule, _door: Door, _zone: str) -> str:
    role = f" in the role “{rule.get_role_display().lower()}”" if rule.role else ""
    only = f"Only confirmed speakers of the published programme{role} get it"
    roles = {role for _session, role in human.roles}
    if roles and rule.template == ASKS_FOR_NEEDS and _has_given_everything(human, rule):
        return "Nothing is needed of them any more: they have given everything."
    return "" if roles and (not rule.role or rule.role in roles) else f"{only}."


def _has_given_everything(human: Human, rule: ReminderRule) -> bool:
    return human.person is not None and not open_parts(rule.conference, human.person.pk)


def _session(human: Human, rule: ReminderRule, _door: Door, _zone: str) -> str:
    wanted = rule.session.code if rule.session is not None else ""
    mine = [(code, role) for code, role in human.roles if code == wanted]
    if any(not rule.role or rule.role == role for _code, role in mine):
        return ""
    return "Only the confirmed people of one session of the published programme get it."


def _came_at(human: Human) -> dt.datetime | None:
    return next((r.checked_in_at for r in human.registrations if r.checked_in_at), None)


def _day(at: dt.datetime | None, zone: str) -> str:
    return short_moment(at, zone).rpartition(",")[0] if at is not None else "then"


_WHY: Final[Mapping[Audience, _Why]] = MappingProxyType(
    {
        Audience.UNANSWERED: _unanswered,
        Audience.ASKED: _asked,
        Audience.ATTENDEES: _attendees,
        Audience.WAITING_LIST: _waiting_list,
        Audience.CHECKED_IN: _checked_in,
        Audience.NO_SHOWS: _no_shows,
        Audience.SPEAKERS: _speakers,
        Audience.SESSION: _session,
    }
)
