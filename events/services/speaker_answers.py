"""The answer of who was asked to speak, whoever gives it and however it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.enums import AnsweredVia
from core.errors import DomainError, invalid
from core.services.versions import raise_version
from events import validators as v
from events.enums import ConferenceState, ParticipationState, SessionState
from events.models import Candidate, Conference, Participation
from events.services.asked_sessions import asked_session, begins_at
from events.services.panel_writing import load_panel, note, tell
from events.services.schedules import current_programme
from events.services.writing import assign, load, save

_S = ParticipationState
ANSWERS: Final = (_S.CONFIRMED, _S.TENTATIVE, _S.DECLINED)
# How a member of the team learns of an answer that they record.
RECORDED_VIA: Final = (AnsweredVia.PHONE, AnsweredVia.MAIL, AnsweredVia.IN_PERSON)
_ANSWER: Final[Mapping[str, v.Cleaner]] = {
    "state": v.choice(ParticipationState),
    "answered_via": v.choice(AnsweredVia),
    "answered_by": v.line(200),
    "decline_reason": v.line(500),
}
# What the shortlist says of who said yes when their seat was taken.
WOULD_COME: Final = "Said yes after all, when somebody else had the seat"


@transaction.atomic
def answer_ask(
    *,
    participation: Participation,
    state: str,
    via: str,
    actor: Actor,
    answered_by: str = "",
    reason: str = "",
    by_speaker: bool = False,
    expected: int | None = None,
) -> Participation:
    """Write down whether somebody will speak: yes, not sure yet or no. It holds in public at once.

    A mind may change until the session begins. Who says yes when somebody else sits in their place
    by now keeps their state and stands on the shortlist, for the organiser to see. The same answer
    again only adds to it.

    Arguments:
        state: confirmed, tentative or declined.
        via: an AnsweredVia.
        answered_by: who gave the answer, when it was not the person.
        reason: why they decline, where they say so.
        by_speaker: whether the person or their assistant answers, by the link.
        expected: the session's version.

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``wrong-state`` when the session does not
            take place, has begun, or somebody else has the seat.
    """
    values = _clean(state, via, answered_by, reason)
    conference, root = load_panel(participation.session, expected)
    row = load(participation, "person")
    row.session = root
    refuse_answer(row, conference, by_speaker=by_speaker)
    has_successor = Participation.objects.filter(replaces=row).exists()
    if row.state == _S.REPLACED or (has_successor and values["state"] != _S.DECLINED):
        return _when_replaced(row, values, actor, by_speaker=by_speaker)
    before = row.state
    is_new = before != values["state"] or row.answered_at is None
    changed = assign(row, _written(values, is_new=is_new))
    if not changed:
        return row
    save(row, changed)
    raise_version(root, expected)
    note(
        "answer_ask",
        conference,
        row,
        actor,
        changed=["state"] if before != row.state else (),
        facts={"from": str(before), "to": str(row.state), "via": values["answered_via"]},
    )
    tell(conference, (row.pk,), verb="answered" if is_new else "changed", by_speaker=by_speaker)
    return row


def refuse_answer(row: Participation, conference: Conference, *, by_speaker: bool) -> None:
    """Refuse an answer that can not be given any more, or not yet.

    Raises:
        DomainError: ``wrong-state``.
    """
    if conference.state == ConferenceState.CANCELLED or row.session.state == SessionState.CANCELLED:
        raise DomainError("wrong-state", _("This will not take place, so no answer is needed."))
    if not by_speaker:
        return
    if conference.state == ConferenceState.ARCHIVED:
        raise DomainError("wrong-state", _("This is over."))
    if conference.state == ConferenceState.POSTPONED:
        raise DomainError(
            "wrong-state",
            _("This was postponed. You can answer again when the new date is known."),
        )
    session = asked_session(row, current_programme(conference))
    if begins_at(session, conference) <= timezone.now():
        raise DomainError(
            "wrong-state",
            _("It is too late to answer here. Write to the organiser, who can still change it."),
        )


def _clean(state: str, via: str, answered_by: str, reason: str) -> dict[str, Any]:
    values = v.clean(
        {
            "state": state,
            "answered_via": via,
            "answered_by": answered_by,
            "decline_reason": reason,
        },
        _ANSWER,
    )
    if values["state"] not in ANSWERS:
        known = ", ".join(ANSWERS)
        raise invalid("/state", "choice", f"Choose one of {known}.")
    return values


def _written(values: Mapping[str, Any], *, is_new: bool) -> dict[str, Any]:
    declines = values["state"] == _S.DECLINED
    found: dict[str, Any] = {"state": values["state"]}
    if is_new:
        found |= {"answered_at": timezone.now(), "answered_via": values["answered_via"]}
    if is_new or values["answered_by"]:
        found["answered_by"] = values["answered_by"]
    if not declines or is_new or values["decline_reason"]:
        found["decline_reason"] = values["decline_reason"] if declines else ""
    return found


def _when_replaced(
    row: Participation, values: Mapping[str, Any], actor: Actor, *, by_speaker: bool
) -> Participation:
    """Put on the shortlist who would speak after all, and whose seat is another one's by now.

    Raises:
        DomainError: ``wrong-state`` where an organiser records it: the seat has to be free.
    """
    if not by_speaker:
        raise DomainError(
            "wrong-state", "Somebody else sits here, or nobody is needed. Nothing was written down."
        )
    if values["state"] != _S.CONFIRMED:
        return row
    root = row.session
    _candidate, is_new = Candidate.objects.get_or_create(
        session=root,
        person_id=row.person_id,
        role=row.role,
        defaults={"order": root.candidates.count(), "note": WOULD_COME},
    )
    if is_new:
        raise_version(root, None)
        note("offer_to_speak_after_all", root.conference, row, actor)
    return row
