"""Asking people to speak: by their own link, again, or not after all.

A mail leaves only because an organiser called one of these. Answers stand in `speaker_answers`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, invalid
from core.services.versions import raise_version
from events import validators as v
from events.enums import ConferenceState, ParticipationState, SessionState
from events.models import Conference, Participation, Session
from events.services.instants import resolve_ask
from events.services.panel_writing import load_panel, name_of, note, tell
from events.services.panels import NO_ANSWER
from events.services.writing import assign, load, save

_S = ParticipationState
ASK: Final[Mapping[str, v.Cleaner]] = {
    "asked_words": v.paragraphs(2000),
    "reply_until_local": v.local_time(required=False),
}
# Asked, and still to be told when they are not needed.
ASKED_OR_THERE: Final = (_S.INVITED, _S.TENTATIVE, _S.CONFIRMED)
_NO_ASKING_IN: Final = frozenset({ConferenceState.CANCELLED, ConferenceState.ARCHIVED})


def ask_speaker(
    *,
    participation: Participation,
    actor: Actor,
    words: str = "",
    reply_until_local: dt.datetime | str | None = None,
    expected: int | None = None,
) -> Participation:
    """Ask somebody to speak, or ask again: see `ask_speakers`."""
    rows = ask_speakers(
        session=participation.session,
        participations=[participation],
        words=words,
        reply_until_local=reply_until_local,
        expected=expected,
        actor=actor,
    )
    return rows[0]


@transaction.atomic
def ask_speakers(
    *,
    session: Session,
    participations: Collection[Participation],
    actor: Actor,
    words: str = "",
    reply_until_local: dt.datetime | str | None = None,
    expected: int | None = None,
) -> list[Participation]:
    """Ask people of one session whether they will speak; all of them, or nobody.

    Each gets a mail with a link of their own, to the assistant where there is one. Who was asked
    and has not decided is asked again; who has declined, or was not needed, is asked anew.

    Arguments:
        words: what the organiser writes to them by hand.
        reply_until_local: until when an answer is asked for, on the conference's clocks.
        expected: the session's version.

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``wrong-state`` when one of them has
            confirmed, was replaced or has no address, or the session is over or cancelled.
    """
    values = v.clean({"asked_words": words, "reply_until_local": reply_until_local}, ASK)
    conference, root = load_panel(session, expected)
    wanted = {row.pk for row in participations}
    rows = [row for row in _with_people(root) if row.pk in wanted]
    if not rows or len(rows) != len(wanted):
        raise DomainError("not-found", "Somebody was taken off the panel in the meantime.")
    now = timezone.now()
    refuse_asking(conference, root, now)
    for row in rows:
        _refuse_to_ask(row)
        _ask(row, conference, values, now)
    raise_version(root, expected)
    for row in rows:
        note("ask_speaker", conference, row, actor, facts={"to": str(row.state)})
    occasion = f"{now:%Y%m%dT%H%M%S%f}"
    tell(conference, (row.pk for row in rows), verb="asked", occasion=occasion)
    return rows


@transaction.atomic
def release_speaker(
    *, participation: Participation, tell_them: bool, actor: Actor, expected: int | None = None
) -> Participation:
    """Let somebody go who was asked, or has confirmed, and is not needed after all.

    Their seat is empty and what they gave stays; a mail goes only where that is wished.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when they were not asked, or are off the panel.
    """
    conference, root = load_panel(participation.session, expected)
    row = load(participation, "person")
    row.session = root
    if row.state not in ASKED_OR_THERE:
        raise DomainError(
            "wrong-state", f"{name_of(row)} was not asked, or is off the panel already."
        )
    before = row.state
    row.state = _S.REPLACED
    save(row, ["state"])
    raise_version(root, expected)
    facts = {"from": str(before), "told": tell_them}
    note("release_speaker", conference, row, actor, changed=["state"], facts=facts)
    occasion = f"{timezone.now():%Y%m%dT%H%M%S%f}" if tell_them else ""
    tell(conference, (row.pk,), verb="released", occasion=occasion)
    return row


@transaction.atomic
def revoke_speaker_link(
    *, participation: Participation, actor: Actor, expected: int | None = None
) -> Participation:
    """Make the link that somebody was sent open nothing; the next mail has a new one.

    Raises:
        DomainError: ``stale``, ``not-found``.
    """
    conference, root = load_panel(participation.session, expected)
    row = load(participation, "person")
    row.session = root
    row.link_generation += 1
    save(row, ["link_generation"])
    raise_version(root, expected)
    note("revoke_speaker_link", conference, row, actor)
    return row


@transaction.atomic
def note_speaker_page_seen(*, participation: Participation) -> bool:
    """Note that a speaker's page was looked at; tell whether this was the first time.

    The session's version stays: whoever edits it meanwhile has not been overtaken by that.
    """
    now = timezone.now()
    rows = Participation.objects.filter(pk=participation.pk, seen_at__isnull=True)
    return bool(rows.update(seen_at=now, updated_at=now))


def refuse_asking(conference: Conference, session: Session, now: dt.datetime) -> None:
    """Refuse to ask for what does not take place, or is past.

    Raises:
        DomainError: ``wrong-state``.
    """
    if conference.state in _NO_ASKING_IN:
        state = conference.get_state_display().lower()
        raise DomainError("wrong-state", f"The conference is {state}: nobody was asked.")
    if session.state == SessionState.CANCELLED:
        raise DomainError("wrong-state", "The session is cancelled: nobody was asked.")
    if (session.starts_at or conference.starts_at) <= now:
        raise DomainError("wrong-state", "The session has begun: nobody was asked.")


def _with_people(session: Session) -> Sequence[Participation]:
    """Return everybody of a session, locked, with person, assistants and who came for them."""
    rows = list(
        session.participations.select_for_update(of=("self",), no_key=True)
        .select_related("person")
        .prefetch_related("person__assistants", "replacement")
        .order_by("pk")
    )
    for row in rows:
        row.session = session
    return rows


def _refuse_to_ask(row: Participation) -> None:
    name = name_of(row)
    if row.state == _S.CONFIRMED:
        raise DomainError("wrong-state", f"{name} has confirmed already.")
    if hasattr(row, "replacement"):
        raise DomainError("wrong-state", f"Somebody else sits here instead of {name}.")
    if not row.person.email and not row.person.assistants.all():
        raise DomainError(
            "wrong-state",
            f"No mail address of {name} is known, nor of an assistant. Nobody was asked: add an "
            "address, or ask by phone and record the answer.",
        )


def _ask(
    row: Participation, conference: Conference, values: Mapping[str, Any], now: dt.datetime
) -> None:
    changed = assign(row, {**values, "last_asked_at": now})
    changed += resolve_ask(row, conference.time_zone)
    until, begins = row.reply_until_at, row.session.starts_at or conference.starts_at
    if until is not None and not now < until <= begins:
        raise invalid(
            "/reply_until_local", "range", "The deadline for an answer is before the session."
        )
    if row.asked_at is None or row.state not in {_S.INVITED, _S.TENTATIVE}:
        changed += assign(row, {**NO_ANSWER, "state": _S.INVITED, "asked_at": now, "seen_at": None})
    save(row, changed)
