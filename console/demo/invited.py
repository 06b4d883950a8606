"""The demo's invited guests: asked, seen, answered, silent, and some not asked yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from accounts.models import Account, Organisation
from console.demo.reading import on
from core.actors import SYSTEM, Actor
from core.enums import AnsweredVia
from events.models import Conference, Person
from events.services.conferences import change_conference
from events.services.people import set_assistants
from registrations.models import Invitation, InvitationEvent, Registration
from registrations.services.answering import answer_invitation, note_seen
from registrations.services.inviting import add_invitations, send_invitations

Facts = Mapping[str, Any]
Pair = tuple[Facts, Person]
TYPE: Final = "invited"
# So many days after the loading day guests are asked to have answered.
_DEADLINE: Final = 3
_GUEST: Final = Actor("guest")


def invite_people(conference: Conference, people: Sequence[Pair], now: dt.datetime) -> int:
    """Put those on the guest list whose facts say so, and let happen what they say; return how
    many they are.
    """
    rows = [(row["invitation"], person) for row, person in people if "invitation" in row]
    today = now.date()
    conference = change_conference(
        conference=conference,
        changes={"reply_until_local": on(today + dt.timedelta(days=_DEADLINE), "18:00")},
        expected=None,
        actor=SYSTEM,
    )
    _give_assistants(people)
    members = _members(conference.organisation)
    invited = {
        person.pk: _add(conference, facts, person, members.get(facts.get("owner", "")))
        for facts, person in rows
    }
    asked = [invited[person.pk].pk for facts, person in rows if "ago" in facts]
    send_invitations(conference=conference, invitation_ids=asked, actor=SYSTEM)
    for facts, person in rows:
        _then(invited[person.pk], facts)
        _date_back(invited[person.pk], facts, now)
    return len(rows)


def _give_assistants(people: Sequence[Pair]) -> None:
    for row, person in people:
        if "assistant" in row:
            set_assistants(
                person=person, assistants=[row["assistant"]], expected=None, actor=SYSTEM
            )


def _members(organisation: Organisation) -> dict[str, Account]:
    rows = organisation.memberships.select_related("account")
    return {row.role: row.account for row in rows}


def _add(conference: Conference, facts: Facts, person: Person, owner: Account | None) -> Invitation:
    added = add_invitations(
        conference=conference,
        person_ids=[person.pk],
        type_slug=TYPE,
        wave=facts["wave"],
        plus_one=facts.get("plus_one", False),
        owner=owner,
        actor=SYSTEM,
    )
    return added.invitations[0]


def _then(invitation: Invitation, facts: Facts) -> None:
    if "seen" in facts:
        note_seen(invitation=invitation)
    if "answer" not in facts:
        return
    via = facts.get("via", AnsweredVia.LINK)
    by_guest = via in {AnsweredVia.LINK, AnsweredVia.ASSISTANT}
    assistant = invitation.person.assistants.first() if via == AnsweredVia.ASSISTANT else None
    answer_invitation(
        invitation=invitation,
        response=facts["answer"],
        via=via,
        actor=_GUEST if by_guest else SYSTEM,
        answered_by=assistant.name if assistant else "",
        companion=_names(facts.get("companion")),
        delegate=_names(facts.get("delegate")),
        reason=facts.get("reason", ""),
        wants_findings=facts.get("findings", False),
        by_guest=by_guest,
    )


def _names(pair: Sequence[str] | None) -> dict[str, str] | None:
    return {"given_name": pair[0], "family_name": pair[1]} if pair else None


def _date_back(invitation: Invitation, facts: Facts, now: dt.datetime) -> None:
    """Let each step be as long ago as the demo says.

    No service does anything in the past, so the stamps (and nothing else) are written here.
    """

    def ago(name: str) -> dt.datetime:
        return now - dt.timedelta(days=facts[name], minutes=invitation.pk * 37 % 300)

    rows = Invitation.objects.filter(pk=invitation.pk)
    events = InvitationEvent.objects.filter(invitation=invitation)
    added = now - dt.timedelta(days=facts.get("ago", 1) + 1)
    rows.update(created_at=added)
    events.filter(verb="add").update(at=added)
    if "ago" in facts:
        rows.update(sent_at=ago("ago"), last_sent_at=ago("ago"))
        events.filter(verb="send").update(at=ago("ago"))
    if "seen" in facts:
        rows.update(seen_at=ago("seen"))
        events.filter(verb="see").update(at=ago("seen"))
    if "answered" in facts:
        rows.update(answered_at=ago("answered"))
        events.filter(verb="answer").update(at=ago("answered"))
        invitation.refresh_from_db()
        come = [invitation.registration_id, invitation.companion_id]
        Registration.objects.filter(pk__in=[pk for pk in come if pk]).update(
            created_at=ago("answered"), status_at=ago("answered"), confirmed_at=ago("answered")
        )
