"""One person in another one's place on a panel: one deed, whoever said no or is not needed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, invalid
from core.services.versions import raise_version
from events.enums import OFF_THE_PANEL, ParticipationState
from events.models import Candidate, Participation, Person, Session
from events.services.asking import ASKED_OR_THERE, ask_speaker
from events.services.panel_writing import load_panel, name_of, note, tell
from events.services.panels import NO_ANSWER
from events.services.writing import load, put_in_order, save, taken, taken_as

_S = ParticipationState
_TWICE = "This person has that role on this session already."


@transaction.atomic
def replace_speaker(
    *,
    participation: Participation,
    person: Person,
    actor: Actor,
    ask: bool = False,
    words: str = "",
    reply_until_local: dt.datetime | str | None = None,
    tell_them: bool = False,
    expected: int | None = None,
) -> Participation:
    """Put another person in somebody's place and return that one's participation.

    The new one takes role, place in the order and minutes; who sat there is replaced, or stays
    declined. Who stood on the shortlist is off it. Both happen, and the asking, or nothing.

    Arguments:
        ask: whether the new one is asked in the same step, with these words and deadline.
        tell_them: whether who was asked and is not needed any more gets a mail.
        expected: the session's version.

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``conflict`` when the new one has that role
            there already; ``wrong-state`` when somebody took the place before, or can not be asked.
    """
    conference, root = load_panel(participation.session, expected)
    former = load(participation, "person")
    former.session = root
    if person.organisation_id != conference.organisation_id:
        raise invalid("/person", "unknown", "There is no such person.")
    if Participation.objects.filter(replaces=former).exists():
        raise DomainError(
            "wrong-state", f"Somebody has taken the place of {name_of(former)} already."
        )
    before = ParticipationState(former.state)
    if before != _S.DECLINED:
        former.state = _S.REPLACED
        save(former, ["state"])
    row = _seat(former, load(person), root)
    Candidate.objects.filter(session=root, person=person, role=row.role).delete()
    put_in_order(list(root.candidates.all()))
    raise_version(root, expected)
    facts = {"from": str(before), "to": str(former.state)}
    note("replace_speaker", conference, former, actor, changed=["state"], facts=facts)
    note("take_place_of", conference, row, actor)
    tell(conference, (former.pk, row.pk), verb="replaced")
    if tell_them and before in ASKED_OR_THERE:
        occasion = f"{timezone.now():%Y%m%dT%H%M%S%f}"
        tell(conference, (former.pk,), verb="released", occasion=occasion)
    if ask:
        root.refresh_from_db()
        row = ask_speaker(
            participation=row, words=words, reply_until_local=reply_until_local, actor=actor
        )
    return row


def _seat(former: Participation, person: Person, root: Session) -> Participation:
    """Give a person the place of another one; who was off the panel comes back to it."""
    others = list(root.participations.order_by("order", "pk"))
    known = next((p for p in others if p.person_id == person.pk and p.role == former.role), None)
    if known is not None and (known.pk == former.pk or known.state not in OFF_THE_PANEL):
        raise taken("/person", _TWICE)
    of_the_day = {name: getattr(person, name) for name in ("honorific", "affiliation", "position")}
    if known is None:
        row = Participation(
            session=root,
            person=person,
            role=former.role,
            minutes=former.minutes,
            replaces=former,
            **of_the_day,
        )
        with taken_as("/person", _TWICE):
            row.save(force_insert=True)
    else:
        row = known
        row.session, row.person = root, person
        if former.replaces_id == row.pk:  # who was replaced by the other one comes back
            former.replaces = None
            save(former, ["replaces"])
        again = {**NO_ANSWER, **of_the_day, "state": _S.PLANNED, "minutes": former.minutes}
        for name, value in {**again, "replaces": former}.items():
            setattr(row, name, value)
        save(row, [*again, "replaces"])
    rest = [p for p in others if p.pk not in {row.pk, former.pk}]
    at = sum(1 for p in rest if (p.order, p.pk) < (former.order, former.pk))
    still = next(p for p in others if p.pk == former.pk)
    put_in_order([*rest[:at], row, *rest[at:], still])
    return row
