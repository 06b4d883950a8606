"""What happened to a registration: every change with who did it and how.

It is read from the audit, which keeps no values, and from the history of the invitation that the
registration came from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from accounts.models import Account, ApiToken
from core.enums import AnsweredVia
from core.models import AuditEntry
from registrations.enums import InvitationResponse, RegistrationSource, RegistrationStatus
from registrations.models import Invitation, InvitationEvent, Registration

REGISTRATION: Final = "registration"
INVITATION: Final = "invitation"
_DEEDS: Final[Mapping[str, str]] = {
    "register": "Registered",
    "register_companion": "Registered with somebody",
    "lead_party": "Speaks for the party now",
    "cancel_registration": "Cancelled",
    "uncancel_registration": "Given a place again",
    "approve_registration": "Given a place",
    "reject_registration": "Turned down",
    "put_on_waiting_list": "Put on the waiting list",
    "offer_place": "Offered a place",
    "accept_offer": "Took the offered place",
    "decline_offer": "Gave the offered place to the next",
    "expire_offer": "Offer lapsed",
    "join_list_again": "Joined the waiting list again",
    "ask_again": "Asked whether they still come",
    "confirm_still_coming": "Still comes",
    "release_silent": "Place given away after silence",
    "change_registration": "Details changed",
    "substitute": "Given to somebody else",
    "change_answers": "Answers changed",
    "forget_answers": "Answers forgotten: somebody else comes",
    "show_sensitive_answers": "Food and access looked at",
    "choose_sessions": "Sessions chosen",
    "lose_choice": "Came without what was full by then",
    "check_in": "Checked in",
    "undo_check_in": "Check-in undone",
    "confirm_new_date": "New date confirmed",
    "revoke_link": "Links ended",
    "send_link": "Link sent",
}
_INVITATION_DEEDS: Final[Mapping[str, str]] = {
    "add": "Put on the guest list",
    "answer": "Invitation answered",
    "cancel_companion": "The companion was cancelled",
    "cancel_registration": "The registration was cancelled",
    "change": "Invitation changed",
    "hold": "A place is kept",
    "release_hold": "The kept place was released",
    "revoke_link": "The invitation's link was ended",
    "see": "Invitation seen",
    "send": "Invitation sent",
    "send_save_the_date": "Save-the-date sent",
    "uncancel_companion": "The companion has a place again",
    "uncancel_registration": "Has a place again",
    "withdraw": "Invitation withdrawn",
}
# What is said of both is told once, by the registration.
_TOLD_BY_REGISTRATION: Final = frozenset({"cancel_registration", "uncancel_registration"})
_ACTORS: Final[Mapping[str, str]] = {
    "anonymous": "The guest",
    "guest": "The guest",
    "system": "Lectern",
    "rule": "A rule",
}
_WAYS: Final[Mapping[str, str]] = {
    "account": "in the console",
    "anonymous": "on a public page",
    "guest": "by the personal link",
    "rule": "by the clock",
    "system": "by a command",
    "token": "by API",
}
_SOURCES: Final[Mapping[str, str]] = {
    RegistrationSource.FORM: "by the public form",
    RegistrationSource.API: "by API",
    RegistrationSource.ORGANISER: "in the console",
    RegistrationSource.IMPORT: "by an import",
    RegistrationSource.PARTICIPATION: "as a speaker",
    RegistrationSource.INVITATION: "by an invitation",
    RegistrationSource.WALK_IN: "at the door",
}
# Names of fields as people say them; others are said as they are, with spaces.
_FIELDS: Final[Mapping[str, str]] = {
    "affiliation": "organisation",
    "email": "e-mail",
    "honorific": "title",
    "language": "language of letters",
    "registration_type": "kind of place",
}
# Changes that the deed's own name says.
_UNSAID: Final = frozenset({"status", "checked_in_at", "link_generation", "confirmed_day"})


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened.

    Arguments:
        about: ``registration`` or ``invitation``.
        verb: the service's name, for programs.
        actor: ``account``, ``token``, ``guest``, ``anonymous``, ``rule`` or ``system``.
        before, after: statuses, where it changed.
        changed: names of changed fields, never their values.
    """

    at: dt.datetime
    about: str
    verb: str
    what: str
    actor: str
    who: str
    how: str
    before: str = ""
    after: str = ""
    changed: tuple[str, ...] = ()

    @property
    def statuses(self) -> str:
        """Return the change of status as words: "On the waiting list → Confirmed"."""
        known = dict(RegistrationStatus.choices)
        words = [str(known.get(one, one)) for one in (self.before, self.after) if one]
        return " → ".join(words)

    @property
    def fields(self) -> str:
        """Return the changed fields as words: "e-mail, organisation"."""
        return ", ".join(_FIELDS.get(one, one.replace("_", " ")) for one in self.changed)


def time_line(registration: Registration) -> list[Happening]:
    """Return what happened to a registration, first things first; at most five queries."""
    entries = list(
        AuditEntry.objects.filter(
            object_type=registration._meta.label_lower, object_uid=str(registration.uid)
        ).order_by("at", "pk")
    )
    events = list(
        InvitationEvent.objects.filter(invitation__in=_invitations_of(registration))
        .exclude(verb__in=_TOLD_BY_REGISTRATION)
        .order_by("at", "pk")
    )
    actors = [(entry.actor_kind, entry.actor_id) for entry in entries]
    names = _names([*actors, *((event.actor_kind, event.actor_id) for event in events)])
    found = [_of_entry(entry, names) for entry in entries]
    found += [_of_event(event, names) for event in events]
    return sorted(found, key=lambda one: one.at)


def _invitations_of(registration: Registration) -> list[int]:
    mine = Invitation.objects.filter(registration=registration).values_list("pk", flat=True)
    return list(mine)


def _names(actors: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the names of accounts and tokens; two queries, none where nobody is one."""
    known = set(actors)
    accounts = {pk for kind, pk in known if kind == "account" and pk.isdigit()}
    tokens = {pk for kind, pk in known if kind == "token" and pk.isdigit()}
    names: dict[tuple[str, str], str] = {}
    if accounts:
        for account in Account.objects.filter(pk__in=accounts):
            names["account", str(account.pk)] = account.get_full_name()
    if tokens:
        for token in ApiToken.objects.filter(pk__in=tokens):
            names["token", str(token.pk)] = f"API token “{token.name}”"
    return names


def _who(kind: str, pk: str, names: Mapping[tuple[str, str], str]) -> str:
    gone = {"account": "A former member", "token": "A former API token"}
    return names.get((kind, pk)) or _ACTORS.get(kind) or gone.get(kind, "Somebody")


def _of_entry(entry: AuditEntry, names: Mapping[tuple[str, str], str]) -> Happening:
    facts = entry.facts if isinstance(entry.facts, dict) else {}
    is_first = entry.verb in {"register", "register_companion"}
    how = _SOURCES.get(str(facts.get("source", "")), "") if is_first else ""
    return Happening(
        at=entry.at,
        about=REGISTRATION,
        verb=entry.verb,
        what=_DEEDS.get(entry.verb, entry.verb.replace("_", " ").capitalize()),
        actor=entry.actor_kind,
        who=_who(entry.actor_kind, entry.actor_id, names),
        how=how or _WAYS.get(entry.actor_kind, ""),
        before=str(facts.get("from") or ""),
        after=str(facts.get("status" if is_first else "to") or ""),
        changed=tuple(name for name in entry.changed if name not in _UNSAID),
    )


def _of_event(event: InvitationEvent, names: Mapping[tuple[str, str], str]) -> Happening:
    what = _INVITATION_DEEDS.get(event.verb, event.verb.replace("_", " ").capitalize())
    if event.response:
        what = f"{what}: {InvitationResponse(event.response).label.lower()}"
    who = _who(event.actor_kind, event.actor_id, names)
    if event.by:
        by_guest = event.actor_kind in {"guest", "anonymous"}
        who = event.by if by_guest else f"{who}, from {event.by}"
    return Happening(
        at=event.at,
        about=INVITATION,
        verb=event.verb,
        what=what,
        actor=event.actor_kind,
        who=who,
        how=str(AnsweredVia(event.via).label).lower()
        if event.via
        else _WAYS.get(event.actor_kind, ""),
    )
